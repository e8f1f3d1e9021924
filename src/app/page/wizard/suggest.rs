//! A line of text with what may stand in it: values that the author allows, or that a host or the catalog offers.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::message::Edit;
use crate::app::text_field::TextField;

use super::editor::LIST_ROWS;

/// The most offers that are kept.
const MAX_OFFERS: usize = 2000;

/// A line of text and what is offered for it.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what is answered and what the user did are independent of each other"
)]
pub struct Suggest {
    /// The text.
    pub field: TextField,
    /// Which of the offers that fit the cursor is on.
    pub cursor: Cursor,
    /// Nothing but what is offered is an answer.
    pub only: bool,
    /// Several values, with commas between them: the last one is looked for.
    pub many: bool,
    /// Why there are no offers, where somebody was asked for them.
    pub silent: Option<String>,
    offers: Arc<Vec<String>>,
    /// How many have each of the offers, in their order; empty where that is not to be shown.
    counts: Vec<usize>,
    /// Places of the offers that fit the text, the best first.
    fitting: Vec<usize>,
    /// Whether the text is an answer as it stands, so that the list must not offer to replace it.
    settled: bool,
    /// Whether the user walked the list: then what the cursor is on is meant.
    walked: bool,
}

impl Suggest {
    /// A line that holds `text`; `allowed`, if there are any, are the only answers.
    pub fn new(text: &str, allowed: &[String]) -> Self {
        let mut line = Self {
            field: TextField::new(text),
            only: !allowed.is_empty(),
            settled: !text.is_empty(),
            ..Self::default()
        };
        line.offer(Arc::new(allowed.to_vec()));
        line
    }

    /// A line of several values.
    pub fn many(text: &str, offers: Vec<String>) -> Self {
        let mut line = Self {
            field: TextField::new(text),
            many: true,
            settled: true,
            ..Self::default()
        };
        line.offer(Arc::new(offers));
        line
    }

    /// Takes what is offered.
    pub fn offer(&mut self, offers: Arc<Vec<String>>) {
        self.offers = offers;
        self.counts.clear();
        self.silent = None;
        self.fit();
    }

    /// Has it shown how many have each of the offers.
    pub(super) fn count(&mut self, counts: Vec<usize>) {
        self.counts = counts;
    }

    /// How many have the offer that is shown at `at`.
    pub fn count_of(&self, at: usize) -> Option<usize> {
        self.counts.get(*self.fitting.get(at)?).copied()
    }

    /// Whether anything is offered at all.
    pub fn has_offers(&self) -> bool {
        !self.offers.is_empty()
    }

    /// Whether the text is one of what others have already.
    pub fn is_offered(&self) -> bool {
        !self.only && self.offers.iter().any(|offer| offer == self.field.text())
    }

