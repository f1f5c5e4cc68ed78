//! What a driver shows of its objects: a token is built from the input, and a whole install is made on it.
//!
//! The input is a list of commands, read as long as there are any; see [`Commands`]. It may put the right
//! bytes, the right bytes with one bit wrong, or any bytes into every attribute of any object.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chungthu_certificate::install::execute::Context;
use chungthu_certificate::install::locate::look;
use chungthu_certificate::install::login::LoggedIn;
use chungthu_certificate::install::{Report, Request};
use chungthu_certificate::inventory::Inventory;
use chungthu_certificate::records::{Backup, HistoryEntry};
use chungthu_certificate::{Certificate, KeyType, PublicKey};
use chungthu_issuer::{Authority, Generation, Subject, TestKey};
use chungthu_token::error::Operation;
use chungthu_token::fake::{FakeLauncher, FakeToken, IdChanges, Writing};
use chungthu_token::object::{AttributeType, Object, ObjectClass, PublicKeyValue, clean_text};
use chungthu_token::pin::{Credential, Pin};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::memory::Memory;

const NOW: OffsetDateTime = datetime!(2026-11-23 08:00 UTC);
const KEY: TestKey = TestKey::P256;
const PIN: &str = "Test1234";

/// The certificate on the token, its successor, one of another key, and an authority's.
static PAPERS: LazyLock<[Certificate; 4]> = LazyLock::new(|| {
    let authority = Authority::new(Generation::G1Like).expect("the fixed keys are whole");
    let issue = |key: TestKey, until| {
        let subject = Subject::new()
            .country("VN")
            .common_name("UBND xã Trình Diễn");
        let request = chungthu_issuer::Request::new(subject, key.public_key_der())
            .valid(datetime!(2022-01-01 00:00 UTC), until);
        authority.issue(&request).expect("the fixed keys are whole")
    };
    let papers = [
        issue(KEY, datetime!(2026-12-31 00:00 UTC)),
        issue(KEY, datetime!(2031-12-31 00:00 UTC)),
        issue(TestKey::P384, datetime!(2030-12-31 00:00 UTC)),
        authority.certificate().to_vec(),
    ];
    papers.map(|der| Certificate::from_der(&der).expect("our own certificates can be read"))
});

/// # Panics
/// If a key is touched, a certificate is lost, a login is made twice, or a report is not true.
pub fn check(bytes: &[u8]) {
    let token = Commands(bytes).token();
    for object in token.objects() {
        one(&object);
    }
    let [_, wanted, ..] = &*PAPERS;
    let request = Request::install(wanted.clone(), vec![PAPERS[3].clone()], NOW);
    let before = token.objects();
    drop(Inventory::new(before.clone(), NOW));
    let mut records = Memory::default();
    let installed = install(&token, &request, &mut records);
    let after = token.objects();
    keys_are_as_before(&before, &after);
    nothing_is_lost(&before, &after, &records);
    let logins = token
        .log()
        .iter()
        .filter(|one| **one == Operation::LogIn)
        .count();
    assert!(logins <= 1);
    if let Some(report) = installed {
        assert!(has_value(&after, wanted.der()), "{report:?}");
        // once more: a login may be needed to see that there is nothing to do, and nothing is done
        install(&token, &request, &mut Memory::default());
        assert_eq!(token.objects(), after);
    }
}

/// The backup that an install leaves behind, and two lines of history: what to start from elsewhere.
///
/// # Panics
/// If an ordinary install does not work.
#[must_use]
pub fn written() -> Vec<Vec<u8>> {
    let [_, wanted, _, authority] = &*PAPERS;
    // a private key and a certificate, each with two attributes: id and point, value and id
    let key = [1, 2, 14, 0x89, 0, 0, 31, 0x84, 0, 0];
    let old = [0, 2, 4, 0x80, 0, 0, 14, 0x89, 0, 0];
    let token = Commands(&[[0; 5].as_slice(), &key, &old].concat()).token();
    let request = Request::install(wanted.clone(), vec![authority.clone()], NOW);
    let mut records = Memory::default();
    let report = install(&token, &request, &mut records).expect("an ordinary install");
    let entry = HistoryEntry::finished(&report, NOW);
    entry.keep(&mut records).expect("memory does not fail");
    entry.keep(&mut records).expect("memory does not fail");
    records.texts().map(<[u8]>::to_vec).collect()
}

