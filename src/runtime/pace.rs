//! When to draw: at once if the last frame is old enough, else as soon as it is.

use std::time::{Duration, Instant};

/// The least time between frames on a terminal of this machine.
const LOCAL: Duration = Duration::from_millis(8);
/// The least time between frames over a network, where bytes queue up.
const REMOTE: Duration = Duration::from_millis(33);

/// Decides when the next frame is drawn. Pure, so that it can be tested without waiting.
#[derive(Debug)]
pub(super) struct Pace {
    least: Duration,
    last: Option<Instant>,
    wanted: bool,
}

impl Pace {
    pub(super) fn new(remote: bool) -> Self {
        Self {
            least: if remote { REMOTE } else { LOCAL },
            last: None,
            wanted: true,
        }
    }

    /// Something changed.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// A frame was drawn.
    pub(super) fn drawn(&mut self, now: Instant) {
        self.last = Some(now);
        self.wanted = false;
    }

    /// When the next frame is due; `None` while nothing changed.
    pub(super) fn due(&self) -> Option<Instant> {
        self.wanted.then(|| {
            self.last
                .map_or_else(Instant::now, |last| last + self.least)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_drawn_only_when_wanted_and_not_too_often() {
        let mut pace = Pace::new(true);
        assert!(pace.due().is_some());
        let now = Instant::now();
        pace.drawn(now);
        assert_eq!(pace.due(), None);
        pace.want();
        pace.want();
        assert_eq!(pace.due(), Some(now + REMOTE));
    }
}
