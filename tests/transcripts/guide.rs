//! A guide cut into its transcripts and the text between them.
//!
//! Directions stand in a comment on the line above a block, parted by semicolons:
//! `first EVENT` (what happens to the tokens before), `answer c` (to the question), `pin right` or `pin wrong` (at
//! the prompt), `exit 5` (the exit status, else 0), `from TEXT` and `to TEXT` (the screen is shown from the line
//! that begins so, or to the line above it; [`LEFT_OUT`] stands for the rest).

use std::path::Path;

const OPENING: &str = "```console";
const CLOSING: &str = "```";
const DIRECTIONS: &str = "<!-- transcript: ";

/// Stands for lines that the guide does not repeat.
pub(crate) const LEFT_OUT: &str = "[…]";

/// One command and what the terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transcript {
    /// The line of the command, from 1.
    pub(crate) line: usize,
    /// What follows the dollar sign.
    pub(crate) command: String,
    pub(crate) directions: Directions,
    /// What follows the command, each line ended.
    pub(crate) screen: String,
}

/// What happens beside the typing of the command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directions {
    /// What happens before.
    pub(crate) first: Option<String>,
    /// What is typed after the command.
    pub(crate) typed: Vec<Typed>,
    /// The exit status.
    pub(crate) exit: i32,
    /// The line that the screen is shown from.
    pub(crate) from: Option<String>,
    /// The line that the screen is shown to, without it.
    pub(crate) to: Option<String>,
}

/// One thing that a person types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    Answer(String),
    RightPin,
    WrongPin,
}

/// A guide, from its first to its last line.
#[derive(Debug)]
pub(crate) struct Guide {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Transcript(Transcript),
}

impl Guide {
    /// Reads a guide; anything that looks like a transcript and is not run is an error.
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut parts = Vec::new();
        let mut lines = text.lines().enumerate();
        let mut before = "";
        let mut is_in_other_block = false;
        while let Some((number, line)) = lines.next() {
            parts.push(Part::Text(format!("{line}\n")));
            if line == OPENING && !is_in_other_block {
                let (_, command) = lines.next().unwrap();
                let command = command.strip_prefix("$ ").unwrap_or_else(|| {
                    panic!("line {}: a transcript begins with `$ `", number + 2)
                });
                let screen: String = lines
                    .by_ref()
                    .map(|(_, line)| line)
                    .take_while(|line| *line != CLOSING)
                    .map(|line| format!("{line}\n"))
                    .collect();
                assert!(
                    !screen.contains("\n$ ") && !screen.starts_with("$ "),
                    "line {}: one command in each block",
                    number + 2
                );
                parts.push(Part::Transcript(Transcript {
                    line: number + 2,
                    command: command.to_owned(),
                    directions: directions(before),
                    screen,
                }));
                parts.push(Part::Text(format!("{CLOSING}\n")));
            } else {
                if line.starts_with(CLOSING) {
                    is_in_other_block = !is_in_other_block;
                }
                let is_unrun = line.trim_start().starts_with("$ ");
                assert!(!is_unrun, "line {}: a command that is not run", number + 1);
                let is_lost = before.starts_with(DIRECTIONS);
                assert!(!is_lost, "line {number}: directions without a transcript");
            }
            before = line;
        }
        Self { parts }
    }

    pub(crate) fn transcripts(&self) -> impl Iterator<Item = &Transcript> {
        self.parts.iter().filter_map(|part| match part {
            Part::Transcript(transcript) => Some(transcript),
            Part::Text(_) => None,
        })
    }

    pub(crate) fn transcripts_mut(&mut self) -> impl Iterator<Item = &mut Transcript> {
        self.parts.iter_mut().filter_map(|part| match part {
            Part::Transcript(transcript) => Some(transcript),
            Part::Text(_) => None,
        })
    }

    /// The guide's file.
    pub(crate) fn text(&self) -> String {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Transcript(transcript) => {
                format!("$ {}\n{}", transcript.command, transcript.screen)
            }
        });
        parts.collect()
    }
}

fn directions(line: &str) -> Directions {
    let mut directions = Directions::default();
    let Some(inner) = line.strip_prefix(DIRECTIONS) else {
        return directions;
    };
    let inner = inner.strip_suffix(" -->").unwrap();
    for text in inner.split("; ") {
        let (word, rest) = text.split_once(' ').unwrap();
        match (word, rest) {
            ("first", event) => directions.first = Some(event.to_owned()),
            ("answer", answer) => directions.typed.push(Typed::Answer(answer.to_owned())),
            ("pin", "right") => directions.typed.push(Typed::RightPin),
            ("pin", "wrong") => directions.typed.push(Typed::WrongPin),
            ("exit", status) => directions.exit = status.parse().unwrap(),
            ("from", text) => directions.from = Some(text.to_owned()),
            ("to", text) => directions.to = Some(text.to_owned()),
            _ => panic!("not a direction: {text}"),
        }
    }
    directions
}
