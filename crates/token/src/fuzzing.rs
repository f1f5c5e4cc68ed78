//! What only this crate can reach of the input that fuzzers make; `fuzz/` and the tests call it.

pub use crate::host::fuzzing::frames;
pub use crate::module::p11_kit::fuzzing::declaration;

#[cfg(test)]
mod tests {
    use std::path::Path;

    fn replay(target: &str, check: impl Fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        let files = std::fs::read_dir(folder.join(target)).unwrap();
        let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        assert!(files.len() > 5, "the corpus of {target} is gone");
        for file in files {
            check(&std::fs::read(file).unwrap());
        }
    }

    #[test]
    fn every_frame_of_the_corpus_holds() {
        replay("frames", super::frames);
    }

    #[test]
    fn every_declaration_of_the_corpus_holds() {
        replay("settings", super::declaration);
    }
}
