//! A folder of tokens, a process of its own for each test, and small words for what tests do often.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    object::{Attribute, CertificateType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::{Slot, TokenInfo},
    types::AuthPin,
};

use chungthu_soft_token::provision::{
    DIRECTORY_VARIABLE, KeyDescription, PROFILE_VARIABLE, SCENARIO_VARIABLE, TokenFile,
};

pub(crate) const SO_PIN: &str = "87654321";
pub(crate) const PIN: &str = "123456";
pub(crate) const WRONG: &str = "000000";
pub(crate) const LABEL: &str = "Văn thư";
pub(crate) const ID: [u8; 1] = [1];
pub(crate) const OLD: &[u8] = include_bytes!("../keys/old.cer");
pub(crate) const RENEWED: &[u8] = include_bytes!("../keys/renewed.cer");
pub(crate) const RSA_KEY: &[u8] = include_bytes!("../keys/rsa-2048.p8");

/// Set in a process that a test started beside its own, with what that process is to do.
const PART: &str = "CHUNGTHU_TEST_PART";

/// What a test finds on its table.
pub(crate) struct Bench {
    pub(crate) folder: PathBuf,
    test: &'static str,
    profile: &'static str,
}

/// Runs a test in a process of its own, on an empty folder that is gone afterwards; the library has
/// the quirks of a profile there, if one is named.
macro_rules! alone {
    ($test:ident, $body:expr) => {
        crate::bench::alone!($test, "", $body)
    };
    ($test:ident, $profile:expr, $body:expr) => {{
        let _: fn() = $test; // a name that is no test would run nothing
        crate::bench::run(
            concat!(module_path!(), "::", stringify!($test)),
            $profile,
            $body,
        )
    }};
}
pub(crate) use alone;

pub(crate) fn run(test: &'static str, profile: &'static str, body: fn(&Bench)) {
    let test = test.split_once("::").expect("a test is in a module").1;
    let in_folder = |folder| Bench {
        folder,
        test,
        profile,
    };
    if let Some(folder) = env::var_os(DIRECTORY_VARIABLE) {
        body(&in_folder(folder.into()));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    in_folder(folder.path().to_owned()).process("").succeed();
}

/// Another process of this program.
pub(crate) struct Process(Child);

impl Process {
    /// How it ended, without a word about whether that is well.
    pub(crate) fn end(self) -> Output {
        self.0.wait_with_output().unwrap()
    }

    /// Whether it runs still.
    pub(crate) fn is_running(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// How the process ended, if it does so within this time; it is ended in any case.
    pub(crate) fn end_within(mut self, limit: Duration) -> Option<ExitStatus> {
        let started = Instant::now();
        let mut ended = self.0.try_wait().unwrap();
        while ended.is_none() && started.elapsed() < limit {
            thread::sleep(Duration::from_millis(5));
            ended = self.0.try_wait().unwrap();
        }
        self.0.kill().ok();
        self.0.wait().unwrap();
        ended
    }

    pub(crate) fn succeed(self) {
        let output = self.0.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr),
        );
    }
}

impl Bench {
    /// Starts this test again in another process, with a part to play.
    pub(crate) fn process(&self, part: &str) -> Process {
        self.process_with(part, self.profile)
    }

    /// The same without the profile: that process sees what the tokens really hold.
    pub(crate) fn witness(&self, part: &str) -> Process {
        self.process_with(part, "")
    }

    fn process_with(&self, part: &str, profile: &str) -> Process {
        Process(self.command(part, profile).spawn().unwrap())
    }

