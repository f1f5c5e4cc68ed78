//! The token in the hands of programs not ours: pkcs11-tool, p11tool and openssl.
//!
//! Where they are not installed these tests say so and do nothing; on CI (`CI=true`) they fail.
#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test writes its own files, reads CI, and must be loud about what it did not do"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use chungthu_soft_token::provision::{DIRECTORY_VARIABLE, KeyDescription, KeyKind, TokenFile};

mod support;

const SO_PIN: &str = "87654321";
const PIN: &str = "123456";
const TOKEN: &str = "pkcs11:model=soft%20token";
const CERTIFICATE: &[u8] = include_bytes!("keys/old.cer");
const KEY: &[u8] = include_bytes!("keys/rsa-2048.p8");

#[test]
fn pkcs11_tool_makes_a_token_out_of_an_empty_file() {
    let Some(office) = Office::with(&["pkcs11-tool"]) else {
        return;
    };
    TokenFile::create_uninitialised(&office.folder(), "one").unwrap();
    let slots = office.pkcs11_tool("--list-slots");
    assert!(slots.contains("uninitialized"), "{slots}");
    office.pkcs11_tool("--init-token --slot 1 --label Office --so-pin 87654321");
    office.pkcs11_tool("--init-pin --login --so-pin 87654321 --new-pin 123456");
    let slots = office.pkcs11_tool("--list-slots");
    assert!(slots.contains("token label        : Office"), "{slots}");
    assert!(
        slots.contains("token initialized, PIN initialized"),
        "{slots}"
    );
    office.user("--change-pin --new-pin 4444");
    office.pkcs11_tool("--login --pin 4444 --list-objects");
}

#[test]
fn pkcs11_tool_makes_keys_whose_signatures_openssl_accepts() {
    let Some(office) = Office::with(&["pkcs11-tool", "openssl"]) else {
        return;
    };
    office.token();
    office.write("data", b"data");
    let cases = [
        ("01", "rsa:2048", "SHA256-RSA-PKCS"),
        ("02", "EC:prime256v1", "ECDSA-SHA256"),
    ];
    for (id, key_type, mechanism) in cases {
        office.user(&format!(
            "--keypairgen --key-type {key_type} --id {id} --label key{id}"
        ));
        let sign = format!("--sign -m {mechanism} --signature-format openssl --id {id}");
        office.user(&format!("{sign} -i data -o signature"));
        office.pkcs11_tool(&format!("--read-object --type pubkey --id {id} -o public"));
        office.openssl("dgst -sha256 -verify public -keyform DER -signature signature data");
    }
    let public = office.pkcs11_tool("--list-objects");
    assert_eq!(count(&public, "Public Key Object"), 2, "{public}");
    assert_eq!(count(&public, "Private Key Object"), 0, "{public}");
    let all = office.user("--list-objects");
    assert_eq!(count(&all, "Private Key Object"), 2, "{all}");
    assert_eq!(
        count(&all, "always sensitive, never extractable, local"),
        2,
        "{all}"
    );
}

#[test]
fn pkcs11_tool_writes_reads_and_deletes_a_certificate() {
    let Some(office) = Office::with(&["pkcs11-tool"]) else {
        return;
    };
    office.token();
    office.write("in.cer", CERTIFICATE);
    office.user("--write-object in.cer --type cert --id 01 --label Office");
    office.pkcs11_tool("--read-object --type cert --id 01 -o out.cer");
    assert_eq!(office.read("out.cer"), CERTIFICATE);
    office.user("--delete-object --type cert --id 01");
    assert_eq!(office.pkcs11_tool("--list-objects"), "");
}

#[test]
fn pkcs11_tool_is_content_with_its_own_test_of_the_token() {
    let Some(office) = Office::with(&["pkcs11-tool"]) else {
        return;
    };
    let token = office.token();
    let key = KeyDescription::new(&[1], "Office");
    token.import_private_key(KEY, &key).unwrap();
    let said = office.user("--test");
    for line in ["RSA-PKCS: OK", "SHA256-RSA-PKCS: OK", "No errors"] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn pkcs11_tool_shows_the_tries_that_are_left() {
    let Some(office) = Office::with(&["pkcs11-tool"]) else {
        return;
    };
    office.token();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let wrong = office.run("pkcs11-tool", &office.module(), "--login --pin 0000 -O");
        assert!(!wrong.status.success());
        let slots = office.pkcs11_tool("--list-slots");
        let flags = ["count low", "final user PIN try", "locked"];
        seen.push(flags.map(|flag| slots.contains(flag)));
    }
    let expected = [
        [true, false, false],
        [true, true, false],
        [true, false, true],
    ];
    assert_eq!(seen, expected);
}

