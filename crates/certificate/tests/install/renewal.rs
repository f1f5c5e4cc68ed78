//! Renewals and changes that go well.

use std::sync::Arc;

use chungthu_certificate::install::locate::look;
use chungthu_certificate::install::{InstallChange, Placement, ReadBack, Step, Warning};
use chungthu_certificate::records::{Backup, RecordKind};
use chungthu_issuer::TestKey;
use chungthu_token::error::Operation;
use chungthu_token::fake::{FakeToken, Writing};
use chungthu_token::object::{AttributeType, NewCertificate, ObjectClass};

use crate::office::{
    Ending, Halves, KEY_ID, LABEL, Office, PIN, as_object, certificate, put_key, steps,
};

#[test]
fn a_renewed_certificate_takes_the_place_of_the_old_one() {
    for key in TestKey::ALL {
        let mut office = Office::new(key);
        let old = certificate(key, "Văn phòng", 2026);
        let new = certificate(key, "Văn phòng", 2029);
        office.token.put_certificate(&as_object(&old, KEY_ID));
        let report = office.install(&new).report();
        assert_eq!(report.plan.change, Some(InstallChange::Renewal));
        assert_eq!(report.placement, Placement::Beside);
        assert_eq!(report.read_back, Some(ReadBack::SecondProcess));
        assert_eq!(report.replaced.len(), 1);
        assert_eq!(
            steps(&report),
            [
                Step::ProveBefore,
                Step::BackUp,
                Step::Add,
                Step::ReadBack,
                Step::ProveAfter,
                Step::Remove,
                Step::LastLook
            ]
        );
        assert_eq!(office.certificates(), [new.der()], "{key:?}");
        let objects = office.token.objects();
        let written = objects
            .iter()
            .find(|object| object.class == ObjectClass::Certificate)
            .unwrap();
        assert_eq!(written.id(), KEY_ID);
        assert_eq!(written.label().as_bytes(), LABEL);
        assert_eq!(office.confirmations, 1);
    }
}

#[test]
fn the_backup_holds_the_old_bytes_and_the_journal_stands_around_each_change() {
    let mut office = Office::new(TestKey::Rsa2048A);
    let old = certificate(TestKey::Rsa2048A, "Văn phòng", 2026);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    office
        .install(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029))
        .report();
    let backup = Backup::from_json(&office.records.text(RecordKind::Backup)).unwrap();
    assert_eq!(backup.key_id, "10203040");
    assert_eq!(backup.certificates[0].sha256, old.sha256());
    let plain = (RecordKind::Backup, backup.certificate_name(0));
    assert_eq!(office.records.files[&plain], old.der());
    let journal = office.records.text(RecordKind::Journal);
    let moments: Vec<String> = journal
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            format!(
                "{} {}",
                line["step"].as_str().unwrap(),
                line["moment"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        moments,
        ["add before", "add after", "remove before", "remove after"]
    );
    assert!(!journal.contains(PIN));
}

#[test]
fn a_change_of_information_is_told_from_a_renewal() {
    let mut office = Office::new(TestKey::Rsa2048A);
    let old = certificate(TestKey::Rsa2048A, "Phòng Tài chính", 2028);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    let report = office
        .install(&certificate(TestKey::Rsa2048A, "Văn phòng", 2028))
        .report();
    assert_eq!(report.plan.change, Some(InstallChange::InformationChange));
    assert_eq!(office.certificates().len(), 1);
}

#[test]
fn a_second_run_finds_everything_done_and_logs_in_no_more() {
    let mut office = Office::new(TestKey::P256);
    let new = certificate(TestKey::P256, "Văn phòng", 2029);
    office.install(&new).report();
    let log = office.token.log();
    assert!(matches!(office.install(&new), Ending::AlreadyInstalled));
    let second = office.token.log().split_off(log.len());
    assert!(!second.contains(&Operation::LogIn));
    assert!(!second.contains(&Operation::AddCertificate));
}

