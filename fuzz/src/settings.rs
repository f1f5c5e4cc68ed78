//! `pkcs11:` URIs, and init strings: short texts that a person pastes from somewhere.

use chungthu_token::module::InitString;
use chungthu_token::uri::{TokenSelector, Uri, UriError};

/// # Panics
/// If a URI does not come back as it was, has a PIN in it, or an error repeats what was written.
pub fn check(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    uri(text);
    let init = InitString::new(text.to_owned());
    assert_eq!(init.is_some(), !text.is_empty() && !text.contains('\0'));
    if let Some(init) = init {
        assert_eq!(init.length(), text.len());
        assert!(format!("{init:?}").len() < 48);
    }
}

fn uri(text: &str) {
    let is_uri = text
        .get(..7)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("pkcs11:"));
    let selector: Result<TokenSelector, UriError> = text.parse();
    let uri: Uri = match text.parse() {
        Ok(uri) => uri,
        Err(problem) => {
            assert_eq!(selector.is_ok(), !is_uri);
            assert!(problem.to_string().len() < 100);
            if let UriError::Malformed { offset } | UriError::UnknownAttribute { offset } = problem
            {
                assert!(offset <= text.len());
            }
            return;
        }
    };
    assert!(is_uri);
    assert_eq!(selector.is_ok(), uri.slot_manufacturer.is_none());
    assert!(!names_a_pin(text), "{text}");
    let printed = uri.to_string();
    let safe = |letter: char| letter.is_ascii_graphic();
    assert!(printed.chars().all(safe), "{printed}");
    assert_eq!(printed.parse().as_ref(), Ok(&uri), "{printed}");
    assert!(printed.len() <= 3 * text.len() + 100);
}

/// Whether one of the attributes of this URI is a PIN. `?` ends the path once; after it, it is a letter.
fn names_a_pin(text: &str) -> bool {
    let attributes = text
        .split_once(':')
        .map_or("", |(_, attributes)| attributes);
    let (path, query) = attributes.split_once('?').unwrap_or((attributes, ""));
    path.split(';').chain(query.split('&')).any(|attribute| {
        let name = attribute.split('=').next().unwrap_or_default();
        name.eq_ignore_ascii_case("pin-value")
    })
}
