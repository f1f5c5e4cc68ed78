//! `show`: explains certificate files, an end entity's or an authority's.

use std::io;
use std::path::{Path, PathBuf};

use chungthu_certificate::{Certificate, CertificateFile, Container, IssuerCheck, check_issuer};

use super::{Desk, from_output, papers};
use crate::arguments::Export;
use crate::authorities::{self, Authorities};
use crate::failure::{Code, Failure};
use crate::files::{self, Existing};
use crate::json;
use crate::page::Page;
use crate::pages;
use crate::words::{Hint, Show, What};

pub(super) fn run(desk: &mut Desk<'_>, paths: &[PathBuf], export: &Export) -> Result<(), Failure> {
    let authorities = at_hand(desk)?;
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match papers::read_file(path) {
            Ok(file) => read.extend(shown(path, &file, &authorities)),
            Err(failure) => problems.push((path, failure)),
        }
    }
    if read.is_empty() {
        return end(desk, problems);
    }
    let now = desk.now();
    if desk.screen.is_json() {
        let views = read.iter().map(|shown| json::ShownCertificate {
            file: shown.path.display().to_string(),
            container: json::container(shown.container),
            certificate: json::Certificate::new(&shown.certificate, now, Some(&shown.check)),
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
        for shown in &read {
            if *export == Export::Pem {
                page.line(pem(&shown.certificate).trim_end());
                continue;
            }
            page.heading(&desk.screen.say(&Show::Heading {
                file: shown.path.display().to_string(),
            }));
            let words = desk.screen.words();
            pages::explained(&mut page, &shown.certificate, &shown.check, now, words);
        }
        desk.screen.result(&page);
    }
    if let Export::Der { path, force } = export {
        let certificate = to_export(&read)?;
        write_der(desk, path, &certificate, *force)?;
    }
    end(desk, problems)
}

/// A certificate to show.
struct Shown<'a> {
    path: &'a Path,
    container: Container,
    certificate: Certificate,
    check: IssuerCheck,
}

/// The certificates of a file, each checked with the authorities' beside it too.
fn shown<'a>(
    path: &'a Path,
    file: &CertificateFile,
    authorities: &[Certificate],
) -> Vec<Shown<'a>> {
    let mut issuers = authorities.to_vec();
    issuers.extend(file.issuers().cloned());
    let certificates = file.certificates().iter();
    certificates
        .map(|certificate| Shown {
            path,
            container: file.container(),
            certificate: certificate.clone(),
            check: check(certificate, &issuers),
        })
        .collect()
}

/// The only certificate, or the only subscriber's among those of authorities.
fn to_export(read: &[Shown<'_>]) -> Result<Certificate, Failure> {
    let all: Vec<&Shown<'_>> = read.iter().collect();
    let mut subscribers = all.clone();
    subscribers.retain(|shown| !shown.certificate.is_ca());
    match (all.as_slice(), subscribers.as_slice()) {
        ([shown], _) | (_, [shown]) => Ok(shown.certificate.clone()),
        ([], _) => Err(Failure::internal(&"no certificate was read")),
        ([first, ..], _) => {
            let what = What::FileSeveralCertificates {
                file: first.path.display().to_string(),
                count: read.len(),
            };
            Err(Failure::new(Code::FileSeveralCertificates, what).hint(Hint::UsePem))
        }
    }
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
