//! The signals by which others end what runs in a terminal, or wake it after a stop that it did not ask for.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It must end.
    Ended(Ended),
    /// It goes on after it was stopped: the screen and the modes of the terminal may be another program's by now.
    Woken,
}

/// Who ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Somebody asked it to end.
    Terminated,
    /// Somebody interrupted it.
    Interrupted,
    /// The terminal is gone.
    HungUp,
}

impl Ended {
    /// The exit code that says it: 128 + the number of the signal, as shells have it.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Terminated => 143,
            Self::Interrupted => 130,
            Self::HungUp => 129,
        }
    }
}

/// Those signals, from when it is made.
#[derive(Debug)]
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    wake: Signal,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
            wake: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
        })
    }

    /// Waits for the next of them.
    pub(super) async fn next(&mut self) -> Told {
        tokio::select! {
            _ = self.terminate.recv() => Told::Ended(Ended::Terminated),
            _ = self.interrupt.recv() => Told::Ended(Ended::Interrupted),
            _ = self.hangup.recv() => Told::Ended(Ended::HungUp),
            _ = self.wake.recv() => Told::Woken,
        }
    }

    /// Waits for one that ends it.
    pub(super) async fn ended(&mut self) -> Ended {
        loop {
            if let Told::Ended(ended) = self.next().await {
                return ended;
            }
        }
    }
}
