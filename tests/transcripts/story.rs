//! The office in which the guides' story takes place: its papers, its tokens, and one day.

use std::path::{Path, PathBuf};
use std::process::Command;

use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};
use chungthu_soft_token::provision::{DIRECTORY_VARIABLE, KeyDescription, TokenFile};
use chungthu_test_support::{Driver, Office, PIN, SECURITY_OFFICER_PIN, WRONG_PIN, now, write};
use time::macros::{offset, time};
use time::{Date, Duration, OffsetDateTime};

use crate::examples::{Examples, TODAY};
use crate::guide::{LEFT_OUT, Transcript, Typed};
use crate::terminal::Terminal;

/// The clerk's token and the chairperson's.
const TOKENS: [OfficeToken; 2] = [
    OfficeToken {
        name: "van-thu",
        serial: "4D7A10C2E95B8036",
        key: TestKey::Rsa3072,
        id: [0x5E, 0x21, 0x0C, 0x97],
        holder: "ỦY BAN NHÂN DÂN XÃ ĐẮK HÀ",
        old_serial: [0x4B, 0x17],
    },
    OfficeToken {
        name: "lanh-dao",
        serial: "8B21F6043C7D9E5A",
        key: TestKey::Rsa2048B,
        id: [0x18, 0xF4, 0x6A, 0x03],
        holder: "NGUYỄN VĂN MẪU",
        old_serial: [0x4C, 0x60],
    },
];

/// A token as it is in the morning.
#[derive(Clone, Copy, Debug)]
struct OfficeToken {
    name: &'static str,
    /// Its serial number in the guides.
    serial: &'static str,
    key: TestKey,
    id: [u8; 4],
    holder: &'static str,
    old_serial: [u8; 2],
}

/// A guide's language, and what its files are called in it.
#[derive(Debug)]
pub(crate) struct Language {
    pub(crate) guide: &'static str,
    tag: &'static str,
    /// What the question ends with.
    question: &'static str,
    yes: &'static str,
    driver: &'static str,
    files: [(Paper, &'static str); 8],
}

/// What has come to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paper {
    Renewed,
    Changed,
    SomebodyElses,
    OfTheAuthority,
    Zip,
    WebPage,
    PinFile,
    /// A folder with a file for each of three tokens.
    Folder,
}

pub(crate) const VIETNAMESE: Language = Language {
    guide: "docs/huong-dan-su-dung.md",
    tag: "vi",
    question: "[c/k] ",
    yes: "c",
    driver: "trinh-dieu-khien.so",
    files: [
        (Paper::Renewed, "moi.cer"),
        (Paper::Changed, "thay-doi.cer"),
        (Paper::SomebodyElses, "nguoi-khac.cer"),
        (Paper::OfTheAuthority, "noi-cap.cer"),
        (Paper::Zip, "ket-qua.zip"),
        (Paper::WebPage, "tai-ve.cer"),
        (Paper::PinFile, "pin.txt"),
        (Paper::Folder, "ho-so"),
    ],
};

pub(crate) const ENGLISH: Language = Language {
    guide: "docs/user-guide.md",
    tag: "en",
    question: "[y/n] ",
    yes: "y",
    driver: "driver.so",
    files: [
        (Paper::Renewed, "new.cer"),
        (Paper::Changed, "changed.cer"),
        (Paper::SomebodyElses, "somebody.cer"),
        (Paper::OfTheAuthority, "authority.cer"),
        (Paper::Zip, "result.zip"),
        (Paper::WebPage, "download.cer"),
        (Paper::PinFile, "pin.txt"),
        (Paper::Folder, "incoming"),
    ],
};

impl Language {
    /// A command with its files named by what they are.
    pub(crate) fn in_common_words(&self, command: &str) -> String {
        let mut common = command.to_owned();
        for (paper, name) in self.files {
            common = common.replace(name, &format!("{paper:?}"));
        }
        common
    }

    fn file(&self, wanted: Paper) -> &'static str {
        let found = self.files.iter().find(|(paper, _)| *paper == wanted);
        found.unwrap().1
    }
}

/// One run of the story.
pub(crate) struct Story<'language> {
    language: &'language Language,
    office: Office,
    today: Date,
    examples: Examples,
}

