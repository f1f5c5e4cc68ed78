//! `show`: explains certificate files, an end entity's or an authority's.

use std::io;
use std::path::{Path, PathBuf};

use chungthu_certificate::{Certificate, CertificateFile, IssuerCheck, SIZE_LIMIT, check_issuer};

use super::{Desk, from_output};
use crate::arguments::{Export, is_standard_input};
use crate::authorities::{self, Authorities};
use crate::failure::{Code, Failure, from_file, from_read};
use crate::files::{self, Existing};
use crate::json;
use crate::page::Page;
use crate::pages;
use crate::words::{Hint, Show, What};

pub(super) fn run(desk: &mut Desk<'_>, paths: &[PathBuf], export: &Export) -> Result<(), Failure> {
    let authorities = at_hand(desk)?;
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match read_file(path) {
            Ok(file) => {
                let certificate = file.into_certificate();
                let check = check(&certificate, &authorities);
                read.push((path, certificate, check));
            }
            Err(failure) => problems.push((path, failure)),
        }
    }
    if read.is_empty() {
        return end(desk, problems);
    }
    let now = desk.now();
    if desk.screen.is_json() {
        let views = read
            .iter()
            .map(|(path, certificate, check)| json::ShownCertificate {
                file: path.display().to_string(),
                certificate: json::Certificate::new(certificate, now, Some(check)),
            });
        let skipped = problems.iter().map(|(path, failure)| json::FileProblem {
            file: path.display().to_string(),
            problem: json::Problem::new(failure, desk.screen.words()),
        });
        let view = json::Show::new(views.collect(), skipped.collect());
        let document = json::document("show", view);
        desk.screen.json(&document);
    } else {
        let mut page = Page::new();
        for (path, certificate, check) in &read {
            if *export == Export::Pem {
                page.line(pem(certificate).trim_end());
                continue;
            }
            page.heading(&desk.screen.say(&Show::Heading {
                file: path.display().to_string(),
            }));
            pages::explained(&mut page, certificate, check, now, desk.screen.words());
        }
        desk.screen.result(&page);
    }
    match (export, read.first()) {
        (Export::Der { path, force }, Some((_, certificate, _))) => {
            write_der(desk, path, certificate, *force)?;
        }
        (Export::Der { .. } | Export::Pem | Export::None, _) => {}
    }
    end(desk, problems)
}

/// Tells of every file that could not be shown; the last one is the command's failure.
fn end(desk: &mut Desk<'_>, mut problems: Vec<(&PathBuf, Failure)>) -> Result<(), Failure> {
    let Some((_, last)) = problems.pop() else {
        return Ok(());
    };
    for (_, failure) in problems {
        let page = failure.page(desk.screen.words());
        desk.screen.tell(&page);
    }
    Err(last)
}

/// The issuer's signature; a root's own certificate is its issuer's.
fn check(certificate: &Certificate, authorities: &[Certificate]) -> IssuerCheck {
    let mut candidates = authorities.to_vec();
    if certificate.subject() == certificate.issuer() {
        candidates.push(certificate.clone());
    }
    check_issuer(certificate, &candidates)
}

/// Reads a file, or standard input for `-`. No driver has been loaded yet.
pub(super) fn read_file(path: &Path) -> Result<CertificateFile, Failure> {
    let bytes = if is_standard_input(path) {
        files::read_from(io::stdin().lock(), SIZE_LIMIT)
    } else {
        files::read(path, SIZE_LIMIT)
    };
    let bytes = bytes.map_err(|error| from_read(path, &error))?;
    CertificateFile::read(&bytes, SIZE_LIMIT).map_err(|error| from_file(path, &error))
}

/// The CA certificates of `--ca` and of the configuration; what lies beside them is told with `-v`.
pub(super) fn at_hand(desk: &mut Desk<'_>) -> Result<Vec<Certificate>, Failure> {
    let named = desk
        .common
        .authorities
        .iter()
        .chain(&desk.settings.authorities);
    let named: Vec<PathBuf> = named.cloned().collect();
    let Authorities {
        certificates,
        skipped,
    } = authorities::read(&named)?;
    if desk.screen.is_verbose() {
        for (path, failure) in skipped {
            let problem = desk.screen.say(&*failure.what);
            desk.warn(&Show::CaSkipped {
                file: path.display().to_string(),
                problem,
            });
        }
    }
    Ok(certificates)
}

fn write_der(
    desk: &mut Desk<'_>,
    path: &Path,
    certificate: &Certificate,
    force: bool,
) -> Result<(), Failure> {
    let existing = if force {
        Existing::Replace
    } else {
        Existing::Keep
    };
    let file = path.display().to_string();
    match files::write(path, certificate.der(), existing) {
        Ok(()) => {
            let mut page = Page::below();
            page.paragraph(&desk.screen.say(&Show::Exported { file }));
            desk.screen.note(&page);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::new(Code::OutputExists, What::OutputExists { file }).hint(Hint::UseForce))
        }
        Err(error) => Err(from_output(&file, &error)),
    }
}

/// PEM (RFC 7468): base64 in lines of 64 characters.
fn pem(certificate: &Certificate) -> String {
    let form = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&pem::Pem::new("CERTIFICATE", certificate.der()), form)
}
