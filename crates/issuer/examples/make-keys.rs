//! Makes the fixed keys of this crate anew: `cargo run -p chungthu-issuer --example make-keys -- FOLDER`.
//!
//! The keys in `crates/issuer/keys` were made by this program, once. They are public and protect
//! nothing. Whoever makes them anew changes every fingerprint that a test or a transcript names.

use std::error::Error;
use std::path::{Path, PathBuf};

use p256::elliptic_curve::Generate as _;
use p256::pkcs8::{EncodePrivateKey, EncodePublicKey};

/// The RSA keys: file name and modulus length in bits.
const RSA_KEYS: [(&str, usize); 7] = [
    ("authority-g1-root", 2048),
    ("authority-g1-issuing", 2048),
    ("authority-g2-root", 4096),
    ("authority-g2-issuing", 4096),
    ("rsa-2048-a", 2048),
    ("rsa-2048-b", 2048),
    ("rsa-3072", 3072),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("which folder?")?);
    let mut random = rand::rng();
    for (name, bits) in RSA_KEYS {
        let key = rsa::PrivateKey::new(&mut random, bits)?;
        write_pair(&folder, name, &key, &key.to_public_key())?;
    }
    let key = p256::SecretKey::generate_from_rng(&mut random);
    write_pair(&folder, "p-256", &key, &key.public_key())?;
    let key = p384::SecretKey::generate_from_rng(&mut random);
    write_pair(&folder, "p-384", &key, &key.public_key())
}

/// Writes `NAME.pk8` (PKCS#8) and `NAME.spki` (SubjectPublicKeyInfo), both DER.
#[expect(
    clippy::disallowed_methods,
    reason = "a tool for developers, outside the program"
)]
fn write_pair(
    folder: &Path,
    name: &str,
    private: &impl EncodePrivateKey,
    public: &impl EncodePublicKey,
) -> Result<(), Box<dyn Error>> {
    std::fs::write(
        folder.join(format!("{name}.pk8")),
        private.to_pkcs8_der()?.as_bytes(),
    )?;
    std::fs::write(
        folder.join(format!("{name}.spki")),
        public.to_public_key_der()?.as_bytes(),
    )?;
    Ok(())
}
