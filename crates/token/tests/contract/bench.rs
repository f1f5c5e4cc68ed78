//! One token behind each implementation: the fake, and three drivers in host processes.

use std::path::PathBuf;
use std::sync::Arc;

use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};
use chungthu_test_support::{Driver as TestDriver, Office, PublicKeyObject};
use chungthu_token::fake::{FakeLauncher, FakeToken};
use chungthu_token::host::{HostCommand, HostLauncher};
use chungthu_token::module::ModulePath;
use chungthu_token::object::{AttributeType, NewCertificate, ObjectClass};
use chungthu_token::session::{Access, Driver, Launcher, SlotDetail};
use chungthu_token::token::SlotId;

pub(crate) const PIN: &str = chungthu_test_support::PIN;
pub(crate) const KEY_ID: &[u8] = &[0x0a, 0x0b, 0x0c];
pub(crate) const LABEL: &str = "Văn phòng";

/// A token with one RSA key pair.
pub(crate) struct Bench {
    launcher: Box<dyn Launcher>,
    module: ModulePath,
    serial: String,
    shows_wrong_tries: bool,
    // keeps the token's files until the end
    _office: Option<Office>,
}

/// Runs a test on each implementation that is on this machine.
pub(crate) fn on_every_bench(test: impl Fn(&Bench)) {
    test(&fake());
    for driver in [
        TestDriver::SoftToken,
        TestDriver::SoftHsm2,
        TestDriver::Kryoptic,
    ] {
        if let Some(bench) = hosted(driver) {
            test(&bench);
        }
    }
}

impl Bench {
    pub(crate) fn launch(&self) -> Box<dyn Driver> {
        self.launcher.launch(&self.module).unwrap()
    }

    pub(crate) fn serial(&self) -> &str {
        &self.serial
    }

    pub(crate) const fn shows_wrong_tries(&self) -> bool {
        self.shows_wrong_tries
    }

    /// A started driver with a session on the token.
    pub(crate) fn open(&self, access: Access) -> (Box<dyn Driver>, SlotId) {
        let mut driver = self.launch();
        let slots = driver.slots(SlotDetail::Token).unwrap();
        let slot = slots
            .into_iter()
            .find(|slot| {
                slot.token
                    .as_ref()
                    .is_ok_and(|token| token.serial == self.serial)
            })
            .unwrap()
            .slot;
        assert_eq!(driver.open(slot, access).unwrap(), access);
        (driver, slot)
    }
}

fn fake() -> Bench {
    let token = FakeToken::new("0011223344556677", LABEL, PIN);
    let spki = TestKey::Rsa2048A.public_key_der();
    // RSAPublicKey: the modulus stands between fixed headers, the exponent is 65537
    let modulus = &spki[33..33 + 256];
    let attributes: [(AttributeType, &[u8]); 3] = [
        (AttributeType::Id, KEY_ID),
        (AttributeType::Modulus, modulus),
        (AttributeType::PublicExponent, &[1, 0, 1]),
    ];
    token.put(ObjectClass::PublicKey, &attributes, None);
    let signer = Arc::new(|_, message: &[u8]| TestKey::Rsa2048A.sign(message).unwrap());
    token.put(ObjectClass::PrivateKey, &attributes, Some(signer));
    let launcher = FakeLauncher::new(&[token]);
    Bench {
        module: launcher.found().module.unwrap(),
        launcher: Box::new(launcher),
        serial: "0011223344556677".to_owned(),
        shows_wrong_tries: true,
        _office: None,
    }
}

fn hosted(driver: TestDriver) -> Option<Bench> {
    let program = host_program();
    let office = Office::new(program.to_str().unwrap(), driver)?;
    let token = office.token(LABEL);
    token.add_key(TestKey::Rsa2048A, "0a0b0c", "key", PublicKeyObject::Present);
    let serial = token.serial().to_owned();
    let environment = office
        .environment()
        .into_iter()
        .map(|(name, value)| (name.into(), value))
        .collect();
    let launcher = HostLauncher::new(HostCommand {
        program,
        arguments: Vec::new(),
        environment,
        withheld: Vec::new(),
    });
    Some(Bench {
        module: ModulePath::check(office.library()).unwrap(),
        launcher: Box::new(launcher),
        serial,
        // kryoptic tells only when few of its ten tries are left
        shows_wrong_tries: driver != TestDriver::Kryoptic,
        _office: Some(office),
    })
}

/// The example `driver-host`, which Cargo builds with the tests.
pub(crate) fn host_program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let profile = own.ancestors().nth(2).unwrap();
    profile
        .join("examples")
        .join(format!("driver-host{}", std::env::consts::EXE_SUFFIX))
}

/// A certificate of the token's key that ends in this year.
pub(crate) fn certificate(year: i32) -> NewCertificate {
    let end = time::macros::datetime!(2000-12-31 23:59:59 UTC)
        .replace_year(year)
        .unwrap();
    let subject = Subject::new()
        .country("VN")
        .common_name("UBND xã Trình Diễn");
    let request = Request::new(subject.clone(), TestKey::Rsa2048A.public_key_der())
        .valid(end - time::Duration::days(1825), end)
        // a positive INTEGER whose DER is its magnitude
        .serial_number(&[0x41, u8::try_from(year % 100).unwrap()]);
    let authority = Authority::new(Generation::G2Like).unwrap();
    let value = authority.issue(&request).unwrap();
    let names = x509_names(&value);
    NewCertificate {
        value,
        subject: names.0,
        issuer: names.1,
        serial_number: vec![0x02, 0x02, 0x41, u8::try_from(year % 100).unwrap()],
        id: KEY_ID.to_vec(),
        label: "Chứng thư".as_bytes().to_vec(),
        private: Some(false),
    }
}

fn x509_names(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    use x509_parser::prelude::FromDer as _;
    let (_, certificate) = x509_parser::certificate::X509Certificate::from_der(der).unwrap();
    (
        certificate.subject().as_raw().to_vec(),
        certificate.issuer().as_raw().to_vec(),
    )
}
