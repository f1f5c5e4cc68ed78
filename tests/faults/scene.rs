//! One walk laid out: the office as it is before the command, what the command ends in when nothing
//! goes wrong, and the desks at which it is played.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chungthu_certificate::install::temporary_id;
use chungthu_issuer::TestKey;
use chungthu_test_support::{
    Driver, Dump, Object, Office, PIN, Paper, PublicKeyObject, Token, Watch, filler_certificate,
    issue, write,
};
use serde_json::{Value, json};

use crate::judge::{essentials, hexadecimal, lasting};
use crate::snapshot::Snapshot;
use crate::walk::{Action, Old, Walk};

const KEY: TestKey = TestKey::Rsa2048A;
pub(crate) const KEY_ID: &str = "a1b2c3";
const LABEL: &str = "Chứng thư số của xã";
const TOKEN: &str = "Van phong";
/// An orphaned driver host lives for at most ten seconds.
const PARTING: Duration = Duration::from_secs(30);
/// In seconds: how long the program waits for a driver that hangs.
const PATIENCE: u8 = 3;

/// A walk with its token, its papers and its undisturbed end.
pub(crate) struct Scene {
    pub(crate) walk: Walk,
    pub(crate) start: Snapshot,
    pub(crate) before: Dump,
    /// What the command brings: the bytes of certificates.
    pub(crate) wanted: Vec<Vec<u8>>,
    /// The key's certificates that are there before it.
    pub(crate) there: Vec<Vec<u8>>,
    /// The run without a fault.
    pub(crate) clean: Ran,
    /// The backup that a restore is given, by its place in the office.
    backup: Option<PathBuf>,
    /// The certificates after the way back when nothing goes wrong, where the token, with its habits, takes
    /// it. A driver that never shows a label has none to bring back.
    pub(crate) restored: Option<Vec<Object>>,
}

/// What a run did.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// The exit status; none for a program that was killed.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    /// The calls of all its driver processes, in order.
    pub(crate) calls: Vec<String>,
    /// What the witness saw after it.
    pub(crate) after: Dump,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_default()
    }

    pub(crate) fn count(&self, function: &str) -> usize {
        self.calls.iter().filter(|call| *call == function).count()
    }
}

/// What a desk is asked to run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Task<'a> {
    /// The walk's own command.
    Walk,
    /// A restore from this backup, under the walk's profile or as a token without habits.
    WayBack { backup: &'a Path, profile: &'a str },
}

/// An office of a worker's own, in which the scene is put back before each case.
pub(crate) struct Desk {
    pub(crate) office: Office,
    watch: Watch,
    file: PathBuf,
    /// How many certificates the token had at first.
    room: Option<usize>,
}

impl Desk {
    /// `None` where there is no soft token, which is said.
    pub(crate) fn new(paper: Paper) -> Option<Self> {
        let office = Office::in_memory(env!("CARGO_BIN_EXE_chungthu"), Driver::SoftToken)?;
        drop(office.token(TOKEN));
        let watch = office.watch(TOKEN);
        let file = office.paper("moi.cer", issue(KEY, paper));
        Some(Self {
            office,
            watch,
            file,
            room: None,
        })
    }

    /// What the witness sees; a token that was taken away is plugged in for it.
    pub(crate) fn look(&mut self) -> Dump {
        self.office.bring_tokens_back();
        self.watch.look().unwrap()
    }

    /// Runs the command with these faults, waits for all its processes, and looks.
    pub(crate) fn run(
        &mut self,
        walk: &Walk,
        own: Option<&Path>,
        task: Task<'_>,
        faults: &[Value],
    ) -> Ran {
        self.run_with(walk, own, task, faults, &[])
    }

    /// The same with more in the environment.
    pub(crate) fn run_with(
        &mut self,
        walk: &Walk,
        own: Option<&Path>,
        task: Task<'_>,
        faults: &[Value],
        environment: &[(&str, String)],
    ) -> Ran {
        let profile = match task {
            Task::Walk => &walk.profile,
            Task::WayBack { profile, .. } => profile,
        };
        let habits = self.habits(profile);
        let restore = |backup: &Path| {
            let backup = self.office.place("").join(backup);
            self.office.chungthu(["restore"]).argument(backup)
        };
        let install = || self.office.chungthu(["install"]).argument(&self.file);
        let (command, options) = match (task, walk.action, own) {
            (Task::Walk, Action::Restore, Some(backup)) => (restore(backup), walk.options),
            (Task::Walk, ..) => (install(), walk.options),
            (Task::WayBack { backup, .. }, ..) => {
                let is_known = walk.options.contains(&"--remove-old-first");
                (restore(backup), if is_known { walk.options } else { &[] })
            }
        };
        let mut command = command
            .arguments(["--yes", "--json"])
            .arguments(options)
            .profile(&habits)
            .scenario(&json!(faults))
            .pin(PIN);
        for (name, value) in environment {
            command = command.variable(name, value);
        }
        let outcome = command.run();
        if outcome.code().is_none() {
            self.wait_for_hosts();
        }
        Ran {
            code: outcome.code(),
            stdout: outcome.stdout,
            calls: self.office.calls_made(),
            after: self.look(),
        }
    }

