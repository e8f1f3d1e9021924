//! Rest: nothing to draw, nobody at work, nothing unread. The log tells each time, at its finest level, with how much was heard
//! from the terminal by then. Whoever looks into a hang sees by it what the portal waited for; tests wait for it.

use crossterm::event::Event;

/// What was heard, and whether the rest after it was told.
#[derive(Debug, Default)]
pub(super) struct Rest {
    heard: u64,
    told: bool,
}

impl Rest {
    /// The terminal said something.
    pub(super) fn hears(&mut self, event: &Event) {
        self.told = false;
        // Sizes and the focus are told as often as the terminal likes.
        let is_users = matches!(event, Event::Key(_) | Event::Mouse(_) | Event::Paste(_));
        self.heard += u64::from(is_users);
    }

    /// Something is being done.
    pub(super) fn ends(&mut self) {
        self.told = false;
    }

    /// There is nothing to do until something happens.
    pub(super) fn begins(&mut self) {
        if !self.told {
            self.told = true;
            tracing::trace!(heard = self.heard, "at rest");
        }
    }
}
