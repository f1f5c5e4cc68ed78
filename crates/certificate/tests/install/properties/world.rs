//! Arbitrary tokens, requests and interruptions, as plain values that can be printed and shrunk.

use chungthu_certificate::Certificate;
use chungthu_certificate::install::{Policy, Request, temporary_id};
use chungthu_certificate::records::{Backup, RecordKind};
use chungthu_issuer::TestKey;
use chungthu_token::error::{Cause, Operation, TokenError};
use chungthu_token::fake::{Effect, FakeToken, IdChanges, Writing};
use chungthu_token::object::{AttributeType, NewCertificate, Object, ObjectClass};
use proptest::prelude::*;
use proptest::sample::select;

use crate::office::{
    Halves, KEY_ID, LABEL, NOW, Office, PIN, as_object, certificate, put_key, put_key_with,
};

/// The key that the certificates are renewed for, and one that is not to be touched.
pub(crate) const KEY: TestKey = TestKey::P256;
const OTHER_KEY: TestKey = TestKey::P384;
const OTHER_ID: &[u8] = b"other";

/// A token and its driver's habits.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) halves: Halves,
    pub(crate) has_id: bool,
    pub(crate) key_use: KeyUse,
    pub(crate) has_other_key: bool,
    pub(crate) standing: Vec<Standing>,
    /// So many more certificates that the token is searched instead of read.
    pub(crate) is_crowded: bool,
    pub(crate) writing: Writing,
    pub(crate) id_changes: IdChanges,
    pub(crate) leaves_halves: bool,
    pub(crate) is_blind_to_values: bool,
    /// Room for so many more certificates; `None`: for any number.
    pub(crate) room: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyUse {
    Signs,
    WantsLoginPerSignature,
    MayNotSign,
}

/// A certificate object on the token.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) what: What,
    pub(crate) at: At,
    pub(crate) is_private: bool,
    pub(crate) is_labelled: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    /// The key's, that ends in this year.
    OfKey(i32, &'static str),
    OfOtherKey,
    NoCertificate,
    Empty,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    KeyId,
    KeyIdWithNul,
    TemporaryId,
    Elsewhere,
    NoId,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Install {
        year: i32,
        unit: &'static str,
        policy: Policy,
    },
    /// The state before an install, after the token got these in addition.
    Restore {
        meanwhile: Vec<Standing>,
        policy: Policy,
    },
}

/// Where a run is stopped.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// Killed in the nth operation.
    Killed(usize, Effect),
    /// The nth of these operations is refused.
    Refused(Operation, usize, Effect, Cause),
}

fn yes_or_no() -> impl Strategy<Value = bool> {
    any::<bool>()
}

fn unit() -> impl Strategy<Value = &'static str> {
    select(vec!["Văn phòng", "Phòng Một cửa"])
}

fn standing() -> impl Strategy<Value = Standing> {
    let what = prop_oneof![
        6 => (select(vec![2023, 2025, 2026, 2029, 2031]), unit())
            .prop_map(|(year, unit)| What::OfKey(year, unit)),
        1 => Just(What::OfOtherKey),
        1 => Just(What::NoCertificate),
        1 => Just(What::Empty),
    ];
    let at = prop_oneof![
        5 => Just(At::KeyId),
        1 => Just(At::KeyIdWithNul),
        2 => Just(At::TemporaryId),
        2 => Just(At::Elsewhere),
        1 => Just(At::NoId),
    ];
    let is_private = prop::bool::weighted(0.2);
    (what, at, is_private, yes_or_no()).prop_map(|(what, at, is_private, is_labelled)| Standing {
        what,
        at,
        is_private,
        is_labelled,
    })
}

