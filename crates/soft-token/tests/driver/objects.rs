//! Objects: storing, finding, changing and destroying them.

use cryptoki::{
    error::RvError,
    object::{Attribute, AttributeType, CertificateType, ObjectClass},
};

use crate::bench::{ID, OLD, PIN, RENEWED, all, alone, certificate, certificates, log_in, refusal};

#[test]
fn a_stored_certificate_is_read_back_by_a_fresh_process_byte_for_byte() {
    alone!(
        a_stored_certificate_is_read_back_by_a_fresh_process_byte_for_byte,
        |bench| {
            if bench.part() == "later" {
                assert_eq!(certificates(&bench.driver().reader()), [OLD]);
                return;
            }
            bench.token();
            let driver = bench.driver();
            driver.user().create_object(&certificate(OLD)).unwrap();
            bench.process("later").succeed();
        }
    );
}

#[test]
fn private_objects_are_hidden_before_the_login_and_after_it() {
    alone!(
        private_objects_are_hidden_before_the_login_and_after_it,
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let session = driver.reader();
            let counts = || {
                [
                    ObjectClass::PRIVATE_KEY,
                    ObjectClass::PUBLIC_KEY,
                    ObjectClass::CERTIFICATE,
                ]
                .map(|class| all(&session, class).len())
            };
            assert_eq!(counts(), [0, 1, 1]);
            log_in(&session, PIN).unwrap();
            assert_eq!(counts(), [1, 1, 1]);
            let key = all(&session, ObjectClass::PRIVATE_KEY)[0];
            session.logout().unwrap();
            assert_eq!(counts(), [0, 1, 1]);
            let read = || session.get_attributes(key, &[AttributeType::Label]);
            assert_eq!(refusal(read()), RvError::ObjectHandleInvalid);
            log_in(&session, PIN).unwrap();
            assert_eq!(refusal(read()), RvError::ObjectHandleInvalid);
        }
    );
}

#[test]
fn two_certificates_of_one_id_stand_side_by_side() {
    alone!(two_certificates_of_one_id_stand_side_by_side, |bench| {
        bench.office_token();
        let driver = bench.driver();
        let session = driver.user();
        let old = all(&session, ObjectClass::CERTIFICATE)[0];
        let new = session.create_object(&certificate(RENEWED)).unwrap();
        assert_ne!(old, new);
        assert_eq!(certificates(&session), [OLD, RENEWED]);
        session.destroy_object(old).unwrap();
        assert_eq!(certificates(&session), [RENEWED]);
        assert_eq!(
            refusal(session.destroy_object(old)),
            RvError::ObjectHandleInvalid
        );
    });
}

#[test]
fn a_search_finds_what_matches_all_of_its_template() {
    alone!(a_search_finds_what_matches_all_of_its_template, |bench| {
        bench.office_token();
        let driver = bench.driver();
        let session = driver.user();
        let count = |template: &[Attribute]| session.find_objects(template).unwrap().len();
        assert_eq!(count(&[]), 3);
        assert_eq!(count(&[Attribute::Id(ID.to_vec())]), 3);
        assert_eq!(count(&[Attribute::Id(vec![2])]), 0);
        assert_eq!(count(&[Attribute::Value(OLD.to_vec())]), 1);
        let label = Attribute::Label("Ký số".into());
        assert_eq!(
            count(&[label, Attribute::Class(ObjectClass::CERTIFICATE)]),
            1
        );
        assert_eq!(count(&[Attribute::Sign(true)]), 1);
        assert_eq!(count(&[Attribute::Url(b"unknown here".to_vec())]), 0);
    });
}

#[test]
fn a_token_object_wants_a_writing_session_and_the_users_login() {
    alone!(
        a_token_object_wants_a_writing_session_and_the_users_login,
        |bench| {
            bench.office_token();
            let driver = bench.driver();
            let (reader, writer) = (driver.reader(), driver.writer());
            let template = certificate(RENEWED);
            let label = [Attribute::Label("x".into())];
            let old = all(&writer, ObjectClass::CERTIFICATE)[0];

            use RvError::{SessionReadOnly, UserNotLoggedIn};
            assert_eq!(refusal(writer.create_object(&template)), UserNotLoggedIn);
            assert_eq!(refusal(writer.destroy_object(old)), UserNotLoggedIn);
            assert_eq!(
                refusal(writer.update_attributes(old, &label)),
                UserNotLoggedIn
            );
            log_in(&reader, PIN).unwrap();
            assert_eq!(refusal(reader.create_object(&template)), SessionReadOnly);
            assert_eq!(refusal(reader.destroy_object(old)), SessionReadOnly);
            assert_eq!(
                refusal(reader.update_attributes(old, &label)),
                SessionReadOnly
            );
            assert_eq!(certificates(&writer), [OLD]);
            writer.create_object(&template).unwrap();
        }
    );
}

