//! The words of a full-text query, and where they stand in a text.
//!
//! The store's index finds word stems without accents; this marks by the same rules what it found, in a snippet or on a
//! page. Chinese, Japanese and Korean have no spaces between words: there each character is a word, and a run of them is
//! looked for as it stands. So are words in quotes: side by side, each in any form.

use std::borrow::Cow;
use std::ops::Range;

use nucleo::chars;

/// The endings that words of one stem differ by. Marking is more generous than finding: a word too many that is marked
/// does no harm.
const ENDINGS: &[&str] = &[
    "", "s", "es", "d", "e", "ed", "er", "ers", "y", "ies", "ied", "ly", "ing", "ings", "ion",
    "ions", "ation", "ations", "ment", "ments",
];
/// The shortest stem, in letters.
const STEM: usize = 3;
/// How many words of a query count; nobody types more.
const MOST: usize = 32;
/// How long a snippet is, in characters.
const SNIPPET: usize = 120;

/// The words of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms(Vec<Term>);

/// One word of a query, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The word in lower case, without accents; of a phrase the words, parted by spaces.
    pub text: String,
    /// Whether it stands for all words that begin with it: the last one, which is still being typed.
    pub is_beginning: bool,
    /// Whether it is a run of characters that are words by themselves.
    pub is_run: bool,
}

impl Terms {
    /// The words of `text`. A quote that is not closed is none.
    pub fn parse(text: &str) -> Self {
        let mut terms = Vec::new();
        let mut parts = text.split('"').enumerate().peekable();
        while let Some((number, part)) = parts.next() {
            let is_quoted = number % 2 == 1 && parts.peek().is_some();
            if is_quoted {
                terms.extend(phrase(part).filter(|_| terms.len() < MOST));
            } else {
                words(part, &mut terms);
            }
        }
        if let Some(last) = terms.last_mut() {
            last.is_beginning = true;
        }
        Self(terms)
    }

    /// Each word in its order.
    pub fn iter(&self) -> impl Iterator<Item = &Term> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the words stand in `text`, in bytes, in order and apart.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        self.found(text).into_iter().map(|(span, _)| span).collect()
    }

    /// The same as the numbers of characters, as names are marked.
    pub fn marked_characters(&self, text: &str) -> Vec<u32> {
        let marks = self.marks(text);
        let is_marked = |at: usize| marks.iter().any(|mark| mark.contains(&at));
        let characters = text.char_indices().zip(0_u32..);
        characters
            .filter_map(|((at, _), number)| is_marked(at).then_some(number))
            .collect()
    }

    /// Some words of `text` around the place where most of the words stand together, with what matched between `\u{2}`
    /// and `\u{3}`.
    pub fn snippet(&self, text: &str) -> String {
        let found = self.found(text);
        let distinct = |from: usize| {
            let near = found[from..]
                .iter()
                .take_while(|(span, _)| span.end < found[from].0.start + SNIPPET);
            let mut words: Vec<usize> = near.map(|(_, term)| *term).collect();
            words.sort_unstable();
            words.dedup();
            words.len()
        };
        // Of places that are as good the first.
        let best = (0..found.len()).rev().max_by_key(|at| distinct(*at));
        let from = best.map_or(0, |at| found[at].0.start);
        let start = start_of(text, from);
        let end = end_of(
            text,
            start + SNIPPET.max(best.map_or(0, |at| found[at].0.len())),
        );
        let mut snippet = String::new();
        if start > 0 {
            snippet.push('…');
        }
        let mut at = start;
        for (span, _) in found
            .iter()
            .filter(|(span, _)| span.start >= start && span.end <= end)
        {
            snippet.push_str(part(text, at..span.start));
            snippet.push('\u{2}');
            snippet.push_str(part(text, span.clone()));
            snippet.push('\u{3}');
            at = span.end;
        }
        snippet.push_str(part(text, at..end));
        if end < text.len() {
            snippet.push('…');
        }
        snippet
    }

    /// Where words stand, each with which word it is.
    fn found(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let mut found: Vec<(Range<usize>, usize)> = Vec::new();
        if self.is_empty() {
            return found;
        }
        let tokens: Vec<Token> = tokens(text).collect();
        for at in 0..tokens.len() {
            let hit = self
                .0
                .iter()
                .enumerate()
                .find_map(|(number, term)| Some((term.span_at(&tokens[at..])?, number)));
            if let Some((span, number)) = hit
                && found.last().is_none_or(|(last, _)| last.end <= span.start)
            {
                found.push((span, number));
            }
        }
        found
    }
}