/// One object, whatever its attributes are.
fn one(object: &Object) {
    let label = object.label();
    assert!(!label.contains(char::is_control), "{label:?}");
    assert_eq!(clean_text(label.as_bytes()), label);
    assert!(object.has_id(object.id()));
    match object.public_key() {
        Some(PublicKeyValue::Rsa { modulus, exponent }) => {
            assert!(modulus.first().is_some_and(|first| *first != 0));
            assert!(
                exponent.is_none_or(|exponent| exponent.first().is_some_and(|first| *first != 0))
            );
        }
        Some(PublicKeyValue::Ec { point }) => assert_eq!(point.first(), Some(&4)),
        None => {}
    }
    let text = serde_json::to_string(object).expect("plain values");
    let back: Object = serde_json::from_str(&text).expect("what was written can be read");
    assert_eq!(back, *object);
}

/// The walk of the front desk, with a person who says yes to all.
fn install(token: &FakeToken, request: &Request, records: &mut Memory) -> Option<Report> {
    let launcher = FakeLauncher::new(std::slice::from_ref(token));
    let candidates = std::slice::from_ref(&request.certificate);
    let survey = look(
        &launcher,
        &[launcher.found()],
        candidates,
        &request.issuers,
        None,
        records,
    );
    let mut target = survey.choose().ok()?.target;
    target.recall(records).expect("memory does not fail");
    let plan = target.plan(request).ok()?;
    if plan.is_done() {
        return None;
    }
    let pin = Credential::Pin(Pin::new(PIN, None).ok()?);
    let logged_in = target.log_in(plan.confirm(), request, pin, records, &|| NOW);
    let ready = match logged_in.ok()? {
        LoggedIn::Ready(ready) => ready,
        LoggedIn::MoreSeen(pending) => pending.confirm(),
    };
    let mut context = Context {
        launcher: &launcher,
        storage: records,
        clock: &|| NOW,
        progress: &mut |_| {},
    };
    ready.execute(&mut context).ok()
}

fn keys_are_as_before(before: &[Object], after: &[Object]) {
    let is_key = |object: &&Object| object.class != ObjectClass::Certificate;
    assert!(before.iter().filter(is_key).eq(after.iter().filter(is_key)));
}

/// Every certificate object of before is there still, or all of it is in the backup.
fn nothing_is_lost(before: &[Object], after: &[Object], records: &Memory) {
    let backed_up: Vec<Object> = records
        .backups()
        .flat_map(|text| {
            let backup = Backup::read(text).expect("a backup that we wrote can be read");
            let all = backup.certificates.iter().chain(&backup.beside);
            all.map(|one| one.object()).collect::<Vec<_>>()
        })
        .collect();
    for old in before {
        assert!(
            after.contains(old)
                || has_value(after, old.value())
                || backed_up.iter().any(|one| one.attributes == old.attributes),
            "{old:?}"
        );
    }
}

fn has_value(objects: &[Object], value: &[u8]) -> bool {
    let mut certificates = objects
        .iter()
        .filter(|one| one.class == ObjectClass::Certificate);
    certificates.any(|object| object.value() == value)
}

/// The input: bytes that say what is on a token.
struct Commands<'a>(&'a [u8]);

