//! An office with a token in memory, an authority, and records kept in a map.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chungthu_certificate::Certificate;
use chungthu_certificate::install::execute::Context;
use chungthu_certificate::install::locate::look;
use chungthu_certificate::install::login::LoggedIn;
use chungthu_certificate::install::{
    InstallError, Plan, Progress, Refusal, Report, Request, Step, StepFailure,
};
use chungthu_certificate::records::{RecordEnd, RecordKind, Storage, StorageError};
use chungthu_issuer::{Authority, Generation, Subject, TestKey};
use chungthu_token::error::Operation;
use chungthu_token::fake::{FakeLauncher, FakeToken};
use chungthu_token::object::{AttributeType, NewCertificate, ObjectClass, ObjectHandle};
use chungthu_token::pin::{Credential, Pin};
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const PIN: &str = "Test1234";
pub(crate) const KEY_ID: &[u8] = &[0x10, 0x20, 0x30, 0x40];
pub(crate) const LABEL: &[u8] = "Chứng thư của văn phòng".as_bytes();
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-23 08:00 UTC);

/// What an install ended in.
#[derive(Debug)]
pub(crate) enum Ending {
    Refused(Refusal),
    AlreadyInstalled,
    Installed(Box<Report>),
    Stopped(Box<InstallError>),
}

pub(crate) struct Office {
    pub(crate) token: FakeToken,
    pub(crate) launcher: FakeLauncher,
    pub(crate) records: Records,
    pub(crate) confirmations: usize,
    /// The plans that were confirmed, in order.
    pub(crate) plans: Vec<Plan>,
    /// What another program puts on the token when this step begins.
    pub(crate) meanwhile: Option<(Step, NewCertificate)>,
    /// How often the clock was asked; it goes a second further each time.
    ticks: Cell<i64>,
}

#[derive(Default)]
pub(crate) struct Records {
    pub(crate) files: BTreeMap<(RecordKind, String), Vec<u8>>,
    pub(crate) is_broken: bool,
}

impl Storage for Records {
    fn create(
        &mut self,
        kind: RecordKind,
        name: &str,
        contents: &[u8],
    ) -> Result<String, StorageError> {
        if self.is_broken {
            return Err(StorageError {
                place: name.into(),
                detail: "read-only".into(),
            });
        }
        self.files
            .insert((kind, name.to_owned()), contents.to_vec());
        Ok(name.to_owned())
    }

    fn append(&mut self, kind: RecordKind, name: &str, line: &[u8]) -> Result<(), StorageError> {
        let file = self.files.entry((kind, name.to_owned())).or_default();
        file.extend_from_slice(line);
        file.push(b'\n');
        Ok(())
    }

    fn read_end(
        &self,
        kind: RecordKind,
        name: &str,
        limit: usize,
    ) -> Result<RecordEnd, StorageError> {
        let file = self.files.get(&(kind, name.to_owned()));
        let bytes = file.map(Vec::as_slice).unwrap_or_default();
        let begin = bytes.len().saturating_sub(limit);
        Ok(RecordEnd {
            bytes: bytes[begin..].to_vec(),
            is_whole: begin == 0,
        })
    }

    fn empty(&mut self, kind: RecordKind, name: &str) -> Result<(), StorageError> {
        self.files.remove(&(kind, name.to_owned()));
        Ok(())
    }
}

impl Records {
    pub(crate) fn text(&self, kind: RecordKind) -> String {
        // certificates lie beside the backup as plain files, and are no text
        let of_kind = self
            .files
            .iter()
            .filter(|((found, name), _)| *found == kind && !name.ends_with(".cer"));
        of_kind
            .map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap())
            .collect()
    }
}

pub(crate) fn subject(unit: &str) -> Subject {
    Subject::new()
        .country("VN")
        .organization("ỦY BAN NHÂN DÂN TỈNH")
        .organizational_unit(unit)
        .common_name("UBND xã Trình Diễn")
}

/// What was issued already: the authority's signature is slow in a debug build.
static ISSUED: Mutex<BTreeMap<(String, String, i32), Certificate>> = Mutex::new(BTreeMap::new());

/// A certificate that ends on 31 December of the year.
pub(crate) fn certificate(key: TestKey, unit: &str, year: i32) -> Certificate {
    let name = (format!("{key:?}"), unit.to_owned(), year);
    let mut issued = ISSUED.lock().unwrap();
    let certificate = issued.entry(name).or_insert_with(|| issue(key, unit, year));
    certificate.clone()
}

fn issue(key: TestKey, unit: &str, year: i32) -> Certificate {
    let end = datetime!(2000-12-31 23:59:59 UTC)
        .replace_year(year)
        .unwrap();
    let request = chungthu_issuer::Request::new(subject(unit), key.public_key_der())
        .valid(end - time::Duration::days(1825), end);
    let der = Authority::new(Generation::G2Like)
        .unwrap()
        .issue(&request)
        .unwrap();
    Certificate::from_der(&der).unwrap()
}

pub(crate) fn as_object(certificate: &Certificate, id: &[u8]) -> NewCertificate {
    NewCertificate {
        value: certificate.der().to_vec(),
        subject: certificate.subject().der().to_vec(),
        issuer: certificate.issuer().der().to_vec(),
        serial_number: certificate.serial_number_der().to_vec(),
        id: id.to_vec(),
        label: LABEL.to_vec(),
        private: Some(false),
    }
}

/// What of a key pair is put on a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halves {
    Both,
    PrivateOnly,
}

pub(crate) fn put_key(token: &FakeToken, key: TestKey, id: &[u8], halves: Halves) -> ObjectHandle {
    put_key_with(token, key, id, halves, &[])
}

