//! Which drivers are tried: those of the configuration, broken ones among others, init strings.

use std::path::Path;

use chungthu_issuer::TestKey;
use chungthu_test_support::{Driver, Office, Outcome, PIN, Paper, issue, nss_library, write};
use serde_json::Value;

use crate::in_an_office;
use crate::scene::{
    KEY_ID, OldCertificate, assert_failure, assert_installed, assert_untouched, paper, token_with,
};

const KEY: TestKey = TestKey::Rsa2048A;

on_each_driver! {
    a_driver_of_the_configuration_is_used => uses_the_configuration;
    a_driver_that_is_broken_hides_no_other => hides_no_driver;
}

/// Writes the configuration of the office.
fn configure(office: &Office, text: &str) {
    write(&office.home().join("config.toml"), text);
}

/// As TOML and p11-kit's files take it.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

pub(crate) fn tokens(office: &Office) -> Value {
    let outcome = office.chungthu_without_module(["tokens", "--json"]).run();
    outcome.expect(0).json()
}

fn uses_the_configuration(office: &Office) {
    let token = token_with(office, KEY, OldCertificate::Present);
    configure(
        office,
        &format!("modules = [{{ path = '{}' }}]\n", shown(office.library())),
    );
    let json = tokens(office);
    let [module] = json["modules"].as_array().unwrap().as_slice() else {
        panic!("{json:#}");
    };
    assert_eq!(module["route"], "configuration", "{json:#}");
    assert_eq!(module["init_string"], false, "{json:#}");
    let serials = module["tokens"].as_array().unwrap().iter();
    assert!(
        serials
            .map(|one| &one["serial"])
            .any(|serial| serial == token.serial()),
        "{json:#}"
    );
}

fn hides_no_driver(office: &Office) {
    let _token = token_with(office, KEY, OldCertificate::Present);
    let broken = office.paper("hong.so", "day khong phai trinh dieu khien");
    let missing = office.place("khong-co.so");
    let modules = [&broken, &missing, office.library()].map(|path| format!("'{}'", shown(path)));
    configure(office, &format!("modules = [{}]\n", modules.join(", ")));

    let json = tokens(office);
    let states: Vec<&Value> = (0..3)
        .map(|index| &json["modules"][index]["state"])
        .collect();
    assert_eq!(states, ["failed", "failed", "working"], "{json:#}");
    let code = |index: usize| &json["modules"][index]["problem"]["code"];
    assert_eq!(code(0), "MODULE_NOT_PKCS11", "{json:#}");
    assert_eq!(code(1), "MODULE_NOT_FOUND", "{json:#}");

    let listed = office.chungthu_without_module(["list", "--json"]).run();
    assert_eq!(listed.expect(0).json()["certificates"][0]["id"], KEY_ID);
}

#[test]
fn verbose_tells_the_places_and_the_answer_of_each_driver() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let text = |arguments: &[&str]| -> Outcome {
            let tokens = office.chungthu(["tokens", "--lang", "en"]);
            tokens.arguments(arguments).run().expect(0)
        };
        let (plain, verbose) = (text(&[]), text(&["-v"]));
        assert!(plain.stderr.is_empty(), "{plain:#?}");
        let library = office.library().display().to_string();
        assert!(verbose.stderr.contains(&library), "{verbose:#?}");
        for more in ["Start:", "URI:", token.serial()] {
            assert!(verbose.stdout.contains(more), "{more}: {verbose:#?}");
        }
        assert!(!plain.stdout.contains("pkcs11:"), "{plain:#?}");
    });
}

#[test]
fn a_wrong_configuration_is_named_with_its_line_and_nothing_is_done() {
    in_an_office(Driver::SoftToken, |office| {
        configure(office, "lang = \"en\"\nmodul = []\n");
        let outcome = office.chungthu(["list", "--json"]).run();
        let json = assert_failure(outcome, 2, "USAGE").json();
        let message = json["message"].as_str().unwrap();
        assert!(
            message.contains("config.toml") && message.contains('2'),
            "{message}"
        );
        assert!(
            json["detail"].as_str().unwrap().contains("modul"),
            "{json:#}"
        );
    });
}

#[test]
fn an_install_goes_through_a_driver_that_wants_an_init_string() {
    in_an_office(Driver::SoftToken, |office| {
        let token = token_with(office, KEY, OldCertificate::Present);
        let before = token.dump();
        let file = paper(office, KEY, Paper::Renewed);
        let install = || {
            let install = office.chungthu_without_module(["install"]).argument(&file);
            let install = install.arguments(["--yes", "--json"]).pin(PIN);
            install.profile("needs-init-string").run()
        };
        let library = shown(office.library());
        configure(office, &format!("modules = ['{library}']\n"));
        let json = assert_failure(install(), 4, "MODULE_FAILED").json();
        assert_eq!(
            json["pkcs11"]["return_value"], "CKR_ARGUMENTS_BAD (0x7)",
            "{json:#}"
        );
        assert_untouched(&before, &token);

        let table = format!("[[modules]]\npath = '{library}'\ninit = 'x=1'\n");
        configure(office, &table);
        let report = install().expect(0).json();
        assert_eq!(report["outcome"], "installed", "{report:#}");
        // the second process was told as well
        assert_eq!(report["read_back"], "second-process", "{report:#}");
        let (old, new) = (issue(KEY, Paper::Old), issue(KEY, Paper::Renewed));
        assert_installed(&before, &token.dump(), &new, &old);
    });
}

/// NSS makes the token's files where its init string says, and names the token as it says.
#[test]
fn an_init_string_reaches_its_driver_and_is_not_shown() {
    let Some(library) = nss_library() else {
        return;
    };
    in_an_office(Driver::SoftToken, |office| {
        let store = office.place("nss");
        std::fs::create_dir(&store).unwrap();
        configure(
            office,
            &format!(
                "[[modules]]\npath = '{}'\n\
                 init = \"configdir='sql:{}' dbTokenDescription='Van phong NSS' flags=\"\n",
                shown(&library),
                shown(&store)
            ),
        );
        for command in [&["tokens", "--json"][..], &["tokens", "-v"]] {
            let outcome = office.chungthu_without_module(command).run().expect(0);
            assert!(outcome.stdout.contains("Van phong NSS"), "{outcome:#?}");
            assert!(!outcome.stdout.contains("configdir"), "{outcome:#?}");
            assert!(!outcome.stderr.contains("configdir"), "{outcome:#?}");
        }
        let json = tokens(office);
        let module = &json["modules"][0];
        assert_eq!(module["init_string"], true, "{json:#}");
        let kinds: Vec<&Value> = (0..2).map(|slot| &module["tokens"][slot]["kind"]).collect();
        // the slot that only computes is no token
        assert_eq!(kinds, ["certificate-store", "token"], "{json:#}");

        // the same file named on the command line is the same driver
        let named = office.chungthu_without_module(["tokens", "--json", "--module"]);
        let named = named.argument(&library).run().expect(0).json();
        assert_eq!(named["modules"][0]["route"], "command-line", "{named:#}");
        assert_eq!(named["modules"][0]["tokens"], module["tokens"], "{named:#}");

        // and without the init string NSS does not start, which is told
        configure(office, "");
        let without = office.chungthu_without_module(["tokens", "--json", "--module"]);
        let without = without.argument(&library).run().expect(0).json();
        assert_ne!(without["modules"][0]["tokens"], module["tokens"]);
    });
}
