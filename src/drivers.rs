//! Drivers: where this computer may keep one, for the token crate to look there.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use chungthu_token::host::{HostCommand, HostLauncher, TimeLimits};
use chungthu_token::module::{
    Discovery, Found, KnownFolder, P11KitPlaces, Platform, is_same_file, known_folders,
    multiarch_triplet,
};
use chungthu_token::uri::TokenSelector;

use crate::arguments::{Common, PinSource};
use crate::settings::Settings;

/// The hidden command by which this program becomes a driver host.
pub(crate) const HOST_COMMAND: &str = "driver-host";

/// This program's name in p11-kit's files.
const PROGRAM: &str = "chungthu";

/// Where to look for drivers: what the user named, else p11-kit's files and the makers' places. A
/// URI's `module-path` names a driver as `--module` does, where that names none.
pub(crate) fn places(common: &Common, settings: &Settings) -> Discovery {
    let mut named = common.modules.clone();
    if named.is_empty() {
        let of_uri = common.token.as_ref().and_then(TokenSelector::module_path);
        named.extend(of_uri.map(PathBuf::from));
    }
    Discovery {
        named,
        environment: settings.modules.clone(),
        configured: settings.configured.clone(),
        p11_kit: p11_kit(settings),
        well_known: well_known(settings),
    }
}

/// Keeps the drivers that a URI allows by `module-path` and `module-name`.
pub(crate) fn allowed(mut found: Vec<Found>, selector: Option<&TokenSelector>) -> Vec<Found> {
    if let Some(path) = selector.and_then(TokenSelector::module_path) {
        found.retain(|one| one.path == path || is_same_file(&one.path, path));
    }
    if let Some(name) = selector.and_then(TokenSelector::module_name) {
        found.retain(|one| TokenSelector::is_module_called(&one.path, name));
    }
    found
}

/// Starts drivers in processes of this very program. `environment` is added to theirs; a variable
/// that holds the PIN is kept from them. `timeout` is the configured limit of a start and of an
/// operation; `interrupted` is set when the person wants to stop.
pub(crate) fn launcher(
    environment: Vec<(OsString, OsString)>,
    pin_source: Option<&PinSource>,
    timeout: Option<Duration>,
    interrupted: Arc<AtomicBool>,
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
        limits: timeout.map_or_else(TimeLimits::default, |timeout| TimeLimits {
            launch: timeout,
            operation: timeout,
            ..TimeLimits::default()
        }),
        interrupted,
        held: Arc::default(),
    })
}

/// p11-kit is not on Windows in the form that is looked for here.
fn p11_kit(settings: &Settings) -> P11KitPlaces {
    if cfg!(windows) {
        return P11KitPlaces::default();
    }
    let user = settings.user_configuration.as_ref();
    let user = user.map(|folder| folder.join("pkcs11"));
    let system = ["/etc", "/usr/local/etc", "/opt/homebrew/etc"];
    let packages = ["/usr/share", "/usr/local/share", "/opt/homebrew/share"];
    let system = system.map(|folder| PathBuf::from(folder).join("pkcs11"));
    let packages = packages.map(|folder| PathBuf::from(folder).join("p11-kit/modules"));
    let triplet = multiarch_triplet(std::env::consts::ARCH);
    let libraries = [
        format!("/usr/lib/{triplet}/pkcs11"),
        "/usr/lib64/pkcs11".to_owned(),
        "/usr/lib/pkcs11".to_owned(),
        "/usr/local/lib/pkcs11".to_owned(),
        "/opt/homebrew/lib/pkcs11".to_owned(),
    ];
    P11KitPlaces {
        system_settings: system
            .iter()
            .map(|folder| folder.join("pkcs11.conf"))
            .collect(),
        user_settings: user.as_ref().map(|folder| folder.join("pkcs11.conf")),
        user_folder: user.map(|folder| folder.join("modules")),
        system_folders: system
            .iter()
            .map(|folder| folder.join("modules"))
            .chain(packages)
            .collect(),
        libraries: libraries.map(PathBuf::from).to_vec(),
        program: PROGRAM.to_owned(),
    }
}

fn well_known(settings: &Settings) -> Vec<KnownFolder> {
    known_folders(if cfg!(windows) {
        Platform::Windows {
            system_root: settings.system_root.as_deref(),
            program_folders: &settings.program_folders,
        }
    } else if cfg!(target_os = "macos") {
        Platform::MacOs
    } else {
        Platform::Linux {
            architecture: std::env::consts::ARCH,
        }
    })
}
