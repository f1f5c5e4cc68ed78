//! Several processes on one token.

use cryptoki::object::{Attribute, ObjectClass};

use crate::bench::{OLD, RENEWED, all, alone, certificate, certificates};

const WRITERS: u8 = 3;
const CERTIFICATES: u8 = 15;

#[test]
fn processes_that_write_at_once_lose_nothing() {
    alone!(processes_that_write_at_once_lose_nothing, |bench| {
        if let Ok(writer) = bench.part().parse::<u8>() {
            let driver = bench.driver();
            let session = driver.user();
            for number in 0..CERTIFICATES {
                let made = session.create_object(&certificate(OLD)).unwrap();
                let id = Attribute::Id(vec![writer, number]);
                session.update_attributes(made, &[id]).unwrap();
            }
            return;
        }
        bench.token();
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| bench.process(&writer.to_string()))
            .collect();
        for writer in writers {
            writer.succeed();
        }
        let driver = bench.driver();
        let session = driver.reader();
        for writer in 0..WRITERS {
            for number in 0..CERTIFICATES {
                let id = Attribute::Id(vec![writer, number]);
                assert_eq!(session.find_objects(&[id]).unwrap().len(), 1);
            }
        }
        let all = all(&session, ObjectClass::CERTIFICATE).len();
        assert_eq!(all, usize::from(WRITERS * CERTIFICATES));
    });
}

#[test]
fn a_second_process_sees_at_once_what_the_first_stored_and_removed() {
    alone!(
        a_second_process_sees_at_once_what_the_first_stored_and_removed,
        |bench| {
            bench.office_token();
            let (one, other) = (bench.driver(), bench.fresh_driver("other"));
            let (writer, reader) = (one.user(), other.reader());
            let old = all(&writer, ObjectClass::CERTIFICATE)[0];
            assert_eq!(certificates(&reader), [OLD]);
            writer.create_object(&certificate(RENEWED)).unwrap();
            assert_eq!(certificates(&reader), [OLD, RENEWED]);
            writer.destroy_object(old).unwrap();
            assert_eq!(certificates(&reader), [RENEWED]);
        }
    );
}

#[test]
fn a_login_of_one_process_is_none_of_another() {
    alone!(a_login_of_one_process_is_none_of_another, |bench| {
        bench.office_token();
        let (one, other) = (bench.driver(), bench.fresh_driver("other"));
        let (user, public) = (one.user(), other.reader());
        assert_eq!(all(&user, ObjectClass::PRIVATE_KEY).len(), 1);
        assert_eq!(all(&public, ObjectClass::PRIVATE_KEY).len(), 0);
    });
}

/// What a killed writer leaves behind is the whole file from before.
#[test]
fn a_half_written_new_file_beside_the_token_does_no_harm() {
    alone!(
        a_half_written_new_file_beside_the_token_does_no_harm,
        |bench| {
            bench.office_token();
            std::fs::write(bench.folder.join("one.token.new"), "half").unwrap();
            let driver = bench.driver();
            assert_eq!(driver.0.get_slots_with_token().unwrap().len(), 1);
            let session = driver.user();
            session.create_object(&certificate(RENEWED)).unwrap();
            assert_eq!(certificates(&session), [OLD, RENEWED]);
            assert!(!bench.folder.join("one.token.new").exists());
        }
    );
}
