//! Writes what the fuzzers start from: `seeds FOLDER` makes a folder for each target. Everything is
//! issued by the demonstration authority; nobody real is in it.

use std::error::Error;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chungthu_issuer::{
    Authority, Generation, KeyUsage, Pkcs7Form, Request, Subject, TestKey, ValueForm,
    certificates_only, signed_document, signing_request,
};

use chungthu_token::error::{Operation, TokenError};
use chungthu_token::fake::{FakeLauncher, FakeToken};
use chungthu_token::object::{AttributeType, Object, ObjectClass, ObjectHandle};
use chungthu_token::return_value::ReturnValue;
use chungthu_token::session::{Access, Launcher as _};
use chungthu_token::token::{DriverInformation, SlotId, SlotReport};

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let folder = std::env::args_os().nth(1).ok_or("a folder is needed")?;
    let folder = PathBuf::from(folder);
    let certificates = certificates()?;
    for (index, der) in certificates.iter().enumerate() {
        write(&folder, "certificate", index, der)?;
    }
    for (index, file) in certificate_files(&certificates)?.iter().enumerate() {
        write(&folder, "certificate_file", index, file)?;
    }
    for (index, commands) in tokens().iter().enumerate() {
        write(&folder, "attributes", index, commands)?;
    }
    for (index, record) in records()?.iter().enumerate() {
        write(&folder, "records", index, record)?;
    }
    for (index, body) in frames()?.iter().enumerate() {
        write(&folder, "frames", index, body)?;
    }
    for (index, text) in SETTINGS.iter().enumerate() {
        write(&folder, "settings", index, text.as_bytes())?;
    }
    Ok(())
}

fn write(folder: &Path, target: &str, index: usize, bytes: &[u8]) -> Outcome {
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(format!("seed-{index:02}")), bytes)?;
    Ok(())
}

/// Authorities and subscribers of both generations, with every kind of key and of text.
fn certificates() -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut all = Vec::new();
    let person = Subject::new()
        .country("VN")
        .state("Quảng Ngãi")
        .organization("ỦY BAN NHÂN DÂN TỈNH")
        .organizational_unit("UBND xã Đắk Hà")
        .organizational_unit("Văn phòng")
        .title("Chủ tịch")
        .uid("MST:0123456789-001")
        .serial_number("CCCD:001099000001")
        .email("trinhdien@demo.invalid")
        .common_name("Nguyễn Thị Trình Diễn (M)");
    let odd = Subject::new()
        .attribute("2.5.4.3", ValueForm::Bmp, &[0x1E, 0xA4, 0xD8, 0x00])
        .attribute("2.5.4.10", ValueForm::Teletex, &[0xC4, 0x90])
        .attribute("1.2.3.4", ValueForm::Utf8, b"a,b+c=\"d\"\\\r\n");
    for generation in [Generation::G1Like, Generation::G2Like] {
        let authority = Authority::new(generation)?;
        all.push(authority.root_certificate().to_vec());
        all.push(authority.certificate().to_vec());
        for key in TestKey::ALL {
            let request = Request::new(person.clone(), key.public_key_der());
            all.push(authority.issue(&request.email("trinhdien@demo.invalid"))?);
        }
        let plain =
            |subject: &Subject| Request::new(subject.clone(), TestKey::P256.public_key_der());
        all.push(authority.issue(&plain(&odd).comment("x").serial_number(&[0x80]))?);
        all.push(authority.issue(&plain(&person).certification_authority(Some(0)))?);
        all.push(authority.issue(&plain(&person).key_usage(&[KeyUsage::KeyAgreement]))?);
        all.push(authority.issue(&plain(&Subject::new()).tamper())?);
    }
    Ok(all)
}

