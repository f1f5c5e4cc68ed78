//! TEST BENCH: a software PKCS#11 token, as a loadable library and as an API that provisions it.
//!
//! **For demonstrations and tests only.** Private keys lie in the clear in the token's file.
//!
//! The library finds its tokens through the environment variable named by
//! [`provision::DIRECTORY_VARIABLE`]: every `*.token` file of that folder is a slot with a token in
//! it. An empty file is a token that was never initialised. Slots are numbered from 1 in the order
//! of the file names when the program initialises the library; a file that appears later gets the
//! next number when the program asks for the number of slots. A number never changes its file
//! before the library is finalised.
//!
//! [`provision::PROFILE_VARIABLE`] may name quirks that the library takes on when it is initialised.
//! They are listed in `docs/soft-token-profiles.md`; a name that is not there is `CKR_GENERAL_ERROR`.
//!
//! [`provision::SCENARIO_VARIABLE`] may name a file with accidents at chosen calls; see
//! `docs/soft-token-scenarios.md`.
//!
//! Beside `NAME.token` the library keeps `NAME.token.lock`, which one writer at a time holds, and for
//! a moment `NAME.token.new`, which replaces the token's file when it is whole and on the disk. One
//! quirk adds `NAME.token.claim`, held by the process that has a session with the token.
//!
//! | Room | What happens there |
//! |---|---|
//! | `abi` | the C boundary: pointers in, pointers out, one dispatch for all calls |
//! | `library` | sessions, logins, handles, searches, signatures: what one process knows |
//! | `template`, `object`, `attribute` | what an object may be made of, and who sees what of it |
//! | `keys` | key pairs, signatures |
//! | `token` | what all processes share: the file, its objects, its PINs |
//! | `profile` | quirks of real drivers, taken on by name |
//! | `scenario` | accidents: which call goes wrong and how, read from a file |
//! | [`provision`] | makes token files for the demo and for tests |

mod abi;
mod attribute;
mod export;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod keys;
mod library;
mod object;
mod profile;
pub mod provision;
mod refusal;
mod scenario;
mod template;
mod token;