impl<'language> Story<'language> {
    /// The office in the morning: the clerk's token is plugged in, the papers are on the desk.
    pub(crate) fn begin(language: &'language Language) -> Option<Self> {
        let office = Office::new(env!("CARGO_BIN_EXE_chungthu"), Driver::SoftToken)?;
        let today = day();
        let mut story = Self {
            examples: Examples::on(today),
            language,
            office,
            today,
        };
        std::fs::create_dir(story.usb()).unwrap();
        std::fs::create_dir(story.drawer()).unwrap();
        std::fs::copy(story.office.library(), story.desk().join(language.driver)).unwrap();
        // what is named relative to the desk is also told by its full path
        let desk = std::fs::canonicalize(story.desk()).unwrap();
        story.examples.name(&format!("{}/", desk.display()), "");
        let authorities = story.desk().join("chungthu/ca");
        std::fs::create_dir_all(&authorities).unwrap();
        write(&authorities.join("ca.cer"), authority().certificate());
        for token in TOKENS {
            story.make_token(token);
        }
        for (paper, name) in language.files {
            story.lay_out(paper, &story.desk().join(name));
        }
        story.plug_in("van-thu");
        Some(story)
    }

    /// Does what the guide says, and gives what the terminal shows, as the guide is to have it.
    pub(crate) fn perform(&mut self, transcript: &Transcript) -> String {
        let directions = &transcript.directions;
        if let Some(event) = &directions.first {
            self.happen(event);
        }
        let (shown, status) = self.run(&transcript.command, &directions.typed);
        assert_eq!(status, directions.exit, "{}\n{shown}", transcript.command);
        self.name_backups();
        let mut shown = self.examples.of(&shown);
        if let Some(text) = &directions.to {
            shown = format!("{}\n{LEFT_OUT}\n", cut(&shown, text).0);
        }
        if let Some(text) = &directions.from {
            shown = format!("{LEFT_OUT}{}", cut(&shown, text).1);
        }
        shown
    }

    /// Whether it is the day on which the story began.
    pub(crate) fn is_still_the_same_day(&self) -> bool {
        self.today == day()
    }

    fn happen(&mut self, event: &str) {
        match event {
            "unplug" => self.unplug("van-thu"),
            "plug in" => self.plug_in("van-thu"),
            "plug in a second" => self.plug_in("lanh-dao"),
            "unplug the second" => self.unplug("lanh-dao"),
            "another wrong PIN" => {
                let file = self.language.file(Paper::Changed);
                let answer = Typed::Answer(self.language.yes.to_owned());
                let typed = [answer, Typed::WrongPin];
                let (shown, status) = self.run(&format!("chungthu install {file}"), &typed);
                assert_eq!(status, 5, "{shown}");
            }
            _ => panic!("unknown event: {event}"),
        }
    }

    fn run(&self, command: &str, typed: &[Typed]) -> (String, i32) {
        let meant = self.examples.meant(command);
        let mut words = meant.split(' ');
        assert_eq!(words.next(), Some("chungthu"), "{command}");
        let mut program = Command::new(env!("CARGO_BIN_EXE_chungthu"));
        program
            .args(words)
            .current_dir(self.desk())
            .env_clear()
            .envs(self.office.environment())
            .env(DIRECTORY_VARIABLE, self.usb())
            .env("CHUNGTHU_HOME", "chungthu")
            .env("CHUNGTHU_MODULE", self.language.driver)
            .env("CHUNGTHU_LANG", self.language.tag)
            .env("TERM", "xterm")
            .env("NO_COLOR", "1");
        let mut terminal = Terminal::start(program);
        for one in typed {
            match one {
                Typed::Answer(answer) => terminal.answer(self.language.question, answer),
                Typed::RightPin => terminal.type_unseen(PIN),
                Typed::WrongPin => terminal.type_unseen(WRONG_PIN),
            }
        }
        let (shown, status) = terminal.end();
        let is_secret_shown = shown.contains(PIN) || shown.contains(WRONG_PIN);
        assert!(!is_secret_shown, "the PIN is on the screen: {shown}");
        (shown, status)
    }

    /// Backups are named by their moment: the first one is of 09:00 in Vietnam, the next of 09:01.
    fn name_backups(&mut self) {
        let files = self
            .office
            .files_below(&self.desk().join("chungthu/backups"));
        let mut moments: Vec<String> = files
            .iter()
            .filter_map(|(path, _)| path.file_name()?.to_str()?.split('-').next())
            .map(str::to_owned)
            .collect();
        moments.sort();
        moments.dedup();
        for (number, moment) in moments.iter().enumerate() {
            let day = TODAY.to_string().replace('-', "");
            let example = format!("{day}T02{number:02}00.000000Z");
            self.examples.name(moment, &example);
        }
    }

