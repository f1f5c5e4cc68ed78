//! Profiles: which certificates a token takes, by what their templates say.

use cryptoki::{
    error::RvError,
    object::{Attribute, AttributeType, ObjectClass},
};

use crate::bench::{OLD, RENEWED, all, alone, certificate, certificates, refusal};

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
