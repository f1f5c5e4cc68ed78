//! A scenario's file that anybody may have written; `fuzz/` and the tests call it.

use crate::scenario::Scenario;

/// Reads the file, and asks what it says of the first call and of the last.
pub fn scenario(bytes: &[u8]) {
    let scenario = Scenario::parse(bytes);
    for number in [1, u64::MAX] {
        let at = |scenario: &Scenario| {
            scenario.deed("C_Login", number, 0).is_some() || scenario.deed("", 0, number).is_some()
        };
        // a fault cannot be told without these letters, however they are escaped
        assert!(
            !scenario.as_ref().is_some_and(at)
                || bytes.len() > r#"{"calls":"","faults":[{}]}"#.len()
        );
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn every_scenario_of_the_fuzzers_corpus_holds() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/settings");
        for file in std::fs::read_dir(corpus).unwrap() {
            super::scenario(&std::fs::read(file.unwrap().path()).unwrap());
        }
    }
}