    fn desk(&self) -> PathBuf {
        self.office.place("papers")
    }

    fn usb(&self) -> PathBuf {
        self.office.place("usb")
    }

    fn drawer(&self) -> PathBuf {
        self.office.place("drawer")
    }

    fn plug_in(&self, token: &str) {
        let file = format!("{token}.token");
        std::fs::rename(self.drawer().join(&file), self.usb().join(&file)).unwrap();
    }

    fn unplug(&self, token: &str) {
        let file = format!("{token}.token");
        std::fs::rename(self.usb().join(&file), self.drawer().join(&file)).unwrap();
    }

    fn make_token(&mut self, token: OfficeToken) {
        let name = token.name;
        let file =
            TokenFile::create(&self.drawer(), name, name, SECURITY_OFFICER_PIN, PIN).unwrap();
        self.examples.name(&file.serial().unwrap(), token.serial);
        let key = KeyDescription::new(&token.id, "Khóa ký số");
        file.import_private_key(token.key.pkcs8_der(), &key)
            .unwrap();
        let old = self.certificate(token.key, token.holder, token.old_serial, (30 - 1825, 30));
        file.add_certificate(&old, &token.id, "Chứng thư số")
            .unwrap();
    }

    fn lay_out(&self, paper: Paper, path: &Path) {
        let [clerk, chairperson] = TOKENS;
        let new = (-1, 1094);
        let content = match paper {
            Paper::Renewed => self.certificate(clerk.key, clerk.holder, [0x52, 0x9C], new),
            Paper::Changed => {
                let name = "ỦY BAN NHÂN DÂN PHƯỜNG ĐẮK HÀ";
                self.certificate(clerk.key, name, [0x53, 0x08], (0, 1094))
            }
            Paper::SomebodyElses => {
                self.certificate(TestKey::Rsa2048A, "TRẦN THỊ MẪU", [0x52, 0xA1], new)
            }
            Paper::OfTheAuthority => authority().certificate().to_vec(),
            Paper::Zip => b"PK\x03\x04\x14\0\0\0\x08\0".to_vec(),
            Paper::WebPage => {
                b"<!DOCTYPE html>\n<html><head><title>503</title></head></html>\n".to_vec()
            }
            Paper::PinFile => format!("{PIN}\n").into_bytes(),
            Paper::Folder => {
                std::fs::create_dir(path).unwrap();
                self.lay_out(Paper::Renewed, &path.join("1-van-thu.cer"));
                self.lay_out(Paper::SomebodyElses, &path.join("3-ke-toan.cer"));
                let renewed =
                    self.certificate(chairperson.key, chairperson.holder, [0x52, 0x9D], new);
                return write(&path.join("2-lanh-dao.cer"), renewed);
            }
        };
        write(path, content);
    }

    /// A certificate for these days, the first and the last counted from today.
    fn certificate(
        &self,
        key: TestKey,
        name: &str,
        serial: [u8; 2],
        (first, last): (i64, i64),
    ) -> Vec<u8> {
        let subject = Subject::new()
            .country("VN")
            .locality("Quảng Ngãi")
            .organization("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI")
            .common_name(name);
        let day = |days| self.today + Duration::days(days);
        let from = day(first).with_time(time!(0:00:00)).assume_offset(VIETNAM);
        let to = day(last).with_time(time!(23:59:59)).assume_offset(VIETNAM);
        let [high, low] = serial;
        let serial = [high, low, 0x6E, 0x35, 0x0D, 0x71, 0xC2, 0x94];
        let request = Request::new(subject, key.public_key_der())
            .email("dakha@demo.invalid")
            .serial_number(&serial)
            .valid(from, to);
        authority().issue(&request).unwrap()
    }
}

/// What is above the first line that begins with this text, and that line with the rest.
fn cut<'shown>(shown: &'shown str, text: &str) -> (&'shown str, &'shown str) {
    let start = shown.find(&format!("\n{text}"));
    let start = start.unwrap_or_else(|| panic!("no line begins with “{text}”:\n{shown}"));
    shown.split_at(start)
}

const VIETNAM: time::UtcOffset = offset!(+7);

fn authority() -> Authority {
    Authority::new(Generation::G2Like).unwrap()
}

/// Today in Vietnam.
fn day() -> Date {
    let now: OffsetDateTime = now();
    now.checked_to_offset(VIETNAM).unwrap().date()
}
