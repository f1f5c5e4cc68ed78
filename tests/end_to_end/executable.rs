//! What the files themselves show: names that a driver could trip over, version, help.

use std::collections::BTreeSet;
use std::path::Path;

use chungthu_test_support::{Driver, Office};
use object::Object as _;
use object::read::NameOrOrdinal;

use crate::in_an_office;

fn pkcs11_exports(file: &Path) -> BTreeSet<String> {
    let bytes = std::fs::read(file).unwrap();
    let file = object::File::parse(bytes.as_slice()).unwrap();
    let exports = file.exports().unwrap().map(Result::unwrap);
    let names = exports.filter_map(|export| match export.name() {
        NameOrOrdinal::Name(name) => Some(String::from_utf8_lossy(name).into_owned()),
        NameOrOrdinal::Ordinal(_) => None,
    });
    names.filter(|name| name.starts_with("C_")).collect()
}

#[test]
fn the_executable_exports_no_pkcs11_function() {
    let exports = pkcs11_exports(Path::new(env!("CARGO_BIN_EXE_chungthu")));
    assert_eq!(exports, BTreeSet::new());
}

#[test]
fn the_soft_token_exports_the_function_list_alone() {
    let library = Driver::SoftToken
        .library()
        .expect("Cargo builds it beside the tests");
    let exports = pkcs11_exports(&library);
    assert_eq!(exports, BTreeSet::from(["C_GetFunctionList".to_owned()]));
}

#[test]
fn the_version_is_told_on_one_line() {
    in_an_office(Driver::SoftToken, |office: &Office| {
        let outcome = office
            .chungthu_without_module(["--version"])
            .run()
            .expect(0);
        let expected = format!("chungthu {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(outcome.stdout.replace('\r', ""), expected, "{outcome:#?}");
    });
}

#[test]
fn help_is_translated() {
    in_an_office(Driver::SoftToken, |office: &Office| {
        let help = |language| {
            let arguments = ["install", "--help", "--lang", language];
            office
                .chungthu_without_module(arguments)
                .run()
                .expect(0)
                .stdout
        };
        let (vietnamese, english) = (help("vi"), help("en"));
        assert_ne!(vietnamese, english);
        for option in ["--dry-run", "--keep-old", "--pin-source", "--module"] {
            assert!(vietnamese.contains(option), "{vietnamese}");
            assert!(english.contains(option), "{english}");
        }
    });
}

#[test]
fn the_demo_shows_the_main_job_without_a_pin() {
    in_an_office(Driver::SoftToken, |office: &Office| {
        let outcome = office.chungthu_without_module(["demo"]).run().expect(0);
        assert!(!outcome.stdout.is_empty(), "{outcome:#?}");
    });
}