impl<'a> Commands<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// First how the token behaves, then its objects: a byte for the class, then attributes.
    fn token(&mut self) -> FakeToken {
        let token = FakeToken::new("0123456789abcdef", "VGCA Token", PIN);
        let manner = self.byte().unwrap_or_default();
        let writing = [
            Writing::Stores,
            Writing::Replaces,
            Writing::OneForEachId,
            Writing::OneSubjectForEachLabel,
            Writing::Refuses,
            Writing::Stores,
            Writing::Stores,
            Writing::Stores,
        ];
        token.write_by(writing[usize::from(manner & 7)]);
        let changes = [
            IdChanges::Work,
            IdChanges::AreIgnored,
            IdChanges::AreRefused,
            IdChanges::Work,
        ];
        token.change_ids_by(changes[usize::from(manner >> 3 & 3)]);
        if manner & 0x20 != 0 {
            token.be_blind_to_values();
        }
        if manner & 0x40 != 0 {
            token.leave_halves();
        }
        let flags = self.take(4);
        let flags = flags
            .iter()
            .fold(0, |flags, byte| flags << 8 | u64::from(*byte));
        token.set_flags(flags);
        while let Some(class) = self.byte() {
            self.put(&token, class);
        }
        token
    }

    fn put(&mut self, token: &FakeToken, class: u8) {
        let classes = [
            ObjectClass::Certificate,
            ObjectClass::PrivateKey,
            ObjectClass::PublicKey,
        ];
        let mut attributes: BTreeMap<AttributeType, Vec<u8>> = BTreeMap::new();
        let count = self.byte().unwrap_or_default() & 0x0F;
        for _ in 0..count {
            let Some(attribute) = self.byte() else { break };
            let attribute = AttributeType::ALL[usize::from(attribute) % AttributeType::ALL.len()];
            let value = self.value();
            attributes.insert(attribute, value);
        }
        let attributes: Vec<(AttributeType, &[u8])> = attributes
            .iter()
            .map(|(attribute, value)| (*attribute, value.as_slice()))
            .collect();
        let signer = |_, message: &[u8]| KEY.sign(message).expect("the fixed keys are whole");
        let signs = class & 0x80 == 0;
        token.put(
            classes[usize::from(class) % classes.len()],
            &attributes,
            signs.then(|| Arc::new(signer) as _),
        );
    }

    /// One of the right values, perhaps with a bit wrong; or as many bytes as are said.
    fn value(&mut self) -> Vec<u8> {
        let source = self.byte().unwrap_or_default();
        let Some(right) = right_value(source) else {
            return self.take(usize::from(source & 0x7F)).to_vec();
        };
        let mut value = right;
        let wrong = usize::from(self.byte().unwrap_or_default()) << 8
            | usize::from(self.byte().unwrap_or_default());
        // 0: as it is; else one bit of it, or its end is missing
        match (wrong, value.len()) {
            (0, _) | (_, 0) => {}
            (wrong, length) if wrong & 0x8000 == 0 => value[wrong % length] ^= 1 << (wrong % 7),
            (wrong, length) => value.truncate(wrong % length),
        }
        value
    }
}

/// The values that an honest token would have.
fn right_value(source: u8) -> Option<Vec<u8>> {
    let [old, new, other, authority] = &*PAPERS;
    let key = |key: TestKey| PublicKey::from_der(key.public_key_der()).ok();
    let point = |of| match key(of).map(|key| key.key_type().clone()) {
        Some(KeyType::Ec { point, .. }) => point,
        _ => Vec::new(),
    };
    let modulus = || match key(TestKey::Rsa2048A).map(|key| key.key_type().clone()) {
        Some(KeyType::Rsa { modulus, .. }) => modulus,
        _ => Vec::new(),
    };
    Some(match source {
        0x80 => old.der().to_vec(),
        0x81 => new.der().to_vec(),
        0x82 => other.der().to_vec(),
        0x83 => authority.der().to_vec(),
        0x84 => point(KEY),
        0x85 => point(TestKey::P384),
        0x86 => [&[4, 65], point(KEY).as_slice()].concat(),
        0x87 => modulus(),
        0x88 => vec![1, 0, 1],
        0x89 => b"\x10\x20\x30\x40".to_vec(),
        0x8A => b"\x10\x20\x30\x40\0".to_vec(),
        0x8B => chungthu_certificate::install::temporary_id(new.der()),
        0x8C => new.subject().der().to_vec(),
        0x8D => new.issuer().der().to_vec(),
        0x8E => old.serial_number_der().to_vec(),
        0x8F => new.serial_number_der().to_vec(),
        0x90 => vec![0],
        0x91 => vec![1],
        0x92 => "Chứng thư của văn phòng".as_bytes().to_vec(),
        0x93 => 3_u64.to_ne_bytes().to_vec(),
        0x94 => new.public_key().der().to_vec(),
        _ => return None,
    })
}
