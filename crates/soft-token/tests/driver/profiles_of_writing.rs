//! Profiles: what becomes of writes under a quirk, and what a process without it finds afterwards.

use cryptoki::{
    error::{Error, RvError},
    object::{Attribute, AttributeType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
};

use crate::bench::{
    Bench, ID, OLD, RENEWED, SO_PIN, all, alone, certificate, certificates, pin, refusal,
};

const OTHER_ID: [u8; 1] = [9];

/// Plays the witness: a process without the profile. True if that is this process.
fn is_witness(bench: &Bench, look: fn(&Session)) -> bool {
    if bench.part() == "witness" {
        look(&bench.driver().user());
        return true;
    }
    false
}

fn call_witness(bench: &Bench) {
    bench.witness("witness").succeed();
}

fn the_certificate(session: &Session) -> ObjectHandle {
    let [only] = all(session, ObjectClass::CERTIFICATE)[..] else {
        panic!("not one certificate");
    };
    only
}

fn with(der: &[u8], attribute: Attribute) -> Vec<Attribute> {
    let mut template = certificate(der);
    template.retain(|given| given.attribute_type() != attribute.attribute_type());
    template.push(attribute);
    template
}

fn without(der: &[u8], kind: AttributeType) -> Vec<Attribute> {
    let mut template = certificate(der);
    template.retain(|given| given.attribute_type() != kind);
    template
}

fn set_id(session: &Session, object: ObjectHandle, id: &[u8]) -> Result<(), Error> {
    session.update_attributes(object, &[Attribute::Id(id.to_vec())])
}

fn id_of(session: &Session, object: ObjectHandle) -> Attribute {
    let read = session.get_attributes(object, &[AttributeType::Id]);
    read.unwrap().pop().unwrap()
}

/// All three kinds of change to the office token's certificate are refused with this code.
fn assert_changes_refused(session: &Session, code: RvError) {
    let old = the_certificate(session);
    let outcomes = [
        refusal(session.create_object(&certificate(RENEWED))),
        refusal(set_id(session, old, &OTHER_ID)),
        refusal(session.destroy_object(old)),
    ];
    assert_eq!(outcomes, [code; 3]);
}

#[test]
fn a_token_may_be_read_only_without_saying_so() {
    alone!(
        a_token_may_be_read_only_without_saying_so,
        "read-only",
        |bench| {
            if is_witness(bench, |session| assert_eq!(certificates(session), [OLD])) {
                return;
            }
            bench.office_token();
            let driver = bench.driver();
            assert!(!driver.info().write_protected());
            assert_changes_refused(&driver.user(), RvError::FunctionNotSupported);
            call_witness(bench);
        }
    );
}

#[test]
fn a_token_may_be_flagged_write_protected() {
    alone!(
        a_token_may_be_flagged_write_protected,
        "write-protected",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            assert!(driver.info().write_protected());
            let writer = driver.0.open_rw_session(driver.slot());
            assert_eq!(refusal(writer), RvError::TokenWriteProtected);
            assert_eq!(certificates(&driver.reader()), [OLD]);
        }
    );
}

#[test]
fn writing_may_be_the_security_officers_alone() {
    alone!(
        writing_may_be_the_security_officers_alone,
        "writes-need-so",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            assert_changes_refused(&session, RvError::UserTypeInvalid);
            session.logout().unwrap();
            assert_changes_refused(&session, RvError::UserNotLoggedIn);
            session.login(UserType::So, Some(&pin(SO_PIN))).unwrap();
            session.create_object(&certificate(RENEWED)).unwrap();
            assert_eq!(certificates(&session), [OLD, RENEWED]);
        }
    );
}

#[test]
fn certificates_may_be_refused_and_other_objects_taken() {
    alone!(
        certificates_may_be_refused_and_other_objects_taken,
        "refuses-certificates",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let refused = refusal(session.create_object(&certificate(RENEWED)));
            assert_eq!(refused, RvError::FunctionFailed);
            let data = [
                Attribute::Class(ObjectClass::DATA),
                Attribute::Token(true),
                Attribute::Value(vec![1]),
            ];
            session.create_object(&data).unwrap();
            assert_eq!(certificates(&session), [OLD]);
        }
    );
}

