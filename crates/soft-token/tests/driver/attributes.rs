//! Lengths, buffers and counts: what the standard says to the letter.
#![expect(unsafe_code, reason = "the C boundary itself is under test")]

use std::ptr;

use cryptoki_sys::*;

use crate::{
    bench::{ID, OLD, alone},
    raw::{Raw, attribute, call, length, question},
};

const NO_LENGTH: CK_ULONG = CK_UNAVAILABLE_INFORMATION;

#[test]
fn a_null_buffer_asks_for_the_length_and_a_long_one_is_filled() {
    alone!(
        a_null_buffer_asks_for_the_length_and_a_long_one_is_filled,
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            let certificate = raw.the(session, CKO_CERTIFICATE);
            let mut template = [question(CKA_VALUE), question(CKA_ID)];
            assert_eq!(read(&raw, session, certificate, &mut template), CKR_OK);
            assert_eq!(lengths(&template), [length(OLD), length(&ID)]);

            let (mut value, mut id) = (vec![0; OLD.len() + 100], [0; 1]);
            let mut template = [attribute(CKA_VALUE, &mut value), attribute(CKA_ID, &mut id)];
            assert_eq!(read(&raw, session, certificate, &mut template), CKR_OK);
            assert_eq!(lengths(&template), [length(OLD), 1]);
            assert_eq!(&value[..OLD.len()], OLD);
            assert!(value[OLD.len()..].iter().all(|byte| *byte == 0));
            assert_eq!(id, ID);
        }
    );
}

#[test]
fn one_bad_attribute_leaves_the_others_filled() {
    alone!(one_bad_attribute_leaves_the_others_filled, |bench| {
        bench.office_token();
        let (raw, session) = Raw::with_session();
        raw.log_in(session);
        let certificate = raw.the(session, CKO_CERTIFICATE);
        let key = raw.the(session, CKO_PRIVATE_KEY);
        let (mut short, mut id) = ([7; 10], [0; 1]);

        let mut template = [attribute(CKA_VALUE, &mut short), attribute(CKA_ID, &mut id)];
        let code = read(&raw, session, certificate, &mut template);
        assert_eq!(code, CKR_BUFFER_TOO_SMALL);
        assert_eq!(lengths(&template), [NO_LENGTH, 1]);
        assert_eq!((short, id), ([7; 10], ID));

        id = [0];
        let mut template = [question(CKA_MODULUS), attribute(CKA_ID, &mut id)];
        let code = read(&raw, session, certificate, &mut template);
        assert_eq!(code, CKR_ATTRIBUTE_TYPE_INVALID);
        assert_eq!((lengths(&template), id), (vec![NO_LENGTH, 1], ID));

        id = [0];
        let mut template = [
            question(CKA_PRIVATE_EXPONENT),
            question(CKA_PRIME_1),
            question(CKA_MODULUS),
            attribute(CKA_ID, &mut id),
        ];
        let code = read(&raw, session, key, &mut template);
        assert_eq!(code, CKR_ATTRIBUTE_SENSITIVE);
        assert_eq!(lengths(&template), [NO_LENGTH, NO_LENGTH, 256, 1]);
        assert_eq!(id, ID);
    });
}

#[test]
fn a_private_rsa_key_shows_its_modulus_and_a_curve_key_no_point() {
    use chungthu_soft_token::provision::{KeyDescription, KeyKind};
    alone!(
        a_private_rsa_key_shows_its_modulus_and_a_curve_key_no_point,
        |bench| {
            let token = bench.token();
            token
                .generate_key_pair(KeyKind::P384, &KeyDescription::new(&ID, ""))
                .unwrap();
            let (raw, session) = Raw::with_session();
            raw.log_in(session);
            let private = raw.the(session, CKO_PRIVATE_KEY);
            let mut template = [question(CKA_EC_PARAMS), question(CKA_EC_POINT)];
            let code = read(&raw, session, private, &mut template);
            assert_eq!(code, CKR_ATTRIBUTE_TYPE_INVALID);
            assert_eq!(lengths(&template), [7, NO_LENGTH]);
            let public = raw.the(session, CKO_PUBLIC_KEY);
            let mut point = [0; 99];
            let code = read(
                &raw,
                session,
                public,
                &mut [attribute(CKA_EC_POINT, &mut point)],
            );
            assert_eq!(code, CKR_OK);
            // An OCTET STRING of 97 bytes with an uncompressed point.
            assert_eq!(point[..3], [4, 97, 4]);
        }
    );
}