pub(crate) fn world() -> impl Strategy<Value = World> {
    let key = (
        select(vec![Halves::Both, Halves::Both, Halves::PrivateOnly]),
        prop::bool::weighted(0.9),
        select(vec![
            KeyUse::Signs,
            KeyUse::Signs,
            KeyUse::Signs,
            KeyUse::WantsLoginPerSignature,
            KeyUse::MayNotSign,
        ]),
        yes_or_no(),
    );
    let writing = prop_oneof![
        6 => Just(Writing::Stores),
        3 => Just(Writing::OneForEachId),
        1 => Just(Writing::Replaces),
        1 => Just(Writing::OneSubjectForEachLabel),
        1 => Just(Writing::OnlyRemembers),
        1 => Just(Writing::Refuses),
        1 => Just(Writing::Damages),
    ];
    let id_changes = select(vec![
        IdChanges::Work,
        IdChanges::Work,
        IdChanges::AreIgnored,
        IdChanges::AreRefused,
    ]);
    let habits = (
        writing,
        id_changes,
        yes_or_no(),
        yes_or_no(),
        prop::option::weighted(0.2, 0..2_usize),
    );
    let standing = prop::collection::vec(standing(), 0..5);
    (key, standing, prop::bool::weighted(0.15), habits).prop_map(
        |(
            (halves, has_id, key_use, has_other_key),
            standing,
            is_crowded,
            (writing, id_changes, leaves_halves, is_blind_to_values, room),
        )| World {
            halves,
            has_id,
            key_use,
            has_other_key,
            standing,
            is_crowded,
            writing,
            id_changes,
            leaves_halves,
            is_blind_to_values,
            room,
        },
    )
}

pub(crate) fn task() -> impl Strategy<Value = Task> {
    let policy = (
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.3),
        any::<[bool; 3]>(),
    )
        .prop_map(|(keep_old, remove_old_first, allowed)| Policy {
            keep_old,
            remove_old_first,
            allow_final_try: false,
            allow_expired: allowed[0],
            allow_older: allowed[1],
            allow_not_yet_valid: allowed[2],
        });
    let install = (
        select(vec![2025, 2029, 2029, 2029, 2035]),
        unit(),
        policy.clone(),
    )
        .prop_map(|(year, unit, policy)| Task::Install { year, unit, policy });
    let restore = (prop::collection::vec(standing(), 0..3), policy)
        .prop_map(|(meanwhile, policy)| Task::Restore { meanwhile, policy });
    prop_oneof![3 => install, 2 => restore]
}

pub(crate) fn stop() -> impl Strategy<Value = Stop> {
    let effect = || select(vec![Effect::NotDone, Effect::Done]);
    let operation = select(vec![
        Operation::Open,
        Operation::Token,
        Operation::Find,
        Operation::Read,
        Operation::Sign,
        Operation::AddCertificate,
        Operation::SetCertificateId,
        Operation::RemoveCertificate,
    ]);
    let cause = select(vec![
        Cause::Refused,
        Cause::TemplateRefused,
        Cause::TokenFull,
        Cause::LoginNeeded,
        Cause::SessionGone,
        Cause::ObjectGone,
        Cause::WriteProtected,
        Cause::Unsupported,
    ]);
    prop_oneof![
        (1..70_usize, effect()).prop_map(|(nth, effect)| Stop::Killed(nth, effect)),
        (operation, 1..12_usize, effect(), cause).prop_map(|(operation, nth, effect, cause)| {
            Stop::Refused(operation, nth, effect, cause)
        }),
    ]
}

impl Standing {
    pub(crate) fn put(&self, token: &FakeToken, key_id: &[u8]) {
        let (mut new, temporary) = match self.what {
            What::OfKey(year, unit) => {
                let certificate = certificate(KEY, unit, year);
                (
                    as_object(&certificate, key_id),
                    temporary_id(certificate.der()),
                )
            }
            What::OfOtherKey => {
                let certificate = certificate(OTHER_KEY, "Văn phòng", 2026);
                let temporary = temporary_id(certificate.der());
                (as_object(&certificate, key_id), temporary)
            }
            What::NoCertificate => (no_certificate(b"no certificate"), vec![0xF0, 1]),
            What::Empty => (no_certificate(b""), vec![0xF0, 2]),
        };
        new.id = match self.at {
            At::KeyId => key_id.to_vec(),
            At::KeyIdWithNul => [key_id, &[0]].concat(),
            At::TemporaryId => temporary,
            At::Elsewhere => b"elsewhere".to_vec(),
            At::NoId => Vec::new(),
        };
        new.private = Some(self.is_private);
        if !self.is_labelled {
            new.label.clear();
        }
        token.put_certificate(&new);
    }
}

