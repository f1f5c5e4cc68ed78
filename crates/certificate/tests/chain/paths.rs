//! The way up: what anchors it, which of several is taken, and what is wrong with it.

use chungthu_certificate::chain::{Anchor, Authorities, Chain, End, Origin, Problem};
use chungthu_certificate::{Certificate, IssuerCheck};
use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};
use rcgen::KeyUsagePurpose;
use time::Duration;

use crate::hierarchy::{BEGIN, Entity, NOW, authority, subscriber};

fn root() -> Entity {
    authority("Gốc", TestKey::Rsa2048A)
}

fn middle() -> Entity {
    authority("Giữa", TestKey::Rsa2048B)
}

fn at_hand(certificates: &[(&Certificate, Origin)]) -> Authorities {
    let mut authorities = Authorities::new();
    for (certificate, origin) in certificates {
        authorities.add([(*certificate).clone()], *origin);
    }
    authorities
}

fn build(leaf: &Certificate, certificates: &[(&Certificate, Origin)]) -> Chain {
    Chain::build(leaf, &at_hand(certificates), &[], NOW)
}

/// Leaf, middle and root, the root given.
fn whole(leaf: &Entity, middle: &Entity, root: &Entity) -> Chain {
    let leaf = leaf.by(middle);
    let (middle, root) = (middle.by(root), root.by_itself());
    build(&leaf, &[(&middle, Origin::File), (&root, Origin::Given)])
}

#[test]
fn a_path_goes_through_the_certificates_own_file_to_a_root_that_was_given() {
    let chain = whole(&subscriber(), &middle(), &root());
    assert_eq!(chain.links.len(), 3);
    assert_eq!(chain.end, End::Anchored(Anchor::Given));
    assert_eq!(chain.problems, []);
    assert_eq!(chain.revocation, []);
    assert!(matches!(
        chain.issuer_check(),
        IssuerCheck::Verified { pinned: false, .. }
    ));
}

#[test]
fn a_root_on_the_token_or_in_the_file_vouches_for_nothing() {
    for origin in [Origin::Token, Origin::File] {
        let (leaf, root) = (subscriber().by(&root()), root().by_itself());
        let chain = build(&leaf, &[(&root, origin)]);
        assert_eq!(chain.end, End::SelfSigned);
        assert_eq!(chain.links.len(), 2);
    }
}

#[test]
fn a_root_of_the_system_anchors_and_one_that_was_given_is_preferred() {
    let (leaf, root) = (subscriber().by(&root()), root().by_itself());
    let chain = build(&leaf, &[(&root, Origin::System)]);
    assert_eq!(chain.end, End::Anchored(Anchor::System));
    // the same certificate from two places counts by the better one
    let chain = build(
        &leaf,
        &[
            (&root, Origin::System),
            (&root, Origin::Given),
            (&root, Origin::File),
        ],
    );
    assert_eq!(chain.end, End::Anchored(Anchor::Given));
}

#[test]
fn an_intermediate_authority_that_was_given_is_enough() {
    let (leaf, middle) = (subscriber().by(&middle()), middle().by(&root()));
    let chain = build(&leaf, &[(&middle, Origin::Given)]);
    assert_eq!(chain.end, End::Anchored(Anchor::Given));
    assert_eq!(chain.links.len(), 2);
}

#[test]
fn a_missing_issuer_leaves_the_path_incomplete() {
    let leaf = subscriber().by(&middle());
    let chain = build(&leaf, &[]);
    assert_eq!((chain.links.len(), chain.end.clone()), (1, End::Incomplete));
    assert_eq!(chain.issuer_check(), IssuerCheck::Unknown);
    let middle = middle().by(&root());
    let chain = build(&leaf, &[(&middle, Origin::File)]);
    // as far as it goes
    assert_eq!((chain.links.len(), chain.end), (2, End::Incomplete));
}

#[test]
fn a_self_signed_certificate_of_a_subscriber_has_no_issuer() {
    let leaf = subscriber().by_itself();
    let chain = build(&leaf, &[]);
    assert_eq!((chain.links.len(), chain.end), (1, End::Incomplete));
}

#[test]
fn an_authority_of_the_same_name_with_another_key_is_a_forger_only_with_the_same_identifier() {
    let leaf = subscriber().by(&root());
    let namesake = Entity {
        key_identifier: b"another".to_vec(),
        key: TestKey::Rsa3072,
        ..root()
    }
    .by_itself();
    assert_eq!(
        build(&leaf, &[(&namesake, Origin::Given)]).end,
        End::Incomplete
    );
    let forger = Entity {
        key: TestKey::Rsa3072,
        ..root()
    }
    .by_itself();
    let chain = build(&leaf, &[(&forger, Origin::Given)]);
    assert_eq!(chain.end, End::BadSignature { by: forger.clone() });
    assert_eq!(
        chain.issuer_check(),
        IssuerCheck::BadSignature { by: forger.clone() }
    );
    // the real one beside it settles it
    let real = root().by_itself();
    let chain = build(&leaf, &[(&forger, Origin::Given), (&real, Origin::Given)]);
    assert_eq!(chain.end, End::Anchored(Anchor::Given));
}