/// The same with more attributes of the private key.
pub(crate) fn put_key_with(
    token: &FakeToken,
    key: TestKey,
    id: &[u8],
    halves: Halves,
    extra: &[(AttributeType, &[u8])],
) -> ObjectHandle {
    let public = chungthu_certificate::PublicKey::from_der(key.public_key_der()).unwrap();
    let mut attributes: Vec<(AttributeType, Vec<u8>)> = vec![
        (AttributeType::Id, id.to_vec()),
        (AttributeType::Label, b"key".to_vec()),
    ];
    match public.key_type() {
        chungthu_certificate::KeyType::Rsa {
            modulus, exponent, ..
        } => {
            attributes.push((AttributeType::Modulus, modulus.clone()));
            attributes.push((AttributeType::PublicExponent, exponent.clone()));
        }
        chungthu_certificate::KeyType::Ec { point, .. } => {
            attributes.push((AttributeType::EcPoint, point.clone()));
        }
        chungthu_certificate::KeyType::Other { .. } => unreachable!("test keys are RSA or EC"),
    }
    let mut attributes: Vec<(AttributeType, &[u8])> = attributes
        .iter()
        .map(|(attribute, value)| (*attribute, value.as_slice()))
        .collect();
    if halves == Halves::Both {
        token.put(ObjectClass::PublicKey, &attributes, None);
    }
    attributes.extend_from_slice(extra);
    let signer = Arc::new(move |_, message: &[u8]| key.sign(message).unwrap());
    token.put(ObjectClass::PrivateKey, &attributes, Some(signer))
}

impl Office {
    /// A token with a key pair and nothing else.
    pub(crate) fn new(key: TestKey) -> Self {
        let token = FakeToken::new("0123456789abcdef", "VGCA Token", PIN);
        put_key(&token, key, KEY_ID, Halves::Both);
        Self::with(&[token])
    }

    pub(crate) fn with(tokens: &[FakeToken]) -> Self {
        Self {
            token: tokens[0].clone(),
            launcher: FakeLauncher::new(tokens),
            records: Records::default(),
            confirmations: 0,
            plans: Vec::new(),
            meanwhile: None,
            ticks: Cell::new(0),
        }
    }

    pub(crate) fn request(certificate: &Certificate) -> Request {
        Request::install(certificate.clone(), Vec::new(), NOW)
    }

    pub(crate) fn install(&mut self, certificate: &Certificate) -> Ending {
        self.run(&Self::request(certificate), PIN, |_| {})
    }

    /// The whole walk, as the front desk does it; `meanwhile` happens while the person types.
    pub(crate) fn run(
        &mut self,
        request: &Request,
        pin: &str,
        meanwhile: impl FnOnce(&FakeToken),
    ) -> Ending {
        let candidates = std::slice::from_ref(&request.certificate);
        let drivers = [self.launcher.found()];
        let survey = look(
            &self.launcher,
            &drivers,
            candidates,
            &request.issuers,
            None,
            &self.records,
        );
        let mut target = match survey.choose() {
            Ok(choice) => choice.target,
            Err(refusal) => return Ending::Refused(refusal),
        };
        target.recall(&self.records).unwrap();
        let plan: Plan = match target.plan(request) {
            Ok(plan) => plan,
            Err(refusal) => return Ending::Refused(refusal),
        };
        if plan.is_done() {
            return Ending::AlreadyInstalled;
        }
        self.confirmations += 1;
        self.plans.push(plan.clone());
        meanwhile(&self.token);
        let credential = Credential::Pin(Pin::new(pin, None).unwrap());
        let (records, clock) = (&mut self.records, &|| NOW);
        let ready = match target.log_in(plan.confirm(), request, credential, records, clock) {
            Ok(LoggedIn::Ready(ready)) => ready,
            Ok(LoggedIn::MoreSeen(pending)) => {
                if pending.plan().is_done() {
                    pending.abandon();
                    return Ending::AlreadyInstalled;
                }
                self.confirmations += 1;
                self.plans.push(pending.plan().clone());
                pending.confirm()
            }
            Err(error) => return Ending::Stopped(error),
        };
        let mut context = Context {
            launcher: &self.launcher,
            storage: &mut self.records,
            clock: &|| {
                self.ticks.set(self.ticks.get() + 1);
                NOW + time::Duration::seconds(self.ticks.get())
            },
            progress: &mut |progress| {
                if let Some((step, new)) = &self.meanwhile
                    && progress == Progress::Begins(*step)
                {
                    self.token.put_certificate(new);
                }
            },
        };
        match ready.execute(&mut context) {
            Ok(report) => Ending::Installed(Box::new(report)),
            Err(error) => Ending::Stopped(error),
        }
    }

    /// The values of the certificates on the token.
    pub(crate) fn certificates(&self) -> Vec<Vec<u8>> {
        let objects = self.token.objects().into_iter();
        objects
            .filter(|object| object.class == ObjectClass::Certificate)
            .map(|object| object.value().to_vec())
            .collect()
    }
}

impl Ending {
    pub(crate) fn report(self) -> Report {
        match self {
            Self::Installed(report) => *report,
            other => panic!("not installed: {other:?}"),
        }
    }

    pub(crate) fn refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    pub(crate) fn error(self) -> InstallError {
        match self {
            Self::Stopped(error) => *error,
            other => panic!("not stopped: {other:?}"),
        }
    }

    pub(crate) fn failure(self) -> StepFailure {
        self.error().failure
    }
}

/// The steps of a report, in order.
pub(crate) fn steps(report: &Report) -> Vec<Step> {
    report.steps.iter().map(|taken| taken.step).collect()
}

/// How often the token was asked for this.
pub(crate) fn count(office: &Office, operation: Operation) -> usize {
    let log = office.token.log();
    log.iter().filter(|entry| **entry == operation).count()
}