fn no_certificate(value: &[u8]) -> NewCertificate {
    NewCertificate {
        value: value.to_vec(),
        subject: Vec::new(),
        issuer: Vec::new(),
        serial_number: Vec::new(),
        id: Vec::new(),
        label: LABEL.to_vec(),
        private: Some(false),
    }
}

impl World {
    fn key_id(&self) -> &'static [u8] {
        if self.has_id { KEY_ID } else { b"" }
    }

    /// An office with such a token.
    pub(crate) fn office(&self) -> Office {
        let token = FakeToken::new("0123456789abcdef", "VGCA Token", PIN);
        let extra: &[(AttributeType, &[u8])] = match self.key_use {
            KeyUse::Signs => &[],
            KeyUse::WantsLoginPerSignature => &[(AttributeType::AlwaysAuthenticate, &[1])],
            KeyUse::MayNotSign => &[(AttributeType::Sign, &[0])],
        };
        put_key_with(&token, KEY, self.key_id(), self.halves, extra);
        if self.has_other_key {
            put_key(&token, OTHER_KEY, OTHER_ID, Halves::Both);
        }
        for standing in &self.standing {
            standing.put(&token, self.key_id());
        }
        if self.is_crowded {
            let other = certificate(OTHER_KEY, "Văn phòng", 2026);
            for number in 0..13 {
                let mut id = OTHER_ID.to_vec();
                id.push(number);
                token.put_certificate(&as_object(&other, &id));
            }
        }
        Office::with(&[token])
    }

    /// The token begins to behave as it does.
    fn begin(&self, office: &Office) {
        let token = &office.token;
        token.write_by(self.writing);
        token.change_ids_by(self.id_changes);
        if self.leaves_halves {
            token.leave_halves();
        }
        if self.is_blind_to_values {
            token.be_blind_to_values();
        }
        if let Some(room) = self.room {
            token.set_room(office.certificates().len() + room);
        }
    }

    /// An office where this is asked for, and the request; none where there is nothing to restore.
    pub(crate) fn asked(&self, task: &Task) -> Option<(Office, Request)> {
        let mut office = self.office();
        let request = match task {
            Task::Install { year, unit, policy } => {
                let mut request = Office::request(&certificate(KEY, unit, *year));
                request.policy = *policy;
                request
            }
            Task::Restore { meanwhile, policy } => {
                let mut first = Office::request(&certificate(KEY, "Văn phòng", 2029));
                first.policy.allow_older = true;
                office.run(&first, PIN, |_| {});
                let backup = last_backup(&office)?;
                for standing in meanwhile {
                    standing.put(&office.token, self.key_id());
                }
                let mut request = Request::restore(&backup, Vec::new(), NOW).unwrap();
                request.policy = *policy;
                request
            }
        };
        office.plans.clear();
        self.begin(&office);
        Some((office, request))
    }
}

fn last_backup(office: &Office) -> Option<Backup> {
    let files = office.records.files.iter();
    let backups =
        files.filter(|((kind, name), _)| *kind == RecordKind::Backup && !name.ends_with(".cer"));
    let (_, bytes) = backups.max_by_key(|((_, name), _)| name.clone())?;
    Some(Backup::from_json(std::str::from_utf8(bytes).unwrap()).unwrap())
}

impl Stop {
    pub(crate) fn plan_on(&self, token: &FakeToken) {
        match self {
            Self::Killed(nth, effect) => token.die_at(*nth, *effect),
            Self::Refused(operation, nth, effect, cause) => {
                let error = TokenError::new(*operation, cause.clone());
                token.fail(*operation, *nth, *effect, error);
            }
        }
    }
}

/// Whether it is a certificate of the key.
pub(crate) fn is_of_key(object: &Object) -> bool {
    object.class == ObjectClass::Certificate
        && Certificate::from_der(object.value()).is_ok_and(|found| {
            let own = certificate(KEY, "Văn phòng", 2029);
            found.public_key().is_same_key(own.public_key())
        })
}
