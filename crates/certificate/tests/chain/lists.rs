//! Lists of revoked certificates: what they decide, and when they do not.

use chungthu_certificate::chain::{
    Authorities, Chain, ListError, Origin, Reason, Revocation, RevocationList, Undecided,
};
use chungthu_issuer::TestKey;
use rcgen::{KeyUsagePurpose, RevocationReason};
use time::Duration;

use crate::hierarchy::{Entity, List, NOW, PLACE, authority, empty_list, subscriber};

fn ca() -> Entity {
    authority("Nơi cấp", TestKey::Rsa2048A)
}

/// What these lists say of the subscriber's certificate, issued by [`ca`].
fn answer(lists: &[RevocationList]) -> Option<Revocation> {
    answer_of(&ca(), lists)
}

fn answer_of(issuer: &Entity, lists: &[RevocationList]) -> Option<Revocation> {
    let mut authorities = Authorities::new();
    authorities.add([issuer.by_itself()], Origin::Given);
    let chain = Chain::build(&subscriber().by(issuer), &authorities, lists, NOW);
    chain.own_revocation().cloned()
}

fn naming(reason: Option<RevocationReason>) -> List {
    List {
        revoked: vec![(1, None), (0x1234, reason), (0x9999, None)],
        ..empty_list()
    }
}

fn undecided(answer: Option<Revocation>) -> Option<Undecided> {
    match answer {
        Some(Revocation::Undecided(why)) => Some(why),
        Some(Revocation::Good { .. } | Revocation::Revoked { .. }) | None => None,
    }
}

#[test]
fn without_lists_nothing_is_said() {
    assert_eq!(answer(&[]), None);
}

#[test]
fn a_certificate_that_is_not_named_is_good_until_the_next_list() {
    let list = empty_list();
    let good = Revocation::Good {
        next_update: Some(list.to),
    };
    assert_eq!(answer(&[ca().list(&list)]), Some(good));
}

#[test]
fn a_certificate_that_is_named_is_revoked_with_date_and_reason() {
    for (told, reason) in [
        (None, Reason::Unspecified),
        (Some(RevocationReason::KeyCompromise), Reason::KeyCompromise),
        (
            Some(RevocationReason::AffiliationChanged),
            Reason::AffiliationChanged,
        ),
        (
            Some(RevocationReason::CertificateHold),
            Reason::CertificateHold,
        ),
    ] {
        let list = naming(told);
        let Some(Revocation::Revoked {
            date,
            reason: found,
            ..
        }) = answer(&[ca().list(&list)])
        else {
            panic!("{told:?}")
        };
        assert_eq!((date, found), (list.from - Duration::days(1), reason));
    }
}

#[test]
fn others_on_the_list_are_no_matter() {
    let list = List {
        revoked: vec![(0x1233, None), (0x1235, None), (0x12_3400, None)],
        ..empty_list()
    };
    assert!(matches!(
        answer(&[ca().list(&list)]),
        Some(Revocation::Good { .. })
    ));
}

#[test]
fn a_list_out_of_date_decides_only_against_a_certificate() {
    let old = |list: List| List {
        from: NOW - Duration::days(30),
        to: NOW - Duration::days(23),
        ..list
    };
    let stale = Undecided::Stale {
        next_update: NOW - Duration::days(23),
    };
    assert_eq!(
        undecided(answer(&[ca().list(&old(empty_list()))])),
        Some(stale)
    );
    let named = answer(&[ca().list(&old(naming(None)))]);
    assert!(matches!(named, Some(Revocation::Revoked { .. })));
}

#[test]
fn a_list_of_the_future_decides_nothing() {
    let list = List {
        from: NOW + Duration::days(1),
        to: NOW + Duration::days(8),
        ..empty_list()
    };
    assert_eq!(
        undecided(answer(&[ca().list(&list)])),
        Some(Undecided::NotYetValid)
    );
}

#[test]
fn another_authoritys_list_decides_nothing() {
    let other = authority("Nơi khác", TestKey::Rsa2048B);
    let list = other.list(&naming(None));
    assert_eq!(undecided(answer(&[list])), Some(Undecided::OtherIssuer));
}

#[test]
fn a_list_that_another_key_signed_decides_nothing() {
    let forger = Entity {
        key: TestKey::Rsa2048B,
        ..ca()
    };
    let forged = || forger.list(&naming(None));
    assert_eq!(
        undecided(answer(&[forged()])),
        Some(Undecided::BadSignature)
    );
    // and takes nothing from the real one
    let real = ca().list(&empty_list());
    assert!(matches!(
        answer(&[forged(), real]),
        Some(Revocation::Good { .. })
    ));
}

