//! Sessions, logins and slots.

use cryptoki::{
    error::RvError,
    session::{SessionState, UserType},
};

use chungthu_soft_token::provision::TokenFile;

use crate::bench::{LABEL, PIN, SO_PIN, alone, log_in, pin, refusal};

#[test]
fn one_login_counts_for_all_sessions_and_ends_with_the_last() {
    alone!(
        one_login_counts_for_all_sessions_and_ends_with_the_last,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let (reader, writer) = (driver.reader(), driver.writer());
            let state = |session: &cryptoki::session::Session| {
                session.get_session_info().unwrap().session_state()
            };
            assert_eq!(state(&reader), SessionState::RoPublic);
            assert_eq!(state(&writer), SessionState::RwPublic);
            log_in(&reader, PIN).unwrap();
            assert_eq!(state(&reader), SessionState::RoUser);
            assert_eq!(state(&writer), SessionState::RwUser);
            reader.close().unwrap();
            assert_eq!(state(&writer), SessionState::RwUser);
            writer.close().unwrap();
            assert_eq!(state(&driver.reader()), SessionState::RoPublic);
        }
    );
}

#[test]
fn a_second_login_is_refused_by_its_name() {
    alone!(a_second_login_is_refused_by_its_name, |bench| {
        bench.token();
        let driver = bench.driver();
        let session = driver.user();
        assert_eq!(refusal(log_in(&session, PIN)), RvError::UserAlreadyLoggedIn);
        let officer = session.login(UserType::So, Some(&pin(SO_PIN)));
        assert_eq!(refusal(officer), RvError::UserAnotherAlreadyLoggedIn);
        session.logout().unwrap();
        assert_eq!(refusal(session.logout()), RvError::UserNotLoggedIn);
        assert_eq!(driver.pin_flags(), [false, false, false]);
    });
}

#[test]
fn the_security_officer_and_a_reading_session_exclude_each_other() {
    alone!(
        the_security_officer_and_a_reading_session_exclude_each_other,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let (reader, writer) = (driver.reader(), driver.writer());
            let officer = || writer.login(UserType::So, Some(&pin(SO_PIN)));
            assert_eq!(refusal(officer()), RvError::SessionReadOnlyExists);
            reader.close().unwrap();
            officer().unwrap();
            let state = writer.get_session_info().unwrap().session_state();
            assert_eq!(state, SessionState::RwSecurityOfficer);
            let reader = driver.0.open_ro_session(driver.slot());
            assert_eq!(refusal(reader.map(drop)), RvError::SessionReadWriteSoExists);
        }
    );
}

#[test]
fn tokens_are_slots_in_the_order_of_their_file_names() {
    alone!(tokens_are_slots_in_the_order_of_their_file_names, |bench| {
        for name in ["b", "a"] {
            TokenFile::create(&bench.folder, name, name, SO_PIN, PIN).unwrap();
        }
        std::fs::write(bench.folder.join("notes.txt"), "no token").unwrap();
        let driver = bench.driver();
        let labels = || {
            let label = |slot| {
                let info = driver.0.get_token_info(slot).unwrap();
                (slot.id(), info.label().to_owned())
            };
            let slots = driver.0.get_slots_with_token().unwrap();
            slots.into_iter().map(label).collect::<Vec<_>>()
        };
        assert_eq!(labels(), [(1, "a".into()), (2, "b".into())]);

        // A later one gets the next number, wherever its name stands.
        TokenFile::create(&bench.folder, "0", "0", SO_PIN, PIN).unwrap();
        assert_eq!(
            labels(),
            [(1, "a".into()), (2, "b".into()), (3, "0".into())]
        );
    });
}

#[test]
fn without_files_there_is_no_token() {
    alone!(without_files_there_is_no_token, |bench| {
        assert!(bench.driver().0.get_all_slots().unwrap().is_empty());
    });
}

#[test]
fn a_token_says_who_it_is() {
    alone!(a_token_says_who_it_is, |bench| {
        let serial = bench.token().serial().unwrap();
        let info = bench.driver().info();
        assert_eq!(info.label(), LABEL);
        assert_eq!(info.serial_number(), serial);
        assert_eq!(
            (info.manufacturer_id(), info.model()),
            ("chungthu", "soft token")
        );
        assert_eq!((info.min_pin_length(), info.max_pin_length()), (4, 16));
        assert!(info.token_initialized() && info.user_pin_initialized() && info.login_required());
    });
}

#[test]
fn a_token_pulled_out_takes_its_sessions_with_it() {
    alone!(a_token_pulled_out_takes_its_sessions_with_it, |bench| {
        let file = bench.token();
        let driver = bench.driver();
        let (slot, session) = (driver.slot(), driver.user());
        let pocket = bench.folder.join("pocket");
        std::fs::rename(file.path(), &pocket).unwrap();

        assert_eq!(refusal(session.get_session_info()), RvError::DeviceRemoved);
        assert_eq!(
            refusal(session.get_session_info()),
            RvError::SessionHandleInvalid
        );
        assert_eq!(
            refusal(driver.0.get_token_info(slot)),
            RvError::TokenNotPresent
        );
        assert!(!driver.0.get_slot_info(slot).unwrap().token_present());
        assert!(driver.0.get_slots_with_token().unwrap().is_empty());

        std::fs::rename(&pocket, file.path()).unwrap();
        assert_eq!(driver.slot(), slot);
        let state = driver.reader().get_session_info().unwrap().session_state();
        assert_eq!(state, SessionState::RoPublic);
    });
}

#[test]
fn a_damaged_file_hides_no_other_token() {
    alone!(a_damaged_file_hides_no_other_token, |bench| {
        std::fs::write(bench.folder.join("a.token"), "not a token at all").unwrap();
        bench.token();
        let driver = bench.driver();
        let slots = driver.0.get_slots_with_token().unwrap();
        let damaged = driver.0.get_token_info(slots[0]);
        assert_eq!(refusal(damaged), RvError::TokenNotRecognized);
        assert_eq!(driver.0.get_token_info(slots[1]).unwrap().label(), LABEL);
    });
}
