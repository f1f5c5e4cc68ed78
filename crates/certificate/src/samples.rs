//! Certificates for the unit tests of this crate, issued by the miniature authority.

use chungthu_issuer::{Authority, Generation, Request, Subject, TestKey};

use crate::certificate::Certificate;

/// A person's subject in the CA's manner, with two units.
pub(crate) fn person() -> Subject {
    Subject::new()
        .country("VN")
        .locality("Quảng Ngãi")
        .organization("ỦY BAN NHÂN DÂN TỈNH")
        .organizational_unit("UBND xã Đắk Hà")
        .organizational_unit("Văn phòng")
        .common_name("Nguyễn Thị Trình Diễn")
}

/// A request for [`person`] with the first RSA 2048 key and an e-mail address.
pub(crate) fn request() -> Request {
    Request::new(person(), TestKey::Rsa2048A.public_key_der()).email("trinhdien@demo.invalid")
}

/// Issues as G2 and reads.
pub(crate) fn issue(request: &Request) -> Certificate {
    issue_as(Generation::G2Like, request)
}

/// Issues as a generation and reads.
pub(crate) fn issue_as(generation: Generation, request: &Request) -> Certificate {
    read(&Authority::new(generation).unwrap().issue(request).unwrap())
}

/// Reads DER that must be a certificate.
pub(crate) fn read(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}
