//! The lines of a file around a finding. One question at a time: who runs down a long list asks for where they stop.

use std::sync::Arc;

use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::catalog::{EntityRef, Place};

/// The lines around one place, or that they are on their way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The place they are around.
    pub place: Place,
    /// What is known of them; `None` while they are on their way.
    pub shown: Option<Shown>,
}

/// What came of reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Its lines, cleaned and with a space for each tab; the first of them has this number.
    Lines(u32, Arc<[String]>),
    /// It is not at hand; the words say why.
    Nothing(String),
}

impl Excerpt {
    /// What is known of the lines around `place`.
    pub fn of(&self, place: &Place) -> Option<&Shown> {
        self.shown.as_ref().filter(|_| self.place == *place)
    }

    /// Takes an answer.
    pub(super) fn take(&mut self, place: &Place, shown: &Shown) {
        if self.place == *place {
            self.shown = Some(shown.clone());
        }
    }
}

/// Asks for the lines around `place` unless they are known or an answer is awaited, after which it is asked again.
pub(super) fn ask(
    excerpt: &mut Option<Excerpt>,
    place: &Place,
    entity: Option<EntityRef>,
    cx: &mut Cx<'_>,
) {
    let waits = excerpt.as_ref().is_some_and(|e| e.shown.is_none());
    let known = excerpt.as_ref().is_some_and(|e| e.place == *place);
    if waits || known || place.line == 0 {
        return;
    }
    *excerpt = Some(Excerpt {
        place: place.clone(),
        shown: None,
    });
    cx.effect(Effect::ReadExcerpt {
        place: place.clone(),
        entity,
    });
}
