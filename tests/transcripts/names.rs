//! What the guides name beside their transcripts, failure codes and options, is there.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::story::{ENGLISH, Language, VIETNAMESE};

#[test]
fn the_guides_explain_every_failure_code_and_no_other() {
    let known = codes(&read("docs/failure-codes.md"));
    let [vietnamese, english] = [VIETNAMESE, ENGLISH].map(|language| codes(&text(&language)));
    assert_eq!(vietnamese, known);
    assert_eq!(english, known);
}

#[test]
fn the_guides_name_options_that_exist() {
    let commands = ["install", "restore", "show", "health", "pin", "history"];
    let known: BTreeSet<String> = commands.into_iter().flat_map(options_of_help).collect();
    let [vietnamese, english] = [VIETNAMESE, ENGLISH].map(|language| options(&text(&language)));
    let unknown: Vec<_> = vietnamese.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let beside = english.difference(&vietnamese).collect::<Vec<_>>();
    assert_eq!(beside, ["--lang"], "the Vietnamese guide needs no --lang");
}

fn text(language: &Language) -> String {
    read(language.guide)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Words in backquotes that are spelled like a code.
fn codes(text: &str) -> BTreeSet<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let is_code = |word: &&str| {
        word.chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            && (word.contains('_') || matches!(*word, "CANCELLED" | "INTERNAL" | "USAGE"))
    };
    let codes = quoted.filter(is_code).map(str::to_owned);
    codes
        .filter(|word| !word.starts_with("CHUNGTHU_") && !word.ends_with('_'))
        .collect()
}

/// Every `--word`.
fn options(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    let is_option = |word: &&str| word.starts_with("--") && word.len() > 4;
    words.filter(is_option).map(str::to_owned).collect()
}

fn options_of_help(command: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_chungthu"))
        .args([command, "--help"])
        .output()
        .unwrap();
    options(&String::from_utf8_lossy(&output.stdout))
}
