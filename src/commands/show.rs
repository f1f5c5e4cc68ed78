//! `show`: explains certificates, an end entity's or an authority's, of files or on tokens; compares two.

use std::io;
use std::path::Path;

use chungthu_certificate::chain::{Chain, Origin};
use chungthu_certificate::health::{Seen, Wanted, look};
use chungthu_certificate::{Certificate, CertificateFile, Container, IssuerCheck, check_issuer};

use super::{Desk, from_output, papers};
use crate::arguments::{Export, ShowOptions};
use crate::evidence::{Evidence, Places};
use crate::failure::{Code, Failure, from_refusal, from_token};
use crate::files::{self, Existing};
use crate::json;
use crate::page::Page;
use crate::pages;
use crate::words::{Hint, List, Show, What};

pub(super) fn run(desk: &mut Desk<'_>, options: &ShowOptions) -> Result<(), Failure> {
    let evidence = at_hand(desk)?;
    let mut problems = Vec::new();
    let read = if options.on_token {
        on_token(desk, &evidence)?
    } else {
        in_files(desk, options, &evidence, &mut problems)?
    };
    if read.is_empty() && !problems.is_empty() {
        return end(desk, problems);
    }
    if options.diff {
        compare(desk, &read)?;
    } else if desk.screen.is_json() {
        in_json(desk, &read, &problems);
    } else {
        let mut page = Page::new();
        for shown in &read {
            if options.export == Export::Pem {
                page.line(pem(&shown.certificate).trim_end());
                continue;
            }
            page.heading(&shown.origin.heading(desk));
            let (facts, words) = (&shown.certificate, desk.screen.words());
            let judged = (&shown.check, &shown.chain);
            pages::explained(&mut page, facts, judged, desk.now(), words);
        }
        if let ([_], Export::None) = (read.as_slice(), &options.export) {
            pages::glosses(&mut page, desk.screen.words());
        }
        desk.screen.result(&page);
    }
    if let Export::Der { path, force } = &options.export {
        let certificate = to_export(&read)?;
        write_der(desk, path, &certificate, *force)?;
    }
    end(desk, problems)
}

/// A certificate to show.
struct Shown {
    origin: Place,
    certificate: Certificate,
    check: IssuerCheck,
    chain: Chain,
}

/// Where a certificate was read.
enum Place {
    File { file: String, container: Container },
    Token(Box<Seen>),
}

impl Place {
    fn heading(&self, desk: &Desk<'_>) -> String {
        match self {
            Self::File { file, .. } => desk.screen.say(&Show::Heading { file: file.clone() }),
            Self::Token(seen) => desk.screen.say(&List::Heading {
                label: seen.token.label.clone(),
                serial: seen.token.serial.clone(),
            }),
        }
    }
}

/// The certificates of files and folders. A file that cannot be shown hides no other.
fn in_files(
    desk: &Desk<'_>,
    options: &ShowOptions,
    evidence: &Evidence,
    problems: &mut Vec<(String, Failure)>,
) -> Result<Vec<Shown>, Failure> {
    let mut read = Vec::new();
    for path in papers::in_folders(&options.files)? {
        match papers::read_file(&path) {
            Ok(file) => read.extend(of_file(desk, &path, &file, evidence)),
            Err(failure) => problems.push((path.display().to_string(), failure)),
        }
    }
    Ok(read)
}

/// The certificates of a file, each checked with the authorities' beside it too.
fn of_file(
    desk: &Desk<'_>,
    path: &Path,
    file: &CertificateFile,
    evidence: &Evidence,
) -> Vec<Shown> {
    let beside: Vec<Certificate> = file.issuers().cloned().collect();
    let certificates = file.certificates().iter();
    certificates
        .map(|certificate| {
            let chain = evidence.chain(certificate, &beside, Origin::File, desk.now());
            Shown {
                origin: Place::File {
                    file: path.display().to_string(),
                    container: file.container(),
                },
                certificate: certificate.clone(),
                check: check(certificate, &chain),
                chain,
            }
        })
        .collect()
}

