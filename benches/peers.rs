//! Calls and wall-clock time of the two jobs, listing and installing, beside the programs that people
//! use for them: `pkcs11-tool` and `p11tool`, in the same run, on SoftHSM2.
//!
//! Calls are counted in a run of their own under OpenSC's spy; times are medians of runs without it.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the tables are the result, and a job that fails ends the benchmark"
)]

use std::path::Path;
use std::time::Duration;

use chungthu_issuer::TestKey;
use chungthu_test_support::{
    CHANGING_CALLS, Calls, Command, Driver, Office, Outcome, PIN, Paper, PublicKeyObject,
    filler_certificate, issue,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_chungthu");
const KEY: TestKey = TestKey::Rsa2048A;
const ID: &str = "a1b2c3";
const LABEL: &str = "Chung thu so";

/// A token with a key, its old certificate and so many others.
fn office(fillers: usize) -> Office {
    let office = Office::new(PROGRAM, Driver::SoftHsm2).unwrap();
    {
        let token = office.token("Van phong");
        token.add_key(KEY, ID, LABEL, PublicKeyObject::Present);
        token.add_certificate(&issue(KEY, Paper::Old), ID, LABEL);
        token.add_fillers(&filler_certificate(TestKey::Rsa2048B), fillers);
    }
    office
}

/// One way to do a job: the commands that are run one after the other.
struct Way {
    name: &'static str,
    commands: for<'office> fn(&'office Office, &Path) -> Vec<Command<'office>>,
}

const LIST: [Way; 3] = [
    Way {
        name: "chungthu list",
        commands: |office, _| vec![office.chungthu(["list"])],
    },
    Way {
        name: "pkcs11-tool -O",
        commands: |office, _| vec![pkcs11_tool(office, &["-O"])],
    },
    Way {
        name: "p11tool --list-all",
        commands: |office, _| vec![p11tool(office, &["--list-all"])],
    },
];

const INSTALL: [Way; 4] = [
    Way {
        name: "chungthu install (verified)",
        commands: |office, file| {
            let install = office.chungthu(["install", "--yes"]).argument(file);
            vec![install.pin(PIN)]
        },
    },
    Way {
        name: "pkcs11-tool: list, write, read, sign, delete",
        commands: |office, file| {
            let login = ["-l", "--pin", PIN];
            let certificate = ["--type", "cert", "--id", ID];
            let read = office.place("read.der");
            let challenge = office.paper("challenge.bin", [7; 32]);
            let signature = office.place("signature.bin");
            vec![
                pkcs11_tool(office, &["-O"]).arguments(login),
                write(office, file),
                pkcs11_tool(office, &["-r"])
                    .arguments(certificate)
                    .argument("-o")
                    .argument(read),
                pkcs11_tool(office, &["-s", "-m", "SHA256-RSA-PKCS", "--id", ID])
                    .arguments(login)
                    .argument("-i")
                    .argument(challenge)
                    .argument("-o")
                    .argument(signature),
                pkcs11_tool(office, &["-b"])
                    .arguments(certificate)
                    .arguments(login),
            ]
        },
    },
    Way {
        name: "pkcs11-tool -w (only writes)",
        commands: |office, file| vec![write(office, file)],
    },
    Way {
        name: "p11tool --write (only writes)",
        commands: |office, file| {
            let write = [
                "--write",
                "--login",
                "--id",
                ID,
                "--label",
                LABEL,
                "--no-mark-private",
            ];
            vec![
                p11tool(office, &write)
                    .argument("--load-certificate")
                    .argument(office.paper("new.pem", pem_text(file))),
            ]
        },
    },
];

fn write<'office>(office: &'office Office, file: &Path) -> Command<'office> {
    pkcs11_tool(
        office,
        &[
            "-l", "--pin", PIN, "--type", "cert", "--id", ID, "--label", LABEL,
        ],
    )
    .argument("-w")
    .argument(file)
}

fn pkcs11_tool<'office>(office: &'office Office, arguments: &[&str]) -> Command<'office> {
    office
        .program("pkcs11-tool")
        .argument("--module")
        .argument(office.library())
        .arguments(arguments)
}

