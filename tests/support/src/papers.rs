//! The certificates that come to the office, in the CA's profile, dated around today.

use std::sync::LazyLock;

use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use crate::surroundings::now;

/// One moment for all papers of a test, or the same paper would have different bytes a second later.
static TODAY: LazyLock<OffsetDateTime> = LazyLock::new(now);

/// What has come in the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Five years old less a month: what is on the token.
    Old,
    /// The same names, five more years.
    Renewed,
    /// The same names as the renewed one, three years more.
    RenewedAgain,
    /// Other names, the end of the old one.
    InformationChanged,
    /// Other names and five more years.
    RenewedAndChanged,
    /// Ended yesterday, but began after the old one.
    Expired,
    /// Begins next week.
    NotYetValid,
    /// Before the old one, and valid still.
    Older,
    /// Without an end: the date that RFC 5280, 4.1.2.5, has for it.
    Endless,
    /// The same names and dates as the renewed one, from the authority of generation G1.
    FirstGeneration,
}

/// This paper for this key, from the demonstration authority.
///
/// # Panics
/// If the fixed keys are damaged.
#[must_use]
pub fn issue(key: TestKey, paper: Paper) -> Vec<u8> {
    authority(paper).issue(&request(key, paper)).unwrap()
}

/// The same with one bit of the signature wrong.
///
/// # Panics
/// If the fixed keys are damaged.
#[must_use]
pub fn issue_tampered(key: TestKey, paper: Paper) -> Vec<u8> {
    let request = request(key, paper).tamper();
    authority(paper).issue(&request).unwrap()
}

/// The certificate of the authority that issues all papers but those of the first generation.
///
/// # Panics
/// If the fixed keys are damaged.
#[must_use]
pub fn authority_certificate() -> Vec<u8> {
    authority(Paper::Renewed).certificate().to_vec()
}

/// A certificate of another office, to fill a token with.
///
/// # Panics
/// If the fixed keys are damaged.
#[must_use]
pub fn filler_certificate(key: TestKey) -> Vec<u8> {
    let subject = Subject::new()
        .country("VN")
        .organization("KHO BẠC HUYỆN TRÌNH DIỄN")
        .common_name("Chứng thư lấp chỗ");
    let request = Request::new(subject, key.public_key_der()).serial_number(&[0x51; 8]);
    authority(Paper::Old).issue(&request).unwrap()
}

/// A certificate request, which an office may take for a certificate.
///
/// # Panics
/// If the fixed keys are damaged.
#[must_use]
pub fn signing_request(key: TestKey) -> Vec<u8> {
    chungthu_issuer::signing_request(key, "Ủy ban nhân dân").unwrap()
}

fn authority(paper: Paper) -> Authority {
    let generation = if paper == Paper::FirstGeneration {
        Generation::G1Like
    } else {
        Generation::G2Like
    };
    Authority::new(generation).unwrap()
}

fn request(key: TestKey, paper: Paper) -> Request {
    let (from, to) = validity(paper);
    let changed = matches!(paper, Paper::InformationChanged | Paper::RenewedAndChanged);
    let name = if changed {
        "ỦY BAN NHÂN DÂN PHƯỜNG ĐẮK HÀ"
    } else {
        "ỦY BAN NHÂN DÂN XÃ ĐẮK HÀ"
    };
    let subject = Subject::new()
        .country("VN")
        .locality("Quảng Ngãi")
        .organization("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI")
        .organizational_unit("Khối chính quyền địa phương")
        .organizational_unit("Văn phòng")
        .common_name(name);
    Request::new(subject, key.public_key_der())
        .email("dakha@demo.invalid")
        .valid(from, to)
}

fn validity(paper: Paper) -> (OffsetDateTime, OffsetDateTime) {
    let today = *TODAY;
    let days = |from: i64, to: i64| (today + Duration::days(from), today + Duration::days(to));
    let (old_from, old_to) = days(30 - 5 * 365, 30);
    match paper {
        Paper::Old => (old_from, old_to),
        Paper::Renewed | Paper::RenewedAndChanged | Paper::FirstGeneration => days(-1, 5 * 365),
        Paper::RenewedAgain => days(-1, 8 * 365),
        Paper::InformationChanged => (today - Duration::days(1), old_to),
        Paper::Expired => days(-100, -1),
        Paper::NotYetValid => days(7, 5 * 365),
        Paper::Endless => (today, datetime!(9999-12-31 23:59:59 UTC)),
        Paper::Older => days(15 - 5 * 365 - 365, 15),
    }
}