#[test]
fn an_authority_that_may_not_sign_lists_decides_nothing() {
    let ca = Entity {
        usage: vec![KeyUsagePurpose::KeyCertSign],
        ..ca()
    };
    let list = ca.list(&naming(None));
    assert_eq!(
        undecided(answer_of(&ca, &[list])),
        Some(Undecided::Unsupported)
    );
}

#[test]
fn a_list_for_one_place_speaks_of_the_certificates_that_name_it() {
    let list = |place| List {
        place: Some(place),
        ..naming(None)
    };
    let here = answer(&[ca().list(&list(PLACE))]);
    assert!(matches!(here, Some(Revocation::Revoked { .. })));
    let elsewhere = answer(&[ca().list(&list("http://example.invalid/other.crl"))]);
    assert_eq!(undecided(elsewhere), Some(Undecided::Unsupported));
}

#[test]
fn a_hold_ends_with_a_newer_list_and_a_revocation_does_not() {
    let older = |reason| List {
        from: NOW - Duration::days(8),
        to: NOW - Duration::days(1),
        ..naming(reason)
    };
    let newer = || ca().list(&empty_list());
    let held = ca().list(&older(Some(RevocationReason::CertificateHold)));
    assert!(matches!(
        answer(&[held, newer()]),
        Some(Revocation::Good { .. })
    ));
    let revoked = ca().list(&older(Some(RevocationReason::Superseded)));
    assert!(matches!(
        answer(&[revoked, newer()]),
        Some(Revocation::Revoked { .. })
    ));
}

#[test]
fn a_revoked_authority_is_told_by_its_own_issuers_list() {
    let root = authority("Gốc", TestKey::Rsa2048B);
    let list = root.list(&List {
        revoked: vec![(7, Some(RevocationReason::KeyCompromise))],
        ..empty_list()
    });
    let mut authorities = Authorities::new();
    authorities.add([ca().by(&root)], Origin::File);
    authorities.add([root.by_itself()], Origin::Given);
    let chain = Chain::build(&subscriber().by(&ca()), &authorities, &[list], NOW);
    let told: Vec<(usize, bool)> = chain
        .revocation
        .iter()
        .map(|(link, answer)| (*link, matches!(answer, Revocation::Revoked { .. })))
        .collect();
    assert_eq!(told, [(0, false), (1, true)]);
}

#[test]
fn lists_are_read_from_der_and_from_pem_of_several() {
    let (one, other) = (ca().list_der(&empty_list()), ca().list_der(&naming(None)));
    assert_eq!(RevocationList::read(&one).unwrap().len(), 1);
    let text: String = [&one, &other]
        .map(|der| pem::encode(&pem::Pem::new("X509 CRL", der.clone())))
        .concat();
    let lists = RevocationList::read(text.as_bytes()).unwrap();
    let sizes: Vec<usize> = lists.iter().map(RevocationList::len).collect();
    assert_eq!(sizes, [0, 3]);
}

#[test]
fn what_is_no_list_is_refused() {
    let certificate = ca().by_itself();
    let list = ca().list_der(&empty_list());
    let mut longer = list.clone();
    longer.push(0);
    let cut = list.get(..list.len() - 1).unwrap().to_vec();
    let as_certificate = pem::encode(&pem::Pem::new("CERTIFICATE", list)).into_bytes();
    for (bytes, error) in [
        (Vec::new(), ListError::NotAList),
        (b"<html>".to_vec(), ListError::NotAList),
        (certificate.der().to_vec(), ListError::NotAList),
        (cut, ListError::NotAList),
        (longer, ListError::TrailingBytes),
        (as_certificate, ListError::NotAList),
    ] {
        assert_eq!(RevocationList::read(&bytes).unwrap_err(), error);
    }
}

#[test]
fn a_hundred_thousand_entries_are_searched_and_not_walked_through() {
    let revoked = (0..100_000_u64)
        .map(|serial| (serial * 2 + 1, None))
        .collect();
    let list = ca().list(&List {
        revoked,
        ..empty_list()
    });
    assert_eq!(list.len(), 100_000);
    let lists = [list];
    // even serial numbers are not on it; each answer verifies no signature again
    for _ in 0..20 {
        assert!(matches!(answer(&lists), Some(Revocation::Good { .. })));
    }
}
