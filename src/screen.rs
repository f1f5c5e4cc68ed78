//! Screen: the only writer. The result goes to standard output, everything else to standard error.

use std::io::{self, BufRead as _, ErrorKind, IsTerminal as _, Write};
use std::sync::mpsc::{self, Receiver, Sender};

use anstream::AutoStream;
use serde::Serialize;

use crate::page::{BAD, FAINT, GOOD, Page, styled};
use crate::words::{Message, Prompt, Words};

/// The mark of a finished step; the old Windows console fonts know this one.
const DONE: &str = if cfg!(windows) { "√" } else { "✓" };
/// The mark of a failed step.
const FAILED: &str = if cfg!(windows) { "x" } else { "✗" };

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Colour {
    /// On a terminal that has it and wants it.
    #[default]
    Auto,
    Always,
    Never,
}

/// How much is said beside the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Warnings, questions and errors.
    Quiet,
    #[default]
    Normal,
    /// Also what was tried.
    Verbose,
}

/// How the result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    #[default]
    Text,
    Json,
}

/// How to speak.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) colour: Colour,
    pub(crate) no_colour_wanted: bool,
    pub(crate) verbosity: Verbosity,
    pub(crate) form: Form,
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// Ctrl-C, or the end of the input.
    Interrupted,
    /// Nobody can answer: standard input is no terminal.
    NobodyThere,
}

/// The two streams, the words, and the manner of speaking.
pub(crate) struct Screen {
    words: Words,
    manner: Manner,
    result: Stream,
    notes: Stream,
    step_open: bool,
    json_printed: bool,
    notes_are_the_result: bool,
    interrupts: (Sender<()>, Receiver<()>),
}

struct Stream {
    out: Box<dyn Write>,
    problem: Option<io::Error>,
}

impl Screen {
    /// The screen of this process.
    pub(crate) fn new(words: Words, manner: Manner) -> Self {
        let choice = |is_terminal: bool| match manner.colour {
            Colour::Always => anstream::ColorChoice::Always,
            Colour::Auto if is_terminal && !manner.no_colour_wanted => {
                anstream::ColorChoice::Always
            }
            Colour::Auto | Colour::Never => anstream::ColorChoice::Never,
        };
        let (stdout, stderr) = (io::stdout(), io::stderr());
        let (result, notes) = (choice(stdout.is_terminal()), choice(stderr.is_terminal()));
        Self {
            words,
            manner,
            result: Stream::new(AutoStream::new(stdout, result)),
            notes: Stream::new(AutoStream::new(stderr, notes)),
            step_open: false,
            json_printed: false,
            notes_are_the_result: false,
            interrupts: mpsc::channel(),
        }
    }

    /// The words.
    pub(crate) const fn words(&self) -> &Words {
        &self.words
    }

    /// A sentence as text.
    pub(crate) fn say(&self, message: &impl Message) -> String {
        self.words.say(message)
    }

