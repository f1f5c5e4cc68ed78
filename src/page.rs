//! A page of text in the making: headings, aligned fields, lists and wrapped sentences.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

/// The width a page is written for, whatever the window: pages look alike everywhere.
const WIDTH: usize = 80;
/// Labels longer than this stand on a line of their own.
const LONGEST_LABEL: usize = 30;

/// Titles of a page and its parts.
pub(crate) const HEADING: Style = Style::new().bold();
/// Done, valid.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// To be careful with.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// Failed, expired.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Of second importance.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Text that grows from top to bottom. The styles are ANSI codes, which the screen takes out where
/// they are not wanted; every page reads without them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    text: String,
}

impl Page {
    /// An empty page.
    pub(crate) const fn new() -> Self {
        Self {
            text: String::new(),
        }
    }

    /// A page that follows another one: it begins with a blank line.
    pub(crate) fn below() -> Self {
        Self {
            text: "\n".to_owned(),
        }
    }

    /// What is written, with its styles.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A heading, after a blank line if something stands above.
    pub(crate) fn heading(&mut self, text: &str) {
        self.blank();
        self.styled_line(HEADING, text);
    }

    /// One blank line, unless the page is empty or ends with one.
    pub(crate) fn blank(&mut self) {
        let is_blank = self.text.is_empty() || self.text == "\n" || self.text.ends_with("\n\n");
        if !is_blank {
            self.text.push('\n');
        }
    }

    /// A line as it is.
    pub(crate) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A line in a style.
    pub(crate) fn styled_line(&mut self, style: Style, text: &str) {
        self.line(&styled(style, text));
    }

    /// A sentence, broken between words.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.hanging("", text);
    }

    /// A sentence behind a mark; further lines stand under its first word.
    pub(crate) fn item(&mut self, text: &str) {
        self.hanging("  - ", text);
    }

    /// A sentence behind a number.
    pub(crate) fn numbered(&mut self, number: usize, text: &str) {
        self.hanging(&format!("  {number}. "), text);
    }

    /// A warning: the word in colour, then the sentence.
    pub(crate) fn warning(&mut self, word: &str, text: &str) {
        self.remark(WARNING, word, text);
    }

    /// A word in a style, then the sentence; further lines stand under its first word.
    pub(crate) fn remark(&mut self, style: Style, word: &str, text: &str) {
        let indent = word.width() + 2;
        for (number, line) in wrap(text, WIDTH.saturating_sub(indent))
            .into_iter()
            .enumerate()
        {
            if number == 0 {
                self.line(&format!("{}: {line}", styled(style, word)));
            } else {
                self.line(&format!("{:indent$}{line}", ""));
            }
        }
    }

    /// Labels and values in two columns.
    pub(crate) fn fields(&mut self, fields: &[(String, String)]) {
        self.fields_at(2, fields);
    }

    /// The same with this many blanks before each label.
    pub(crate) fn fields_at(&mut self, indent: usize, fields: &[(String, String)]) {
        let column = fields
            .iter()
            .map(|(label, _)| label.width())
            .max()
            .unwrap_or_default();
        let column = column.min(LONGEST_LABEL);
        for (label, value) in fields {
            let padding = column.saturating_sub(label.width());
            self.hanging(&format!("{:indent$}{label}:{:padding$} ", "", ""), value);
        }
    }

    fn hanging(&mut self, lead: &str, text: &str) {
        let indent = lead.width();
        let mut first = true;
        for part in text.lines() {
            for line in wrap(part, WIDTH.saturating_sub(indent)) {
                if first {
                    self.line(format!("{lead}{line}").trim_end());
                } else {
                    self.line(format!("{:indent$}{line}", "").trim_end());
                }
                first = false;
            }
        }
        if first {
            self.line(lead.trim_end());
        }
    }
}

/// The text between the codes that switch a style on and off.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Breaks between words; a word longer than the width stands alone and sticks out.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_do_not_move_a_column() {
        let mut page = Page::new();
        page.fields(&[("Tên".into(), "a".into()), ("Số hiệu".into(), "b".into())]);
        assert_eq!(page.text(), "  Tên:     a\n  Số hiệu: b\n");
    }

    #[test]
    fn a_long_sentence_breaks_between_words_and_stands_under_its_mark() {
        let mut page = Page::new();
        page.item(&"chứng thư ".repeat(12));
        let lines: Vec<&str> = page.text().lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("  - chứng") && lines[1].starts_with("    "));
        assert!(lines.iter().all(|line| line.width() <= WIDTH));
    }

    #[test]
    fn what_cannot_be_broken_sticks_out_whole() {
        let path = "/".repeat(100);
        assert_eq!(wrap(&format!("a {path} b"), 20), ["a", &path, "b"]);
    }
}
