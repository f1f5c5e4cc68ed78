//! PINs: tries, locks, changes, and the initialisation of tokens.

use cryptoki::{error::RvError, session::UserType};

use crate::bench::{
    OLD, PIN, SO_PIN, WRONG, alone, certificate, certificates, log_in, pin, refusal,
};

#[test]
fn three_wrong_pins_lock_the_token_for_a_fresh_process_too() {
    alone!(
        three_wrong_pins_lock_the_token_for_a_fresh_process_too,
        |bench| {
            if bench.part() == "later" {
                let driver = bench.driver();
                assert_eq!(driver.pin_flags(), [true, false, true]);
                assert_eq!(refusal(log_in(&driver.reader(), PIN)), RvError::PinLocked);
                return;
            }
            bench.token();
            let driver = bench.driver();
            let session = driver.reader();
            assert_eq!(driver.pin_flags(), [false, false, false]);
            assert_eq!(refusal(log_in(&session, WRONG)), RvError::PinIncorrect);
            assert_eq!(driver.pin_flags(), [true, false, false]);
            assert_eq!(refusal(log_in(&session, WRONG)), RvError::PinIncorrect);
            assert_eq!(driver.pin_flags(), [true, true, false]);
            assert_eq!(refusal(log_in(&session, WRONG)), RvError::PinLocked);
            assert_eq!(driver.pin_flags(), [true, false, true]);
            bench.process("later").succeed();
        }
    );
}

#[test]
fn tries_of_two_processes_count_together() {
    alone!(tries_of_two_processes_count_together, |bench| {
        if bench.part() == "another" {
            let code = refusal(log_in(&bench.driver().reader(), WRONG));
            assert_eq!(code, RvError::PinIncorrect);
            return;
        }
        bench.token();
        let driver = bench.driver();
        let session = driver.reader();
        bench.process("another").succeed();
        assert_eq!(driver.pin_flags(), [true, false, false]);
        bench.process("another").succeed();
        assert_eq!(refusal(log_in(&session, WRONG)), RvError::PinLocked);
    });
}

#[test]
fn a_right_pin_gives_the_tries_back() {
    alone!(a_right_pin_gives_the_tries_back, |bench| {
        bench.token();
        let driver = bench.driver();
        let session = driver.reader();
        for _ in 0..2 {
            assert_eq!(refusal(log_in(&session, WRONG)), RvError::PinIncorrect);
        }
        log_in(&session, PIN).unwrap();
        assert_eq!(driver.pin_flags(), [false, false, false]);
    });
}

#[test]
fn a_pin_of_impossible_length_uses_up_a_try() {
    alone!(a_pin_of_impossible_length_uses_up_a_try, |bench| {
        bench.token();
        let driver = bench.driver();
        let session = driver.reader();
        assert_eq!(refusal(log_in(&session, "1")), RvError::PinIncorrect);
        let long = "1".repeat(300);
        assert_eq!(refusal(log_in(&session, &long)), RvError::PinIncorrect);
        assert_eq!(driver.pin_flags(), [true, true, false]);
    });
}

#[test]
fn the_security_officer_unlocks_a_locked_pin() {
    alone!(the_security_officer_unlocks_a_locked_pin, |bench| {
        bench.token();
        let driver = bench.driver();
        let session = driver.writer();
        for _ in 0..3 {
            log_in(&session, WRONG).unwrap_err();
        }
        assert_eq!(
            refusal(session.init_pin(&pin("222222"))),
            RvError::UserNotLoggedIn
        );
        session.login(UserType::So, Some(&pin(SO_PIN))).unwrap();
        assert_eq!(refusal(session.init_pin(&pin("123"))), RvError::PinLenRange);
        session.init_pin(&pin("222222")).unwrap();
        session.logout().unwrap();
        assert_eq!(driver.pin_flags(), [false, false, false]);
        assert_eq!(refusal(log_in(&session, PIN)), RvError::PinIncorrect);
        log_in(&session, "222222").unwrap();
    });
}

