//! Keys: generated, imported, signing and refusing to sign. Signatures are checked by ring.

use cryptoki::{
    error::RvError,
    mechanism::Mechanism,
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
};
use cryptoki_sys::CK_ULONG;
use ring::{digest, signature as verify};

use chungthu_soft_token::provision::{KeyDescription, KeyKind};

use crate::bench::{ID, PIN, WRONG, all, alone, log_in, pin, refusal};

const DATA: &[u8] = "Giấy chứng nhận".as_bytes();

#[test]
fn imported_keys_sign_with_every_mechanism() {
    alone!(imported_keys_sign_with_every_mechanism, |bench| {
        let token = bench.token();
        let keys: [&[u8]; 4] = [
            include_bytes!("../keys/rsa-2048.p8"),
            include_bytes!("../keys/rsa-3072.p8"),
            include_bytes!("../keys/p-256.p8"),
            include_bytes!("../keys/p-384.p8"),
        ];
        let mut public = Vec::new();
        for (id, key) in (1..).zip(keys) {
            let description = KeyDescription::new(&[id], "Ký số");
            public.push(token.import_private_key(key, &description).unwrap());
        }
        let driver = bench.driver();
        let session = driver.user();
        let sign = |id, mechanism, data: &[u8]| {
            let key = private_key(&session, id);
            session.sign(&mechanism, key, data).unwrap()
        };
        let sha256 = digest::digest(&digest::SHA256, DATA);
        let sha384 = digest::digest(&digest::SHA384, DATA);
        // DigestInfo of SHA-256: what a program puts before the digest for CKM_RSA_PKCS.
        let mut info =
            b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
                .to_vec();
        info.extend_from_slice(sha256.as_ref());

        let rsa = &verify::RSA_PKCS1_2048_8192_SHA256;
        for (id, spki) in [1, 2].into_iter().zip(&public) {
            check(rsa, spki, &sign(id, Mechanism::Sha256RsaPkcs, DATA));
            check(rsa, spki, &sign(id, Mechanism::RsaPkcs, &info));
        }
        let p256 = &verify::ECDSA_P256_SHA256_FIXED;
        check(p256, &public[2], &sign(3, Mechanism::EcdsaSha256, DATA));
        check(
            p256,
            &public[2],
            &sign(3, Mechanism::Ecdsa, sha256.as_ref()),
        );
        let p384 = &verify::ECDSA_P384_SHA384_FIXED;
        check(
            p384,
            &public[3],
            &sign(4, Mechanism::Ecdsa, sha384.as_ref()),
        );
    });
}

#[test]
fn a_digest_longer_than_the_field_is_cut_and_a_shorter_one_is_signed() {
    alone!(
        a_digest_longer_than_the_field_is_cut_and_a_shorter_one_is_signed,
        |bench| {
            let token = bench.token();
            let key = include_bytes!("../keys/p-256.p8");
            token
                .import_private_key(key, &KeyDescription::new(&ID, ""))
                .unwrap();
            let driver = bench.driver();
            let session = driver.user();
            let (private, public) = (
                private_key(&session, 1),
                all(&session, ObjectClass::PUBLIC_KEY)[0],
            );
            let long = digest::digest(&digest::SHA512, DATA);
            let signature = session
                .sign(&Mechanism::Ecdsa, private, long.as_ref())
                .unwrap();
            let cut = &long.as_ref()[..32];
            session
                .verify(&Mechanism::Ecdsa, public, cut, &signature)
                .unwrap();
            let signature = session.sign(&Mechanism::Ecdsa, private, b"short").unwrap();
            session
                .verify(&Mechanism::Ecdsa, public, b"short", &signature)
                .unwrap();
            let other = session.verify(&Mechanism::Ecdsa, public, b"other", &signature);
            assert_eq!(refusal(other), RvError::SignatureInvalid);
            let none = session.sign(&Mechanism::Ecdsa, private, b"");
            assert_eq!(refusal(none), RvError::DataLenRange);
        }
    );
}