    fn command(&self, part: &str, profile: &str) -> Command {
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", self.test, "--test-threads=1"])
            .env(DIRECTORY_VARIABLE, &self.folder)
            .env(PROFILE_VARIABLE, profile)
            .env(PART, part)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The part this process plays; empty in the test's own process.
    pub(crate) fn part(&self) -> String {
        env::var(PART).unwrap_or_default()
    }

    /// A token with a user, and nothing on it.
    pub(crate) fn token(&self) -> TokenFile {
        TokenFile::create(&self.folder, "one", LABEL, SO_PIN, PIN).unwrap()
    }

    /// A token with a key and its certificate, as an office has it.
    pub(crate) fn office_token(&self) -> TokenFile {
        let token = self.token();
        let key = KeyDescription::new(&ID, "Ký số");
        token.import_private_key(RSA_KEY, &key).unwrap();
        token.add_certificate(OLD, &ID, "Ký số").unwrap();
        token
    }

    /// Another process of this test that plays a part while calls go wrong as these faults say.
    pub(crate) fn accident(&self, part: &str, faults: &str) -> Process {
        let file = self.folder.join("scenario.json");
        let calls = self.folder.join("calls");
        fs::remove_file(&calls).ok();
        let calls = calls.to_str().unwrap().replace('\\', "/");
        let text = format!(r#"{{"calls": "{calls}", "faults": [{faults}]}}"#);
        let mut options = fs::OpenOptions::new();
        let scenario = options.create(true).write(true).truncate(true);
        let mut scenario = scenario.open(&file).unwrap();
        scenario.write_all(text.as_bytes()).unwrap();
        let mut command = self.command(part, self.profile);
        Process(command.env(SCENARIO_VARIABLE, file).spawn().unwrap())
    }

    /// The calls of the last accident.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.folder.join("calls")).unwrap();
        calls.lines().map(str::to_owned).collect()
    }

    pub(crate) fn driver(&self) -> Driver {
        Driver::load(&crate::support::library())
    }

    /// The library once more in this process, with a state of its own: a file of its own makes the
    /// system load it apart.
    pub(crate) fn fresh_driver(&self, name: &str) -> Driver {
        let copy = self
            .folder
            .join(format!("{name}{}", env::consts::DLL_SUFFIX));
        fs::copy(crate::support::library(), &copy).unwrap();
        Driver::load(&copy)
    }
}

/// The library, initialised.
pub(crate) struct Driver(pub(crate) Pkcs11);

impl Driver {
    fn load(library: &Path) -> Self {
        let driver = Pkcs11::new(library).unwrap();
        let arguments = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        driver.initialize(arguments).unwrap();
        Self(driver)
    }

    pub(crate) fn slot(&self) -> Slot {
        self.0.get_slots_with_token().unwrap()[0]
    }

    pub(crate) fn info(&self) -> TokenInfo {
        self.0.get_token_info(self.slot()).unwrap()
    }

    pub(crate) fn reader(&self) -> Session {
        self.0.open_ro_session(self.slot()).unwrap()
    }

    pub(crate) fn writer(&self) -> Session {
        self.0.open_rw_session(self.slot()).unwrap()
    }

    /// A session that may write, after the user's login.
    pub(crate) fn user(&self) -> Session {
        let session = self.writer();
        log_in(&session, PIN).unwrap();
        session
    }

    /// Low, last try, locked.
    pub(crate) fn pin_flags(&self) -> [bool; 3] {
        let info = self.info();
        [
            info.user_pin_count_low(),
            info.user_pin_final_try(),
            info.user_pin_locked(),
        ]
    }
}

pub(crate) fn pin(text: &str) -> AuthPin {
    AuthPin::new(text.into())
}

pub(crate) fn log_in(session: &Session, text: &str) -> Result<(), Error> {
    session.login(UserType::User, Some(&pin(text)))
}

/// The code of a call that must be refused.
#[track_caller]
pub(crate) fn refusal<T>(outcome: Result<T, Error>) -> RvError {
    match outcome {
        Err(Error::Pkcs11(code, _)) => code,
        Err(other) => panic!("not the driver's refusal: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

/// The template of a certificate as most programs send it.
pub(crate) fn certificate(der: &[u8]) -> Vec<Attribute> {
    vec![
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Value(der.to_vec()),
        Attribute::Subject(b"subject".to_vec()),
        Attribute::Issuer(b"issuer".to_vec()),
        Attribute::SerialNumber(b"\x02\x01\x05".to_vec()),
        Attribute::Id(ID.to_vec()),
        Attribute::Label("Ký số".into()),
    ]
}

/// All objects of a class that the session sees.
pub(crate) fn all(session: &Session, class: ObjectClass) -> Vec<ObjectHandle> {
    session.find_objects(&[Attribute::Class(class)]).unwrap()
}

/// The values of all certificates that the session sees.
pub(crate) fn certificates(session: &Session) -> Vec<Vec<u8>> {
    use cryptoki::object::AttributeType::Value;
    let read = |handle| match session.get_attributes(handle, &[Value]).unwrap().as_slice() {
        [Attribute::Value(value)] => value.clone(),
        other => panic!("{other:?}"),
    };
    all(session, ObjectClass::CERTIFICATE)
        .into_iter()
        .map(read)
        .collect()
}
