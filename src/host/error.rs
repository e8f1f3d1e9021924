//! What can go wrong with a host.

use std::time::Duration;

/// Why a host gave no answer. No variant ever holds a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The host does not know us, or does not let us.
    #[error("{host}: not signed in or not allowed ({reason}); {remedy}")]
    NotSignedIn {
        /// The host's name.
        host: String,
        /// What it said.
        reason: String,
        /// How to sign in there.
        remedy: String,
    },
    /// The host wants to be asked later.
    #[error("{host}: asks to be left alone for {} ({reason}); try again then", span(*retry_after))]
    Busy {
        /// The host's name.
        host: String,
        /// What it said.
        reason: String,
        /// How long to wait.
        retry_after: Duration,
    },
    /// Nobody answers there.
    #[error("{place}: cannot be reached: {reason}; check the address and the network")]
    Unreachable {
        /// The URL or host.
        place: String,
        /// What the system says.
        reason: String,
    },
    /// Somebody answers there, who cannot show to be the host.
    #[error("{host}: its certificate is not trusted: {reason}; {remedy}")]
    Untrusted {
        /// The host's name.
        host: String,
        /// What is wrong with the certificate.
        reason: String,
        /// What to do.
        remedy: String,
    },
    /// The host cannot carry what it was asked for, or is down behind its door.
    #[error("{place}: cannot answer now: {reason}; try again later")]
    Overloaded {
        /// The URL.
        place: String,
        /// What it said.
        reason: String,
    },
    /// What was asked for is not there.
    #[error("{place}: does not exist")]
    NotFound {
        /// The path or URL.
        place: String,
    },
    /// What was asked for lies outside of what may be read.
    #[error("{place}: lies outside of {root}, which a catalog here may not leave")]
    Refused {
        /// The path or URL.
        place: String,
        /// The folder or repository that may not be left.
        root: String,
    },
    /// It is larger than what is read.
    #[error("{place}: is larger than {limit} bytes")]
    TooLarge {
        /// The path or URL.
        place: String,
        /// The most that is read.
        limit: u64,
    },
    /// Anything else.
    #[error("{place}: {reason}")]
    Failed {
        /// The path, URL or host.
        place: String,
        /// What happened and what to do.
        reason: String,
    },
    /// It was interrupted.
    #[error("interrupted")]
    Cancelled,
}

/// A time to wait, rounded up: `40 s`, `25 min`.
pub fn span(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=90 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

impl HostError {
    /// Whether it says nothing about what is there: what was kept must stay.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::NotSignedIn { .. }
                | Self::Busy { .. }
                | Self::Unreachable { .. }
                | Self::Untrusted { .. }
                | Self::Overloaded { .. }
                | Self::Cancelled
        )
    }
}
