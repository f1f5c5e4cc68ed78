//! `demo`: the main job from the first line to the last, on a software token in a temporary folder.

use std::path::{Path, PathBuf};

use chungthu_certificate::Certificate;
use chungthu_certificate::install::Request;
use chungthu_certificate::inventory::Inventory;
use chungthu_issuer::{Authority, Generation, Subject, TestKey};
use chungthu_soft_token::provision::{
    DIRECTORY_VARIABLE, KeyDescription, TokenFile, library_file_name,
};
use chungthu_token::host::HostLauncher;
use chungthu_token::module::{Discovery, Found, discover};
use chungthu_token::pin::{Credential, Pin};
use time::{Duration, OffsetDateTime};

use super::walk::Walk;
use super::{Desk, list};
use crate::failure::{Code, Failure, from_shape};
use crate::files::{self, Archive, Existing};
use crate::json;
use crate::page::Page;
use crate::pages;
use crate::words::{Common, Demo, Hint, Message, What};

/// The PINs of a token that lives for a second and holds a published key.
const USER_PIN: &str = "12345678";
const SECURITY_OFFICER_PIN: &str = "87654321";
const TOKEN_LABEL: &str = "Demo token";
const KEY_ID: [u8; 4] = [0x0D, 0xE3, 0x00, 0x01];
/// The old certificate has this many days left, fewer than a renewal is asked for.
const OLD_DAYS_LEFT: i64 = 45;
/// First issue and renewal, as the CA does them.
const FIRST_DAYS: i64 = 1825;
const RENEWED_DAYS: i64 = 1095;

pub(super) fn run(desk: &mut Desk<'_>) -> Result<(), Failure> {
    desk.catch_interrupts();
    desk.screen.tell_as_result();
    let library = library()?;
    let folder = tempfile::Builder::new()
        .prefix("chungthu-demo-")
        .tempdir()
        .map_err(|error| not_prepared(&error))?;
    let mut narrator = Narrator { number: 0 };
    narrator.introduce(desk);
    let stage = Stage::set(desk, &mut narrator, folder.path(), library)?;
    let before = stage.look(desk)?;
    narrator.step(desk, &Demo::Before);
    show_objects(desk, &before);

    let new = stage.issue_new(desk, &mut narrator)?;
    narrator.step(desk, &Demo::Install);
    let command = format!("chungthu install {}", stage.file.display());
    tell(desk, &Demo::InstallText { command });
    desk.go_on()?;
    let installed = stage.install(desk, new.clone())?;

    narrator.step(desk, &Demo::After);
    let after = stage.look(desk)?;
    show_objects(desk, &after);
    narrator.step(desk, &Demo::SecondRun);
    tell(desk, &Demo::SecondRunText);
    let second = stage.install(desk, new)?;
    let mut page = Page::below();
    page.paragraph(&desk.screen.say(&Demo::End));
    desk.screen.note(&page);
    if desk.screen.is_json() {
        let view = json::Demo {
            outcome: "installed",
            before: list::view(&before.inventory, &before.token, None, desk.now()).into(),
            install: installed,
            after: list::view(&after.inventory, &after.token, None, desk.now()).into(),
            second_run: second,
        };
        desk.screen.json(&json::document("demo", view));
    }
    folder.close().map_err(|error| not_prepared(&error))
}

/// Numbers the steps.
struct Narrator {
    number: usize,
}

impl Narrator {
    fn introduce(&self, desk: &mut Desk<'_>) {
        let mut page = Page::new();
        page.heading(&desk.screen.say(&Demo::Heading));
        page.paragraph(&desk.screen.say(&Demo::Introduction));
        desk.screen.note(&page);
    }

    fn step(&mut self, desk: &mut Desk<'_>, title: &Demo) {
        self.number += 1;
        let title = desk.screen.say(title);
        let heading = desk.screen.say(&Demo::StepHeading {
            number: self.number,
            title,
        });
        let mut page = Page::below();
        page.heading(&heading);
        desk.screen.note(&page);
    }
}

fn tell(desk: &mut Desk<'_>, message: &impl Message) {
    let mut page = Page::new();
    page.paragraph(&desk.screen.say(message));
    desk.screen.note(&page);
}

/// The token, its driver, and the office's papers.
struct Stage {
    folder: PathBuf,
    found: Vec<Found>,
    authority: Authority,
    file: PathBuf,
    now: OffsetDateTime,
}

/// What was on the token at a moment.
struct Look {
    inventory: Inventory,
    token: chungthu_token::token::TokenInformation,
}

