//! The guides' transcripts: each is run in a terminal, on the soft token, and says what the program says.
//!
//! A block that opens with ```` ```console ```` holds one command and what the terminal shows after it. The comment
//! above it, where there is one, tells what is typed and how the program ends; see [`guide`]. The blocks of a
//! guide tell one story from top to bottom; see [`story`]. `CHUNGTHU_UPDATE=1` writes what the program says into
//! the guides: read the difference before you keep it.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of the tests fails the test"
)]

mod examples;
mod guide;
mod names;
mod story;
#[expect(dead_code, reason = "another of the test programs uses the rest")]
mod terminal;

use std::path::{Path, PathBuf};

use chungthu_test_support::{wants_update, write};

use crate::guide::Guide;
use crate::story::{ENGLISH, Language, Story, VIETNAMESE};

/// How many transcripts each guide has; a block that is lost in an edit is missed here.
const TRANSCRIPTS: usize = 25;

#[test]
fn the_vietnamese_guide_shows_what_the_program_says() {
    check(&VIETNAMESE);
}

#[test]
fn the_english_guide_shows_what_the_program_says() {
    check(&ENGLISH);
}

#[test]
fn both_guides_tell_the_same_story() {
    let [vietnamese, english] = [VIETNAMESE, ENGLISH].map(|language| {
        let guide = Guide::read(&path(&language));
        let commands = guide.transcripts().map(|transcript| {
            let directions = &transcript.directions;
            (
                language.in_common_words(&transcript.command),
                directions.first.clone(),
                directions.typed.len(),
                directions.exit,
            )
        });
        commands.collect::<Vec<_>>()
    });
    assert_eq!(vietnamese.len(), TRANSCRIPTS);
    assert_eq!(vietnamese, english);
}

fn path(language: &Language) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(language.guide)
}

/// Plays the guide's story and compares; with `CHUNGTHU_UPDATE=1` writes.
fn check(language: &Language) {
    let path = path(language);
    let mut guide = Guide::read(&path);
    let Some(mut told) = play(language, &guide) else {
        return;
    };
    // Days left are counted from midnight to midnight: a story that saw midnight is told again.
    if !told.in_one_day {
        told = play(language, &guide).unwrap();
    }
    let mut differences = Vec::new();
    for (transcript, screen) in guide.transcripts_mut().zip(told.screens) {
        if transcript.screen != screen {
            differences.push(format!(
                "line {}: {}\n--- the guide\n{}--- the program\n{screen}",
                transcript.line, transcript.command, transcript.screen
            ));
            transcript.screen = screen;
        }
    }
    if wants_update() {
        write(&path, guide.text());
    } else {
        assert!(
            differences.is_empty(),
            "{} is out of date: run the tests once with CHUNGTHU_UPDATE=1\n{}",
            language.guide,
            differences.join("\n")
        );
    }
}

/// What the terminal showed after each command.
struct Told {
    screens: Vec<String>,
    in_one_day: bool,
}

/// `None` where the soft token was not built; under `CI=true` that is a failure.
fn play(language: &Language, guide: &Guide) -> Option<Told> {
    let mut story = Story::begin(language)?;
    let screens = guide
        .transcripts()
        .map(|transcript| story.perform(transcript))
        .collect();
    Some(Told {
        screens,
        in_one_day: story.is_still_the_same_day(),
    })
}
