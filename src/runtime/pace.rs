//! When to draw: at once if the last frame is old enough, else as soon as it is. Over a network, where nobody says what is
//! still on its way, a frame also waits until a slow line has carried the one before: a key that was held down is answered
//! by one frame more once it is let go, not by all that queued up.

use std::time::{Duration, Instant};

/// The least time between frames on a terminal of this machine.
const LOCAL: Duration = Duration::from_millis(8);
/// The least time between frames over a network, where bytes queue up.
const REMOTE: Duration = Duration::from_millis(33);

/// What a slow line carries, in bytes a second.
const LINE: u32 = 25_000;
/// The longest that is waited for the line: an image is no reason to stand still.
const LONGEST: Duration = Duration::from_millis(400);

/// Decides when the next frame is drawn. Pure, so that it can be tested without waiting.
#[derive(Debug)]
pub(super) struct Pace {
    remote: bool,
    /// When the next frame may be drawn.
    next: Option<Instant>,
    wanted: bool,
}

impl Pace {
    pub(super) fn new(remote: bool) -> Self {
        Self {
            remote,
            next: None,
            wanted: true,
        }
    }

    /// Something changed.
    pub(super) fn want(&mut self) {
        self.wanted = true;
    }

    /// A frame was drawn, of so many bytes.
    pub(super) fn drawn(&mut self, now: Instant, bytes: usize) {
        let least = if self.remote {
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            let carried = Duration::from_secs(1) * bytes / LINE;
            carried.clamp(REMOTE, LONGEST)
        } else {
            LOCAL
        };
        self.next = Some(now + least);
        self.wanted = false;
    }

    /// When the next frame is due; `None` while nothing changed.
    pub(super) fn due(&self) -> Option<Instant> {
        self.wanted.then(|| self.next.unwrap_or_else(Instant::now))
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
        pace.drawn(now, 300);
        assert_eq!(pace.due(), None);
        pace.want();
        pace.want();
        assert_eq!(pace.due(), Some(now + REMOTE));
    }

    #[test]
    fn over_a_network_a_frame_waits_until_the_one_before_can_have_arrived() {
        let now = Instant::now();
        let due = |remote, bytes| {
            let mut pace = Pace::new(remote);
            pace.drawn(now, bytes);
            pace.want();
            pace.due().map(|due| due - now)
        };
        assert_eq!(due(true, 2_500), Some(Duration::from_millis(100)));
        assert_eq!(due(true, 1_000_000), Some(LONGEST));
        assert_eq!(due(false, 2_500), Some(LOCAL));
    }
}