#[test]
fn p11tool_lists_writes_exports_and_signs() {
    let Some(office) = Office::with(&["p11tool"]) else {
        return;
    };
    let token = office.token();
    let key = |id, label| KeyDescription::new(&[id], label);
    token.import_private_key(KEY, &key(1, "rsa")).unwrap();
    for (id, kind) in [(2, KeyKind::P256), (3, KeyKind::P384)] {
        token.generate_key_pair(kind, &key(id, "ec")).unwrap();
    }
    let pem = pem::encode(&pem::Pem::new("CERTIFICATE", CERTIFICATE));
    office.write("in.pem", pem.as_bytes());

    let public = office.p11tool("--list-all", TOKEN);
    assert_eq!(count(&public, "Type: Public key"), 3, "{public}");
    assert_eq!(count(&public, "Type: Private key"), 0, "{public}");
    let all = office.p11tool_user("--list-all", TOKEN);
    assert_eq!(count(&all, "Type: Private key"), 3, "{all}");

    office.p11tool_user(
        "--write --load-certificate in.pem --label Office --id 01",
        TOKEN,
    );
    let exported = office.p11tool("--export", &format!("{TOKEN};id=%01;type=cert"));
    assert_eq!(pem::parse(exported).unwrap().contents(), CERTIFICATE);

    // It checks each signature with the public key, and fails if that does not fit.
    for id in 1..=3 {
        let url = format!("{TOKEN};id=%0{id};type=private");
        office.p11tool_user("--test-sign", &url);
    }
    office.p11tool_user("--batch --delete", &format!("{TOKEN};id=%01;type=cert"));
    let left = office.p11tool("--list-all", TOKEN);
    assert_eq!(count(&left, "X.509"), 0, "{left}");
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

/// A folder of tokens, and the programs to work on them.
struct Office(tempfile::TempDir);

impl Office {
    /// An office that has these programs; none without them, where that is allowed.
    fn with(programs: &[&str]) -> Option<Self> {
        for program in programs {
            if Command::new(program).arg("--version").output().is_ok() {
                continue;
            }
            assert!(
                env::var_os("CI").is_none_or(|value| value != "true"),
                "{program} is not installed, and CI must have it",
            );
            eprintln!("\n*** {program} IS NOT INSTALLED: NOTHING WAS TESTED HERE ***\n");
            return None;
        }
        Some(Self(tempfile::tempdir().unwrap()))
    }

    fn folder(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    fn token(&self) -> TokenFile {
        TokenFile::create(self.0.path(), "one", "Office", SO_PIN, PIN).unwrap()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.path().join(name)).unwrap()
    }

    fn module(&self) -> [String; 2] {
        ["--module".into(), path(&support::library())]
    }

    fn pkcs11_tool(&self, arguments: &str) -> String {
        said(&self.run("pkcs11-tool", &self.module(), arguments))
    }

    /// pkcs11-tool with the user's login.
    fn user(&self, arguments: &str) -> String {
        self.pkcs11_tool(&format!("--login --pin {PIN} {arguments}"))
    }

    fn p11tool(&self, arguments: &str, url: &str) -> String {
        let provider = format!("--provider={}", path(&support::library()));
        said(&self.run("p11tool", &[provider, url.to_owned()], arguments))
    }

    /// p11tool with the user's login.
    fn p11tool_user(&self, arguments: &str, url: &str) -> String {
        self.p11tool(&format!("--login --set-pin={PIN} {arguments}"), url)
    }

    fn openssl(&self, arguments: &str) -> String {
        said(&self.run("openssl", &[], arguments))
    }

    fn run(&self, program: &str, fixed: &[String], arguments: &str) -> Output {
        Command::new(program)
            .args(arguments.split_whitespace())
            .args(fixed)
            .current_dir(self.0.path())
            .env(DIRECTORY_VARIABLE, self.0.path())
            .output()
            .unwrap()
    }
}

fn path(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[track_caller]
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{complaint}");
    text
}