    /// The profile without the quirks of which a removed certificate rids a token: they count the room
    /// anew in each process, and a card that gave one up has room for one.
    fn habits(&mut self, profile: &str) -> String {
        let is_of_room = |quirk: &&str| ["no-room", "no-larger-certificate"].contains(quirk);
        if !profile.split(',').any(|quirk| is_of_room(&quirk)) {
            return profile.to_owned();
        }
        let count = self.look().certificates().len();
        let has_room = count < *self.room.get_or_insert(count);
        let quirks = profile
            .split(',')
            .filter(|quirk| !has_room || !is_of_room(quirk));
        quirks.collect::<Vec<_>>().join(",")
    }

    /// After the program was killed its driver hosts end by themselves; what they do until then counts.
    fn wait_for_hosts(&self) {
        let home = self.office.home();
        let mark = format!("CHUNGTHU_HOME={}", home.display());
        let begun = Instant::now();
        while is_any_process_with(&mark) {
            let waited = begun.elapsed();
            assert!(waited < PARTING, "a driver host does not end");
            std::thread::sleep(Duration::from_millis(3));
        }
    }
}

/// Whether a process has this in its environment. Of Linux only; elsewhere no program is killed.
fn is_any_process_with(variable: &str) -> bool {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return false;
    };
    let ours = std::process::id().to_string();
    processes.filter_map(Result::ok).any(|process| {
        let name = process.file_name();
        let is_process = name.as_encoded_bytes().iter().all(u8::is_ascii_digit);
        let is_program = || {
            let name = std::fs::read_to_string(process.path().join("comm"));
            name.is_ok_and(|name| name.starts_with("chungthu"))
        };
        is_process && name != *ours && is_program() && {
            // it may end while it is looked at
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            let mut variables = environment.split(|octet| *octet == 0);
            variables.any(|one| one == variable.as_bytes())
        }
    })
}

impl Scene {
    /// Lays the walk out and runs it undisturbed. `None` where there is no soft token.
    pub(crate) fn lay_out(walk: &Walk) -> Option<Self> {
        let mut desk = Desk::new(walk.paper)?;
        let settings = format!("driver_timeout = {PATIENCE}\n");
        write(&desk.office.home().join("config.toml"), settings);
        let token = Token::of(&desk.office, TOKEN);
        token.add_key(KEY, KEY_ID, "Khóa ký số", PublicKeyObject::Present);
        token.add_fillers(&filler_certificate(TestKey::Rsa2048B), 1);
        let old = issue(KEY, Paper::Old);
        match walk.old {
            Old::Present => token.add_certificate(&old, KEY_ID, LABEL),
            Old::Private => token.add_private_certificate(&old, KEY_ID, LABEL),
            Old::PresentAndAside => {
                token.add_certificate(&old, KEY_ID, LABEL);
                let new = issue(KEY, walk.paper);
                token.add_certificate(&new, &hexadecimal(&temporary_id(&new)), LABEL);
            }
            Old::Absent => {}
        }
        let new = issue(KEY, walk.paper);
        let olds: Vec<Vec<u8>> = (walk.old != Old::Absent)
            .then_some(old)
            .into_iter()
            .collect();
        let (wanted, there, backup) = match walk.action {
            Action::Install => (vec![new], olds, None),
            Action::Restore => {
                let plain = Walk {
                    action: Action::Install,
                    options: &[],
                    ..walk.clone()
                };
                let ran = desk.run(&plain, None, Task::Walk, &[]);
                assert_eq!(ran.code, Some(0), "{}", ran.stdout);
                let records = Snapshot::take(&desk.office);
                let backup = records.records("home/backups", "json");
                (
                    olds,
                    vec![new],
                    backup.last().map(|(name, _)| (*name).to_owned()),
                )
            }
        };
        let before = desk.look();
        let start = Snapshot::take(&desk.office);
        let clean = desk.run(walk, backup.as_deref(), Task::Walk, &[]);
        let mut scene = Self {
            walk: walk.clone(),
            start,
            before,
            wanted,
            there,
            clean,
            backup,
            restored: None,
        };
        let after = Snapshot::take(&desk.office);
        let back = after.records("home/backups", "json");
        scene.restored = back.last().and_then(|(backup, _)| {
            let task = Task::WayBack {
                backup,
                profile: &walk.profile,
            };
            let ran = desk.run(walk, None, task, &[]);
            let is_back =
                ran.code == Some(0) && essentials(&ran.after) == essentials(&scene.before);
            is_back.then(|| lasting(&ran.after))
        });
        Some(scene)
    }

    /// Runs the walk's command at a desk.
    pub(crate) fn run(&self, desk: &mut Desk, faults: &[Value]) -> Ran {
        desk.run(&self.walk, self.backup.as_deref(), Task::Walk, faults)
    }

    /// The same with more in the environment.
    pub(crate) fn run_with(&self, desk: &mut Desk, environment: &[(&str, String)]) -> Ran {
        let backup = self.backup.as_deref();
        desk.run_with(&self.walk, backup, Task::Walk, &[], environment)
    }

    /// Whether the undisturbed run does what it is asked.
    pub(crate) fn finishes(&self) -> bool {
        self.clean.code == Some(0)
    }
}