#[test]
fn several_old_certificates_are_all_replaced_and_all_backed_up() {
    let mut office = Office::new(TestKey::Rsa2048A);
    let old = certificate(TestKey::Rsa2048A, "Văn phòng", 2026);
    let older = certificate(TestKey::Rsa2048A, "Văn phòng cũ", 2023);
    for object in [&old, &old, &older] {
        office.token.put_certificate(&as_object(object, KEY_ID));
    }
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    let report = office.install(&new).report();
    assert_eq!(
        report.plan.warnings[1..],
        [Warning::SeveralOld { count: 3 }]
    );
    assert_eq!(office.certificates(), [new.der()]);
    let backup = Backup::from_json(&office.records.text(RecordKind::Backup)).unwrap();
    assert_eq!(backup.certificates.len(), 3);
}

#[test]
fn the_other_key_and_its_certificate_are_left_alone() {
    let mut office = Office::new(TestKey::Rsa2048A);
    put_key(&office.token, TestKey::Rsa2048B, b"other", Halves::Both);
    let other = certificate(TestKey::Rsa2048B, "Văn phòng", 2026);
    office.token.put_certificate(&as_object(&other, b"other"));
    let keys = |office: &Office| -> Vec<_> {
        let objects = office.token.objects().into_iter();
        objects
            .filter(|object| object.class != ObjectClass::Certificate)
            .collect()
    };
    let before = keys(&office);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    office.install(&new).report();
    assert_eq!(office.certificates(), [other.der(), new.der()]);
    assert_eq!(keys(&office), before);
}

#[test]
fn of_two_tokens_the_one_with_the_key_is_found() {
    let wrong = FakeToken::new("1111", "VGCA Token", PIN);
    put_key(&wrong, TestKey::Rsa2048B, KEY_ID, Halves::Both);
    let right = FakeToken::new("2222", "VGCA Token", PIN);
    put_key(&right, TestKey::Rsa2048A, KEY_ID, Halves::Both);
    let mut office = Office::with(&[wrong.clone(), right]);
    let report = office
        .install(&certificate(TestKey::Rsa2048A, "Văn phòng", 2029))
        .report();
    assert_eq!(report.plan.token.serial, "2222");
    assert!(!wrong.log().contains(&Operation::LogIn));
}

