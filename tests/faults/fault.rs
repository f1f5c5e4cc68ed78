//! The faults of the matrix: what can go wrong in one call, written as a scenario of the soft token.

use serde_json::{Value, json};

/// What the program may know after a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// The driver goes on, and tells the truth from the next call on.
    Kept,
    /// The driver's process or its login is gone: what only a login shows cannot be seen again.
    LoginLost,
    /// The token or the driver does not come back in this run.
    Lost,
}

/// One fault.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Names the kind.
    pub(crate) name: String,
    /// As the scenario file has it.
    pub(crate) scenario: Vec<Value>,
    pub(crate) sight: Sight,
}

/// How many kinds of fault are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// One of each sort, for the tests of every day.
    Few,
    All,
}

/// The return values that a driver gives when something goes wrong, by the name in the standard; the
/// last is one that only its vendor knows.
const ANSWERS: [&str; 20] = [
    "CKR_DEVICE_ERROR",
    "CKR_DEVICE_REMOVED",
    "CKR_SESSION_HANDLE_INVALID",
    "CKR_GENERAL_ERROR",
    "CKR_DEVICE_MEMORY",
    "CKR_TOKEN_NOT_PRESENT",
    "CKR_USER_NOT_LOGGED_IN",
    "CKR_FUNCTION_FAILED",
    "CKR_TOKEN_WRITE_PROTECTED",
    "CKR_TEMPLATE_INCONSISTENT",
    "CKR_ATTRIBUTE_VALUE_INVALID",
    "CKR_OBJECT_HANDLE_INVALID",
    "CKR_KEY_HANDLE_INVALID",
    "CKR_MECHANISM_INVALID",
    "CKR_BUFFER_TOO_SMALL",
    "CKR_HOST_MEMORY",
    "CKR_OPERATION_ACTIVE",
    "CKR_CRYPTOKI_NOT_INITIALIZED",
    "CKR_FUNCTION_NOT_SUPPORTED",
    VENDOR,
];
const VENDOR: &str = "0x80000001";
const LOGIN_ANSWERS: [&str; 4] = [
    "CKR_PIN_INCORRECT",
    "CKR_PIN_LOCKED",
    "CKR_PIN_EXPIRED",
    "CKR_USER_ALREADY_LOGGED_IN",
];
/// Those that go on from one call to the end.
const LASTING: [&str; 4] = [
    "CKR_DEVICE_ERROR",
    "CKR_DEVICE_REMOVED",
    "CKR_SESSION_HANDLE_INVALID",
    "CKR_FUNCTION_FAILED",
];

/// The calls that change a token.
pub(crate) const CHANGING: [&str; 3] = ["C_CreateObject", "C_DestroyObject", "C_SetAttributeValue"];

/// The one kind that takes as long as the program waits for a driver.
pub(crate) const HANG: &str = "hang";

/// Calls of which something stays, so that it matters whether they were carried out before they failed.
const LEAVING: [&str; 13] = [
    "C_Initialize",
    "C_Finalize",
    "C_OpenSession",
    "C_CloseSession",
    "C_Login",
    "C_Logout",
    "C_FindObjectsInit",
    "C_FindObjects",
    "C_FindObjectsFinal",
    "C_SignInit",
    "C_Sign",
    "C_GetAttributeValue",
    "C_GetSlotList",
];

/// The faults of the call that is the `nth` of a run, counted from 1 over all its processes.
pub(crate) fn faults(function: &str, nth: usize, extent: Extent) -> Vec<Fault> {
    let mut all = answers(function, nth, extent);
    all.extend(nonsense(function, nth, extent));
    all.extend(events(nth, extent));
    all
}

fn one(name: String, nth: usize, what: &Value, sight: Sight) -> Fault {
    Fault {
        name,
        scenario: vec![json!({ "at": { "nth": nth }, "do": what })],
        sight,
    }
}

fn answer(code: &str, effect: &str) -> Value {
    let number = (code == VENDOR).then_some(0x8000_0001_u32);
    match number {
        Some(number) => json!({ "answer": number, "effect": effect }),
        None => json!({ "answer": code, "effect": effect }),
    }
}

