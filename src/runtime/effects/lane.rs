//! Work in the store that must keep its order: of two answers to one question the later is the newer, and what is read comes
//! after what was to be kept.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::app::{Answer, Msg};
use crate::store::Store;

/// What work in the store is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// What is kept of the user, and what is read of that.
    Own,
    /// Entities of the catalog, which may be another one at any time.
    Entities,
    /// What is wrong in it.
    Problems,
    /// The runs that were.
    Runs,
}

/// A lane for each.
#[derive(Debug, Default)]
pub(super) struct Lanes([Lane; 4]);

impl Lanes {
    /// The lane of what is about this.
    pub(super) fn of(&mut self, about: About) -> &mut Lane {
        let [own, entities, problems, runs] = &mut self.0;
        match about {
            About::Own => own,
            About::Entities => entities,
            About::Problems => problems,
            About::Runs => runs,
        }
    }
}

/// Pieces of work, each done on a worker after the one before.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// The last piece; it may be under way.
    last: Option<JoinHandle<()>>,
}

impl Lane {
    /// Adds a piece of work; what it returns is answered.
    pub(super) fn add(
        &mut self,
        store: &Arc<Store>,
        messages: Sender<Msg>,
        work: impl FnOnce(&Store) -> Vec<Answer> + Send + 'static,
    ) {
        let before = self.last.take();
        let store = Arc::clone(store);
        self.last = Some(tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            let work = spawn_blocking(move || {
                for answer in work(&store) {
                    let _ = messages.blocking_send(Msg::Answer(answer));
                }
            });
            let _ = work.await;
        }));
    }

    /// Waits until everything is done, but not longer than `limit`; whether it is.
    pub(super) async fn done(&mut self, limit: Duration) -> bool {
        match self.last.take() {
            Some(last) => tokio::time::timeout(limit, last).await.is_ok(),
            None => true,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_takes_long_is_not_overtaken() {
        let store = Arc::new(Store::temporary().unwrap());
        let (sender, mut receiver) = mpsc::channel(10);
        let mut lane = Lane::default();
        for (name, pause) in [("first", 50), ("second", 0), ("third", 5)] {
            lane.add(&store, sender.clone(), move |_| {
                std::thread::sleep(Duration::from_millis(pause));
                vec![Answer::Said(Ok(name.to_owned()))]
            });
        }
        assert!(lane.done(Duration::from_mins(1)).await);
        drop(sender);
        let mut said = Vec::new();
        while let Some(Msg::Answer(Answer::Said(Ok(name)))) = receiver.recv().await {
            said.push(name);
        }
        assert_eq!(said, ["first", "second", "third"]);
    }
}
