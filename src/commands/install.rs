//! `install`: reads the file and walks from there to the report.

use std::path::Path;

use chungthu_certificate::Certificate;
use chungthu_certificate::install::Request;

use super::walk::{self, Walk};
use super::{Desk, show};
use crate::arguments::InstallOptions;
use crate::failure::{Failure, from_file};

pub(super) fn run(desk: &mut Desk<'_>, options: &InstallOptions) -> Result<(), Failure> {
    desk.catch_interrupts();
    let certificate = read(&options.file).map_err(walk::before_any_token)?;
    let issuers = show::at_hand(desk).map_err(walk::before_any_token)?;
    let mut request = Request::install(certificate, issuers, desk.now());
    request.policy = options.policy;
    let source = desk.common.pin_source.clone();
    let credential = walk::ask(source.as_ref());
    let file = options.file.display().to_string();
    let walk = Walk::new(desk, request, file, options.dry_run, &credential)?;
    walk.to_the_end(desk, "install")
}

/// The file, judged before any driver is loaded.
fn read(file: &Path) -> Result<Certificate, Failure> {
    show::read_file(file)?
        .into_end_entity()
        .map_err(|error| from_file(file, &error))
}
