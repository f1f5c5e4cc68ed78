//! The header of a driver file: is it a library, for this machine, with a PKCS#11 door?

use std::path::Path;

use object::{
    Architecture, BinaryFormat, Export, FileKind, NameOrOrdinal, Object as _, ObjectKind,
};

use crate::error::Cause;

/// Larger than any driver seen; a file beyond it is not read into memory.
const LARGEST_DRIVER: u64 = 256 * 1024 * 1024;

/// Reads the file and checks format, machine and exported function list, without loading it.
///
/// # Errors
/// `ModuleNotFound`, `ModuleWrongArchitecture` or `ModuleNotPkcs11`, with what was found.
pub fn check(path: &Path) -> Result<(), Cause> {
    let not_found = |error: &std::io::Error| Cause::ModuleNotFound {
        detail: error.kind().to_string(),
    };
    let length = std::fs::metadata(path)
        .map_err(|error| not_found(&error))?
        .len();
    if length > LARGEST_DRIVER {
        return Err(Cause::ModuleNotPkcs11 {
            detail: format!("file of {length} bytes"),
        });
    }
    let bytes = std::fs::read(path).map_err(|error| not_found(&error))?;
    check_bytes(&bytes)
}

fn check_bytes(bytes: &[u8]) -> Result<(), Cause> {
    let not_pkcs11 = |detail: &str| Cause::ModuleNotPkcs11 {
        detail: detail.to_owned(),
    };
    // One file for several processors (macOS): the loader picks the part that fits.
    if cfg!(target_os = "macos")
        && matches!(
            FileKind::parse(bytes),
            Ok(FileKind::MachOFat32 | FileKind::MachOFat64)
        )
    {
        return Ok(());
    }
    let file = object::File::parse(bytes).map_err(|_| not_pkcs11("not a library file"))?;
    let found = format!(
        "{} {}",
        format_name(file.format()),
        architecture_name(file.architecture())
    );
    let wanted = format!(
        "{} {}",
        format_name(native_format()),
        std::env::consts::ARCH
    );
    if file.format() != native_format()
        || architecture_name(file.architecture()) != std::env::consts::ARCH
    {
        return Err(Cause::ModuleWrongArchitecture { found, wanted });
    }
    if file.kind() != ObjectKind::Dynamic {
        return Err(not_pkcs11("a program, not a library"));
    }
    let mut exports = file
        .exports()
        .map_err(|_| not_pkcs11("unreadable export table"))?;
    // A driver may offer the old door, the new one or both; ours is the old one.
    let is_door = |export: Export<'_>| match export.name() {
        NameOrOrdinal::Name(name) => *name == *b"C_GetFunctionList",
        NameOrOrdinal::Ordinal(_) => false,
    };
    if exports.any(|export| export.is_ok_and(is_door)) {
        Ok(())
    } else {
        Err(not_pkcs11("no C_GetFunctionList"))
    }
}

const fn native_format() -> BinaryFormat {
    if cfg!(windows) {
        BinaryFormat::Pe
    } else if cfg!(target_os = "macos") {
        BinaryFormat::MachO
    } else {
        BinaryFormat::Elf
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others are never a driver here"
)]
fn format_name(format: BinaryFormat) -> &'static str {
    match format {
        BinaryFormat::Elf => "ELF",
        BinaryFormat::MachO => "Mach-O",
        BinaryFormat::Pe => "PE",
        _ => "other",
    }
}

/// The name that [`std::env::consts::ARCH`] has for it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "no build of this program runs on the others"
)]
fn architecture_name(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::I386 => "x86",
        Architecture::X86_64 => "x86_64",
        Architecture::Aarch64 => "aarch64",
        Architecture::Arm => "arm",
        Architecture::Riscv64 => "riscv64",
        Architecture::LoongArch64 => "loongarch64",
        Architecture::PowerPc64 => "powerpc64",
        Architecture::S390x => "s390x",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_driver() {
        assert_eq!(
            check_bytes(b"<html>404</html>"),
            Err(Cause::ModuleNotPkcs11 {
                detail: "not a library file".into()
            })
        );
    }

    #[test]
    fn a_program_is_no_driver() {
        let own = std::env::current_exe().unwrap();
        assert!(matches!(check(&own), Err(Cause::ModuleNotPkcs11 { .. })));
    }

    #[test]
    fn a_file_that_is_not_there_is_named_so() {
        assert!(matches!(
            check(Path::new("/no/such/driver")),
            Err(Cause::ModuleNotFound { .. })
        ));
    }

    #[test]
    fn a_driver_for_another_machine_is_told_from_no_driver() {
        // the first 64 bytes of a 32-bit ARM ELF library
        let mut elf = vec![0x7f, b'E', b'L', b'F', 1, 1, 1, 0];
        elf.resize(16, 0);
        elf.extend([3, 0, 40, 0, 1, 0, 0, 0]);
        elf.resize(52, 0);
        elf.splice(40..42, [52, 0]);
        assert!(matches!(
            check_bytes(&elf),
            Err(Cause::ModuleWrongArchitecture { .. })
        ));
    }
}
