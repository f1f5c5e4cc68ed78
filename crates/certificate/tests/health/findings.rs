//! The table: for every finding a token that has it and one that has not.

use std::collections::BTreeSet;
use std::time::Duration;

use chungthu_certificate::chain::{
    Anchor, Chain, End, Link, Origin, Problem, Reason, Revocation, Undecided,
};
use chungthu_certificate::health::{Fact, FindingCode as Code, Severity, worst};
use chungthu_certificate::install::ProofError;
use chungthu_certificate::inventory::SignTest;
use chungthu_certificate::records::History;
use chungthu_certificate::{Certificate, KNOWN_AUTHORITIES};
use chungthu_issuer::{Authority, Generation, KeyUsage, TestKey};
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::object::{AttributeType, Object, ObjectClass};
use chungthu_token::return_value::ReturnValue;

use crate::scene::{KEY_ID, Leaf, NOW, Scene, healthy, key_object, object, weak_public_key, with};

const WRITE_PROTECTED: u64 = 0x2;
const ON_READER: u64 = 0x100;
const INITIALIZED: u64 = 0x400;
const COUNT_LOW: u64 = 0x1_0000;
const FINAL_TRY: u64 = 0x2_0000;
const LOCKED: u64 = 0x4_0000;
const TO_BE_CHANGED: u64 = 0x8_0000;

fn private_key() -> Object {
    key_object(ObjectClass::PrivateKey, TestKey::Rsa2048A, KEY_ID)
}

fn public_key() -> Object {
    key_object(ObjectClass::PublicKey, TestKey::Rsa2048A, KEY_ID)
}

fn leaf(leaf: &Leaf) -> Object {
    leaf.object(KEY_ID)
}

/// `CKR_DEVICE_ERROR`
fn failed(operation: Operation) -> TokenError {
    TokenError::from_call(operation, "C_FindObjects", ReturnValue(0x30))
}

fn change(change: impl FnOnce(&mut Scene)) -> Scene {
    let mut scene = healthy();
    change(&mut scene);
    scene
}

/// The healthy token with this certificate in place of its own.
fn holding(certificate: &Leaf) -> Scene {
    healthy().with_objects([private_key(), leaf(certificate)])
}

fn no_certificate_at_all() -> Scene {
    healthy().with_objects([private_key()])
}

fn nothing_at_all() -> Scene {
    healthy().with_objects([])
}

fn expired() -> Leaf {
    Leaf {
        days: 100,
        ..Leaf::new()
    }
}

fn successor() -> Leaf {
    Leaf {
        from: NOW - time::Duration::days(1),
        days: 1095,
        ..Leaf::new()
    }
}

fn future() -> Leaf {
    Leaf {
        from: NOW + time::Duration::days(3),
        ..Leaf::new()
    }
}

fn short(days: usize) -> Object {
    let modulus = vec![0xC1; days / 8];
    object(
        ObjectClass::PublicKey,
        &[
            (AttributeType::Modulus, &modulus),
            (AttributeType::PublicExponent, &[1, 0, 1]),
            (AttributeType::Id, b"short"),
        ],
    )
}

fn authority_certificate() -> Certificate {
    let authority = Authority::new(Generation::G2Like).unwrap();
    Certificate::from_der(authority.certificate()).unwrap()
}

fn government() -> End {
    End::Anchored(Anchor::Government(&KNOWN_AUTHORITIES[7]))
}

/// The token's only certificate with a chain to this end.
fn with_chain(
    mut scene: Scene,
    end: End,
    problems: Vec<Problem>,
    revocation: Option<Revocation>,
) -> Scene {
    let objects = scene.objects.as_ref().unwrap();
    let leaf = Certificate::from_der(objects.last().unwrap().value()).unwrap();
    let link = |certificate, origin| Link {
        certificate,
        origin,
    };
    scene.chains = vec![Some(Chain {
        links: vec![
            link(leaf, None),
            link(authority_certificate(), Some(Origin::Given)),
        ],
        end,
        problems,
        revocation: revocation.map(|one| (0, one)).into_iter().collect(),
    })];
    scene
}