#[test]
fn a_token_that_shows_nothing_before_the_login_asks_twice_and_then_installs() {
    let token = FakeToken::new("3333", "VGCA Token", PIN);
    put_key(&token, TestKey::Rsa2048A, KEY_ID, Halves::PrivateOnly);
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    office.install(&new).report();
    assert_eq!(office.confirmations, 2);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn a_private_key_that_shows_nothing_proves_itself_by_a_signature() {
    let token = FakeToken::new("3434", "VGCA Token", PIN);
    for (key, id) in [(TestKey::Rsa2048B, b"one"), (TestKey::Rsa2048A, b"two")] {
        let signer = Arc::new(move |_, message: &[u8]| key.sign(message).unwrap());
        token.put(
            ObjectClass::PrivateKey,
            &[(AttributeType::Id, id)],
            Some(signer),
        );
    }
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    office.install(&new).report();
    let objects = office.token.objects();
    assert_eq!(objects.last().unwrap().id(), b"two");
    assert_eq!(office.confirmations, 2);
}

#[test]
fn the_old_certificate_shows_the_key_where_no_key_object_is_visible() {
    let token = FakeToken::new("4444", "VGCA Token", PIN);
    put_key(&token, TestKey::Rsa2048A, KEY_ID, Halves::PrivateOnly);
    let old = certificate(TestKey::Rsa2048A, "Phòng cũ", 2026);
    token.put_certificate(&as_object(&old, KEY_ID));
    let mut office = Office::with(&[token]);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    let report = office.install(&new).report();
    assert_eq!(report.plan.change, Some(InstallChange::RenewalAndChange));
    assert_eq!(office.confirmations, 1);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn a_token_that_replaces_by_itself_leaves_nothing_to_remove() {
    let mut office = Office::new(TestKey::Rsa2048A);
    let old = certificate(TestKey::Rsa2048A, "Văn phòng", 2026);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    office.token.write_by(Writing::Replaces);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    let report = office.install(&new).report();
    assert_eq!(report.placement, Placement::ReplacedByDriver);
    assert!(report.replaced[0].removed);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn a_new_certificate_that_only_a_login_shows_is_recognised_after_it() {
    let mut office = Office::new(TestKey::Rsa2048A);
    let old = certificate(TestKey::Rsa2048A, "Văn phòng", 2026);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    let hidden = NewCertificate {
        private: Some(true),
        ..as_object(&new, KEY_ID)
    };
    office.token.put_certificate(&hidden);
    let report = office.install(&new).report();
    assert_eq!(report.placement, Placement::AlreadyThere);
    assert_eq!(office.confirmations, 2);
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn done_by_the_look_of_it_is_told_where_the_key_itself_is_hidden() {
    let token = FakeToken::new("9999", "VGCA Token", PIN);
    put_key(&token, TestKey::Rsa2048A, KEY_ID, Halves::PrivateOnly);
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    token.put_certificate(&as_object(&new, KEY_ID));
    let office = Office::with(&[token]);
    let request = Office::request(&new);
    let drivers = [office.launcher.found()];
    let survey = look(
        &office.launcher,
        &drivers,
        std::slice::from_ref(&new),
        &[],
        None,
        &office.records,
    );
    let plan = survey.choose().unwrap().target.plan(&request).unwrap();
    assert!(plan.is_done());
    assert!(plan.warnings.contains(&Warning::KeyNotSeen));
}

#[test]
fn a_driver_that_finds_nothing_by_value_or_subject_is_not_believed() {
    let mut office = Office::new(TestKey::Rsa2048A);
    office.token.be_blind_to_values();
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    // the same certificate again, under an id that no key has
    office.token.put_certificate(&as_object(&new, b"stray"));
    office.install(&new).report();
    assert_eq!(office.certificates(), [new.der()]);
}

#[test]
fn the_old_one_stays_where_the_person_wants_it_and_the_report_warns() {
    let mut office = Office::new(TestKey::Rsa2048A);
    let old = certificate(TestKey::Rsa2048A, "Văn phòng", 2026);
    office.token.put_certificate(&as_object(&old, KEY_ID));
    let new = certificate(TestKey::Rsa2048A, "Văn phòng", 2029);
    let mut request = Office::request(&new);
    request.policy.keep_old = true;
    let report = office.run(&request, PIN, |_| {}).report();
    assert!(report.plan.warnings.contains(&Warning::OldKept));
    assert!(!report.replaced[0].removed);
    assert_eq!(office.certificates(), [old.der(), new.der()]);
}

#[test]
fn what_a_driver_overwrites_is_in_the_backup_also_if_it_is_another_keys() {
    let mut office = Office::new(TestKey::P256);
    let new = certificate(TestKey::P256, "Văn phòng", 2029);
    let foreign = certificate(TestKey::P384, "Phòng khác", 2030);
    office.token.put_certificate(&as_object(&foreign, KEY_ID));
    office.token.put(
        ObjectClass::Certificate,
        &[(AttributeType::Id, KEY_ID), (AttributeType::Label, b"odd")],
        None,
    );
    let before = office.token.objects();
    office.token.write_by(Writing::Replaces);
    let report = office.install(&new).report();
    assert_eq!(office.certificates(), [new.der()]);
    let subject = Some(foreign.subject().to_rfc4514());
    for subject in [subject, None] {
        let (lost, left) = (
            Warning::ForeignCertificateLost {
                subject: subject.clone(),
            },
            Warning::ForeignCertificateUnderId { subject },
        );
        assert!(
            report.plan.warnings.contains(&lost),
            "{:?}",
            report.plan.warnings
        );
        assert!(!report.plan.warnings.contains(&left));
    }
    let backup = Backup::from_json(&office.records.text(RecordKind::Backup)).unwrap();
    let kept: Vec<_> = backup
        .beside
        .iter()
        .map(|one| one.object().attributes)
        .collect();
    let lost: Vec<_> = before
        .iter()
        .rev()
        .take(2)
        .rev()
        .map(|one| one.attributes.clone())
        .collect();
    assert_eq!(kept, lost);
    let names = office.records.files.values();
    assert!(names.into_iter().any(|bytes| bytes == foreign.der()));
}