#[test]
fn a_key_pair_made_by_a_program_is_like_one_made_in_advance() {
    alone!(
        a_key_pair_made_by_a_program_is_like_one_made_in_advance,
        |bench| {
            let token = bench.token();
            token
                .generate_key_pair(KeyKind::P256, &KeyDescription::new(&ID, "Ký số"))
                .unwrap();
            let driver = bench.driver();
            let session = driver.user();
            let name = || {
                [
                    Attribute::Token(true),
                    Attribute::Id(vec![2]),
                    Attribute::Label("Ký số".into()),
                ]
            };
            let mut public = name().to_vec();
            public.push(Attribute::EcParams(vec![
                6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7,
            ]));
            let (_, made) = session
                .generate_key_pair(&Mechanism::EccKeyPairGen, &public, &name())
                .unwrap();
            let looks = |key| {
                use AttributeType::*;
                let kinds = [
                    Class,
                    KeyType,
                    Label,
                    Token,
                    Private,
                    Modifiable,
                    Sensitive,
                    AlwaysSensitive,
                    Extractable,
                    NeverExtractable,
                    Local,
                    Sign,
                    Decrypt,
                    AlwaysAuthenticate,
                    KeyGenMechanism,
                    EcParams,
                ];
                let found = session.get_attributes(key, &kinds).unwrap();
                assert_eq!(found.len(), kinds.len());
                found
            };
            assert_eq!(looks(made), looks(private_key(&session, 1)));
            let guarded = session
                .get_attributes(made, &[AttributeType::Value])
                .unwrap();
            assert_eq!(guarded, []);

            let signature = session.sign(&Mechanism::EcdsaSha256, made, DATA).unwrap();
            let public = session
                .find_objects(&[
                    Attribute::Class(ObjectClass::PUBLIC_KEY),
                    Attribute::Id(vec![2]),
                ])
                .unwrap()[0];
            session
                .verify(&Mechanism::EcdsaSha256, public, DATA, &signature)
                .unwrap();
        }
    );
}

#[test]
fn an_rsa_key_pair_is_made_on_the_token() {
    alone!(an_rsa_key_pair_is_made_on_the_token, |bench| {
        bench.token();
        let driver = bench.driver();
        let session = driver.user();
        let token = || Attribute::Token(true);
        let make = |bits: CK_ULONG| {
            let public = [token(), Attribute::ModulusBits(bits.into())];
            let private = [token(), Attribute::Id(ID.to_vec())];
            session.generate_key_pair(&Mechanism::RsaPkcsKeyPairGen, &public, &private)
        };
        assert_eq!(refusal(make(1024)), RvError::KeySizeRange);
        let (public, private) = make(2048).unwrap();
        let signature = session
            .sign(&Mechanism::Sha256RsaPkcs, private, DATA)
            .unwrap();
        session
            .verify(&Mechanism::Sha256RsaPkcs, public, DATA, &signature)
            .unwrap();
        let numbers = [AttributeType::Modulus, AttributeType::PublicExponent];
        let both = [public, private].map(|key| session.get_attributes(key, &numbers).unwrap());
        assert_eq!(both[0], both[1]);
        assert_eq!(both[0][1], Attribute::PublicExponent(vec![1, 0, 1]));
    });
}

#[test]
fn a_program_brings_a_key_in_and_the_token_checks_its_numbers() {
    alone!(
        a_program_brings_a_key_in_and_the_token_checks_its_numbers,
        |bench| {
            bench.token();
            let driver = bench.driver();
            let session = driver.user();
            let template = |value: Vec<u8>| {
                [
                    Attribute::Class(ObjectClass::PRIVATE_KEY),
                    Attribute::KeyType(KeyType::EC),
                    Attribute::Token(true),
                    Attribute::Id(ID.to_vec()),
                    Attribute::EcParams(vec![6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]),
                    Attribute::Value(value),
                ]
            };
            let nonsense = session.create_object(&template(vec![0xff; 32]));
            assert_eq!(refusal(nonsense), RvError::AttributeValueInvalid);
            let key = session.create_object(&template(vec![7])).unwrap();
            assert_eq!(
                session
                    .sign(&Mechanism::EcdsaSha256, key, DATA)
                    .unwrap()
                    .len(),
                64
            );
            let outside = [AttributeType::Local, AttributeType::AlwaysSensitive];
            let found = session.get_attributes(key, &outside).unwrap();
            assert_eq!(
                found,
                [Attribute::Local(false), Attribute::AlwaysSensitive(false)]
            );
        }
    );
}