fn chained(end: End) -> Scene {
    with_chain(healthy(), end, Vec::new(), None)
}

fn with_problem(problem: Problem) -> Scene {
    with_chain(healthy(), government(), vec![problem], None)
}

fn listed(revocation: Revocation) -> Scene {
    with_chain(healthy(), government(), Vec::new(), Some(revocation))
}

/// For every code: a token with the finding, and a token without.
fn table() -> Vec<(Code, Scene, Scene)> {
    let authority = Leaf {
        is_authority: true,
        key: TestKey::Rsa2048B,
        name: "CA khác",
        ..Leaf::new()
    };
    let foreign = Leaf {
        is_governmental: false,
        ..Leaf::new()
    };
    let other_key = Leaf {
        key: TestKey::Rsa2048B,
        ..Leaf::new()
    };
    let first_generation = Leaf {
        generation: Generation::G1Like,
        ..Leaf::new()
    };
    let test = |problem: Option<ProofError>| {
        change(|scene| {
            scene.sign_tests = vec![SignTest { key: 0, problem }];
        })
    };
    vec![
        (
            Code::DriverSlow,
            change(|scene| scene.driver.start = Duration::from_secs(6)),
            healthy(),
        ),
        (
            Code::DriverNameless,
            change(|scene| scene.driver.information = None),
            healthy(),
        ),
        (
            Code::DriverEndsBadly,
            change(|scene| scene.driver.end = Some(failed(Operation::Finish))),
            healthy(),
        ),
        (
            Code::TokenSerialNote,
            healthy(),
            change(|scene| scene.token.serial.clear()),
        ),
        (
            Code::TokenNoSerial,
            change(|scene| scene.token.serial = "0000".into()),
            healthy(),
        ),
        (
            Code::TokenNotInitialized,
            healthy().with_flags(0),
            healthy(),
        ),
        (
            Code::TokenIsStore,
            healthy().with_flags(INITIALIZED | WRITE_PROTECTED),
            healthy().and_flags(WRITE_PROTECTED),
        ),
        (
            Code::TokenWriteProtected,
            healthy().and_flags(WRITE_PROTECTED),
            healthy().with_flags(INITIALIZED | WRITE_PROTECTED),
        ),
        (
            Code::TokenMemory,
            healthy(),
            change(|scene| scene.token.free_public_memory = None),
        ),
        (
            Code::TokenMemoryLow,
            change(|scene| scene.token.free_public_memory = Some(900)),
            healthy(),
        ),
        (
            Code::TokenUnreadable,
            change(|scene| scene.objects = Err(failed(Operation::Find))),
            healthy(),
        ),
        (
            Code::TokenShowsNothing,
            nothing_at_all(),
            no_certificate_at_all(),
        ),
        (Code::PinReady, healthy(), healthy().and_flags(COUNT_LOW)),
        (
            Code::PinLow,
            healthy().and_flags(COUNT_LOW),
            healthy().and_flags(COUNT_LOW | FINAL_TRY),
        ),
        (
            Code::PinFinalTry,
            healthy().and_flags(FINAL_TRY),
            healthy().and_flags(COUNT_LOW),
        ),
        (
            Code::PinLocked,
            healthy().and_flags(LOCKED),
            healthy().and_flags(FINAL_TRY),
        ),
        (
            Code::PinToBeChanged,
            healthy().and_flags(TO_BE_CHANGED),
            healthy(),
        ),
        (
            Code::PinNotSet,
            healthy().with_flags(INITIALIZED),
            healthy(),
        ),
        (
            Code::PinFailedLogins,
            change(|scene| scene.failed_logins = Some(1)),
            healthy(),
        ),
        (
            Code::PinNotReported,
            change(|scene| scene.failed_logins = Some(1)),
            change(|scene| {
                scene.failed_logins = Some(1);
                scene.token.flags |= COUNT_LOW;
            }),
        ),
        (
            Code::PinRecordUnreadable,
            change(|scene| scene.failed_logins = None),
            healthy(),
        ),
        (Code::PinOnReader, healthy().and_flags(ON_READER), healthy()),
        (Code::KeyFound, healthy(), nothing_at_all()),
        (
            Code::KeysHidden,
            healthy().with_objects([public_key(), leaf(&Leaf::new())]),
            healthy(),
        ),
        (
            Code::KeyWeak,
            healthy().and(short(1024)),
            healthy().and(short(2048)),
        ),
        (
            Code::KeyExtractable,
            healthy().with_objects([
                with(private_key(), AttributeType::Extractable, &[1]),
                leaf(&Leaf::new()),
            ]),
            healthy(),
        ),
        (
            Code::KeyAlwaysAuthenticate,
            healthy().with_objects([with(private_key(), AttributeType::AlwaysAuthenticate, &[1])]),
            healthy().with_objects([with(private_key(), AttributeType::AlwaysAuthenticate, &[0])]),
        ),
        (
            Code::KeyNotForSigning,
            healthy().with_objects([with(private_key(), AttributeType::Sign, &[0])]),
            healthy(),
        ),
        (
            Code::KeyWithoutCertificate,
            no_certificate_at_all(),
            healthy(),
        ),
        (
            Code::KeysShareId,
            healthy().and(key_object(
                ObjectClass::PrivateKey,
                TestKey::Rsa2048B,
                KEY_ID,
            )),
            healthy().and(key_object(
                ObjectClass::PrivateKey,
                TestKey::Rsa2048B,
                b"other",
            )),
        ),
        (
            Code::KeyWithoutId,
            healthy().and(key_object(ObjectClass::PrivateKey, TestKey::Rsa2048B, b"")),
            healthy(),
        ),
        (Code::CertificateValid, healthy(), holding(&expired())),
        (
            Code::CertificateEndsSoon,
            holding(&Leaf {
                is_governmental: false,
                ..Leaf::with_days_left(90)
            }),
            holding(&Leaf {
                is_governmental: false,
                ..Leaf::with_days_left(91)
            }),
        ),
        (
            Code::CertificateExpired,
            holding(&expired()),
            holding(&expired()).and(leaf(&successor())),
        ),
        (
            Code::CertificateExpiredLeft,
            holding(&expired()).and(leaf(&successor())),
            holding(&expired()),
        ),
        (Code::CertificateNotYetValid, holding(&future()), healthy()),
        (
            Code::CertificateWithoutKey,
            healthy().and(other_key.object(b"other")),
            healthy(),
        ),
        (
            Code::CertificateKeyUnknown,
            healthy().with_objects([leaf(&Leaf::new())]),
            healthy().and(other_key.object(b"other")),
        ),
        (
            Code::CertificateDuplicate,
            healthy().and(leaf(&Leaf::new())),
            healthy().and(leaf(&successor())),
        ),
        (
            Code::CertificatesShareKey,
            healthy().and(leaf(&successor())),
            healthy().and(leaf(&Leaf::new())),
        ),
        (
            Code::CertificateIdDiffers,
            healthy().with_objects([private_key(), Leaf::new().object(b"other")]),
            // some drivers put a NUL behind it
            healthy().with_objects([private_key(), Leaf::new().object(&[1, 2, 3, 4, 0])]),
        ),
        (
            Code::CertificateSubjectDiffers,
            healthy().with_objects([
                private_key(),
                with(leaf(&Leaf::new()), AttributeType::Subject, b"0\0"),
            ]),
            healthy().with_objects([
                private_key(),
                with(leaf(&Leaf::new()), AttributeType::Subject, b""),
            ]),
        ),
        (
            Code::CertificateForEncryption,
            holding(&Leaf {
                name: "SỞ THỬ NGHIỆM (M)",
                ..Leaf::new()
            }),
            healthy(),
        ),
        (
            Code::CertificateNotForSigning,
            holding(&Leaf {
                usage: Some(&[KeyUsage::NonRepudiation]),
                ..Leaf::new()
            }),
            healthy(),
        ),
        (
            Code::CertificateWeakSignature,
            holding(&first_generation),
            healthy(),
        ),
        (
            Code::CertificateWeakKey,
            healthy().and(
                Leaf {
                    public_key: Some(weak_public_key()),
                    ..Leaf::new()
                }
                .object(b"weak"),
            ),
            healthy(),
        ),
        (
            Code::AuthorityOnToken,
            healthy().and(authority.object(b"ca")),
            healthy(),
        ),
        (
            Code::AuthoritiesOnToken,
            (0..4).fold(healthy(), |scene, _| scene.and(authority.object(b"ca"))),
            healthy().and(authority.object(b"ca")),
        ),
        (
            Code::ObjectUnreadable,
            healthy().and(object(
                ObjectClass::Certificate,
                &[(AttributeType::Value, b"no certificate")],
            )),
            healthy(),
        ),
        (Code::RenewalOpen, healthy(), holding(&foreign)),
        (
            Code::RenewalNow,
            holding(&Leaf::with_days_left(60)),
            holding(&Leaf::with_days_left(59)),
        ),
        (
            Code::RenewalTooLate,
            holding(&Leaf::with_days_left(59)),
            holding(&Leaf::with_days_left(60)),
        ),
        (
            Code::RenewalUsed,
            holding(&successor()),
            change(|scene| {
                scene.rules.is_only_once = false;
                scene.objects = Ok(vec![private_key(), leaf(&successor())]);
            }),
        ),
        (
            Code::IssuerGovernment,
            chained(government()),
            chained(End::Incomplete),
        ),
        (
            Code::IssuerTrusted,
            chained(End::Anchored(Anchor::Given)),
            chained(government()),
        ),
        (
            Code::IssuerNotChecked,
            chained(End::Incomplete),
            chained(government()),
        ),
        (
            Code::IssuerUnknown,
            with_chain(holding(&foreign), End::Incomplete, Vec::new(), None),
            chained(End::Incomplete),
        ),
        (
            Code::IssuerBadSignature,
            chained(End::BadSignature {
                by: authority_certificate(),
            }),
            chained(End::Incomplete),
        ),
        (
            Code::ChainProblem,
            with_problem(Problem::PathLength { link: 1 }),
            chained(government()),
        ),
        (
            Code::IssuerEnds,
            with_chain(holding(&first_generation), government(), Vec::new(), None),
            chained(government()),
        ),
        (
            Code::IssuerEndsBefore,
            with_problem(Problem::EndsBefore { link: 1 }),
            chained(government()),
        ),
        (
            Code::RevocationGood,
            listed(Revocation::Good { next_update: None }),
            chained(government()),
        ),
        (
            Code::CertificateRevoked,
            listed(Revocation::Revoked {
                date: NOW,
                reason: Reason::Superseded,
                invalidity_date: None,
            }),
            listed(Revocation::Good { next_update: None }),
        ),
        (
            Code::RevocationListUnusable,
            listed(Revocation::Undecided(Undecided::OtherIssuer)),
            listed(Revocation::Good { next_update: None }),
        ),
        (Code::SignTestPassed, test(None), healthy()),
        (
            Code::SignTestFailed,
            test(Some(ProofError::WrongKey)),
            test(None),
        ),
    ]
}