/// The same in every container, and what is no certificate.
fn certificate_files(certificates: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut files = Vec::new();
    // small ones: a fuzzer turns over every byte
    let mut by_size: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
    by_size.sort_by_key(|der| der.len());
    let [small, other, ..] = by_size.as_slice() else {
        return Err("two certificates are needed".into());
    };
    for all in [vec![*small], vec![*small, *other]] {
        let der = all.concat();
        let blocks: String = all.iter().map(|one| pem("CERTIFICATE", one)).collect();
        files.push(utf16(&blocks, &[0xFF, 0xFE], u16::to_le_bytes));
        files.push(utf16(&STANDARD.encode(&der), &[], u16::to_be_bytes));
        files.push([b"\xEF\xBB\xBF", STANDARD.encode(&der).as_bytes()].concat());
        files.push(format!("Kính gửi\r\n\r\n{blocks}\n--\n").into_bytes());
        for form in [Pkcs7Form::Der, Pkcs7Form::Ber, Pkcs7Form::BerThroughout] {
            let p7b = certificates_only(&all, form)?;
            files.push(pem("PKCS7", &p7b).into_bytes());
            files.push(STANDARD.encode(&p7b).into_bytes());
            files.push(p7b);
        }
        files.push(der);
    }
    let request = signing_request(TestKey::P256, "Ủy ban nhân dân")?;
    files.push(pem("CERTIFICATE REQUEST", &request).into_bytes());
    files.push(request);
    files.push(signed_document(b"content", small)?);
    let key = TestKey::P256;
    files.push(key.pkcs8_der().to_vec());
    files.push(key.public_key_der().to_vec());
    files.push(pem("PRIVATE KEY", key.pkcs8_der()).into_bytes());
    files.push(pem("CERTIFICATE", key.pkcs8_der()).into_bytes());
    files.push(b"PK\x03\x04 word/ [Content_Types].xml".to_vec());
    files.push(b"\xFE\xED\xFE\xED\0\0\0\x02".to_vec());
    files.push("<!DOCTYPE html><html>Đăng nhập</html>".as_bytes().to_vec());
    Ok(files)
}

/// Tokens in the language of `attributes`: how the token behaves, four bytes of flags, its objects.
fn tokens() -> Vec<Vec<u8>> {
    let place = |wanted: AttributeType| {
        let place = AttributeType::ALL.iter().position(|one| *one == wanted);
        place
            .and_then(|place| u8::try_from(place).ok())
            .unwrap_or_default()
    };
    let object = |class: u8, attributes: &[(AttributeType, u8)]| {
        let mut bytes = vec![class, u8::try_from(attributes.len()).unwrap_or_default()];
        for (attribute, value) in attributes {
            bytes.extend([place(*attribute), *value, 0, 0]);
        }
        bytes
    };
    use AttributeType::{EcPoint, Id, Label, Modulus, Private, Subject, Value};
    let private = object(1, &[(Id, 0x89), (EcPoint, 0x84), (Label, 0x92)]);
    let public = object(2, &[(Id, 0x89), (EcPoint, 0x86)]);
    let old = object(
        0,
        &[
            (Value, 0x80),
            (Id, 0x89),
            (Subject, 0x8C),
            (Label, 0x92),
            (Private, 0x90),
        ],
    );
    let other = object(0, &[(Value, 0x82), (Id, 0x8A)]);
    let new = object(0, &[(Value, 0x81), (Id, 0x8B)]);
    let authority = object(0, &[(Value, 0x83)]);
    let hidden = object(0, &[(Value, 0x80), (Id, 0x89), (Private, 0x91)]);
    let foreign = object(2, &[(Modulus, 0x87), (Id, 0x89)]);
    let mut all = Vec::new();
    for manner in [0, 1, 2, 3, 4, 0x08, 0x10, 0x20, 0x42] {
        for objects in [
            vec![&private],
            vec![&private, &public, &old],
            vec![&private, &public, &old, &other, &authority],
            vec![&private, &old, &new],
            vec![&private, &hidden, &foreign],
        ] {
            let head = [manner, 0, 0, 0, 0];
            let objects = objects.into_iter().flatten().copied();
            all.push(head.into_iter().chain(objects).collect());
        }
    }
    all
}

/// A backup and a history as the program writes them: those of one install and one restore.
fn records() -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let written = chungthu_fuzz::attributes::written();
    let mut all = written.clone();
    for record in written {
        let text = String::from_utf8(record)?;
        all.push(utf16(&text, &[0xFF, 0xFE], u16::to_le_bytes));
        all.push([text.as_bytes(), b"{\"schema\":\"chungthu-history/2\"}\n\n{"].concat());
        all.push(text.replace("/1", "/9").into_bytes());
    }
    Ok(all)
}

