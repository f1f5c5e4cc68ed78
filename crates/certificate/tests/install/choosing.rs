//! Of several certificates the one for the token is chosen by its key, without a login and without a guess.

use std::cell::Cell;

use chungthu_certificate::Certificate;
use chungthu_certificate::install::Refusal;
use chungthu_certificate::install::locate::{Choice, look};
use chungthu_issuer::TestKey;
use chungthu_token::error::{Operation, TokenError};
use chungthu_token::fake::{FakeLauncher, FakeToken};
use chungthu_token::module::ModulePath;
use chungthu_token::object::{AttributeType, ObjectClass};
use chungthu_token::session::{Driver, Launcher};

use crate::office::{Halves, KEY_ID, Office, PIN, Records, as_object, certificate, put_key};

const OTHERS: [TestKey; 3] = [TestKey::Rsa2048B, TestKey::P256, TestKey::P384];

fn token(serial: &str, key: TestKey, halves: Halves) -> FakeToken {
    let token = FakeToken::new(serial, "VGCA Token", PIN);
    put_key(&token, key, KEY_ID, halves);
    token
}

fn of(key: TestKey, year: i32) -> Certificate {
    certificate(key, "Văn phòng", year)
}

fn choose(
    tokens: &[FakeToken],
    candidates: &[Certificate],
    selector: Option<&str>,
) -> Result<Choice, Refusal> {
    let launcher = FakeLauncher::new(tokens);
    let drivers = [launcher.found()];
    let selector = selector.map(|serial| serial.parse().unwrap());
    let choice = look(
        &launcher,
        &drivers,
        candidates,
        &[],
        selector.as_ref(),
        &Records::default(),
    )
    .choose();
    for token in tokens {
        assert!(!token.log().contains(&Operation::LogIn));
    }
    choice
}

fn refusal(choice: Result<Choice, Refusal>) -> Refusal {
    match choice {
        Ok(choice) => panic!("{} was chosen", choice.certificate.subject()),
        Err(refusal) => refusal,
    }
}

#[test]
fn of_many_certificates_the_one_for_the_token_is_chosen_and_planned_like_a_single_one() {
    let wanted = of(TestKey::Rsa2048A, 2029);
    let mut candidates = OTHERS.map(|key| of(key, 2029)).to_vec();
    candidates.insert(2, wanted.clone());
    let tokens = [token("1", TestKey::Rsa2048A, Halves::Both)];
    tokens[0].put_certificate(&as_object(&of(TestKey::Rsa2048A, 2026), KEY_ID));
    let request = Office::request(&wanted);
    let choice = choose(&tokens, &candidates, None).unwrap();
    assert_eq!(choice.certificate, wanted);
    let alone = choose(&tokens, std::slice::from_ref(&wanted), None).unwrap();
    assert_eq!(
        choice.target.plan(&request).unwrap(),
        alone.target.plan(&request).unwrap()
    );
}

#[test]
fn fifty_certificates_cost_the_token_no_more_than_two() {
    let cost = |years: std::ops::Range<i32>| {
        let tokens = [token("1", TestKey::Rsa2048A, Halves::Both)];
        let mut candidates = vec![of(TestKey::Rsa2048A, 2029)];
        candidates.extend(years.flat_map(|year| OTHERS.map(|key| of(key, year))));
        choose(&tokens, &candidates, None).unwrap();
        tokens[0].log().len()
    };
    assert_eq!(cost(2028..2029), cost(2026..2042));
}

#[test]
fn a_certificate_on_the_token_shows_its_key_as_well_as_a_key_object() {
    let tokens = [FakeToken::new("1", "VGCA Token", PIN)];
    tokens[0].put_certificate(&as_object(&of(TestKey::P256, 2026), KEY_ID));
    let candidates = [of(TestKey::Rsa2048A, 2029), of(TestKey::P256, 2029)];
    let choice = choose(&tokens, &candidates, None).unwrap();
    assert_eq!(choice.certificate, candidates[1]);
}

#[test]
fn certificates_of_other_keys_are_not_for_this_token() {
    let tokens = [token("1", TestKey::Rsa2048A, Halves::Both)];
    let candidates = OTHERS.map(|key| of(key, 2029));
    let refusal = refusal(choose(&tokens, &candidates, None));
    assert!(matches!(refusal, Refusal::KeyNotOnToken { tokens } if tokens.len() == 1));
}

#[test]
fn of_two_certificates_of_the_tokens_key_none_is_guessed() {
    let tokens = [token("1", TestKey::Rsa2048A, Halves::Both)];
    let (old, new) = (of(TestKey::Rsa2048A, 2026), of(TestKey::Rsa2048A, 2029));
    let candidates = [old.clone(), of(TestKey::P256, 2029), new.clone()];
    let certificates = vec![old, new];
    assert_eq!(
        refusal(choose(&tokens, &candidates, None)),
        Refusal::SeveralCertificates { certificates }
    );
}