#[test]
fn of_two_certificates_of_one_authority_the_one_in_force_is_taken() {
    let leaf = subscriber().by(&root());
    let expired = Entity {
        to: NOW - Duration::days(1),
        serial: 8,
        ..root()
    }
    .by_itself();
    let renewed = root().by_itself();
    for order in [[&expired, &renewed], [&renewed, &expired]] {
        let given = order.map(|certificate| (certificate, Origin::Given));
        let chain = build(&leaf, &given);
        assert_eq!(chain.last(), Some(&renewed));
        assert_eq!(chain.problems, []);
    }
}

#[test]
fn authorities_that_certify_each_other_end() {
    let (one, other) = (root(), middle());
    let leaf = subscriber().by(&one);
    let chain = build(
        &leaf,
        &[
            (&one.by(&other), Origin::File),
            (&other.by(&one), Origin::File),
        ],
    );
    assert_eq!(chain.end, End::Incomplete);
    assert_eq!(chain.links.len(), 3);
}

#[test]
fn a_thousand_authorities_of_one_name_do_not_hold_it_up() {
    let leaf = subscriber().by(&root());
    let mut authorities = Authorities::new();
    for serial in 0..1000 {
        let namesake = Entity {
            key: TestKey::P384,
            serial,
            ..root()
        };
        authorities.add([namesake.by_itself()], Origin::File);
    }
    let chain = Chain::build(&leaf, &authorities, &[], NOW);
    assert!(matches!(chain.end, End::BadSignature { .. }));
}

#[test]
fn every_problem_is_told_where_it_is_and_only_there() {
    let clean = whole(&subscriber(), &middle(), &root());
    assert_eq!(clean.problems, []);
    let limited = Entity {
        path_length: Some(0),
        ..root()
    };
    let expired = Entity {
        to: NOW - Duration::days(1),
        ..middle()
    };
    let future = Entity {
        from: NOW + Duration::days(1),
        ..middle()
    };
    let short = Entity {
        to: NOW + Duration::days(1),
        ..middle()
    };
    let strange = Entity {
        critical_extension: Some(&[1, 2, 3, 4]),
        ..middle()
    };
    let extension = Problem::CriticalExtension {
        link: 1,
        oid: "1.2.3.4".to_owned(),
    };
    for (middle, root, problem) in [
        (middle(), limited, Problem::PathLength { link: 2 }),
        (expired, root(), Problem::Expired { link: 1 }),
        (future, root(), Problem::NotYetValid { link: 1 }),
        (short, root(), Problem::EndsBefore { link: 1 }),
        (strange, root(), extension),
    ] {
        let chain = whole(&subscriber(), &middle, &root);
        assert_eq!(chain.problems, [problem]);
    }
}

#[test]
fn a_path_length_counts_authorities_below_and_not_the_subscriber() {
    let limited = Entity {
        path_length: Some(1),
        ..root()
    };
    let last = Entity {
        path_length: Some(0),
        ..middle()
    };
    assert_eq!(whole(&subscriber(), &last, &limited).problems, []);
}

#[test]
fn who_may_sign_no_certificates_is_no_issuer() {
    let (no_ca, no_usage) = (
        Entity {
            is_ca: false,
            ..root()
        },
        Entity {
            usage: vec![KeyUsagePurpose::CrlSign],
            ..root()
        },
    );
    for unfit in [no_ca, no_usage] {
        let (leaf, unfit) = (subscriber().by(&root()), unfit.by_itself());
        let chain = build(&leaf, &[(&unfit, Origin::Given)]);
        assert_eq!(chain.end, End::Incomplete);
        assert_eq!(chain.problems, [Problem::IssuerMayNotSign { link: 0 }]);
    }
}

#[test]
fn sha_1_is_verified_and_told() {
    let old = Authority::new(Generation::G1Like).unwrap();
    let subject = Subject::new().country("VN").common_name("SỞ CŨ");
    let request = Request::new(subject, TestKey::Rsa2048A.public_key_der())
        .valid(BEGIN, NOW + Duration::days(100));
    let leaf = Certificate::from_der(&old.issue(&request).unwrap()).unwrap();
    let issuing = Certificate::from_der(old.certificate()).unwrap();
    let root = Certificate::from_der(old.root_certificate()).unwrap();
    let chain = build(&leaf, &[(&issuing, Origin::File), (&root, Origin::Given)]);
    assert_eq!(chain.end, End::Anchored(Anchor::Given));
    let weak = |link| Problem::WeakSignature { link };
    // not the root's own, which proves nothing
    assert_eq!(chain.problems, [weak(0), weak(1)]);
}