/// Answers of a driver host to each kind of question, with and without the frame around them.
fn frames() -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let token = FakeToken::new("0123456789abcdef", "VGCA Token", "");
    let launcher = FakeLauncher::new(&[token]);
    let mut driver = launcher.launch(&launcher.found().module?)?;
    let information = driver.token(SlotId(0))?;
    let objects: Vec<Object> = (0..2)
        .map(|handle| Object {
            handle: ObjectHandle(handle),
            class: ObjectClass::Certificate,
            attributes: [
                (AttributeType::Id, vec![1, 2]),
                (AttributeType::Label, b"a".to_vec()),
            ]
            .into(),
        })
        .collect();
    let report = |token| SlotReport {
        slot: SlotId(3),
        description: Some("Reader".to_owned()),
        token,
    };
    let error = TokenError::from_call(Operation::LogIn, "C_Login", ReturnValue(0xA4));
    let slots = vec![report(Ok(information.clone())), report(Err(error.clone()))];
    let bodies = [
        postcard::to_stdvec(&Ok::<_, TokenError>(()))?,
        postcard::to_stdvec(&Ok::<_, TokenError>(Access::ReadWrite))?,
        postcard::to_stdvec(&Ok::<_, TokenError>(DriverInformation::default()))?,
        postcard::to_stdvec(&Ok::<_, TokenError>(information))?,
        postcard::to_stdvec(&Ok::<_, TokenError>(objects))?,
        postcard::to_stdvec(&Ok::<_, TokenError>(slots))?,
        postcard::to_stdvec(&Ok::<_, TokenError>(vec![1_u64 << 63, 5]))?,
        postcard::to_stdvec(&Err::<(), _>(error))?,
    ];
    let framed = bodies.iter().map(|body| {
        let length = u32::try_from(body.len()).unwrap_or_default().to_le_bytes();
        [b"CTH1".as_slice(), &length, body].concat()
    });
    let call = [b"CTHC".as_slice(), &7_u32.to_le_bytes(), b"C_Login"].concat();
    let stream = std::iter::once(call)
        .chain(framed.clone())
        .collect::<Vec<_>>()
        .concat();
    Ok(framed.chain([stream]).chain(bodies.clone()).collect())
}

const SETTINGS: [&str; 12] = [
    "lang = \"vi\"\nmodules = [\"a.so\", { path = \"/b.so\", init = \"configdir='sql:/x'\" }]\nca = [\"ca\"]\n",
    "[[modules]]\npath = \"a.so\"\ninit = \"x\"\n",
    "driver_timeout = 120\nlang = \"en\"\n",
    "lang = \"fr\"\nmodul = []\nca = [\"\"]\n",
    "module: a.so\nx-init-reserved: configdir='sql:/x'\npriority: -3\nenable-in: chungthu, b\n",
    "# comment\nmodule:\nremote: |ssh\ntrust-policy: yes\ndisable-in: chungthu\n",
    "pkcs11:token=VGCA%20Token;serial=0123;manufacturer=a;model=b;library-version=3.1",
    "pkcs11:id=%10%20;object=%C4%90;type=cert;slot-id=18446744073709551615?module-name=a&module-path=/b&x=y",
    "PKCS11:slot-description=a;slot-manufacturer=b;library-description=c;library-manufacturer=d",
    r#"{"calls":"c","faults":[{"at":{"function":"C_Login","nth":2},"do":{"hang":true}}]}"#,
    r#"{"calls":"c","faults":[{"at":{"nth":5,"times":0},"do":{"answer":"CKR_DEVICE_ERROR","effect":"done"}}]}"#,
    "pkcs11:token=a?pin-value=1234&pin-source=file:/x",
];

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    let lines = lines.join("\r\n");
    format!("-----BEGIN {label}-----\r\n{lines}\r\n-----END {label}-----\r\n")
}

fn utf16(text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = text.encode_utf16().flat_map(bytes);
    mark.iter().copied().chain(text).collect()
}
