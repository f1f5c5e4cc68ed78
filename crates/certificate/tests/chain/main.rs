//! Chains: the path, its problems, and what lists of revoked certificates say.

#![expect(clippy::unwrap_used, reason = "a helper of the tests fails the test")]

mod hierarchy;
mod lists;
mod paths;