/// What every token has, whatever its state.
const ALWAYS: [Code; 2] = [Code::DriverAnswers, Code::TokenAnswers];

#[test]
fn every_finding_appears_where_it_should_and_only_there() {
    for (code, present, absent) in table() {
        assert!(
            present.codes().contains(&code),
            "{} is missing",
            code.name()
        );
        assert!(
            !absent.codes().contains(&code),
            "{} without a reason",
            code.name()
        );
    }
}

#[test]
fn the_table_has_every_finding() {
    let shown: BTreeSet<Code> = table()
        .into_iter()
        .map(|(code, ..)| code)
        .chain(ALWAYS)
        .collect();
    let all: BTreeSet<Code> = Code::ALL.iter().copied().collect();
    let missing: Vec<&str> = all.difference(&shown).map(|code| code.name()).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_finding_has_only_facts_that_its_code_names() {
    for (_, present, absent) in table() {
        for finding in present.examine().iter().chain(&absent.examine()) {
            for (name, _) in &finding.facts {
                assert!(
                    finding.code.facts().contains(name),
                    "{}: {name}",
                    finding.code.name()
                );
            }
        }
    }
}

#[test]
fn a_healthy_token_leaves_nothing_to_do() {
    let findings = healthy().examine();
    assert_eq!(worst(&findings), Severity::Info, "{findings:#?}");
}

#[test]
fn the_last_day_for_a_renewal_is_sixty_days_before_the_end() {
    let findings = holding(&Leaf::with_days_left(60)).examine();
    let now = findings
        .iter()
        .find(|finding| finding.code == Code::RenewalNow)
        .unwrap();
    assert_eq!(now.fact("days"), Some(&Fact::Number(0)));
    let Some(Fact::Time(until)) = now.fact("until") else {
        panic!("{now:?}")
    };
    assert_eq!(*until, NOW + time::Duration::hours(1));
}

#[test]
fn one_matter_is_told_once() {
    // what is said of the renewal says when the certificate ends
    let codes = holding(&Leaf::with_days_left(70)).codes();
    assert!(codes.contains(&Code::RenewalNow));
    assert!(
        !codes.contains(&Code::CertificateEndsSoon) && !codes.contains(&Code::CertificateValid)
    );
}

#[test]
fn a_renewed_certificate_that_ends_soon_is_told_with_its_end_and_its_past() {
    let end = NOW + time::Duration::days(80);
    let renewed = Leaf {
        from: end - time::Duration::days(1095),
        days: 1095,
        ..Leaf::new()
    };
    let codes = holding(&renewed).codes();
    assert!(codes.contains(&Code::CertificateEndsSoon) && codes.contains(&Code::RenewalUsed));
}

#[test]
fn a_token_nobody_initialised_is_not_asked_for_its_pin() {
    let codes = healthy().with_flags(0).with_objects([]).codes();
    assert!(!codes.contains(&Code::PinNotSet) && !codes.contains(&Code::TokenShowsNothing));
}

#[test]
fn a_thousand_certificates_of_others_are_judged_one_by_one() {
    let other = Leaf {
        key: TestKey::Rsa2048B,
        ..Leaf::new()
    };
    let object = other.object(b"other");
    let scene = (0..1000).fold(healthy(), |scene, _| scene.and(object.clone()));
    let without = scene.examine();
    let without = without
        .iter()
        .filter(|finding| finding.code == Code::CertificateWithoutKey);
    assert_eq!(without.count(), 1000);
}

#[test]
fn an_empty_history_says_nothing_of_a_renewal() {
    let scene = change(|scene| scene.history = History::default());
    assert!(!scene.codes().contains(&Code::RenewalUsed));
}

#[test]
fn what_cannot_be_read_is_told_with_the_call_and_its_code() {
    let scene = change(|scene| {
        scene.objects =
            Err(TokenError::new(Operation::Find, Cause::TokenRemoved).in_call("C_FindObjects"));
    });
    let findings = scene.examine();
    let unreadable = findings
        .iter()
        .find(|finding| finding.code == Code::TokenUnreadable)
        .unwrap();
    assert_eq!(
        unreadable.fact("function"),
        Some(&Fact::Text("C_FindObjects".into()))
    );
}

#[test]
fn an_authority_with_sha_1_is_told_only_where_the_certificate_is_without() {
    let weak = |link| Problem::WeakSignature { link };
    let both = with_chain(healthy(), government(), vec![weak(0), weak(1)], None);
    assert!(!both.codes().contains(&Code::ChainProblem));
    let above = with_chain(healthy(), government(), vec![weak(1)], None);
    assert!(above.codes().contains(&Code::ChainProblem));
}
