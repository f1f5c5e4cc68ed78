//! Drivers: where this computer may keep one, for the token crate to look there.

use std::ffi::OsString;
use std::path::PathBuf;

use chungthu_token::host::{HostCommand, HostLauncher, TimeLimits};
use chungthu_token::module::Discovery;

use crate::arguments::PinSource;
use crate::settings::Settings;

/// The hidden command by which this program becomes a driver host.
pub(crate) const HOST_COMMAND: &str = "driver-host";

/// Where to look for drivers: what the user named, else p11-kit's files and the vendors' places.
pub(crate) fn places(named: &[PathBuf], settings: &Settings) -> Discovery {
    Discovery {
        named: named.to_vec(),
        environment: settings.modules.clone(),
        p11_kit_folders: p11_kit_folders(settings),
        p11_kit_libraries: p11_kit_libraries(),
        well_known: well_known(settings),
    }
}

/// Starts drivers in processes of this very program. `environment` is added to theirs; a variable
/// that holds the PIN is kept from them.
pub(crate) fn launcher(
    environment: Vec<(OsString, OsString)>,
    pin_source: Option<&PinSource>,
) -> std::io::Result<HostLauncher> {
    let withheld = match pin_source {
        Some(PinSource::Environment(name)) => vec![name.into()],
        Some(
            PinSource::Prompt | PinSource::StandardInput | PinSource::File(_) | PinSource::Token,
        )
        | None => Vec::new(),
    };
    Ok(HostLauncher {
        command: HostCommand {
            program: std::env::current_exe()?,
            arguments: vec![HOST_COMMAND.into()],
            environment,
            withheld,
        },
        limits: TimeLimits::default(),
    })
}

fn p11_kit_folders(settings: &Settings) -> Vec<PathBuf> {
    if cfg!(windows) {
        return Vec::new();
    }
    let own = settings
        .user_home
        .iter()
        .map(|home| home.join(".config/pkcs11/modules"));
    let system = [
        "/etc/pkcs11/modules",
        "/usr/share/p11-kit/modules",
        "/usr/local/share/p11-kit/modules",
    ];
    own.chain(system.map(PathBuf::from)).collect()
}

fn p11_kit_libraries() -> Vec<PathBuf> {
    let triplet = format!("/usr/lib/{}-linux-gnu/pkcs11", std::env::consts::ARCH);
    let others = [
        "/usr/lib64/pkcs11",
        "/usr/lib/pkcs11",
        "/usr/local/lib/pkcs11",
        "/opt/homebrew/lib/pkcs11",
    ];
    if cfg!(windows) {
        return Vec::new();
    }
    std::iter::once(triplet.into())
        .chain(others.map(PathBuf::from))
        .collect()
}

/// The two device families of the government CA first, then OpenSC.
fn well_known(settings: &Settings) -> Vec<PathBuf> {
    if cfg!(windows) {
        let system = settings.system_root.iter().flat_map(|root| {
            [
                "bit4xpki.dll",
                "eTPKCS11.dll",
                "IDPrimePKCS1164.dll",
                "eps2003csp11v2.dll",
                "eps2003csp11.dll",
            ]
            .map(|name| root.join("System32").join(name))
        });
        let programs = settings.program_folders.iter().flat_map(|folder| {
            [
                "BIT4ID/bit4xpki.dll",
                "SafeNet/Authentication/SAC/x64/eTPKCS11.dll",
                "SafeNet/Authentication/SAC/x64/IDPrimePKCS1164.dll",
                "OpenSC Project/OpenSC/pkcs11/opensc-pkcs11.dll",
            ]
            .map(|name| folder.join(name))
        });
        return system.chain(programs).collect();
    }
    let places: &[&str] = if cfg!(target_os = "macos") {
        &[
            "/Library/bit4id/pkcs11/libbit4xpki.dylib",
            "/usr/local/lib/libeTPkcs11.dylib",
            "/usr/local/lib/libIDPrimePKCS11.dylib",
            "/Library/OpenSC/lib/opensc-pkcs11.so",
            "/opt/homebrew/lib/opensc-pkcs11.so",
            "/usr/local/lib/opensc-pkcs11.so",
        ]
    } else {
        &[
            "/usr/lib/libbit4xpki.so",
            "/usr/lib/bit4id/libbit4xpki.so",
            "/usr/lib/libeTPkcs11.so",
            "/usr/lib64/libeTPkcs11.so",
            "/usr/lib/libeToken.so",
            "/usr/lib64/libeToken.so",
            "/usr/lib64/libIDPrimePKCS11.so",
            "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
            "/usr/lib64/opensc-pkcs11.so",
            "/usr/lib/opensc-pkcs11.so",
        ]
    };
    places.iter().map(PathBuf::from).collect()
}
