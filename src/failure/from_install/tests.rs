//! What a stopped install is said to be, by what it left on the token.

use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::return_value::ReturnValue;

use chungthu_certificate::install::{Refusal, Step};

use super::*;
use crate::failure::Exit;
use crate::words::Language;

fn stopped(state: TokenState, step: Step) -> Failure {
    let error = TokenError::from_call(
        Operation::AddCertificate,
        "C_CreateObject",
        ReturnValue(0x32),
    );
    assert_eq!(error.cause, Cause::TokenRemoved);
    let error = InstallError {
        step: Some(step),
        failure: StepFailure::Token(error),
        state,
        backup: Some("backup.json".into()),
        token: serde_json::from_str(TOKEN).unwrap(),
        is_restore: false,
        login: None,
        may_still_remove_first: true,
    };
    from_install(
        &error,
        Path::new("driver.so"),
        &Words::new(Language::English),
    )
}

const TOKEN: &str = r#"{"label":"t","manufacturer":"m","model":"m","serial":"1","flags":1036,
    "minimum_pin_length":4,"maximum_pin_length":8,"free_public_memory":null,
    "total_public_memory":null,"hardware_version":"1.0","firmware_version":"1.0"}"#;

#[test]
fn a_token_pulled_out_before_it_changed_is_unavailable() {
    let failure = stopped(TokenState::Unchanged, Step::Add);
    assert_eq!(
        (failure.code, failure.code.exit()),
        (Code::TokenRemoved, Exit::Unavailable)
    );
}

#[test]
fn a_token_pulled_out_after_a_write_began_is_an_install_that_stopped() {
    for state in [
        TokenState::Unknown,
        TokenState::NewAndOld,
        TokenState::OldMissing,
    ] {
        let failure = stopped(state, Step::Add);
        assert_eq!(
            (failure.code, failure.code.exit()),
            (Code::WriteIncomplete, Exit::Stopped)
        );
        let way_back = Hint::RestoreFrom {
            backup: "backup.json".into(),
        };
        let is_needed = state != TokenState::NewAndOld;
        assert_eq!(failure.hints.contains(&way_back), is_needed);
        let is_whole = |hint: &Hint| matches!(hint, Hint::BackupAt { backup } if Path::new(backup).is_absolute());
        assert!(failure.hints.iter().any(is_whole));
        assert_eq!(failure.call.unwrap().function, "C_CreateObject");
    }
}

#[test]
fn the_new_certificate_on_the_token_is_never_denied_in_the_same_breath() {
    for state in [TokenState::NewAndOld, TokenState::OnlyNew] {
        let error = TokenError::from_call(
            Operation::AddCertificate,
            "C_CreateObject",
            ReturnValue(0xD1),
        );
        assert_eq!(error.cause, Cause::TemplateRefused);
        let error = InstallError {
            step: Some(Step::Add),
            failure: StepFailure::Token(error),
            state,
            backup: None,
            token: serde_json::from_str(TOKEN).unwrap(),
            is_restore: false,
            login: None,
            may_still_remove_first: true,
        };
        let words = Words::new(Language::English);
        let failure = from_install(&error, Path::new("driver.so"), &words);
        assert_eq!(*failure.what, What::WriteIncomplete);
        assert!(failure.call.is_some());
        let answered = What::ModuleAnswered {
            module: "driver.so".into(),
            function: "C_CreateObject".into(),
            answer: "CKR_TEMPLATE_INCONSISTENT (0xD1)".into(),
        };
        assert_eq!(failure.stop.unwrap().cause, Some(answered));
    }
}

const STATES: [TokenState; 7] = [
    TokenState::NotTouched,
    TokenState::Unchanged,
    TokenState::Leftover,
    TokenState::NewAndOld,
    TokenState::OnlyNew,
    TokenState::OldMissing,
    TokenState::Unknown,
];

