//! `install`: reads the files and walks from there to the report.

use std::sync::Arc;

use chungthu_certificate::chain::Origin;
use chungthu_certificate::install::Request;

use super::walk::{self, Walk};
use super::{Desk, papers, show};
use crate::arguments::InstallOptions;
use crate::failure::Failure;

pub(super) fn run(desk: &mut Desk<'_>, options: &InstallOptions) -> Result<(), Failure> {
    desk.catch_interrupts();
    // all files are judged before any driver is loaded
    let papers = papers::read(&options.files).map_err(walk::before_any_token)?;
    let evidence = show::at_hand(desk).map_err(walk::before_any_token)?;
    let mut issuers = evidence.certificates.clone();
    issuers.extend(papers.issuers.iter().cloned());
    let mut request = Request::install(papers.first.certificate.clone(), issuers, desk.now());
    request.policy = options.policy;
    let source = desk.common.pin_source.clone();
    let credential = walk::ask(source.as_ref(), Arc::clone(&desk.interrupted));
    let file = papers.first.file.clone();
    let mut walk = Walk::new(desk, request, file, options.dry_run, &credential)?;
    let target = if papers.others.is_empty() {
        None
    } else {
        Some(walk.choose(desk, papers.first, papers.others)?)
    };
    let certificate = &walk.request.certificate;
    let chain = evidence.chain(certificate, &papers.issuers, Origin::File, desk.now());
    walk.request.chain = Some(chain);
    walk.to_the_end(desk, "install", target)
}
