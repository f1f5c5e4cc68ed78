//! The names of the quirks, and the page that lists them.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use cryptoki_sys::CKA_EC_POINT;

use super::{
    Profile, TABLE,
    numbered::NUMBERED,
    reading::{P256_EXPLICIT, P384_EXPLICIT},
};
use crate::{keys::PrivateKey, object::Object};

const PAGE: &str = "../../docs/soft-token-profiles.md";

#[test]
fn names_are_taken_with_blanks_and_in_any_number() {
    let both = Profile::parse("read-only,no-room").unwrap();
    assert_eq!(Profile::parse(" no-room , read-only,"), Some(both));
    assert_ne!(Profile::parse("read-only"), Some(both));
    assert_eq!(Profile::parse(""), Some(Profile::PLAIN));
}

#[test]
fn a_name_that_is_none_spoils_the_whole_profile() {
    assert_eq!(Profile::parse("read-only,no-romo"), None);
    assert_eq!(Profile::parse("Read-Only"), None);
}

#[test]
fn every_quirk_has_a_bit_and_a_name_of_its_own() {
    let bits: BTreeSet<u128> = TABLE.iter().map(|(quirk, ..)| quirk.bit()).collect();
    let names: BTreeSet<&str> = TABLE.iter().map(|(_, name, ..)| *name).collect();
    assert_eq!((bits.len(), names.len()), (TABLE.len(), TABLE.len()));
    for name in names {
        let in_kebab_case = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(name.chars().all(in_kebab_case), "{name}");
    }
}

#[test]
fn what_stands_for_a_numbered_quirk_is_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let scenarios = fs::read_to_string(folder.join("soft-token-scenarios.md")).unwrap();
    for (index, [number, _, stands, _]) in NUMBERED.iter().enumerate() {
        assert_eq!(*number, format!("Q{}", index + 1));
        for name in stands.split('`').skip(1).step_by(2) {
            let is_scenario = ["`", "\""].iter().any(|mark| {
                let marked = format!("{mark}{name}{mark}");
                scenarios.contains(&marked)
            });
            let is_profile = TABLE.iter().any(|(_, known, ..)| *known == name);
            assert!(is_profile || is_scenario, "{number}: {name}");
        }
    }
}

/// The generator is the public key of the private key 1.
#[test]
fn the_curves_spelt_out_have_the_generators_of_the_curves_they_stand_for() {
    let one = |size: usize| [vec![0; size - 1], vec![1]].concat();
    let p256 = p256::ecdsa::SigningKey::from_slice(&one(32)).unwrap();
    let p384 = p384::ecdsa::SigningKey::from_slice(&one(48)).unwrap();
    let curves = [
        (PrivateKey::P256(p256), P256_EXPLICIT),
        (PrivateKey::P384(p384), P384_EXPLICIT),
    ];
    for (key, curve) in curves {
        let mut public = Object::default();
        key.write_public(&mut public);
        let generator = public.bytes(CKA_EC_POINT).unwrap();
        let mut parts = curve.windows(generator.len());
        assert!(parts.any(|part| part == generator), "{key:?}");
    }
}

/// `CHUNGTHU_UPDATE=1` writes the page anew.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a switch for the developer who runs the tests, and the file it writes"
)]
fn the_page_lists_what_the_library_knows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let expected = page();
    if std::env::var_os("CHUNGTHU_UPDATE").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found.replace("\r\n", "\n") == expected,
        "docs/soft-token-profiles.md is out of date: run the tests once with CHUNGTHU_UPDATE=1"
    );
}

fn page() -> String {
    let mut page = "\
# Profiles of the soft token

The soft token behaves by the standard. `CHUNGTHU_SOFT_TOKEN_PROFILE` names quirks, separated by commas, that its library
takes on in one process, so that tests meet the habits of real drivers. The token's file holds what is really there; a
process without the variable sees that. A name that is not in the table makes `C_Initialize` answer `CKR_GENERAL_ERROR`.

The table is written by a test from `crates/soft-token/src/profile/mod.rs`. Numbers are threads of the named project.

| Name | What the library does | Seen on |
|---|---|---|
"
    .to_owned();
    for (_, name, does, seen_on) in TABLE {
        writeln!(page, "| `{name}` | {does} | {seen_on} |").unwrap();
    }
    page.push_str(
        "
## The numbered quirks

What the program is built for, and what stands for it in the tests: names of the table above, or kinds of
[accidents](soft-token-scenarios.md).

| | Quirk | Stands for it | What the program does |
|---|---|---|---|
",
    );
    for [number, quirk, stands, does] in NUMBERED {
        writeln!(page, "| {number} | {quirk} | {stands} | {does} |").unwrap();
    }
    page
}
