//! Drivers by links and by p11-kit's files, which are not on Windows.

use chungthu_test_support::{Driver, Office, opensc_library, write};
use serde_json::Value;

use crate::discovery::{shown, tokens};
use crate::in_an_office;

fn paths(json: &Value) -> Vec<&str> {
    let modules = json["modules"].as_array().unwrap().iter();
    modules.map(|one| one["path"].as_str().unwrap()).collect()
}

#[test]
fn one_driver_by_two_names_is_one() {
    in_an_office(Driver::SoftToken, |office| {
        let link = office.place("lien-ket.so");
        std::os::unix::fs::symlink(office.library(), &link).unwrap();
        let outcome = office
            .chungthu(["tokens", "--json"])
            .argument("--module")
            .argument(&link)
            .run()
            .expect(0);
        let json = outcome.json();
        let library = shown(office.library());
        assert_eq!(paths(&json), [library.as_str()], "{json:#}");
        let passed_over = &json["passed_over"][0];
        assert_eq!(passed_over["reason"], "same-file", "{json:#}");
        assert_eq!(passed_over["path"], shown(&link), "{json:#}");
        assert_eq!(passed_over["same_as"], library, "{json:#}");
    });
}

/// Puts a file into the user's p11-kit folder, and keeps OpenSC away: it would look for readers.
fn declare(office: &Office, name: &str, text: &str) {
    let folder = office.place(".config/pkcs11/modules");
    std::fs::create_dir_all(&folder).unwrap();
    if let Some(library) = opensc_library() {
        let text = format!("module: {}\ndisable-in: chungthu\n", library.display());
        write(&folder.join("opensc-pkcs11.module"), text);
    }
    write(&folder.join(name), text);
}

#[test]
fn a_users_p11_kit_file_goes_before_the_systems_of_the_same_name() {
    in_an_office(Driver::SoftToken, |office| {
        let library = shown(office.library());
        declare(office, "softhsm2.module", &format!("module: {library}\n"));
        let json = tokens(office);
        let ours = json["modules"].as_array().unwrap().iter();
        let ours = ours
            .filter(|one| one["path"] == library)
            .collect::<Vec<_>>();
        let [module] = ours.as_slice() else {
            panic!("{json:#}");
        };
        assert_eq!(module["route"], "p11-kit", "{json:#}");
        let file = module["declared_in"].as_str().unwrap();
        assert!(file.ends_with(".config/pkcs11/modules/softhsm2.module"));
        let is_softhsm = |path: &&str| path.contains("libsofthsm2");
        assert!(!paths(&json).iter().any(is_softhsm), "{json:#}");
    });
}

#[test]
fn what_p11_kit_trusts_or_keeps_for_others_is_told_and_not_loaded() {
    in_an_office(Driver::SoftToken, |office| {
        let library = shown(office.library());
        let text = format!("module: {library}\ntrust-policy: yes\n");
        declare(office, "mot.module", &text);
        declare(
            office,
            "hai.module",
            "remote: |ssh may-chu p11-kit remote\n",
        );
        write(
            &office.place(".config/pkcs11/pkcs11.conf"),
            "user-config: only\n",
        );
        let json = tokens(office);
        assert!(!paths(&json).contains(&library.as_str()), "{json:#}");
        let passed_over = json["passed_over"].as_array().unwrap();
        let reason = |name: &str| {
            let declared = |one: &&Value| {
                one["declared_in"]
                    .as_str()
                    .is_some_and(|file| file.ends_with(name))
            };
            passed_over.iter().find(declared).map(|one| &one["reason"])
        };
        assert_eq!(reason("mot.module").unwrap(), "trust-policy", "{json:#}");
        assert_eq!(reason("hai.module").unwrap(), "remote", "{json:#}");
        // the system's files do not count
        assert_eq!(reason("share/p11-kit/modules/softhsm2.module"), None);
    });
}