/// The words of `text` one by one, behind `terms`.
fn words(text: &str, terms: &mut Vec<Term>) {
    // Where the word before ends, of those of this text.
    let mut end = None;
    for token in tokens(text) {
        let is_full = terms.len() == MOST;
        match terms.last_mut() {
            Some(last) if token.is_run && last.is_run && end == Some(token.span.start) => {
                last.text.push_str(&token.folded);
            }
            _ if is_full => break,
            _ => terms.push(Term {
                text: token.folded,
                is_beginning: false,
                is_run: token.is_run,
            }),
        }
        end = Some(token.span.end);
    }
}

/// The words of `text` as one; `None` where it has none.
fn phrase(text: &str) -> Option<Term> {
    let words: Vec<Token> = tokens(text).take(MOST).collect();
    let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    Some(Term {
        text: folded.join(" "),
        is_beginning: false,
        is_run: words.first()?.is_run && words.len() == 1,
    })
}

impl Term {
    /// Its place if it stands where `tokens` begin.
    fn span_at(&self, tokens: &[Token]) -> Option<Range<usize>> {
        let first = tokens.first()?;
        if self.text.contains(' ') {
            return self.phrase_at(first, tokens);
        }
        if self.is_run != first.is_run {
            return None;
        }
        if !self.is_run {
            let fits = same_stem(&self.text, &first.folded)
                || (self.is_beginning && first.folded.starts_with(&self.text));
            return fits.then(|| first.span.clone());
        }
        let mut end = first.span.start;
        for (number, letter) in self.text.chars().enumerate() {
            let token = tokens.get(number)?;
            let fits = token.is_run && token.span.start == end && token.folded.starts_with(letter);
            if !fits {
                return None;
            }
            end = token.span.end;
        }
        Some(first.span.start..end)
    }
}

impl Term {
    /// The place of a phrase if it stands where `tokens` begin, with `first`.
    fn phrase_at(&self, first: &Token, tokens: &[Token]) -> Option<Range<usize>> {
        let mut words = self.text.split(' ').zip(tokens).peekable();
        let mut end = None;
        while let Some((word, token)) = words.next() {
            let is_last = words.peek().is_none();
            let begins = self.is_beginning && is_last && token.folded.starts_with(word);
            if !begins && !same_stem(word, &token.folded) {
                return None;
            }
            end = Some(token.span.end);
        }
        (self.text.split(' ').count() <= tokens.len()).then_some(first.span.start..end?)
    }
}

/// `text` for an index that knows only words between spaces: the characters that are words by themselves are parted.
pub fn spaced(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(is_word_by_itself) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if is_word_by_itself(c) {
            spaced.extend([' ', c, ' ']);
        } else {
            spaced.push(c);
        }
    }
    Cow::Owned(spaced)
}

/// A word of a text.
struct Token {
    span: Range<usize>,
    folded: String,
    /// Whether it is one character that is a word by itself.
    is_run: bool,
}

/// The words of `text` in their order.
fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.find(|(_, c)| c.is_alphanumeric())?;
        let mut token = Token {
            span: start..start + first.len_utf8(),
            folded: fold(first).collect(),
            is_run: is_word_by_itself(first),
        };
        while let Some((at, c)) = rest.next_if(|(_, c)| {
            is_accent(*c) || (!token.is_run && c.is_alphanumeric() && !is_word_by_itself(*c))
        }) {
            token.span.end = at + c.len_utf8();
            token.folded.extend(fold(c));
        }
        Some(token)
    })
}

/// A character in lower case, without its accent; nothing for an accent by itself.
fn fold(c: char) -> impl Iterator<Item = char> {
    (!is_accent(c))
        .then(|| chars::to_lower_case(chars::normalize(c)))
        .into_iter()
}

