//! The places where makers are known to put their drivers, by platform. A name is a hint, never a
//! proof: only a file's header says that it is a driver.

use std::path::{Path, PathBuf};

/// A folder, and the names to look for in it. A name may have one `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFolder {
    /// The folder.
    pub folder: PathBuf,
    /// The names, the government CA's two device families first.
    pub names: Vec<&'static str>,
}

/// What is looked through, with what only the surroundings can tell.
#[derive(Clone, Copy, Debug)]
pub enum Platform<'a> {
    /// The library folders of the distributions, with this processor's multiarch folder.
    Linux {
        /// As [`std::env::consts::ARCH`] has it.
        architecture: &'a str,
    },
    /// The makers' own places.
    MacOs,
    /// Windows' own folder and the program folders.
    Windows {
        /// Windows' own folder, usually `C:\Windows`.
        system_root: Option<&'a Path>,
        /// `Program Files`, and the one for 32-bit programs.
        program_folders: &'a [PathBuf],
    },
}

/// bit4id and SafeNet, which the government CA hands out.
const WINDOWS_GOVERNMENT: &[&str] = &[
    "bit4xpki.dll",
    "eTPKCS11.dll",
    "IDPrimePKCS1164.dll",
    "IDPrimePKCS11.dll",
    "eps2003csp11v2.dll",
    "eps2003csp11.dll",
];

/// The other Vietnamese CAs, and makers whose drivers they rename: a union of public lists.
const WINDOWS_OTHERS: &[&str] = &[
    // Viettel-CA
    "viettel-ca.dll",
    "viettel-ca_v1.dll",
    "viettel-ca_v2.dll",
    "viettel-ca_v3.dll",
    "viettel-ca_v4.dll",
    "viettel-ca_v5.dll",
    "viettel-ca_v6.dll",
    // VNPT-CA
    "vnpt-ca_csp11.dll",
    "vnpt-ca_v34.dll",
    "vnpt-ca_v4.dll",
    "vnpt-ca_cl_v1.dll",
    "vnptca_p11_v6.dll",
    "vnptca_p11_v7.dll",
    "vnptca_p11_v8.dll",
    "vnptca_p11_v9.dll",
    "vnptca_p11_v10.dll",
    "vnptcamobile.dll",
    // FPT-CA
    "fpt-ca.dll",
    "fpt-ca_v4.dll",
    "fpt-ca_v5.dll",
    "fptca_v3.dll",
    "fptca_v4.dll",
    "fptca_v5.dll",
    "fptca_v6.dll",
    "fpt-ca-stx.dll",
    "SignatureP11.dll",
    // CA2, NCCA
    "CA2_csp11.dll",
    "CA2_v34.dll",
    "ca2_ace_csp11.dll",
    "CA2CSP11_v2.dll",
    "ncca_csp11_v1.dll",
    "ShuttleCsp11_3003.dll",
    // Newtel, NC-CA
    "nca_v4.dll",
    "nca_v5.dll",
    "nca_v6.dll",
    "nca_v7.dll",
    "nca_v8.dll",
    "nca_v9.dll",
    "nca_eps2k2a.dll",
    "nca_eps2k3a.dll",
    "newca_v4.dll",
    "NEWTEL-CA.dll",
    // FastCA, Safe-CA, EFY-CA, SmartSign, MISA-CA, I-CA, CK-CA, VDC
    "fca_v1.dll",
    "Safe-ca_v1.dll",
    "Safe-ca_v2.dll",
    "efy-ca_v1.dll",
    "Vina-CA*.dll",
    "misaca_csp11_v2.dll",
    "ica_csp11_v1.dll",
    "CKCA.dll",
    "vdctdcsp11.dll",
    // the makers behind them
    "gclib.dll",
    "ngp11v211.dll",
    "psapkcs.dll",
    "ostc1_csp11.dll",
    "ostt1_csp11.dll",
    "ostt2_csp11.dll",
    "ostt3_csp11.dll",
    "wdsafe3.dll",
    "WDPKCS.dll",
    "acospkcs11.dll",
    "aetpkss1.dll",
    "asepkcs.dll",
    "cvP11.dll",
];

/// BkavCA, in the system's folders and in its own.
const WINDOWS_BKAV: &[&str] = &[
    "BkavCA.dll",
    "BkavCAv2S.dll",
    "BkavCAv25.dll",
    "BkavCAv2T.dll",
    "bkavcaetoken_p11.dll",
    "st3csp11.dll",
];

const LINUX: &[&str] = &[
    "libbit4xpki.so",
    "libeTPkcs11.so",
    "libeToken.so",
    "libIDPrimePKCS11.so",
    "opensc-pkcs11.so",
];

/// Every place of the platform. Nothing is looked at.
#[must_use]
pub fn known_folders(platform: Platform<'_>) -> Vec<KnownFolder> {
    match platform {
        Platform::Linux { architecture } => linux(architecture),
        Platform::MacOs => mac_os(),
        Platform::Windows {
            system_root,
            program_folders,
        } => windows(system_root, program_folders),
    }
}

/// Debian's name of the folder for this processor's libraries.
#[must_use]
pub fn multiarch_triplet(architecture: &str) -> String {
    match architecture {
        "x86" => "i386-linux-gnu".to_owned(),
        "arm" => "arm-linux-gnueabihf".to_owned(),
        "powerpc64" => "powerpc64le-linux-gnu".to_owned(),
        other => format!("{other}-linux-gnu"),
    }
}

