//! How many PKCS#11 calls the jobs cost, counted by OpenSC's spy on SoftHSM2, all processes together.

#![cfg(unix)]

use chungthu_issuer::TestKey;
use chungthu_test_support::{Calls, Driver, Office, Paper, filler_certificate};

use crate::in_an_office;
use crate::scene::{OldCertificate, install_with_pin, paper, token_with};

const KEY: TestKey = TestKey::Rsa2048A;

/// The most calls that an install on the plain path may cost.
const INSTALL_LIMIT: usize = 58;
/// The same on a token with more certificates than are read one by one.
const CROWDED_LIMIT: usize = 76;

fn install_calls(fillers: usize) -> Option<Calls> {
    let mut calls = None;
    in_an_office(Driver::SoftHsm2, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        token.add_fillers(&filler_certificate(TestKey::Rsa2048B), fillers);
        let file = paper(office, KEY, Paper::Renewed);
        calls = install_with_pin(office, &file)
            .spied()
            .run()
            .expect(0)
            .calls;
    });
    calls
}

#[test]
fn an_install_costs_the_same_few_calls_on_a_token_with_a_hundred_or_a_thousand_certificates() {
    let (Some(alone), Some(crowded), Some(full)) =
        (install_calls(0), install_calls(100), install_calls(1000))
    else {
        return;
    };
    for (calls, limit) in [
        (&alone, INSTALL_LIMIT),
        (&crowded, CROWDED_LIMIT),
        (&full, CROWDED_LIMIT),
    ] {
        assert!(
            calls.total() <= limit,
            "{} calls: {calls:#?}",
            calls.total()
        );
        assert_eq!(calls.processes(), 2);
    }
    assert_eq!(crowded.total(), full.total(), "{crowded:#?} {full:#?}");
}

#[test]
fn a_list_costs_two_and_a_half_calls_an_object() {
    for fillers in [0, 18, 1000] {
        in_an_office(Driver::SoftHsm2, |office: &Office| {
            let token = token_with(office, KEY, OldCertificate::Present);
            token.add_fillers(&filler_certificate(TestKey::Rsa2048B), fillers);
            let outcome = office.chungthu(["list", "--json"]).spied().run().expect(0);
            let shown = outcome.json()["certificates"].as_array().unwrap().len();
            assert_eq!(shown, fillers + 1);
            // The certificates and the public key object.
            let objects = shown + 1;
            if let Some(calls) = &outcome.calls {
                let limit = 20 + objects * 5 / 2;
                assert!(
                    calls.total() <= limit,
                    "{} calls, {limit} allowed: {calls:#?}",
                    calls.total()
                );
            }
        });
    }
}