#[test]
fn a_key_is_used_only_for_what_it_is_for() {
    alone!(a_key_is_used_only_for_what_it_is_for, |bench| {
        let token = bench.office_token();
        let mut encryption = KeyDescription::new(&[2], "Mã hóa");
        encryption.may_sign = false;
        let key = include_bytes!("../keys/rsa-3072.p8");
        token.import_private_key(key, &encryption).unwrap();
        let driver = bench.driver();
        let session = driver.user();
        let refused = |mechanism, key| refusal(session.sign_init(&mechanism, key));
        let (signing, encrypting) = (private_key(&session, 1), private_key(&session, 2));
        use RvError::*;
        assert_eq!(
            refused(Mechanism::Sha256RsaPkcs, encrypting),
            KeyFunctionNotPermitted
        );
        assert_eq!(
            refused(Mechanism::EcdsaSha256, signing),
            KeyTypeInconsistent
        );
        assert_eq!(refused(Mechanism::Sha512RsaPkcs, signing), MechanismInvalid);
        let certificate = all(&session, ObjectClass::CERTIFICATE)[0];
        assert_eq!(
            refused(Mechanism::Sha256RsaPkcs, certificate),
            KeyHandleInvalid
        );
        let too_long = session.sign(&Mechanism::RsaPkcs, signing, &[1; 256 - 10]);
        assert_eq!(refusal(too_long), DataLenRange);
        session
            .sign(&Mechanism::RsaPkcs, signing, &[1; 256 - 11])
            .unwrap();
    });
}

#[test]
fn data_may_come_in_parts_where_the_token_digests_it() {
    alone!(data_may_come_in_parts_where_the_token_digests_it, |bench| {
        bench.office_token();
        let driver = bench.driver();
        let session = driver.user();
        let key = private_key(&session, 1);
        let whole = session.sign(&Mechanism::Sha256RsaPkcs, key, DATA).unwrap();
        session.sign_init(&Mechanism::Sha256RsaPkcs, key).unwrap();
        for part in DATA.chunks(5) {
            session.sign_update(part).unwrap();
        }
        assert_eq!(session.sign_final().unwrap(), whole);
        session.sign_init(&Mechanism::RsaPkcs, key).unwrap();
        assert_eq!(
            refusal(session.sign_update(DATA)),
            RvError::FunctionNotSupported
        );
    });
}

#[test]
fn a_key_that_asks_each_time_wants_a_login_for_each_signature() {
    alone!(
        a_key_that_asks_each_time_wants_a_login_for_each_signature,
        |bench| {
            let token = bench.token();
            let mut description = KeyDescription::new(&ID, "Ký số");
            description.pin_for_each_signature = true;
            token
                .generate_key_pair(KeyKind::P256, &description)
                .unwrap();
            let driver = bench.driver();
            let session = driver.user();
            let key = private_key(&session, 1);
            let context = |text| session.login(UserType::ContextSpecific, Some(&pin(text)));
            assert_eq!(refusal(context(PIN)), RvError::OperationNotInitialized);
            session.sign_init(&Mechanism::EcdsaSha256, key).unwrap();
            assert_eq!(refusal(session.sign_update(DATA)), RvError::UserNotLoggedIn);
            assert_eq!(refusal(context(WRONG)), RvError::PinIncorrect);
            assert_eq!(driver.pin_flags(), [true, false, false]);
            context(PIN).unwrap();
            session.sign_update(DATA).unwrap();
            assert_eq!(session.sign_final().unwrap().len(), 64);
            let again = session.sign(&Mechanism::EcdsaSha256, key, DATA);
            assert_eq!(refusal(again), RvError::UserNotLoggedIn);
        }
    );
}

#[test]
fn a_logout_ends_a_signature_under_way() {
    alone!(a_logout_ends_a_signature_under_way, |bench| {
        bench.office_token();
        let driver = bench.driver();
        let session = driver.user();
        let key = private_key(&session, 1);
        session.sign_init(&Mechanism::Sha256RsaPkcs, key).unwrap();
        session.logout().unwrap();
        log_in(&session, PIN).unwrap();
        assert_eq!(
            refusal(session.sign_update(DATA)),
            RvError::OperationNotInitialized
        );
    });
}

fn private_key(session: &Session, id: u8) -> ObjectHandle {
    let template = [
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::Id(vec![id]),
    ];
    session.find_objects(&template).unwrap()[0]
}

/// Checks a signature of the data with the key in a SubjectPublicKeyInfo. The bare key, which ring
/// wants, is the content of its last field, a BIT STRING.
#[track_caller]
fn check(algorithm: &'static dyn verify::VerificationAlgorithm, spki: &[u8], signature: &[u8]) {
    use der::{Decode, asn1::AnyRef, asn1::BitStringRef};
    let fields: Vec<AnyRef<'_>> = Vec::from_der(spki).unwrap();
    let key: BitStringRef<'_> = fields[1].decode_as().unwrap();
    let key = verify::UnparsedPublicKey::new(algorithm, key.as_bytes().unwrap());
    key.verify(DATA, signature).unwrap();
}
