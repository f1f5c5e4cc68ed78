//! What a stopped install is said to be, by what it left on the token.

use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::return_value::ReturnValue;

use chungthu_certificate::install::Step;

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
        let backup = "backup.json".into();
        let way_back = if state == TokenState::NewAndOld {
            Hint::BackupAt { backup }
        } else {
            Hint::RestoreFrom { backup }
        };
        assert!(failure.hints.contains(&way_back));
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
    }
}

#[test]
fn where_no_token_was_chosen_nothing_is_said_of_its_state() {
    let words = Words::new(Language::English);
    let refusal = Refusal::TokenAmbiguous { tokens: Vec::new() };
    assert_eq!(from_refusal(&refusal, &words).state, None);
    let refusal = Refusal::KeyNotOnToken { tokens: Vec::new() };
    assert_eq!(
        from_refusal(&refusal, &words).state,
        Some(State::NotTouched)
    );
}
