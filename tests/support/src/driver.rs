//! The drivers that the tests know, and what each wants from its surroundings.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::surroundings::{self, write};

/// A PKCS#11 driver with a token store of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// Our software token.
    SoftToken,
    /// SoftHSM2: lenient, never locks a PIN.
    SoftHsm2,
    /// kryoptic: strict, ten PIN tries.
    Kryoptic,
}

impl Driver {
    /// The driver's library, if it is on this machine.
    #[must_use]
    pub fn library(self) -> Option<PathBuf> {
        match self {
            Self::SoftToken => surroundings::soft_token_library(),
            Self::SoftHsm2 => surroundings::softhsm2_library(),
            Self::Kryoptic => surroundings::kryoptic_library(),
        }
    }

    /// Makes room in `store` for this many tokens, and says through which environment variable the
    /// driver finds the store.
    pub(crate) fn prepare(self, store: &Path, tokens: usize) -> (&'static str, OsString) {
        match self {
            Self::SoftToken => {
                for number in 1..=tokens {
                    let file = store.join(format!("{number}.token"));
                    if !file.exists() {
                        write(&file, "");
                    }
                }
                (
                    chungthu_soft_token::provision::DIRECTORY_VARIABLE,
                    store.into(),
                )
            }
            Self::SoftHsm2 => {
                let configuration = store.join("softhsm2.conf");
                write(
                    &configuration,
                    format!(
                        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
                        store.display()
                    ),
                );
                ("SOFTHSM2_CONF", configuration.into())
            }
            Self::Kryoptic => {
                let configuration = store.join("kryoptic.conf");
                let mut text = "[ec_point_encoding]\nencoding = \"Der\"\n".to_owned();
                for number in 1..=tokens {
                    write!(
                        text,
                        "[[slots]]\nslot = {}\ndbtype = \"sqlite\"\ndbargs = \"{}\"\n",
                        40 + number,
                        store.join(format!("{number}.sql")).display()
                    )
                    .unwrap();
                }
                write(&configuration, text);
                ("KRYOPTIC_CONF", configuration.into())
            }
        }
    }
}