fn answers(function: &str, nth: usize, extent: Extent) -> Vec<Fault> {
    let changes = CHANGING.contains(&function);
    let effects: &[&str] = match extent {
        Extent::Few if changes => &["none", "done", "half"],
        Extent::Few => &["none"],
        Extent::All if changes => &["none", "done", "half"],
        Extent::All if LEAVING.contains(&function) => &["none", "done"],
        Extent::All => &["none"],
    };
    let few = if changes { 3 } else { 1 };
    let mut codes: Vec<&str> = match extent {
        Extent::Few => ANSWERS.into_iter().take(few).collect(),
        Extent::All => ANSWERS.to_vec(),
    };
    if function == "C_Login" {
        codes.extend(LOGIN_ANSWERS);
    }
    let mut all = Vec::new();
    for code in codes {
        for effect in effects {
            let name = format!("{code}, {effect}");
            all.push(one(name, nth, &answer(code, effect), Sight::Kept));
        }
    }
    if extent == Extent::All {
        for code in LASTING {
            let scenario = json!({ "at": { "nth": nth, "times": 0 }, "do": answer(code, "none") });
            all.push(Fault {
                name: format!("{code} from then on"),
                scenario: vec![scenario],
                sight: Sight::Lost,
            });
        }
    }
    all
}

fn nonsense(function: &str, nth: usize, extent: Extent) -> Vec<Fault> {
    let lengths = [
        "length-zero",
        "length-unavailable",
        "length-2-31",
        "length-2-63",
    ];
    let kinds: Vec<&str> = match function {
        "C_GetAttributeValue" => [&lengths[..], &["changed-bytes"]].concat(),
        "C_Sign" => [&lengths[..], &["changed-bytes"]].concat(),
        "C_FindObjects" => vec!["larger-count", "zero-handle"],
        "C_GetSlotList" => vec!["larger-count"],
        "C_GetTokenInfo" => vec!["bad-text", "junk-clock", "changed-bytes"],
        "C_CreateObject" => vec!["not-stored", "zero-handle"],
        "C_DestroyObject" | "C_SetAttributeValue" => vec!["not-stored"],
        "C_OpenSession" => vec!["zero-handle"],
        _ => Vec::new(),
    };
    let changes = CHANGING.contains(&function);
    let kinds = kinds
        .into_iter()
        .filter(|_| extent == Extent::All || changes);
    kinds
        .map(|kind| {
            one(
                kind.to_owned(),
                nth,
                &json!({ "nonsense": kind }),
                Sight::Kept,
            )
        })
        .collect()
}

/// What happens to a process or a token in the middle of a call.
fn events(nth: usize, extent: Extent) -> Vec<Fault> {
    let kill = |who: &str| {
        one(
            format!("kill {who}"),
            nth,
            &json!({ "kill": who }),
            Sight::LoginLost,
        )
    };
    let mut all = vec![kill("host-after"), kill("program-after")];
    if extent == Extent::Few {
        return all;
    }
    all.extend([kill("host-before"), kill("program-before")]);
    all.push(one(
        "exit 0".into(),
        nth,
        &json!({ "exit": 0 }),
        Sight::LoginLost,
    ));
    all.push(one(
        "exit 3".into(),
        nth,
        &json!({ "exit": 3 }),
        Sight::LoginLost,
    ));
    all.push(one(
        "print".into(),
        nth,
        &json!({ "print": "\u{1}{}\n" }),
        Sight::Kept,
    ));
    all.push(one(
        "threads".into(),
        nth,
        &json!({ "threads": 3 }),
        Sight::Kept,
    ));
    all.push(one(
        "interrupt".into(),
        nth,
        &json!({ "interrupt": true }),
        Sight::Kept,
    ));
    all.push(one(
        HANG.into(),
        nth,
        &json!({ "hang": true }),
        Sight::LoginLost,
    ));
    all.push(one(
        "log-out".into(),
        nth,
        &json!({ "log-out": true }),
        Sight::LoginLost,
    ));
    all.push(one(
        "remove".into(),
        nth,
        &json!({ "remove": true }),
        Sight::Lost,
    ));
    for later in [1, 3, 10] {
        let mut fault = one(
            format!("remove for {later}"),
            nth,
            &json!({ "remove": true }),
            Sight::Lost,
        );
        let at = nth + later;
        let back = json!({ "at": { "nth": at }, "do": { "return": true } });
        fault.scenario.push(back);
        all.push(fault);
    }
    all
}
