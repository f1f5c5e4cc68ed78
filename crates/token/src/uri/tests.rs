//! URIs as other programs print them, as the RFC wants them, and as nobody should write them.

use proptest::prelude::*;

use super::*;

/// GnuTLS's p11tool 3.7.9 printed these of SoftHSM2 2.6.1.
const P11TOOL: &str = "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;\
    serial=1942649a966b6ab4;token=V%C4%83n%20ph%C3%B2ng%20%281%29;id=%A1%B2%C3;\
    object=Ch%E1%BB%A9ng%20th%C6%B0;type=cert";

fn read(text: &str) -> Result<Uri, UriError> {
    text.parse()
}

fn token() -> TokenInformation {
    TokenInformation {
        label: "Văn phòng (1)".into(),
        manufacturer: "SoftHSM project".into(),
        model: "SoftHSM v2".into(),
        serial: "1942649a966b6ab4".into(),
        flags: 0,
        minimum_pin_length: 4,
        maximum_pin_length: 255,
        free_public_memory: None,
        total_public_memory: None,
        hardware_version: "2.6".into(),
        firmware_version: "2.6".into(),
    }
}

#[test]
fn what_gnutls_prints_is_what_we_print() {
    let token = Uri::of_token(&token());
    let object = token.with_object(ObjectClass::Certificate, &[0xa1, 0xb2, 0xc3], "Chứng thư");
    assert_eq!(object.to_string(), P11TOOL);
    assert_eq!(read(P11TOOL), Ok(object));
}

#[test]
fn an_id_is_encoded_byte_by_byte_also_where_it_is_text() {
    let uri = Uri::default().with_object(ObjectClass::PrivateKey, b"ab", "");
    assert_eq!(uri.to_string(), "pkcs11:id=%61%62;type=private");
}

#[test]
fn the_examples_of_the_rfc_are_read() {
    let examples = [
        "pkcs11:",
        "pkcs11:object=my-pubkey;type=public",
        "pkcs11:object=my-key;type=private?module-path=/mnt/libmypkcs11.so.1",
        "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;\
         model=1.0;object=my-certificate;type=cert;id=%69%95%3E%5C%F4%BD%EC%91;serial=",
        "pkcs11:slot-description=Sun%20Metaslot",
        "pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;library-description=Soft%20Token%20Library;\
         library-version=1.23",
        "pkcs11:?module-name=mypkcs11",
        "PKCS11:slot-id=7?x-vendor=1&module-name=a",
    ];
    for example in examples {
        assert!(read(example).is_ok(), "{example}");
    }
    let uri = read(examples[3]).unwrap();
    assert_eq!(uri.manufacturer.as_deref(), Some("Snake Oil, Inc."));
    assert_eq!(uri.serial.as_deref(), Some(""));
    assert_eq!(
        uri.id.as_deref(),
        Some(&[0x69, 0x95, 0x3e, 0x5c, 0xf4, 0xbd, 0xec, 0x91][..])
    );
    assert_eq!(read(examples[5]).unwrap().library_version, Some((1, 23)));
}

#[test]
fn a_pin_is_refused_wherever_it_stands_and_whatever_else_is_wrong() {
    for text in [
        "pkcs11:token=a?pin-value=7351",
        "pkcs11:pin-value=7351",
        "pkcs11:token=a?module-name=b&PIN-VALUE=7351",
        "pkcs11:%%%;tokn=x?pin-source=file:/7351",
        "pkcs11:token=a?pin%2Dvalue=7351",
        "pkcs11:token=a?pin-value",
    ] {
        assert_eq!(read(text), Err(UriError::Pin), "{text}");
    }
}

#[test]
fn no_error_repeats_what_was_written() {
    for text in [
        "pkcs11:secret7351=1",
        "pkcs11:token=secret7351%zz",
        "pkcs11:type=secret7351",
        "pkcs11:secret7351",
        "pkcs11:token=a;token=secret7351",
        "pkcs11:slot-id=-7351",
        "secret7351",
    ] {
        let error = read(text).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("7351"), "{shown}");
    }
}

#[test]
fn what_the_grammar_forbids_is_an_error_at_its_place() {
    let at = |offset| Err(UriError::Malformed { offset });
    assert_eq!(read("pkcs11:token=a b"), at(14));
    assert_eq!(read("pkcs11:token=a;"), at(15));
    assert_eq!(read("pkcs11:token=a%4"), at(14));
    assert_eq!(read("pkcs11:token=ă"), at(13));
    assert_eq!(read("pkcs11:token=a?"), at(15));
    assert_eq!(read("pkcs11:token=a/b"), at(14));
    assert_eq!(read("token=a"), at(0));
    assert_eq!(
        read("pkcs11:serial=1;tokn=a"),
        Err(UriError::UnknownAttribute { offset: 16 })
    );
    let attribute = "token";
    assert_eq!(
        read("pkcs11:token=a;token=a"),
        Err(UriError::Repeated { attribute })
    );
    assert_eq!(
        read("pkcs11:token=%ff"),
        Err(UriError::BadValue { attribute })
    );
}