#[test]
fn a_template_may_have_to_leave_out_whether_it_is_private() {
    alone!(
        a_template_may_have_to_leave_out_whether_it_is_private,
        "refuses-private-attribute",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            for private in [false, true] {
                let template = with(RENEWED, Attribute::Private(private));
                let refused = refusal(session.create_object(&template));
                assert_eq!(refused, RvError::TemplateInconsistent);
            }
            let template = without(RENEWED, AttributeType::Private);
            session.create_object(&template).unwrap();
            assert_eq!(certificates(&session), [OLD, RENEWED]);
        }
    );
}

#[test]
fn a_template_may_have_to_be_private() {
    alone!(
        a_template_may_have_to_be_private,
        "wants-private-true",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            for template in [
                with(RENEWED, Attribute::Private(false)),
                without(RENEWED, AttributeType::Private),
            ] {
                let refused = refusal(session.create_object(&template));
                assert_eq!(refused, RvError::TemplateInconsistent);
            }
            let template = with(RENEWED, Attribute::Private(true));
            session.create_object(&template).unwrap();
            assert_eq!(certificates(&session), [OLD, RENEWED]);
            assert_eq!(certificates(&driver.reader()), [OLD, RENEWED]);
            session.logout().unwrap();
            assert_eq!(certificates(&session), [OLD]);
        }
    );
}

#[test]
fn an_id_may_have_room_for_one_that_is_made_and_more_that_come_later() {
    alone!(
        an_id_may_have_room_for_one_that_is_made_and_more_that_come_later,
        "one-certificate-per-id",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let refused = refusal(session.create_object(&certificate(RENEWED)));
            assert_eq!(refused, RvError::GeneralError);
            assert_eq!(certificates(&session), [OLD]);
            let elsewhere = with(RENEWED, Attribute::Id(OTHER_ID.to_vec()));
            let new = session.create_object(&elsewhere).unwrap();
            set_id(&session, new, &ID).unwrap();
            assert_eq!(id_of(&session, new), Attribute::Id(ID.to_vec()));
            assert_eq!(certificates(&session), [OLD, RENEWED]);
        }
    );
}

#[test]
fn a_new_certificate_may_take_the_place_and_the_handle_of_the_old() {
    alone!(
        a_new_certificate_may_take_the_place_and_the_handle_of_the_old,
        "overwrites-in-place",
        |bench| {
            if is_witness(bench, |session| {
                assert_eq!(certificates(session), [RENEWED]);
            }) {
                return;
            }
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let old = the_certificate(&session);
            let new = session.create_object(&certificate(RENEWED)).unwrap();
            assert_eq!(new, old);
            call_witness(bench);
            // Under another id there is nothing to overwrite.
            let elsewhere = with(OLD, Attribute::Id(OTHER_ID.to_vec()));
            assert_ne!(session.create_object(&elsewhere).unwrap(), old);
        }
    );
}

#[test]
fn a_new_certificate_may_take_the_place_of_the_old_under_a_new_handle() {
    alone!(
        a_new_certificate_may_take_the_place_of_the_old_under_a_new_handle,
        "replaces-under-new-handle",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let old = the_certificate(&session);
            let new = session.create_object(&certificate(RENEWED)).unwrap();
            assert_ne!(new, old);
            assert_eq!(certificates(&session), [RENEWED]);
            let read = session.get_attributes(old, &[AttributeType::Value]);
            assert_eq!(refusal(read), RvError::ObjectHandleInvalid);
        }
    );
}

#[test]
fn a_full_token_takes_a_certificate_when_another_has_gone() {
    alone!(
        a_full_token_takes_a_certificate_when_another_has_gone,
        "no-room",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let add = || session.create_object(&certificate(RENEWED));
            assert_eq!(refusal(add()), RvError::DeviceMemory);
            session.destroy_object(the_certificate(&session)).unwrap();
            add().unwrap();
            assert_eq!(refusal(add()), RvError::DeviceMemory);
            assert_eq!(certificates(&session), [RENEWED]);
        }
    );
}