fn linux(architecture: &str) -> Vec<KnownFolder> {
    let multiarch = Path::new("/usr/lib").join(multiarch_triplet(architecture));
    let folders = [
        "/usr/lib64",
        "/usr/lib",
        "/usr/local/lib64",
        "/usr/local/lib",
    ];
    let folders = std::iter::once(multiarch).chain(folders.map(PathBuf::from));
    let mut known = vec![folder("/usr/lib/bit4id", &["libbit4xpki.so"])];
    for library in folders {
        known.push(folder(&library, LINUX));
        known.push(folder(library.join("pkcs11"), LINUX));
    }
    known
}

fn mac_os() -> Vec<KnownFolder> {
    vec![
        folder("/Library/bit4id/pkcs11", &["libbit4xpki.dylib"]),
        folder(
            "/usr/local/lib",
            &[
                "libeTPkcs11.dylib",
                "libIDPrimePKCS11.dylib",
                "viettel-ca_v6.dylib",
                "opensc-pkcs11.so",
            ],
        ),
        folder("/Library/OpenSC/lib", &["opensc-pkcs11.so"]),
        folder("/opt/homebrew/lib", &["opensc-pkcs11.so"]),
    ]
}

fn windows(system_root: Option<&Path>, program_folders: &[PathBuf]) -> Vec<KnownFolder> {
    let names = [WINDOWS_GOVERNMENT, WINDOWS_OTHERS, WINDOWS_BKAV].concat();
    // a 32-bit program gets SysWOW64 under both names; in a 64-bit one the files of SysWOW64 are
    // for another machine, which is worth telling where nothing else was found
    let system = system_root
        .into_iter()
        .flat_map(|root| ["System32", "SysWOW64"].map(|name| folder(root.join(name), &names)));
    let programs = program_folders.iter().flat_map(|programs| {
        [
            folder(programs.join("BIT4ID"), &["bit4xpki.dll"]),
            folder(
                programs.join("SafeNet/Authentication/SAC/x64"),
                &["eTPKCS11.dll", "IDPrimePKCS1164.dll"],
            ),
            folder(
                programs.join("SafeNet/Authentication/SAC/x32"),
                &["eTPKCS11.dll", "IDPrimePKCS11.dll"],
            ),
            folder(
                programs.join("Bkav Corporation/BkavCA Token Manager"),
                WINDOWS_BKAV,
            ),
            folder(
                programs.join("OpenSC Project/OpenSC/pkcs11"),
                &["opensc-pkcs11.dll"],
            ),
        ]
    });
    system.chain(programs).collect()
}

fn folder(folder: impl Into<PathBuf>, names: &[&'static str]) -> KnownFolder {
    KnownFolder {
        folder: folder.into(),
        names: names.to_vec(),
    }
}

impl KnownFolder {
    /// The files of these names that are there, in the order of the names.
    #[must_use]
    pub fn present(&self) -> Vec<PathBuf> {
        self.names
            .iter()
            .flat_map(|name| match name.split_once('*') {
                None => vec![self.folder.join(name)],
                Some((beginning, end)) => self.beginning_and_ending(beginning, end),
            })
            .filter(|path| path.is_file())
            .collect()
    }

    /// Windows' file names do not care about case, so neither does this.
    fn beginning_and_ending(&self, beginning: &str, end: &str) -> Vec<PathBuf> {
        let (beginning, end) = (beginning.to_lowercase(), end.to_lowercase());
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                let name = path.file_name().unwrap_or_default();
                let name = name.to_string_lossy().to_lowercase();
                name.starts_with(&beginning) && name.ends_with(&end)
            })
            .collect();
        found.sort();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_windows_the_governments_two_makers_come_first_and_every_folder_is_absolute_in_its_root() {
        let programs = [PathBuf::from("P"), PathBuf::from("Q")];
        let known = known_folders(Platform::Windows {
            system_root: Some(Path::new("W")),
            program_folders: &programs,
        });
        assert_eq!(known[0].folder, Path::new("W").join("System32"));
        assert_eq!(known[0].names[..2], ["bit4xpki.dll", "eTPKCS11.dll"]);
        assert_eq!(known[1].folder, Path::new("W").join("SysWOW64"));
        let bit4id = Path::new("Q").join("BIT4ID");
        assert!(known.iter().any(|folder| folder.folder == bit4id));
    }

    #[test]
    fn no_name_is_listed_twice_in_a_folder() {
        let linux = Platform::Linux {
            architecture: "aarch64",
        };
        let windows = Platform::Windows {
            system_root: Some(Path::new("W")),
            program_folders: &[],
        };
        for platform in [linux, Platform::MacOs, windows] {
            for known in known_folders(platform) {
                let mut names: Vec<String> =
                    known.names.iter().map(|name| name.to_lowercase()).collect();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), known.names.len(), "{}", known.folder.display());
            }
        }
    }

    #[test]
    fn on_linux_the_multiarch_folder_is_this_processors() {
        let known = known_folders(Platform::Linux {
            architecture: "arm",
        });
        let folder = Path::new("/usr/lib/arm-linux-gnueabihf");
        assert!(known.iter().any(|known| known.folder == folder));
    }

    #[test]
    fn a_star_stands_for_anything_and_case_does_not_matter() {
        let home = tempfile::tempdir().unwrap();
        for name in ["vina-ca_2.DLL", "Vina-CA.dll", "other.dll"] {
            tempfile::NamedTempFile::new_in(home.path())
                .unwrap()
                .persist(home.path().join(name))
                .unwrap();
        }
        let known = KnownFolder {
            folder: home.path().to_owned(),
            names: vec!["missing.dll", "Vina-CA*.dll"],
        };
        let mut expected = ["Vina-CA.dll", "vina-ca_2.DLL"].map(|name| home.path().join(name));
        expected.sort();
        assert_eq!(known.present(), expected);
    }
}