/// Whether it is an accent upon the character before it.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Whether a character is a word by itself: ideographs, kana, Hangul syllables.
fn is_word_by_itself(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

/// Whether two folded words have one stem, as far as their endings tell.
fn same_stem(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let common: usize = a
        .chars()
        .zip(b.chars())
        .take_while(|(a, b)| a == b)
        .map(|(c, _)| c.len_utf8())
        .sum();
    let (stem, a) = a.split_at(common);
    let b = part(b, common..b.len());
    if stem.chars().count() < STEM {
        return false;
    }
    // In "running" the last letter of the stem is said twice.
    let ending = |rest: &str| {
        ENDINGS.contains(&rest)
            || stem
                .chars()
                .last()
                .and_then(|last| rest.strip_prefix(last))
                .is_some_and(|rest| rest.len() > 1 && ENDINGS.contains(&rest))
    };
    ending(a) && ending(b)
}

/// A part of `text`; nothing where its ends are within characters.
fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// Where the word or sentence begins that has `at` a little after its beginning.
fn start_of(text: &str, at: usize) -> usize {
    let lead = part(text, 0..at)
        .char_indices()
        .rev()
        .take(SNIPPET / 4)
        .last();
    match lead {
        None | Some((0, _)) => 0,
        Some((from, _)) => part(text, from..at)
            .char_indices()
            .find(|(_, c)| c.is_whitespace())
            .map_or(at, |(space, c)| from + space + c.len_utf8()),
    }
}

/// The end of the last whole word before `at`, in bytes.
fn end_of(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    let at = (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len());
    part(text, at..text.len())
        .find(char::is_whitespace)
        .filter(|more| *more < SNIPPET)
        .map_or(at, |more| at + more)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(query: &str, text: &str) -> String {
        let mut shown = text.to_owned();
        for mark in Terms::parse(query).marks(text).into_iter().rev() {
            shown.insert(mark.end, ']');
            shown.insert(mark.start, '[');
        }
        shown
    }

    #[test]
    fn words_are_marked_by_their_stems_without_accents_and_the_last_by_its_beginning() {
        for (query, text, expected) in [
            (
                "deploy canary",
                "Deploying a canary, canaries too",
                "[Deploying] a [canary], [canaries] too",
            ),
            (
                "retries queue",
                "We retry in Queues.",
                "We [retry] in [Queues].",
            ),
            ("run", "running rung", "[running] [rung]"),
            ("run x", "running rung", "[running] rung"),
            (
                "cafe x",
                "Le Café, cafe\u{301}s",
                "Le [Café], [cafe\u{301}s]",
            ),
            ("rota", "rotation", "[rotation]"),
            ("支付", "新支付网关", "新[支付]网关"),
            ("api支付", "API支付 支", "[API][支付] 支"),
            ("user-service", "the user_service", "the [user]_[service]"),
            ("the", "then 😀 the", "[then] 😀 [the]"),
            ("", "anything", "anything"),
            (
                "\"card payment\" x",
                "Payments by card, card payments.",
                "Payments by card, [card payments].",
            ),
            (
                "\"card pay\"",
                "card payments; card",
                "[card payments]; card",
            ),
            (
                "\"支付 api\" x",
                "支付 API; api 支付",
                "[支付 API]; api 支付",
            ),
            ("\"card", "a card", "a [card]"),
        ] {
            assert_eq!(marked(query, text), expected, "{query}");
        }
    }

    #[test]
    fn a_snippet_is_where_most_words_stand_together() {
        let filler = "nothing to see here ".repeat(20);
        let text = format!("The rota. {filler}Paging: the rota is in the pager. {filler}");
        let snippet = Terms::parse("rota pager").snippet(&text);
        assert!(
            snippet.contains("the \u{2}rota\u{3} is in the \u{2}pager\u{3}"),
            "{snippet}"
        );
        assert!(
            snippet.starts_with('…') && snippet.ends_with('…'),
            "{snippet}"
        );
        assert_eq!(Terms::parse("x").snippet("short"), "short");
    }

    #[test]
    fn characters_that_are_words_are_parted_for_the_index() {
        assert_eq!(spaced("plain é"), "plain é");
        assert_eq!(spaced("a支付b"), "a 支  付 b");
    }

    proptest! {
        #[test]
        fn marks_are_in_order_and_on_letters(query in "\\PC{0,12}|[a-c 支付́]{0,8}", text in "\\PC{0,60}|[a-c 支付́]{0,300}") {
            let terms = Terms::parse(&query);
            let mut end = 0;
            for mark in terms.marks(&text) {
                prop_assert!(mark.start >= end && mark.start < mark.end);
                prop_assert!(text.get(mark.clone()).is_some());
                end = mark.end;
            }
            let plain = terms.snippet(&text).replace(['\u{2}', '\u{3}'], "");
            prop_assert!(text.contains(plain.trim_matches('…')) || text.contains('…'));
        }
    }
}
