//! The signals by which others end what runs in a terminal.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Who ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Somebody asked it to end.
    Terminated,
    /// The terminal is gone.
    HungUp,
}

impl Ended {
    /// The exit code that says it: 128 + the number of the signal, as shells have it.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Terminated => 143,
            Self::HungUp => 129,
        }
    }
}

/// Those signals, from when it is made.
#[derive(Debug)]
pub(super) struct Signals {
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the next of them.
    pub(super) async fn next(&mut self) -> Ended {
        tokio::select! {
            _ = self.terminate.recv() => Ended::Terminated,
            _ = self.hangup.recv() => Ended::HungUp,
        }
    }
}