#[test]
fn two_certificates_of_a_key_elsewhere_do_not_matter() {
    let tokens = [token("1", TestKey::Rsa2048A, Halves::Both)];
    let candidates = [
        of(TestKey::P256, 2026),
        of(TestKey::P256, 2029),
        of(TestKey::Rsa2048A, 2029),
    ];
    let choice = choose(&tokens, &candidates, None).unwrap();
    assert_eq!(choice.certificate, candidates[2]);
}

#[test]
fn certificates_for_two_tokens_wait_for_one_to_be_named() {
    let tokens = [
        token("1", TestKey::Rsa2048A, Halves::Both),
        token("2", TestKey::P256, Halves::Both),
    ];
    let candidates = [of(TestKey::Rsa2048A, 2029), of(TestKey::P256, 2029)];
    let refusal = refusal(choose(&tokens, &candidates, None));
    assert!(matches!(refusal, Refusal::TokenAmbiguous { tokens } if tokens.len() == 2));
    let choice = choose(&tokens, &candidates, Some("2")).unwrap();
    assert_eq!(choice.certificate, candidates[1]);
}

#[test]
fn where_no_token_tells_several_certificates_are_too_many() {
    let candidates = [of(TestKey::Rsa2048A, 2029), of(TestKey::P256, 2029)];
    let hidden = || token("1", TestKey::Rsa2048A, Halves::PrivateOnly);
    let also_hidden = token("2", TestKey::P256, Halves::PrivateOnly);
    let foreign = token("3", TestKey::P384, Halves::Both);
    for tokens in [
        vec![hidden()],
        vec![hidden(), also_hidden],
        vec![hidden(), foreign],
    ] {
        let certificates = candidates.to_vec();
        assert_eq!(
            refusal(choose(&tokens, &candidates, None)),
            Refusal::SeveralCertificates { certificates }
        );
    }
}

#[test]
fn a_token_that_tells_wins_over_one_that_does_not() {
    let tokens = [
        token("1", TestKey::P256, Halves::PrivateOnly),
        token("2", TestKey::Rsa2048A, Halves::Both),
    ];
    let candidates = [of(TestKey::P256, 2029), of(TestKey::Rsa2048A, 2029)];
    let choice = choose(&tokens, &candidates, None).unwrap();
    assert_eq!(choice.certificate, candidates[1]);
    assert_eq!(choice.target.token().serial, "2");
}

#[test]
fn a_key_that_tells_nothing_does_not_stand_in_the_way_of_one_that_does() {
    let tokens = [token("1", TestKey::Rsa2048A, Halves::Both)];
    let silent: [(AttributeType, &[u8]); 2] = [
        (AttributeType::Id, b"silent"),
        // shown without a login, as some drivers do
        (AttributeType::Private, &[0]),
    ];
    tokens[0].put(ObjectClass::PrivateKey, &silent, None);
    let candidates = [of(TestKey::P256, 2029), of(TestKey::Rsa2048A, 2029)];
    let choice = choose(&tokens, &candidates, None).unwrap();
    assert_eq!(choice.certificate, candidates[1]);
}

#[test]
fn where_there_is_no_token_none_is_said_to_have_another_key() {
    let refusal = refusal(choose(&[], &[of(TestKey::P256, 2029)], None));
    assert!(
        matches!(refusal, Refusal::TokenNotFound { drivers: 1, .. }),
        "{refusal:?}"
    );
}

/// Each driver that is started shows the next of the tokens.
struct InTurn {
    tokens: Vec<FakeToken>,
    started: Cell<usize>,
}

impl Launcher for InTurn {
    fn launch(&self, module: &ModulePath) -> Result<Box<dyn Driver>, TokenError> {
        let next = self.started.replace(self.started.get() + 1);
        FakeLauncher::new(&self.tokens[next..=next]).launch(module)
    }
}

#[test]
fn tokens_of_two_drivers_that_tell_nothing_are_one_only_if_they_agree_in_more_than_the_serial() {
    let chosen = |labels: [&str; 2]| {
        let tokens = labels.map(|label| {
            let token = FakeToken::new("1", label, PIN);
            put_key(&token, TestKey::P256, KEY_ID, Halves::PrivateOnly);
            token
        });
        let launcher = InTurn {
            tokens: tokens.to_vec(),
            started: Cell::new(0),
        };
        let drivers = [(); 2].map(|()| FakeLauncher::default().found());
        let candidates = [of(TestKey::P256, 2029)];
        look(
            &launcher,
            &drivers,
            &candidates,
            &[],
            None,
            &Records::default(),
        )
        .choose()
    };
    assert!(chosen(["one", "one"]).is_ok());
    assert!(matches!(
        refusal(chosen(["one", "other"])),
        Refusal::TokenAmbiguous { tokens } if tokens.len() == 2
    ));
}
