//! What the terminal sends: keys, pastes, sizes. Crossterm's stream has a thread that reads the terminal, and dropping the
//! stream does not wait for it: a thread that was about to read would take the first key of an editor, or an answer of the
//! terminal to a question, and hold on to the input until the next key. Whoever gives the terminal away closes this instead.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use futures_util::Stream;
use futures_util::task::AtomicWaker;

/// How long closing waits for the thread: it is awake at once, unless it waits for the rest of a sequence.
const LONGEST: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(1);

/// The events of the terminal. There can be one at a time.
#[derive(Debug)]
pub struct Events {
    stream: EventStream,
    sleeper: Arc<Sleeper>,
}

/// Who waits for events. The thread holds it, too, from before it reads until after it did.
#[derive(Debug, Default)]
struct Sleeper(AtomicWaker);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.wake();
    }
}

impl Events {
    /// Begins to listen.
    pub fn new() -> Self {
        Self {
            stream: EventStream::new(),
            sleeper: Arc::default(),
        }
    }

    /// The next event; `None` when there will be none any more. What was not awaited to its end is not lost.
    pub async fn next(&mut self) -> Option<io::Result<Event>> {
        poll_fn(|context| {
            self.sleeper.0.register(context.waker());
            let waker = Waker::from(Arc::clone(&self.sleeper));
            Pin::new(&mut self.stream).poll_next(&mut Context::from_waker(&waker))
        })
        .await
    }

    /// Stops listening: from now on nobody reads what the terminal sends. Whether that is certain.
    pub fn close(self) -> bool {
        let Self { stream, sleeper } = self;
        drop(stream);
        let until = Instant::now() + LONGEST;
        while Arc::strong_count(&sleeper) > 1 {
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(PAUSE);
        }
        true
    }
}

impl Default for Events {
    fn default() -> Self {
        Self::new()
    }
}
