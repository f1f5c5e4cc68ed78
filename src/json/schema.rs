//! The published schemas: written by these tests, which fail when one is out of date.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::{
    Demo, Difference, Document, Failure, Health, History, Install, List, Pin, Show, Tokens,
};

fn check<View: JsonSchema>(name: &str, title: &str) {
    let mut schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document<View>>();
    schema.insert("title".into(), title.into());
    let text = serde_json::to_string_pretty(&schema).unwrap();
    crate::drift::check(&format!("docs/schema/{name}.json"), &format!("{text}\n"));
}

#[test]
fn the_schemas_are_published() {
    check::<Install>("install", "chungthu install --json");
    check::<Install>("restore", "chungthu restore --json");
    check::<Tokens>("tokens", "chungthu tokens --json");
    check::<List>("list", "chungthu list --json");
    check::<Show>("show", "chungthu show --json");
    check::<Pin>("pin", "chungthu pin --json");
    check::<Health>("health", "chungthu health --json");
    check::<Difference>("show-diff", "chungthu show --diff --json");
    check::<History>("history", "chungthu history --json");
    check::<Demo>("demo", "chungthu demo --json");
    check::<Failure>(
        "failure",
        "any command --json that did not do what was asked",
    );
}