#[test]
fn a_search_hands_out_at_most_what_was_asked_for() {
    alone!(a_search_hands_out_at_most_what_was_asked_for, |bench| {
        let token = bench.office_token();
        for _ in 0..4 {
            token.add_certificate(OLD, &ID, "").unwrap();
        }
        let (raw, session) = Raw::with_session();
        let mut class = CKO_CERTIFICATE.to_ne_bytes();
        let mut template = [attribute(CKA_CLASS, &mut class)];
        let start = |template: &mut [CK_ATTRIBUTE]| {
            call!(raw, C_FindObjectsInit(session, template.as_mut_ptr(), 1))
        };
        let next = |most: usize| {
            let (mut found, mut count) = ([0; 10], 0);
            let into = found.as_mut_ptr();
            let most = most.try_into().unwrap();
            let code = call!(raw, C_FindObjects(session, into, most, &raw mut count));
            assert_eq!(code, CKR_OK);
            found[..usize::try_from(count).unwrap()].to_vec()
        };
        assert_eq!(start(&mut template), CKR_OK);
        assert_eq!(start(&mut template), CKR_OPERATION_ACTIVE);
        assert_eq!(next(0).len(), 0);
        let mut all = next(2);
        // What comes after the start of a search is not in it.
        token.add_certificate(OLD, &ID, "").unwrap();
        all.extend(next(2));
        all.extend(next(2));
        assert_eq!(next(2).len(), 0);
        assert_eq!(call!(raw, C_FindObjectsFinal(session)), CKR_OK);
        let code = call!(raw, C_FindObjectsFinal(session));
        assert_eq!(code, CKR_OPERATION_NOT_INITIALIZED);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 5);
    });
}

#[test]
fn asking_for_the_length_of_a_signature_does_not_end_it() {
    alone!(
        asking_for_the_length_of_a_signature_does_not_end_it,
        |bench| {
            bench.office_token();
            let (raw, session) = Raw::with_session();
            raw.log_in(session);
            let key = raw.the(session, CKO_PRIVATE_KEY);
            let mut mechanism = CK_MECHANISM {
                mechanism: CKM_SHA256_RSA_PKCS,
                pParameter: ptr::null_mut(),
                ulParameterLen: 0,
            };
            let init = || {
                call!(
                    raw,
                    C_SignInit(session, (&raw const mechanism).cast_mut(), key)
                )
            };
            let sign = |into: Option<&mut [u8]>| {
                let (mut data, mut size) = (*b"data", into.as_deref().map_or(0, length));
                let into = into.map_or(ptr::null_mut(), <[u8]>::as_mut_ptr);
                let code = call!(
                    raw,
                    C_Sign(session, data.as_mut_ptr(), 4, into, &raw mut size),
                );
                (code, size)
            };
            assert_eq!(sign(None).0, CKR_OPERATION_NOT_INITIALIZED);
            assert_eq!(init(), CKR_OK);
            assert_eq!(init(), CKR_OPERATION_ACTIVE);
            assert_eq!(sign(None), (CKR_OK, 256));
            assert_eq!(sign(Some(&mut [0; 255])), (CKR_BUFFER_TOO_SMALL, 256));
            assert_eq!(sign(Some(&mut [0; 300])), (CKR_OK, 256));
            assert_eq!(sign(None).0, CKR_OPERATION_NOT_INITIALIZED);
            mechanism.ulParameterLen = 1;
            let code = call!(raw, C_SignInit(session, &raw mut mechanism, key));
            assert_eq!(code, CKR_MECHANISM_PARAM_INVALID);
        }
    );
}

#[test]
fn an_objects_size_is_that_of_its_values() {
    alone!(an_objects_size_is_that_of_its_values, |bench| {
        bench.office_token();
        let (raw, session) = Raw::with_session();
        let certificate = raw.the(session, CKO_CERTIFICATE);
        let mut size = 0;
        let code = call!(raw, C_GetObjectSize(session, certificate, &raw mut size));
        assert_eq!(code, CKR_OK);
        assert!(size > length(OLD) && size < 2 * length(OLD));
    });
}

fn read(
    raw: &Raw,
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    template: &mut [CK_ATTRIBUTE],
) -> CK_RV {
    let count = length(template);
    call!(
        raw,
        C_GetAttributeValue(session, object, template.as_mut_ptr(), count)
    )
}

fn lengths(template: &[CK_ATTRIBUTE]) -> Vec<CK_ULONG> {
    template
        .iter()
        .map(|attribute| attribute.ulValueLen)
        .collect()
}