    /// Whether the result is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.manner.form == Form::Json
    }

    /// Whether the one document was printed.
    pub(crate) const fn has_json(&self) -> bool {
        self.json_printed
    }

    /// Whether more than the usual is to be told.
    pub(crate) fn is_verbose(&self) -> bool {
        self.manner.verbosity == Verbosity::Verbose
    }

    /// Where an interruption is told to a waiting question.
    pub(crate) fn interrupts(&self) -> Sender<()> {
        self.interrupts.0.clone()
    }

    /// From now on all that is told is the result: a demonstration. JSON stays alone on its stream.
    pub(crate) fn tell_as_result(&mut self) {
        self.notes_are_the_result = !self.is_json();
    }

    fn write_note(&mut self, text: &str) {
        let stream = if self.notes_are_the_result {
            &mut self.result
        } else {
            &mut self.notes
        };
        stream.write(text);
    }

    /// The result, as a page.
    pub(crate) fn result(&mut self, page: &Page) {
        self.result.write(page.text());
    }

    /// The result, as one JSON document.
    pub(crate) fn json(&mut self, document: &impl Serialize) {
        self.json_printed = true;
        match serde_json::to_string_pretty(document) {
            Ok(text) => self.result.write(&format!("{text}\n")),
            Err(error) => self.result.problem = Some(error.into()),
        }
    }

    /// A page beside the result, unless the user wants quiet.
    pub(crate) fn note(&mut self, page: &Page) {
        if self.manner.verbosity >= Verbosity::Normal {
            self.write_note(page.text());
        }
    }

    /// A page beside the result that is never left out: warnings, failures.
    pub(crate) fn tell(&mut self, page: &Page) {
        self.close_step(FAILED, BAD);
        self.write_note(page.text());
    }

    /// A step begins; the one before it is done.
    pub(crate) fn step(&mut self, text: &str) {
        self.step_done();
        if self.manner.verbosity >= Verbosity::Normal {
            self.write_note(&format!("  {text} "));
            self.step_open = true;
        }
    }

    /// The step that began last is done.
    pub(crate) fn step_done(&mut self) {
        self.close_step(DONE, GOOD);
    }

    /// The step that began last was refused, and something else is tried.
    pub(crate) fn step_refused(&mut self) {
        self.close_step(FAILED, BAD);
    }

    fn close_step(&mut self, mark: &str, style: anstyle::Style) {
        if self.step_open {
            self.write_note(&format!("{}\n", styled(style, mark)));
            self.step_open = false;
        }
    }

    /// A yes-or-no question in the language; anything else than an answer is asked again. Only a
    /// clear yes is a yes.
    pub(crate) fn ask(&mut self, question: &impl Message) -> Answer {
        if !io::stdin().is_terminal() {
            return Answer::NobodyThere;
        }
        let text = self.words.say(question);
        let choices = self.words.say(&Prompt::Choices);
        loop {
            self.write_note(&format!("\n{text} {} ", styled(FAINT, &choices)));
            let Some(line) = self.line() else {
                self.write_note("\n");
                return Answer::Interrupted;
            };
            match understood(&line) {
                Some(true) => return Answer::Yes,
                Some(false) => return Answer::No,
                None => {
                    let again = self.words.say(&Prompt::Again);
                    self.write_note(&format!("{again}\n"));
                }
            }
        }
    }

    /// Text that a typed answer follows.
    pub(crate) fn prompt(&mut self, text: &str) {
        self.write_note(text);
    }

    /// Waits for Enter, so that a window that closes by itself can be read.
    pub(crate) fn wait(&mut self, message: &impl Message) {
        if io::stdin().is_terminal() {
            let text = self.words.say(message);
            self.write_note(&format!("\n{text} "));
            // whatever is typed, the window may close now
            self.line();
        }
    }

    /// One line from the terminal; `None` on Ctrl-C or at the end of the input.
    fn line(&self) -> Option<String> {
        let (sender, line) = mpsc::channel();
        // a reading thread, because a read that waits cannot be called back
        std::thread::spawn(move || {
            let mut text = String::new();
            let read = io::stdin().lock().read_line(&mut text);
            // nobody waits any more if Ctrl-C was faster
            sender
                .send(read.ok().filter(|length| *length > 0).map(|_| text))
                .ok();
        });
        loop {
            match line.recv_timeout(std::time::Duration::from_millis(50)) {
                Ok(answer) => return answer,
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    if self.interrupts.1.try_recv().is_ok() {
                        return None;
                    }
                }
            }
        }
    }

    /// Whether everything was written; a reader that went away is no problem.
    pub(crate) fn problem(&self) -> Option<&io::Error> {
        self.result.problem.as_ref()
    }
}

impl Stream {
    fn new(out: impl Write + 'static) -> Self {
        Self {
            out: Box::new(out),
            problem: None,
        }
    }

    fn write(&mut self, text: &str) {
        if self.problem.is_some() {
            return;
        }
        let written = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
        match written {
            Err(error) if !is_reader_gone(&error) => self.problem = Some(error),
            Ok(()) | Err(_) => {}
        }
    }
}

/// A closed pipe: the reader has seen enough (`| head`). Windows has a code of its own for it.
fn is_reader_gone(error: &io::Error) -> bool {
    const PIPE_NOT_CONNECTED: i32 = 233;
    error.kind() == ErrorKind::BrokenPipe
        || (cfg!(windows) && error.raw_os_error() == Some(PIPE_NOT_CONNECTED))
}

/// Yes and no in both languages, whatever the language of the question.
fn understood(line: &str) -> Option<bool> {
    match line.trim().to_lowercase().as_str() {
        "c" | "có" | "co\u{301}" | "co" | "y" | "yes" => Some(true),
        "k" | "không" | "kho\u{302}ng" | "khong" | "n" | "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_understood_with_and_without_accents() {
        for (typed, meaning) in [
            ("c\n", Some(true)),
            (" Có ", Some(true)),
            ("KHONG\r\n", Some(false)),
            ("n", Some(false)),
        ] {
            assert_eq!(understood(typed), meaning, "{typed:?}");
        }
    }

    #[test]
    fn an_empty_line_is_no_answer() {
        assert_eq!(understood("\n"), None);
        assert_eq!(understood("ừ"), None);
    }
}
