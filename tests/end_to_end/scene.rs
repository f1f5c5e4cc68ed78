//! The usual token, the usual paper, the usual command, and what must be true afterwards.

use std::path::{Path, PathBuf};

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Command, Dump, Object, Office, Outcome, PIN, Paper, PublicKeyObject, Token, issue,
};
use serde_json::Value;

pub(crate) const KEY_ID: &str = "a1b2c3";
pub(crate) const KEY_LABEL: &str = "Khóa ký số";
pub(crate) const CERTIFICATE_LABEL: &str = "Chứng thư số của xã";

/// What lies on the token before the new certificate comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OldCertificate {
    Present,
    Absent,
    Twice,
}

impl OldCertificate {
    pub(crate) const fn copies(self) -> usize {
        match self {
            Self::Absent => 0,
            Self::Present => 1,
            Self::Twice => 2,
        }
    }
}

/// A token with this key and its old certificate.
pub(crate) fn token_with<'office>(
    office: &'office Office,
    key: TestKey,
    old: OldCertificate,
) -> Token<'office> {
    let token = office.token("Van phong");
    token.add_key(key, KEY_ID, KEY_LABEL, PublicKeyObject::Present);
    for _ in 0..old.copies() {
        token.add_certificate(&issue(key, Paper::Old), KEY_ID, CERTIFICATE_LABEL);
    }
    token
}

/// The new certificate as a file.
pub(crate) fn paper(office: &Office, key: TestKey, paper: Paper) -> PathBuf {
    office.paper("moi.cer", issue(key, paper))
}

/// `install FILE --yes --json`, without a PIN yet.
pub(crate) fn install<'office>(office: &'office Office, file: &Path) -> Command<'office> {
    office
        .chungthu(["install"])
        .argument(file)
        .arguments(["--yes", "--json"])
}

/// The same with the right PIN.
pub(crate) fn install_with_pin<'office>(office: &'office Office, file: &Path) -> Command<'office> {
    install(office, file).pin(PIN)
}

/// The program ended with this exit status and this failure code, and speaks the contract's JSON.
pub(crate) fn assert_failure(outcome: Outcome, status: i32, code: &str) -> Outcome {
    let outcome = outcome.expect(status);
    let json = outcome.json();
    assert_eq!(json["schema"], "chungthu/1", "{outcome:#?}");
    assert_eq!(json["code"], code, "{outcome:#?}");
    let words = ["refused", "failed", "cancelled"];
    assert!(
        words.iter().any(|word| json["outcome"] == *word),
        "{outcome:#?}"
    );
    assert!(
        !json["message"].as_str().unwrap().is_empty(),
        "{outcome:#?}"
    );
    assert!(json["hints"].is_array(), "{outcome:#?}");
    outcome
}

/// Nothing on the token is other than it was.
pub(crate) fn assert_untouched(before: &Dump, token: &Token<'_>) {
    assert_eq!(before, &token.dump(), "the token was changed");
}

/// The new certificate is on the token once, stored as it came, under the key's id; every key has all
/// its attributes as before; other certificates too.
pub(crate) fn assert_installed(before: &Dump, after: &Dump, new: &[u8], retired: &[u8]) {
    assert_eq!(before.keys(), after.keys(), "a key was changed");
    let found = after.certificates_with(new);
    let [certificate] = found.as_slice() else {
        panic!("the new certificate is there {} times", found.len());
    };
    assert_eq!(certificate.attribute("CKA_ID"), Some(KEY_ID));
    assert_eq!(certificate.attribute("CKA_TOKEN"), Some("01"));
    assert_eq!(certificate.attribute("CKA_PRIVATE"), Some("00"));
    let label = match before.certificates_with(retired).first() {
        Some(old) => old.label(),
        None => KEY_LABEL.to_owned(),
    };
    assert_eq!(certificate.label(), label);
    assert_eq!(others(before, new, retired), others(after, new, retired));
    assert_eq!(after.certificates_with(retired), Vec::<&Object>::new());
}

/// The certificates that are neither the new nor the old one.
fn others<'dump>(dump: &'dump Dump, new: &[u8], old: &[u8]) -> Vec<&'dump Object> {
    let mut others = dump.certificates();
    let concerned = [dump.certificates_with(new), dump.certificates_with(old)].concat();
    others.retain(|certificate| !concerned.contains(certificate));
    others
}

/// The report names every retired copy, and each backup holds the bytes of the old certificate.
pub(crate) fn assert_backed_up(report: &Value, old: &[u8], copies: usize) {
    let replaced = report["replaced"].as_array().unwrap();
    assert_eq!(replaced.len(), copies, "{report:#}");
    for one in replaced {
        assert_eq!(one["removed"], true, "{report:#}");
        let backup = std::fs::read(one["backup"].as_str().unwrap()).unwrap();
        let digits: String = old.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = String::from_utf8_lossy(&backup).to_lowercase();
        assert!(
            text.contains(&digits),
            "the backup has not the old certificate: {text}"
        );
    }
}