#[test]
fn the_security_officers_pin_locks_after_three_tries_too() {
    alone!(
        the_security_officers_pin_locks_after_three_tries_too,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let session = driver.writer();
            let mut codes = Vec::new();
            for attempt in [WRONG, WRONG, WRONG, SO_PIN] {
                codes.push(refusal(session.login(UserType::So, Some(&pin(attempt)))));
            }
            use RvError::{PinIncorrect, PinLocked};
            assert_eq!(codes, [PinIncorrect, PinIncorrect, PinLocked, PinLocked]);
            assert!(driver.info().so_pin_locked());
            assert_eq!(driver.pin_flags(), [false, false, false]);
        }
    );
}

#[test]
fn a_changed_pin_is_the_only_one() {
    alone!(a_changed_pin_is_the_only_one, |bench| {
        bench.token();
        let driver = bench.driver();
        let reader = driver.reader();
        let change = reader.set_pin(&pin(PIN), &pin("4444"));
        assert_eq!(refusal(change), RvError::SessionReadOnly);
        let session = driver.writer();
        let change = session.set_pin(&pin(PIN), &pin("333"));
        assert_eq!(refusal(change), RvError::PinLenRange);
        let change = session.set_pin(&pin(WRONG), &pin("4444"));
        assert_eq!(refusal(change), RvError::PinIncorrect);
        session.set_pin(&pin(PIN), &pin("4444")).unwrap();
        assert_eq!(refusal(log_in(&session, PIN)), RvError::PinIncorrect);
        log_in(&session, "4444").unwrap();
        session.set_pin(&pin("4444"), &pin(PIN)).unwrap();
        session.logout().unwrap();
        log_in(&session, PIN).unwrap();
    });
}

#[test]
fn initialising_a_token_needs_its_security_officer_and_keeps_the_serial_only() {
    alone!(
        initialising_a_token_needs_its_security_officer_and_keeps_the_serial_only,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let serial = driver.info().serial_number().to_owned();
            let session = driver.user();
            session.create_object(&certificate(OLD)).unwrap();
            let slot = driver.slot();
            let again = |text: &str| driver.0.init_token(slot, &pin(text), "Mới");
            assert_eq!(refusal(again(SO_PIN)), RvError::SessionExists);
            session.close().unwrap();
            assert_eq!(refusal(again(WRONG)), RvError::PinIncorrect);

            again(SO_PIN).unwrap();

            let info = driver.info();
            assert_eq!((info.label(), info.serial_number()), ("Mới", &*serial));
            assert!(!info.user_pin_initialized());
            let session = driver.writer();
            assert_eq!(certificates(&session), Vec::<Vec<u8>>::new());
            assert_eq!(
                refusal(log_in(&session, PIN)),
                RvError::UserPinNotInitialized
            );
        }
    );
}

#[test]
fn an_empty_file_becomes_a_token() {
    use chungthu_soft_token::provision::TokenFile;
    alone!(an_empty_file_becomes_a_token, |bench| {
        let file = TokenFile::create_uninitialised(&bench.folder, "blank").unwrap();
        let driver = bench.driver();
        assert!(!driver.info().token_initialized());
        assert_eq!(driver.info().serial_number(), "");
        let session = driver.0.open_rw_session(driver.slot());
        assert_eq!(refusal(session.map(drop)), RvError::TokenNotRecognized);

        driver
            .0
            .init_token(driver.slot(), &pin(SO_PIN), "Mới")
            .unwrap();
        let session = driver.writer();
        session.login(UserType::So, Some(&pin(SO_PIN))).unwrap();
        session.init_pin(&pin(PIN)).unwrap();
        session.logout().unwrap();
        log_in(&session, PIN).unwrap();

        let serial = file.serial().unwrap();
        assert_eq!(driver.info().serial_number(), serial);
        assert_eq!(serial.len(), 16);
    });
}