    /// The offers that fit, the best first; none where the text is an answer already.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &str> {
        let shown = if self.settled { &[] } else { &self.fitting[..] };
        shown
            .iter()
            .map(|at| self.offers.get(*at).map_or("", String::as_str))
    }

    /// What is looked for.
    fn sought(&self) -> &str {
        let text = self.field.text();
        let text = if self.many {
            text.rsplit(',').next().unwrap_or(text)
        } else {
            text
        };
        text.trim()
    }

    fn fit(&mut self) {
        let sought = self.sought().to_lowercase();
        let taken: Vec<String> = if self.many {
            let mut all: Vec<String> = self
                .field
                .text()
                .split(',')
                .map(|one| one.trim().to_owned())
                .collect();
            all.pop();
            all
        } else {
            Vec::new()
        };
        let mut fitting: Vec<(usize, usize)> = self
            .offers
            .iter()
            .take(MAX_OFFERS)
            .enumerate()
            .filter(|(_, offer)| !taken.contains(offer))
            .filter_map(|(at, offer)| Some((rank(&offer.to_lowercase(), &sought)?, at)))
            .collect();
        fitting.sort_unstable();
        self.fitting = fitting.into_iter().map(|(_, at)| at).collect();
        // Of the only answers there are, all are shown while none is being looked for.
        if self.only && self.fitting.is_empty() {
            self.fitting = (0..self.offers.len()).collect();
        }
        self.cursor = Cursor::default();
        self.walked = false;
    }

    /// Changes the text; whether it did.
    pub fn edit(&mut self, edit: &Edit) -> bool {
        let changed = self.field.apply(edit);
        if changed {
            self.settled = false;
            self.fit();
        }
        changed
    }

    /// Moves in the list; `false` at its ends.
    pub fn walk(&mut self, command: Command) -> bool {
        if self.settled && command == Command::Down && self.has_offers() && !self.many {
            // The list opens at the value that stands there.
            self.settled = false;
            let text = self.field.text().to_owned();
            self.fitting = (0..self.offers.len()).collect();
            let at = self
                .offers
                .iter()
                .position(|offer| *offer == text)
                .unwrap_or(0);
            self.cursor.select(at, self.offers.len(), LIST_ROWS);
            self.walked = true;
            return true;
        }
        let before = self.cursor.selected;
        let length = self.shown().len();
        let moved = self.cursor.apply(command, length, LIST_ROWS) && self.cursor.selected != before;
        self.walked |= moved;
        moved
    }

    /// Takes what the cursor is on as the answer; whether there was something to take.
    pub fn take(&mut self) -> bool {
        let meant = self.walked || self.only || !self.sought().is_empty();
        let Some(offer) = self
            .shown()
            .nth(self.cursor.selected)
            .map(str::to_owned)
            .filter(|_| meant)
        else {
            self.settled = true;
            return false;
        };
        // What was typed in full is what was meant, unless the list was walked.
        let exact = self.offers.iter().any(|one| one == self.sought());
        if !exact || self.walked {
            let text = if self.many {
                let text = self.field.text();
                let before = text.rsplit_once(',').map_or(String::new(), |(before, _)| {
                    format!("{}, ", before.trim_end())
                });
                format!("{before}{offer}")
            } else if self.only || self.walked || self.is_beginning(&offer) {
                offer
            } else {
                self.settled = true;
                return false;
            };
            self.field = TextField::new(&text);
        }
        self.settled = true;
        self.walked = false;
        true
    }

    /// Takes the offer that was clicked.
    pub fn pick(&mut self, at: usize) {
        let shown = self.shown().len();
        self.cursor.point(at, shown);
        self.walked = true;
        self.take();
    }

    /// Whether what was typed is the beginning of `offer`: a name that is only like one is a name of its own.
    fn is_beginning(&self, offer: &str) -> bool {
        let sought = self.sought().to_lowercase();
        sought.len() >= 2 && offer.to_lowercase().starts_with(&sought) && self.many
    }
}

/// How well `offer` fits: smaller is better, `None` not at all.
fn rank(offer: &str, sought: &str) -> Option<usize> {
    if offer.starts_with(sought) {
        return Some(0);
    }
    if let Some(at) = offer.find(sought) {
        let starts = offer
            .get(..at)
            .is_some_and(|before| before.ends_with(['-', '/', '_', '.', ' ']));
        return Some(if starts { 1 } else { 2 });
    }
    let mut letters = offer.chars();
    sought
        .chars()
        .all(|c| letters.any(|other| other == c))
        .then_some(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn of_allowed_values_one_is_taken_and_else_what_was_typed() {
        let mut owner = Suggest::new("", &offers(&["acme", "acme-labs"]));
        owner.edit(&Edit::Paste("labs".into()));
        assert_eq!(owner.shown().next(), Some("acme-labs"));
        assert!(owner.take());
        assert_eq!(owner.field.text(), "acme-labs");

        let mut name = Suggest::new("", &[]);
        name.offer(Arc::new(offers(&["payments", "pay"])));
        name.edit(&Edit::Paste("pays".into()));
        name.take();
        assert_eq!(name.field.text(), "pays");
        name.walk(Command::Down);
        assert!(name.take());
        assert_eq!(name.field.text(), "payments");
    }

    #[test]
    fn of_several_the_last_is_looked_for() {
        let mut tags = Suggest::many("go, ", offers(&["go", "grpc", "java"]));
        tags.edit(&Edit::Insert('g'));
        assert_eq!(tags.shown().collect::<Vec<_>>(), ["grpc"]);
        assert!(tags.take());
        assert_eq!(tags.field.text(), "go, grpc");
    }
}