/// Whether the token 0042, "Văn phòng", in slot 0 of a driver without a name, is the one.
fn is_meant(selector: &str) -> bool {
    use crate::fake::{FakeLauncher, FakeToken};
    use crate::session::Launcher as _;
    let token = FakeToken::new("0042", "Văn phòng", "1234");
    let launcher = FakeLauncher::new(&[token]);
    let module = launcher.found().module.unwrap();
    let mut driver = launcher.launch(&module).unwrap();
    let selector: TokenSelector = selector.parse().unwrap();
    let [candidate] = candidates(driver.as_mut(), Some(&selector))
        .unwrap()
        .try_into()
        .unwrap();
    candidate.is_meant
}

#[test]
fn a_token_is_meant_by_its_serial_its_label_or_a_uri_that_says_nothing_wrong() {
    for (selector, meant) in [
        ("0042", true),
        ("Văn phòng", true),
        ("Văn", false),
        ("pkcs11:", true),
        ("pkcs11:token=V%C4%83n%20ph%C3%B2ng", true),
        ("pkcs11:token=V%C4%83n", false),
        ("pkcs11:serial=0042;model=fake;id=%01;type=cert", true),
        ("pkcs11:serial=0042;model=other", false),
        ("pkcs11:slot-id=0", true),
        ("pkcs11:slot-id=1", false),
        ("pkcs11:serial=", false),
        ("pkcs11:library-description=nothing", false),
        ("pkcs11:slot-description=nothing", false),
    ] {
        assert_eq!(is_meant(selector), meant, "{selector}");
    }
}

#[test]
fn a_store_of_certificates_is_nobodys_token_whatever_it_is_called() {
    use crate::fake::{FakeLauncher, FakeToken};
    use crate::session::Launcher as _;
    let store = FakeToken::new("1", "System Trust", "");
    store.state().information.flags = 0x402;
    let token = FakeToken::new("2", "Văn phòng", "1234");
    let launcher = FakeLauncher::new(&[store, token]);
    let module = launcher.found().module.unwrap();
    let mut driver = launcher.launch(&module).unwrap();
    let selector: TokenSelector = "System Trust".parse().unwrap();
    for selector in [None, Some(&selector)] {
        let [candidate] = candidates(driver.as_mut(), selector)
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(candidate.report.token.unwrap().serial, "2");
        assert_eq!(candidate.is_meant, selector.is_none());
    }
}

#[test]
fn what_cannot_select_is_refused_and_not_ignored() {
    let attribute = "slot-manufacturer";
    assert_eq!(
        "pkcs11:slot-manufacturer=a".parse::<TokenSelector>(),
        Err(UriError::Unselective { attribute })
    );
}

#[test]
fn a_driver_is_called_by_its_file_name_without_its_ornaments() {
    use std::path::Path;
    let is = |path: &str, name| TokenSelector::is_module_called(Path::new(path), name);
    assert!(is("/usr/lib/libsofthsm2.so", "softhsm2"));
    assert!(is("/usr/lib/opensc-pkcs11.so", "opensc-pkcs11"));
    assert!(is("/usr/lib/libsofthsm2.so", "libsofthsm2"));
    assert!(!is("/usr/lib/libsofthsm2.so", "softhsm"));
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(any::<String>())
}

prop_compose! {
    fn any_uri()(
        library in (text(), text(), any::<Option<(u8, u8)>>()),
        slot in (text(), any::<Option<u64>>(), text()),
        token in (text(), text(), text(), text()),
        object in (any::<Option<Vec<u8>>>(), text(), proptest::option::of(0..ObjectType::ALL.len())),
        module in (text(), text()),
    ) -> Uri {
        Uri {
            library_description: library.0,
            library_manufacturer: library.1,
            library_version: library.2,
            slot_description: slot.0,
            slot_id: slot.1,
            slot_manufacturer: slot.2,
            model: token.0,
            manufacturer: token.1,
            serial: token.2,
            token: token.3,
            id: object.0,
            object: object.1,
            object_type: object.2.map(|index| ObjectType::ALL[index]),
            module_path: module.0,
            module_name: module.1,
        }
    }
}

proptest! {
    #[test]
    fn a_uri_that_was_printed_reads_as_what_it_was(uri in any_uri()) {
        let printed = uri.to_string();
        prop_assert!(printed.is_ascii());
        prop_assert_eq!(read(&printed), Ok(uri));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(pkcs11:)?[ -~à-ỹ]{0,60}") {
        let uri = read(&text);
        if let Ok(uri) = uri {
            prop_assert_eq!(read(&uri.to_string()), Ok(uri));
        }
    }
}