impl Stage {
    fn set(
        desk: &mut Desk<'_>,
        narrator: &mut Narrator,
        folder: &Path,
        library: PathBuf,
    ) -> Result<Self, Failure> {
        let now = desk.now();
        narrator.step(desk, &Demo::MakeToken);
        tell(
            desk,
            &Demo::MakeTokenText {
                folder: folder.display().to_string(),
            },
        );
        let token = TokenFile::create(folder, "demo", TOKEN_LABEL, SECURITY_OFFICER_PIN, USER_PIN)
            .map_err(|error| not_prepared(&error))?;
        let key = KeyDescription::new(&KEY_ID, "Demo key");
        let public_key = token
            .import_private_key(TestKey::Rsa2048A.pkcs8_der(), &key)
            .map_err(|error| not_prepared(&error))?;
        tell(desk, &Demo::MakeKey);

        narrator.step(desk, &Demo::IssueOld);
        tell(
            desk,
            &Demo::IssueOldText {
                days: OLD_DAYS_LEFT,
            },
        );
        let authority = Authority::new(Generation::G2Like).map_err(|error| not_prepared(&error))?;
        let ends = now.saturating_add(Duration::days(OLD_DAYS_LEFT));
        let old =
            request(desk, &public_key).valid(ends.saturating_sub(Duration::days(FIRST_DAYS)), ends);
        let old = authority
            .issue(&old)
            .map_err(|error| not_prepared(&error))?;
        token
            .add_certificate(&old, &KEY_ID, "Demo key")
            .map_err(|error| not_prepared(&error))?;
        let places = Discovery {
            named: vec![library],
            ..Discovery::default()
        };
        Ok(Self {
            folder: folder.to_owned(),
            found: discover(&places).found,
            authority,
            file: folder.join("moi.cer"),
            now,
        })
    }

    /// The authority sends the renewed certificate as a file.
    fn issue_new(
        &self,
        desk: &mut Desk<'_>,
        narrator: &mut Narrator,
    ) -> Result<Certificate, Failure> {
        narrator.step(desk, &Demo::IssueNew);
        tell(
            desk,
            &Demo::IssueNewText {
                file: self.file.display().to_string(),
            },
        );
        let begins = self.now.saturating_sub(Duration::days(1));
        let new = request(desk, TestKey::Rsa2048A.public_key_der())
            .valid(begins, begins.saturating_add(Duration::days(RENEWED_DAYS)));
        let new = self
            .authority
            .issue(&new)
            .map_err(|error| not_prepared(&error))?;
        files::write(&self.file, &new, Existing::Keep).map_err(|error| not_prepared(&error))?;
        Certificate::from_der(&new).map_err(|error| Failure::internal(&error))
    }

    fn launcher(&self, desk: &Desk<'_>) -> Result<HostLauncher, Failure> {
        let variable = (
            DIRECTORY_VARIABLE.into(),
            self.folder.clone().into_os_string(),
        );
        desk.launcher(vec![variable])
    }

    fn look(&self, desk: &mut Desk<'_>) -> Result<Look, Failure> {
        let mut chosen = list::chosen(desk, &self.found, &self.launcher(desk)?)?;
        let inventory = list::inventory(desk, &mut chosen)?;
        Ok(Look {
            inventory,
            token: chosen.token.clone(),
        })
    }

    /// The real install: the same walk as `chungthu install`.
    fn install(
        &self,
        desk: &mut Desk<'_>,
        certificate: Certificate,
    ) -> Result<json::Install, Failure> {
        let issuer = Certificate::from_der(self.authority.certificate())
            .map_err(|error| Failure::internal(&error))?;
        let home = self.folder.join("home");
        let walk = Walk {
            request: Request::install(certificate, vec![issuer], self.now),
            launcher: self.launcher(desk)?,
            drivers: self.found.clone(),
            archive: Archive::new(home.clone()),
            backups: home.join("backups").display().to_string(),
            file: self.file.display().to_string(),
            selector: None,
            dry_run: false,
            yes: true,
            credential: &|token, screen| {
                let mut page = Page::below();
                page.paragraph(&screen.say(&Demo::PinGiven));
                screen.note(&page);
                Pin::new(USER_PIN, token.pin_lengths())
                    .map(Credential::Pin)
                    .map_err(from_shape)
            },
        };
        let walked = walk.go(desk, None)?;
        if let Some(page) = walked.page(desk.screen.words()) {
            desk.screen.note(&page);
        }
        let warnings = walked.warnings(desk);
        Ok(walked.view(desk, warnings))
    }
}

fn request(desk: &Desk<'_>, public_key: &[u8]) -> chungthu_issuer::Request {
    let organization = desk.screen.say(&Demo::HolderOrganization);
    let subject = Subject::new()
        .country("VN")
        .locality("Hà Nội")
        .organization(&organization)
        .organizational_unit("VĂN PHÒNG")
        .common_name("PHÒNG HÀNH CHÍNH (TRÌNH DIỄN)");
    chungthu_issuer::Request::new(subject, public_key).email("vanthu@example.gov.vn")
}

fn show_objects(desk: &mut Desk<'_>, look: &Look) {
    let mut page = Page::new();
    let name = crate::failure::token_name(&look.token, desk.screen.words());
    page.fields(&[(desk.screen.say(&Common::Token), name)]);
    pages::objects(&mut page, &look.inventory, desk.screen.words());
    desk.screen.note(&page);
}

/// The soft token's library: beside the program, or where `cargo run` leaves it.
fn library() -> Result<PathBuf, Failure> {
    let name = library_file_name();
    let program = std::env::current_exe().map_err(|error| Failure::internal(&error))?;
    let folder = program.parent().map(Path::to_owned).unwrap_or_default();
    [folder.join(&name), folder.join("deps").join(&name)]
        .into_iter()
        .find(|path| path.is_file())
        .ok_or_else(|| {
            let what = What::DemoLibraryMissing {
                name,
                folder: folder.display().to_string(),
            };
            Failure::new(Code::ModuleNotFound, what).hint(Hint::BuildSoftToken)
        })
}

fn not_prepared(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Code::Internal, What::DemoNotPrepared)
        .detail(error)
        .hint(Hint::CheckFreeSpace)
        .hint(Hint::ReportProblem)
}
