//! Tests of the catalogues: the same ids, the same values, nothing unused, one normal form.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};
use unicode_normalization::is_nfc;

use super::{
    Chain, Common, Demo, Follow, Health, Hint, History, Install, List, Pin, Prompt, Restore, Show,
    State, Tokens, What,
};

const VIETNAMESE: &str = include_str!("../../i18n/vi.ftl");
const ENGLISH: &str = include_str!("../../i18n/en.ftl");

/// Every id with the names of its values.
fn read(catalogue: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(catalogue).unwrap();
    let mut messages = BTreeMap::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let mut values = BTreeSet::new();
                collect(&message.value.unwrap().elements, &mut values);
                let earlier = messages.insert(message.id.name.to_owned(), values);
                assert!(earlier.is_none(), "{} is there twice", message.id.name);
            }
            Entry::Term(term) => {
                messages.insert(format!("-{}", term.id.name), BTreeSet::new());
            }
            Entry::Junk { content } => panic!("not understood: {content}"),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    messages
}

fn collect(elements: &[PatternElement<&str>], values: &mut BTreeSet<String>) {
    for element in elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => collect_inline(inline, values),
                Expression::Select { selector, variants } => {
                    collect_inline(selector, values);
                    for variant in variants {
                        collect(&variant.value.elements, values);
                    }
                }
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, values: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            values.insert(id.name.to_owned());
        }
        InlineExpression::TermReference { id, .. } => {
            values.insert(format!("-{}", id.name));
        }
        InlineExpression::Placeable { expression } => match expression.as_ref() {
            Expression::Inline(inline) => collect_inline(inline, values),
            Expression::Select { .. } => {}
        },
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::FunctionReference { .. }
        | InlineExpression::MessageReference { .. } => {}
    }
}

/// The ids of both catalogues that begin so.
pub(crate) fn ids_beginning_with(beginning: &str) -> Vec<String> {
    let ids = read(VIETNAMESE)
        .into_keys()
        .filter(|id| id.starts_with(beginning));
    ids.collect()
}

/// The values that the sentence of this id uses, in each catalogue that has it.
pub(crate) fn values_of(id: &str) -> Vec<BTreeSet<String>> {
    let catalogues = [VIETNAMESE, ENGLISH].into_iter();
    catalogues
        .filter_map(|catalogue| read(catalogue).remove(id))
        .collect()
}

fn said_by_the_program() -> BTreeMap<String, BTreeSet<String>> {
    let tables = [
        Chain::TABLE,
        Common::TABLE,
        Demo::TABLE,
        Follow::TABLE,
        Health::TABLE,
        Hint::TABLE,
        History::TABLE,
        Install::TABLE,
        List::TABLE,
        Pin::TABLE,
        Prompt::TABLE,
        Restore::TABLE,
        Show::TABLE,
        State::TABLE,
        Tokens::TABLE,
        What::TABLE,
    ];
    let mut said = BTreeMap::new();
    for (id, values) in tables.into_iter().flatten() {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        assert!(
            said.insert((*id).to_owned(), values).is_none(),
            "{id} is listed twice"
        );
    }
    said
}

#[test]
fn both_catalogues_have_the_same_ids_in_the_same_order() {
    let order = |catalogue: &str| -> Vec<String> {
        catalogue
            .lines()
            .filter(|line| {
                line.starts_with(|first: char| first.is_ascii_lowercase() || first == '-')
            })
            .filter_map(|line| line.split_once(" ="))
            .map(|(id, _)| id.to_owned())
            .collect()
    };
    let (vietnamese, english) = (order(VIETNAMESE), order(ENGLISH));
    for (one, other) in vietnamese.iter().zip(&english) {
        assert_eq!(one, other);
    }
    assert_eq!(vietnamese.len(), english.len());
}

#[test]
fn every_sentence_is_in_both_catalogues_with_the_values_the_program_gives() {
    for catalogue in [VIETNAMESE, ENGLISH] {
        let found = read(catalogue);
        for (id, values) in said_by_the_program() {
            let in_catalogue = found.get(&id).unwrap_or_else(|| panic!("{id} is missing"));
            let named: BTreeSet<String> = in_catalogue
                .iter()
                .filter(|value| !value.starts_with('-'))
                .cloned()
                .collect();
            assert_eq!(named, values, "{id}");
        }
    }
}

#[test]
fn no_sentence_is_never_said() {
    let said = said_by_the_program();
    for catalogue in [VIETNAMESE, ENGLISH] {
        let found = read(catalogue);
        let terms: BTreeSet<&String> = found.values().flatten().collect();
        for id in found.keys() {
            let has_own_test = id.starts_with("help-") || id.starts_with("finding-");
            let is_used = said.contains_key(id) || has_own_test || terms.contains(id);
            assert!(is_used, "{id} is never said");
        }
    }
}

#[test]
fn what_is_typed_on_a_keyboard_is_the_same_in_both_languages() {
    let terms = |catalogue: &str| -> Vec<String> {
        catalogue
            .lines()
            .filter(|line| line.starts_with('-'))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(terms(VIETNAMESE), terms(ENGLISH));
}

#[test]
fn the_catalogues_are_in_normal_form_c() {
    assert!(is_nfc(VIETNAMESE) && is_nfc(ENGLISH));
}

#[test]
fn nobody_is_shouted_at() {
    for catalogue in [VIETNAMESE, ENGLISH] {
        assert!(!catalogue.contains('!'));
        assert!(!catalogue.to_lowercase().contains("please"));
        assert!(!catalogue.to_lowercase().contains("vui lòng"));
    }
}
