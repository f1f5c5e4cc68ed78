//! Health: every finding appears where it should, and nowhere else.

#![expect(clippy::unwrap_used, reason = "a helper of the tests fails the test")]

mod findings;
mod scene;
