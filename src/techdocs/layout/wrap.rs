//! Spans → lines of a width: broken between words, by graphemes where a word is too long.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::techdocs::document::{Face, Span};
use crate::techdocs::layout::{Run, Weight};
use crate::techdocs::math;
use crate::techdocs::role::Role;

/// The columns that `text` takes.
pub(super) fn columns(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.width()
    }
}

/// The columns that `runs` take.
pub(super) fn runs_width(runs: &[Run]) -> usize {
    runs.iter().map(|run| columns(&run.text)).sum()
}

/// The beginning of `text` that takes at most `width` columns.
pub(super) fn cut(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += columns(grapheme);
        if used > width {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// `spans` as lines of at most `width` columns; text without a face of its own is set as `base`.
pub(super) fn wrap(spans: &[Span], width: usize, base: (Role, Weight)) -> Vec<Vec<Run>> {
    let mut wrapper = Wrapper {
        width: width.max(1),
        lines: Vec::new(),
        line: Vec::new(),
        used: 0,
        word: Vec::new(),
        word_width: 0,
        space: None,
    };
    for span in spans {
        let (role, weight) = look(span, base);
        match span.style.face {
            Face::Formula => match math::inline(&span.text) {
                Some(text) => wrapper.span(&text, (base.0, weight), span.link),
                None => wrapper.span(&span.text, (role, weight), span.link),
            },
            _ => wrapper.span(&span.text, (role, weight), span.link),
        }
    }
    wrapper.end_word();
    if !wrapper.line.is_empty() {
        wrapper.end_line();
    }
    wrapper.lines
}

/// How a span is set within text that is set as `base`.
pub(super) fn look(span: &Span, base: (Role, Weight)) -> (Role, Weight) {
    let role = match span.style.face {
        Face::Text if span.link.is_some() => Role::Link,
        Face::Text => base.0,
        Face::Code | Face::Formula => Role::Code,
        Face::Mark => Role::Mark,
        Face::Key => Role::Key,
        Face::Image => Role::Image,
        Face::Footnote => Role::Footnote,
        Face::Remark => Role::Dim,
    };
    let weight = Weight {
        strong: base.1.strong || span.style.strong,
        emphasis: base.1.emphasis || span.style.emphasis,
        strike: base.1.strike || span.style.strike,
        underline: base.1.underline || span.style.underline,
    };
    (role, weight)
}

/// Adds text to `runs`, to the last one where it is set alike.
pub(super) fn push(runs: &mut Vec<Run>, text: &str, look: (Role, Weight), link: Option<u32>) {
    match runs.last_mut() {
        Some(last) if last.role == look.0 && last.weight == look.1 && last.link == link => {
            last.text.push_str(text);
        }
        _ => runs.push(Run {
            text: text.to_owned(),
            role: look.0,
            weight: look.1,
            link,
        }),
    }
}

struct Wrapper {
    width: usize,
    lines: Vec<Vec<Run>>,
    line: Vec<Run>,
    used: usize,
    /// The word that is not finished; it may have several runs.
    word: Vec<Run>,
    word_width: usize,
    /// The look of the space before the word.
    space: Option<(Role, Weight, Option<u32>)>,
}

impl Wrapper {
    fn span(&mut self, text: &str, look: (Role, Weight), link: Option<u32>) {
        let prefix = match look.0 {
            Role::Image => "▣ ",
            _ => "",
        };
        if !prefix.is_empty() {
            push(&mut self.word, prefix, look, link);
            self.word_width += 2;
        }
        let mut rest = text;
        while let Some(at) = rest.find([' ', '\n']) {
            let (word, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.word(word, look, link);
            self.end_word();
            if tail.starts_with('\n') {
                self.end_line();
            } else {
                self.space = Some((look.0, look.1, link));
            }
            rest = tail.get(1..).unwrap_or_default();
        }
        self.word(rest, look, link);
    }

    fn word(&mut self, text: &str, look: (Role, Weight), link: Option<u32>) {
        if text.is_empty() {
            return;
        }
        if text.is_ascii()
            || columns(text) + self.word_width <= self.width && !text.contains(is_wide)
        {
            push(&mut self.word, text, look, link);
            self.word_width += columns(text);
            return;
        }
        // Scripts without spaces may be broken between any two characters.
        for grapheme in text.graphemes(true) {
            let wide = grapheme.chars().next().is_some_and(is_wide);
            if wide && !self.word.is_empty() {
                self.end_word();
            }
            push(&mut self.word, grapheme, look, link);
            self.word_width += columns(grapheme);
            if wide {
                self.end_word();
            }
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let space = self.space.take();
        let gap = usize::from(space.is_some() && self.used > 0);
        if self.used > 0 && self.used + gap + self.word_width > self.width {
            self.end_line();
        } else if let Some((role, weight, link)) = space.filter(|_| gap > 0) {
            // The space belongs to a link only between words of that link.
            let same = self
                .word
                .first()
                .is_some_and(|run| run.link == link && run.role == role);
            let link = link.filter(|_| same);
            let role = if same || !matches!(role, Role::Link | Role::Code | Role::Key) {
                role
            } else {
                Role::Text
            };
            push(&mut self.line, " ", (role, weight), link);
            self.used += 1;
        }
        let word = std::mem::take(&mut self.word);
        let width = std::mem::take(&mut self.word_width);
        if width <= self.width - self.used.min(self.width) {
            self.used += width;
            for run in word {
                push(&mut self.line, &run.text, (run.role, run.weight), run.link);
            }
            return;
        }
        for run in word {
            for grapheme in run.text.graphemes(true) {
                let width = columns(grapheme);
                if self.used > 0 && self.used + width > self.width {
                    self.end_line();
                }
                push(&mut self.line, grapheme, (run.role, run.weight), run.link);
                self.used += width;
            }
        }
    }

    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0;
        self.space = None;
    }
}

/// Characters between which a line may be broken: Chinese, Japanese and Korean ones.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(texts: &[&str], width: usize) -> Vec<String> {
        let spans: Vec<Span> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Span {
                text: (*text).to_owned(),
                link: (at % 2 == 1).then_some(0),
                ..Span::default()
            })
            .collect();
        let lines = wrap(&spans, width, (Role::Text, Weight::default()));
        lines
            .iter()
            .map(|line| line.iter().map(|run| run.text.as_str()).collect())
            .collect()
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrapped(&["one two  three"], 7), ["one two", "three"]);
        assert_eq!(
            wrapped(&["see (", "the link", "), b"], 8),
            ["see (the", "link), b"]
        );
        assert_eq!(wrapped(&["abcdefgh ij"], 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrapped(&["a\nb\n\nc"], 9), ["a", "b", "", "c"]);
    }

    #[test]
    fn wide_characters_are_never_cut() {
        assert_eq!(wrapped(&["日本語 の"], 5), ["日本", "語 の"]);
        assert_eq!(wrapped(&["👩‍👩‍👧‍👦👩‍👩‍👧‍👦"], 2).len(), 2);
        assert_eq!(wrapped(&["日本"], 1), ["日", "本"]);
    }
}