/// Every way a step fails; of the driver's, every operation with a refusal, a loss and a pulled-out token.
fn failures() -> Vec<StepFailure> {
    let operations = [
        Operation::AddCertificate,
        Operation::SetCertificateId,
        Operation::RemoveCertificate,
        Operation::Find,
        Operation::Read,
        Operation::LogIn,
        Operation::Sign,
    ];
    let causes = [
        Cause::Refused,
        Cause::Unsupported,
        Cause::TokenFull,
        Cause::TokenRemoved,
        Cause::TokenInUse,
        Cause::PinLocked,
        Cause::WriteProtected,
        Cause::DriverCrashed {
            status: "signal 9".into(),
        },
        Cause::DriverTimedOut { seconds: 3 },
        Cause::DriverIncomprehensible { detail: "x".into() },
    ];
    let token = |operation, cause: &Cause| TokenError::new(operation, cause.clone());
    let mut failures = vec![
        StepFailure::Proof(ProofError::NotSigned(token(Operation::Sign, &causes[0]))),
        StepFailure::Proof(ProofError::WrongKey),
        StepFailure::Proof(ProofError::UnsupportedKey),
        StepFailure::Proof(ProofError::NoRandom),
        StepFailure::Storage(StorageError {
            place: "journal".into(),
            detail: "no space".into(),
        }),
        StepFailure::TokenChanged,
        StepFailure::LoggedOut(Box::new(StepFailure::TokenChanged)),
        StepFailure::LoggedOut(Box::new(StepFailure::Incomplete)),
        StepFailure::Refused(Box::new(Refusal::KeyCannotTell)),
        StepFailure::NotStored,
        StepFailure::StoredDifferently,
        StepFailure::Incomplete,
    ];
    for operation in operations {
        let errors = causes.iter().map(|cause| token(operation, cause));
        failures.extend(errors.map(StepFailure::Token));
    }
    failures
}

#[test]
fn a_stop_after_a_write_is_told_by_what_is_on_the_token_and_by_nothing_else() {
    for language in [Language::Vietnamese, Language::English] {
        let words = Words::new(language);
        for state in STATES {
            for is_restore in [false, true] {
                for failure in failures() {
                    let told = format!("{failure:?} {state:?}");
                    let error = InstallError {
                        step: Some(Step::Remove),
                        failure,
                        state,
                        backup: Some("backup.json".into()),
                        token: serde_json::from_str(TOKEN).unwrap(),
                        is_restore,
                        login: None,
                        may_still_remove_first: true,
                    };
                    let failure = from_install(&error, Path::new("driver.so"), &words);
                    let is_changed =
                        !matches!(state, TokenState::NotTouched | TokenState::Unchanged);
                    assert_eq!(failure.code.exit() == Exit::Stopped, is_changed, "{told}");
                    assert_eq!(failure.code == Code::WriteIncomplete, is_changed, "{told}");
                    assert_eq!(*failure.what == What::WriteIncomplete, is_changed, "{told}");
                    assert_eq!(failure.stop.is_some(), is_changed, "{told}");
                    let page = failure.page(&words);
                    assert!(!page.text().contains(['{', '}']), "{}", page.text());
                    assert_eq!(
                        page.text().contains("driver.so"),
                        is_changed || failure.message(&words).contains("driver.so"),
                        "{}",
                        page.text()
                    );
                }
            }
        }
    }
}

#[test]
fn what_was_refused_and_done_all_the_same_is_not_said_to_be_missing() {
    let denying = [
        What::TokenRefusedCertificate,
        What::TokenFull,
        What::TokenWriteProtected,
        What::WriteNotStored,
        What::WriteStoredDifferently,
    ];
    let words = Words::new(Language::English);
    for state in [TokenState::NewAndOld, TokenState::OnlyNew] {
        for failure in failures() {
            if let StepFailure::Token(error) = &failure
                && !is_write(error.operation)
            {
                continue;
            }
            let told = format!("{failure:?} {state:?}");
            let error = InstallError {
                step: Some(Step::Add),
                failure,
                state,
                backup: None,
                token: serde_json::from_str(TOKEN).unwrap(),
                is_restore: false,
                login: None,
                may_still_remove_first: true,
            };
            let stop = from_install(&error, Path::new("driver.so"), &words)
                .stop
                .unwrap();
            assert!(
                !stop.cause.is_some_and(|cause| denying.contains(&cause)),
                "{told}"
            );
        }
    }
}

#[test]
fn the_way_back_is_typed_as_it_is_printed_whatever_the_folder_is_called() {
    let error = InstallError {
        step: Some(Step::Add),
        failure: StepFailure::NotStored,
        state: TokenState::OldMissing,
        backup: Some("/a \"b\" $c `d`/\u{FFFD}/20261123T020100.000000Z-4D7A.json".into()),
        token: serde_json::from_str(TOKEN).unwrap(),
        is_restore: false,
        login: None,
        may_still_remove_first: true,
    };
    for language in [Language::Vietnamese, Language::English] {
        let words = Words::new(language);
        let failure = from_install(&error, Path::new("driver.so"), &words);
        let typed = "chungthu restore 20261123T020100.000000Z-4D7A.json";
        let mut hints = failure.hints.iter().map(|hint| words.say(hint));
        assert!(hints.any(|hint| hint.ends_with(typed)), "{failure:?}");
    }
}
