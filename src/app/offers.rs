//! What could be typed next into the field of a query: in the finder, and on the catalog page.

use super::cx::Cx;
use super::effect::Effect;
use super::text_field::TextField;
use crate::search::{Completion, Entering, Issue, complete};

/// What is offered behind the text of a field.
#[derive(Debug, Default)]
pub struct Offers {
    /// The best first.
    pub list: Vec<Completion>,
    /// Whether the record was asked for more and has not answered yet.
    pub awaited: bool,
    /// The last question to the record.
    generation: u64,
}

impl Offers {
    /// Looks up what could stand behind the text of `field`. Labels and annotations only the record knows: it is asked.
    pub fn look_up(&mut self, field: &TextField, cx: &mut Cx<'_>) {
        self.clear();
        let text = field.text();
        if text.is_empty() || !field.is_at_end() {
            return;
        }
        let shared = cx.shared;
        self.list = complete(&shared.index, &shared.personal, text, text.len());
        if Entering::at(text, text.len()).is_some() {
            self.awaited = true;
            self.generation = cx.next_generation();
            cx.effect(Effect::LookUp {
                generation: self.generation,
                index: shared.index.clone(),
                text: text.to_owned(),
                context: shared.personal.clone(),
            });
        }
    }

    /// Forgets what is offered: the text is another.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes what the record answered, unless that is late.
    pub fn take(&mut self, generation: u64, completions: &[Completion]) {
        if self.awaited && generation == self.generation {
            self.awaited = false;
            self.list = completions.to_vec();
        }
    }

    /// Puts the one at `at` into `field`; `false` where it is not offered, or the cursor stands within the text.
    pub fn accept(&mut self, at: usize, field: &mut TextField) -> bool {
        let Some(offer) = self.list.get(at).filter(|_| field.is_at_end()) else {
            return false;
        };
        *field = TextField::new(&offer.apply(field.text()).0);
        self.clear();
        true
    }

    /// Whether an issue of a text of `length` bytes is only that its last term is still being typed.
    pub fn excuse(&self, issue: &Issue, length: usize) -> bool {
        (self.awaited || !self.list.is_empty()) && issue.span.end == length
    }
}