#[test]
fn a_template_is_refused_for_what_is_wrong_with_it() {
    alone!(a_template_is_refused_for_what_is_wrong_with_it, |bench| {
        bench.token();
        let driver = bench.driver();
        let session = driver.user();
        let without = |kind| {
            let mut template = certificate(OLD);
            template.retain(|attribute| attribute.attribute_type() != kind);
            template
        };
        let with = |attribute: Attribute| {
            let mut template = without(attribute.attribute_type());
            template.push(attribute);
            template
        };
        let twice = |attribute| [certificate(OLD), vec![attribute]].concat();
        let pgp = || Attribute::CertificateType(CertificateType::WTLS);
        use RvError::*;
        let cases = [
            (without(AttributeType::Class), TemplateIncomplete),
            (without(AttributeType::CertificateType), TemplateIncomplete),
            (without(AttributeType::Value), TemplateIncomplete),
            (without(AttributeType::Subject), TemplateIncomplete),
            (with(Attribute::Value(Vec::new())), AttributeValueInvalid),
            (with(pgp()), AttributeValueInvalid),
            (with(Attribute::Url(b"x".to_vec())), AttributeTypeInvalid),
            (
                with(Attribute::CheckValue(b"x".to_vec())),
                AttributeTypeInvalid,
            ),
            (with(Attribute::Sign(true)), TemplateInconsistent),
            (twice(Attribute::Token(true)), TemplateInconsistent),
            (twice(Attribute::Private(true)), TemplateInconsistent),
            (with(Attribute::Trusted(true)), AttributeReadOnly),
        ];
        for (template, expected) in cases {
            let code = refusal(session.create_object(&template));
            assert_eq!(code, expected, "{template:?}");
        }
        assert_eq!(certificates(&session), Vec::<Vec<u8>>::new());
        for fine in [Attribute::Trusted(false), Attribute::Modifiable(true)] {
            session.create_object(&with(fine)).unwrap();
        }
    });
}

#[test]
fn label_and_id_change_and_nothing_else() {
    alone!(label_and_id_change_and_nothing_else, |bench| {
        bench.office_token();
        let driver = bench.driver();
        let session = driver.user();
        let certificate = all(&session, ObjectClass::CERTIFICATE)[0];
        let change = |attribute| session.update_attributes(certificate, &[attribute]);
        change(Attribute::Id(vec![0xf0, 1])).unwrap();
        change(Attribute::Label("Mới".into())).unwrap();
        let value = change(Attribute::Value(RENEWED.to_vec()));
        assert_eq!(refusal(value), RvError::AttributeReadOnly);
        let url = change(Attribute::Url(b"x".to_vec()));
        assert_eq!(refusal(url), RvError::AttributeTypeInvalid);

        let later = bench.fresh_driver("later");
        let reader = later.reader();
        let found = reader
            .find_objects(&[Attribute::Id(vec![0xf0, 1]), Attribute::Label("Mới".into())])
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(certificates(&reader), [OLD]);
    });
}

#[test]
fn an_object_that_forbids_it_is_neither_changed_nor_destroyed() {
    alone!(
        an_object_that_forbids_it_is_neither_changed_nor_destroyed,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let session = driver.user();
            let mut template = certificate(OLD);
            template.push(Attribute::Modifiable(false));
            template.push(Attribute::Destroyable(false));
            let fixed = session.create_object(&template).unwrap();
            let change = session.update_attributes(fixed, &[Attribute::Id(vec![9])]);
            assert_eq!(refusal(change), RvError::ActionProhibited);
            assert_eq!(
                refusal(session.destroy_object(fixed)),
                RvError::ActionProhibited
            );
        }
    );
}

#[test]
fn a_session_object_ends_with_its_session_and_no_other_process_sees_it() {
    alone!(
        a_session_object_ends_with_its_session_and_no_other_process_sees_it,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let (one, other) = (driver.reader(), driver.reader());
            let mut template = certificate(OLD);
            template.retain(|attribute| attribute.attribute_type() != AttributeType::Token);
            one.create_object(&template).unwrap();
            assert_eq!(certificates(&other), [OLD]);
            let apart = bench.fresh_driver("apart");
            assert_eq!(certificates(&apart.reader()), Vec::<Vec<u8>>::new());
            one.close().unwrap();
            assert_eq!(certificates(&other), Vec::<Vec<u8>>::new());
        }
    );
}

#[test]
fn a_private_certificate_wants_the_login_even_in_a_session() {
    alone!(
        a_private_certificate_wants_the_login_even_in_a_session,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let session = driver.reader();
            let mut template = certificate(OLD);
            template.retain(|attribute| {
                let kind = attribute.attribute_type();
                kind != AttributeType::Token && kind != AttributeType::Private
            });
            template.push(Attribute::Private(true));
            assert_eq!(
                refusal(session.create_object(&template)),
                RvError::UserNotLoggedIn
            );
            log_in(&session, PIN).unwrap();
            session.create_object(&template).unwrap();
            assert_eq!(certificates(&session), [OLD]);
            session.logout().unwrap();
            assert_eq!(certificates(&session), Vec::<Vec<u8>>::new());
        }
    );
}