/// The certificates on the token that was chosen, or on all.
fn on_token(desk: &mut Desk<'_>, evidence: &Evidence) -> Result<Vec<Shown>, Failure> {
    let launcher = desk.launcher(Vec::new())?;
    let found = desk.discover()?;
    let selector = desk.common.token.as_ref();
    let (seen, problems) = look(&launcher, &found, selector, Wanted::All, desk.now());
    let seen = seen.map_err(|refusal| from_refusal(&refusal, desk.screen.words()))?;
    super::warn_of_drivers(desk, &problems);
    let mut read = Vec::new();
    for one in seen {
        let inventory = match &one.objects {
            Ok(inventory) => inventory,
            Err(error) => {
                let failure = from_token(error, &one.driver.path, desk.screen.words());
                return Err(failure.on(&one.token));
            }
        };
        let certificates = inventory.certificates.iter();
        let certificates: Vec<Certificate> = certificates
            .filter_map(|seen| seen.certificate.clone())
            .collect();
        let authorities = certificates.iter().filter(|one| one.is_ca());
        let beside: Vec<Certificate> = authorities.cloned().collect();
        for certificate in certificates {
            let chain = evidence.chain(&certificate, &beside, Origin::Token, desk.now());
            read.push(Shown {
                origin: Place::Token(Box::new(one.clone())),
                check: check(&certificate, &chain),
                certificate,
                chain,
            });
        }
    }
    Ok(read)
}

fn in_json(desk: &mut Desk<'_>, read: &[Shown], problems: &[(String, Failure)]) {
    let now = desk.now();
    let views = read.iter().map(|shown| {
        let facts = json::Certificate::new(&shown.certificate, now, Some(&shown.check));
        let certificate = facts.with_chain(&shown.chain);
        match &shown.origin {
            Place::File { file, container } => json::ShownCertificate {
                file: Some(file.clone()),
                container: Some(json::container(*container)),
                token: None,
                certificate,
            },
            Place::Token(seen) => json::ShownCertificate {
                file: None,
                container: None,
                token: Some(json::Token::new(
                    &seen.token,
                    Some(&seen.driver.path),
                    Some(seen.slot),
                )),
                certificate,
            },
        }
    });
    let skipped = problems.iter().map(|(file, failure)| json::FileProblem {
        file: file.clone(),
        problem: json::Problem::new(failure, desk.screen.words()),
    });
    let view = json::Show::new(views.collect(), skipped.collect());
    let document = json::document("show", view);
    desk.screen.json(&document);
}

/// What the second of two certificates changes.
fn compare(desk: &mut Desk<'_>, read: &[Shown]) -> Result<(), Failure> {
    let [old, new] = read else {
        let count = read.len();
        return Err(Failure::new(Code::Usage, What::DiffNeedsTwo { count }));
    };
    let (old, new) = (&old.certificate, &new.certificate);
    desk.has_found_problems = old != new;
    if desk.screen.is_json() {
        let view = json::Difference::new(old, new, desk.now());
        desk.screen.json(&json::document("show", view));
    } else {
        let page = pages::difference(old, new, desk.screen.words());
        desk.screen.result(&page);
    }
    Ok(())
}

/// The only certificate, or the only subscriber's among those of authorities.
fn to_export(read: &[Shown]) -> Result<Certificate, Failure> {
    let all: Vec<&Shown> = read.iter().collect();
    let mut subscribers = all.clone();
    subscribers.retain(|shown| !shown.certificate.is_ca());
    match (all.as_slice(), subscribers.as_slice()) {
        ([shown], _) | (_, [shown]) => Ok(shown.certificate.clone()),
        ([], _) => Err(Failure::new(
            Code::FileNotACertificate,
            What::NoCertificateOnToken,
        )),
        ([first, ..], _) => {
            let what = match &first.origin {
                Place::File { file, .. } => What::FileSeveralCertificates {
                    file: file.clone(),
                    count: read.len(),
                },
                Place::Token(_) => What::TokenSeveralCertificates { count: read.len() },
            };
            Err(Failure::new(Code::FileSeveralCertificates, what).hint(Hint::UsePem))
        }
    }
}

/// Tells of every file that could not be shown; the last one is the command's failure.
fn end(desk: &mut Desk<'_>, mut problems: Vec<(String, Failure)>) -> Result<(), Failure> {
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
fn check(certificate: &Certificate, chain: &Chain) -> IssuerCheck {
    if certificate.subject() == certificate.issuer() {
        check_issuer(certificate, std::slice::from_ref(certificate))
    } else {
        chain.issuer_check()
    }
}

/// The CA certificates and lists of the arguments and of the configuration; what lies beside them is told
/// with `-v`.
pub(super) fn at_hand(desk: &mut Desk<'_>) -> Result<Evidence, Failure> {
    let lists = desk.common.lists.iter().chain(&desk.settings.lists);
    let mut evidence = Evidence::read(&Places {
        given: &desk.common.authorities,
        folders: &desk.settings.authorities,
        lists: lists.cloned().collect(),
    })?;
    let skipped = std::mem::take(&mut evidence.skipped);
    if desk.screen.is_verbose() {
        for (path, failure) in skipped {
            let problem = desk.screen.say(&*failure.what);
            desk.warn(&Show::CaSkipped {
                file: path.display().to_string(),
                problem,
            });
        }
    }
    Ok(evidence)
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