fn p11tool<'office>(office: &'office Office, arguments: &[&str]) -> Command<'office> {
    office
        .program("p11tool")
        .argument("--provider")
        .argument(office.library())
        .arguments(["--batch"])
        .arguments(arguments)
        .argument("pkcs11:token=Van%20phong")
        .variable("GNUTLS_PIN", PIN)
}

fn pem_text(file: &Path) -> String {
    pem::encode(&pem::Pem::new("CERTIFICATE", std::fs::read(file).unwrap()))
}

/// What a way costs.
struct Cost {
    calls: Calls,
    median: Duration,
}

/// Does the job once under the spy, then a number of times against the clock; each time in an office of
/// its own, because a job may change the token.
fn measure(way: &Way, fillers: usize, repetitions: usize) -> Cost {
    let calls = run(way, &office(fillers), Command::spied)
        .iter()
        .filter_map(|outcome| outcome.calls.as_ref())
        .fold(Calls::default(), Calls::and);
    let mut times: Vec<Duration> = (0..repetitions)
        .map(|_| {
            let outcomes = run(way, &office(fillers), |command| command);
            outcomes.iter().map(|outcome| outcome.duration).sum()
        })
        .collect();
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    Cost { calls, median }
}

fn run<'office>(
    way: &Way,
    office: &'office Office,
    prepare: impl Fn(Command<'office>) -> Command<'office>,
) -> Vec<Outcome> {
    let file = office.paper("new.cer", issue(KEY, Paper::Renewed));
    let commands = (way.commands)(office, &file);
    commands
        .into_iter()
        .map(|command| prepare(command).run().expect(0))
        .collect()
}

fn print_heading(job: &str) {
    println!("\n{job}");
    println!(
        "{:<46} {:>7} {:>7} {:>6} {:>9} {:>9} {:>9} {:>8}",
        "", "objects", "calls", "finds", "reads", "changing", "median", "ratio"
    );
}

/// Prints one line; the ratio is to our own time at this size.
fn print_line(name: &str, objects: usize, cost: &Cost, ours: Duration) {
    let finds = cost.calls.count("C_FindObjects");
    let reads = cost.calls.count("C_GetAttributeValue");
    let changing: usize = CHANGING_CALLS
        .iter()
        .map(|function| cost.calls.count(function))
        .sum();
    println!(
        "{name:<46} {objects:>7} {:>7} {finds:>6} {reads:>9} {changing:>9} {:>6.1} ms {:>7.2}x",
        cost.calls.total(),
        milliseconds(cost.median),
        cost.median.as_secs_f64() / ours.as_secs_f64(),
    );
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The old certificate and the public key object; the private key shows after a login only.
const VISIBLE: usize = 2;

fn main() {
    println!(
        "Median wall-clock time; ratio to chungthu at the same size; a login counts as changing."
    );
    print_heading("List what is visible without a login");
    for (fillers, repetitions) in [(0, 15), (18, 15), (198, 5), (998, 3)] {
        let mut ours = Duration::ZERO;
        for way in &LIST {
            // p11tool opens a session and searches again for each object: 20 seconds for a thousand.
            if fillers > 200 && way.name.starts_with("p11tool") {
                continue;
            }
            let cost = measure(way, fillers, repetitions);
            if ours.is_zero() {
                ours = cost.median;
            }
            print_line(way.name, VISIBLE + fillers, &cost, ours);
        }
    }
    print_heading("Put the renewed certificate in the place of the old one");
    for (fillers, repetitions) in [(0, 15), (998, 3)] {
        let mut ours = Duration::ZERO;
        for way in &INSTALL {
            let cost = measure(way, fillers, repetitions);
            if ours.is_zero() {
                ours = cost.median;
            }
            print_line(way.name, VISIBLE + fillers, &cost, ours);
        }
    }
    print_program();
}

/// The program itself: how long it takes to say its version, and how large it is.
fn print_program() {
    let office = Office::new(PROGRAM, Driver::SoftHsm2).unwrap();
    let mut times: Vec<Duration> = (0..25)
        .map(|_| {
            office
                .chungthu_without_module(["--version"])
                .run()
                .expect(0)
                .duration
        })
        .collect();
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let size = std::fs::metadata(PROGRAM).unwrap().len();
    println!(
        "\n--version {:.1} ms (limit 20 ms); executable {:.2} MB (limit 8 MB)",
        milliseconds(median),
        f64::from(u32::try_from(size).unwrap()) / 1e6,
    );
}
