//! The calls that crate cryptoki makes: announced like our own, and their errors in our terms.

use super::raw::Functions;
use super::translate::failure;
use crate::error::{Operation, TokenError};

impl Functions {
    /// Announces `function`, lets crate cryptoki call it, and classifies what it says.
    pub(super) fn announced<Value>(
        &self,
        operation: Operation,
        function: &'static str,
        call: impl FnOnce() -> cryptoki::error::Result<Value>,
    ) -> Result<Value, TokenError> {
        self.announce(function);
        call().map_err(|error| failure(operation, function, &error))
    }
}