#[test]
fn a_refused_certificate_may_leave_an_empty_object() {
    alone!(
        a_refused_certificate_may_leave_an_empty_object,
        "half-made-objects,one-certificate-per-id",
        |bench| {
            if is_witness(bench, |session| {
                assert_eq!(all(session, ObjectClass::CERTIFICATE).len(), 2);
            }) {
                return;
            }
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let old = the_certificate(&session);
            let refused = refusal(session.create_object(&certificate(RENEWED)));
            assert_eq!(refused, RvError::GeneralError);
            call_witness(bench);
            let mut half = all(&session, ObjectClass::CERTIFICATE);
            half.retain(|handle| *handle != old);
            let [half] = half[..] else {
                panic!("{half:?}");
            };
            use AttributeType::{Id, Issuer, Label, SerialNumber, Subject, Token, Value};
            let wanted = [Value, Id, Label, Subject, Issuer, SerialNumber, Token];
            let read = session.get_attributes(half, &wanted).unwrap();
            assert_eq!(read, [Attribute::Token(true)]);
            session.destroy_object(half).unwrap();
            assert_eq!(certificates(&session), [OLD]);
        }
    );
}

#[test]
fn a_certificate_may_be_stored_although_the_answer_is_an_error() {
    alone!(
        a_certificate_may_be_stored_although_the_answer_is_an_error,
        "fails-but-stores",
        |bench| {
            if is_witness(bench, |session| {
                assert_eq!(certificates(session), [OLD, RENEWED]);
            }) {
                return;
            }
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let refused = refusal(session.create_object(&certificate(RENEWED)));
            assert_eq!(refused, RvError::GeneralError);
            call_witness(bench);
        }
    );
}

#[test]
fn a_certificate_may_be_shown_and_never_stored() {
    alone!(
        a_certificate_may_be_shown_and_never_stored,
        "forgets-new-certificates",
        |bench| {
            if is_witness(bench, |session| assert_eq!(certificates(session), [OLD])) {
                return;
            }
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let new = session.create_object(&certificate(RENEWED)).unwrap();
            let token = session.get_attributes(new, &[AttributeType::Token]);
            assert_eq!(token.unwrap(), [Attribute::Token(true)]);
            // Another session of this process sees it too, also when the first is closed.
            let other = driver.reader();
            drop(session);
            assert_eq!(certificates(&other), [OLD, RENEWED]);
            call_witness(bench);
        }
    );
}

#[test]
fn a_token_may_know_its_labels_better() {
    alone!(
        a_token_may_know_its_labels_better,
        "rewrites-labels",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let new = session.create_object(&certificate(RENEWED)).unwrap();
            let read = session.get_attributes(new, &[AttributeType::Label]);
            assert_eq!(read.unwrap(), [Attribute::Label("Certificate".into())]);
        }
    );
}

#[test]
fn a_new_id_may_be_accepted_and_forgotten() {
    alone!(
        a_new_id_may_be_accepted_and_forgotten,
        "ignores-id-change",
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.user();
            let old = the_certificate(&session);
            set_id(&session, old, &OTHER_ID).unwrap();
            assert_eq!(id_of(&session, old), Attribute::Id(ID.to_vec()));
            // It is the certificates' ids that do not change.
            let key = all(&session, ObjectClass::PUBLIC_KEY)[0];
            set_id(&session, key, &OTHER_ID).unwrap();
            assert_eq!(id_of(&session, key), Attribute::Id(OTHER_ID.to_vec()));
        }
    );
}

#[test]
fn a_new_id_may_be_refused() {
    alone!(a_new_id_may_be_refused, "refuses-id-change", |bench| {
        bench.office_token();
        let driver = bench.driver();
        let session = driver.user();
        let old = the_certificate(&session);
        let refused = refusal(set_id(&session, old, &OTHER_ID));
        assert_eq!(refused, RvError::AttributeReadOnly);
        let label = [Attribute::Label("Mới".into())];
        session.update_attributes(old, &label).unwrap();
        assert_eq!(id_of(&session, old), Attribute::Id(ID.to_vec()));
    });
}
