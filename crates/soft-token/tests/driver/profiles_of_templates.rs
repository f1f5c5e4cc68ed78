//! Profiles: which certificates a token takes, by what their templates say.

use cryptoki::{
    error::RvError,
    object::{Attribute, AttributeType, ObjectClass},
};

use crate::bench::{ID, OLD, RENEWED, all, alone, certificate, certificates, refusal};

/// The template with one attribute in place of its like.
fn with(der: &[u8], attribute: Attribute) -> Vec<Attribute> {
    let mut template = certificate(der);
    template.retain(|given| given.attribute_type() != attribute.attribute_type());
    template.push(attribute);
    template
}

#[test]
fn a_token_may_take_no_certificate_longer_than_those_it_had() {
    alone!(
        a_token_may_take_no_certificate_longer_than_those_it_had,
        "no-larger-certificate",
        |bench| {
            bench.office_token();
            let session = bench.driver().user();
            let longer = [OLD, b"\0"].concat();
            let refused = refusal(session.create_object(&certificate(&longer)));
            assert_eq!(refused, RvError::DeviceMemory);
            // a removal makes no room for a longer one, but for the old one again
            let [old] = all(&session, ObjectClass::CERTIFICATE)[..] else {
                panic!("not one certificate");
            };
            session.destroy_object(old).unwrap();
            let refused = refusal(session.create_object(&certificate(&longer)));
            assert_eq!(refused, RvError::DeviceMemory);
            session.create_object(&certificate(OLD)).unwrap();
            assert_eq!(certificates(&session), [OLD]);
        }
    );
}

#[test]
fn a_label_may_belong_to_one_subject() {
    alone!(
        a_label_may_belong_to_one_subject,
        "refuses-label-of-other-subject",
        |bench| {
            bench.office_token();
            let session = bench.driver().user();
            let [old] = all(&session, ObjectClass::CERTIFICATE)[..] else {
                panic!("not one certificate");
            };
            let mut read = session
                .get_attributes(old, &[AttributeType::Label, AttributeType::Subject])
                .unwrap();
            let (subject, label) = (read.pop().unwrap(), read.pop().unwrap());
            let labelled = with(RENEWED, label.clone());
            let refused = refusal(session.create_object(&labelled));
            assert_eq!(refused, RvError::AttributeValueInvalid);
            let mut of_subject = with(RENEWED, subject);
            of_subject.retain(|given| given.attribute_type() != AttributeType::Label);
            of_subject.push(label);
            session.create_object(&of_subject).unwrap();
            let mut unlabelled = certificate(RENEWED);
            unlabelled.retain(|given| given.attribute_type() != AttributeType::Label);
            session.create_object(&unlabelled).unwrap();
        }
    );
}

#[test]
fn a_certificate_may_end_with_its_session() {
    alone!(
        a_certificate_may_end_with_its_session,
        "session-objects",
        |bench| {
            bench.token();
            let driver = bench.driver();
            let session = driver.user();
            let made = session.create_object(&certificate(RENEWED)).unwrap();
            let read = session.get_attributes(made, &[AttributeType::Token]);
            assert_eq!(read.unwrap(), [Attribute::Token(false)]);
            let other = driver.reader();
            assert_eq!(certificates(&other), [RENEWED]);
            drop(session);
            assert!(certificates(&other).is_empty());
        }
    );
}

#[test]
fn a_certificate_may_be_private_unless_it_is_told_not_to_be() {
    alone!(
        a_certificate_may_be_private_unless_it_is_told_not_to_be,
        "private-by-default",
        |bench| {
            bench.token();
            let session = bench.driver().user();
            let is_private = |template: &[Attribute]| {
                let made = session.create_object(template).unwrap();
                session.get_attributes(made, &[AttributeType::Private])
            };
            let told = certificate(OLD);
            let mut silent = told.clone();
            silent.retain(|given| given.attribute_type() != AttributeType::Private);
            assert_eq!(is_private(&told).unwrap(), [Attribute::Private(false)]);
            assert_eq!(is_private(&silent).unwrap(), [Attribute::Private(true)]);
        }
    );
}

#[test]
fn a_certificate_may_lose_its_end() {
    alone!(
        a_certificate_may_lose_its_end,
        "cuts-certificates",
        |bench| {
            bench.token();
            let session = bench.driver().user();
            session.create_object(&certificate(RENEWED)).unwrap();
            assert_eq!(certificates(&session), [&RENEWED[..RENEWED.len() - 1]]);
        }
    );
}

#[test]
fn only_the_first_byte_of_an_id_may_count() {
    alone!(
        only_the_first_byte_of_an_id_may_count,
        "id-first-byte-only",
        |bench| {
            bench.token();
            let session = bench.driver().user();
            let long = Attribute::Id(vec![0xf0, 2, 3]);
            let made = session.create_object(&with(RENEWED, long)).unwrap();
            let id = || session.get_attributes(made, &[AttributeType::Id]).unwrap();
            assert_eq!(id(), [Attribute::Id(vec![0xf0])]);
            let longer = Attribute::Id([&ID[..], b"more"].concat());
            session.update_attributes(made, &[longer]).unwrap();
            assert_eq!(id(), [Attribute::Id(ID.to_vec())]);
        }
    );
}
