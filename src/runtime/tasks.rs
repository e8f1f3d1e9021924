//! Work in the background: started, numbered, cancelled.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

use super::launch::now;
use crate::app::message::Asker;
use crate::app::task::{Task, TaskEvent, TaskId};
use crate::app::{Answer, Msg};

/// What is running, and the way back to the model.
#[derive(Debug)]
pub(super) struct Tasks {
    messages: Sender<Msg>,
    last: u64,
    running: HashMap<TaskId, CancellationToken>,
    searches: HashMap<Asker, Arc<AtomicBool>>,
}

/// One task's way to report.
#[derive(Debug, Clone)]
pub(super) struct Reporter {
    pub(super) id: TaskId,
    pub(super) cancel: CancellationToken,
    messages: Sender<Msg>,
}

impl Tasks {
    pub(super) fn new(messages: Sender<Msg>) -> Self {
        Self {
            messages,
            last: 0,
            running: HashMap::new(),
            searches: HashMap::new(),
        }
    }

    /// The way back to the model, for work that the user need not see.
    pub(super) fn messages(&self) -> Sender<Msg> {
        self.messages.clone()
    }

    /// Whether nobody is at work: whoever is holds a way back to the model until all is said.
    pub(super) fn are_done(&self) -> bool {
        self.messages.strong_count() == 1
    }

    /// A new task that the user can cancel; `quiet` where nobody asked for it. The model hears of it with the next messages.
    pub(super) fn begin(&mut self, title: String, quiet: bool) -> (Reporter, Msg) {
        self.start(|id| Task {
            quiet,
            ..Task::new(id, title, now())
        })
    }

    /// A new task that is a run of a template.
    pub(super) fn begin_run(&mut self, title: String, number: u64) -> (Reporter, Msg) {
        self.start(|id| Task {
            run: Some(number),
            ..Task::new(id, title, now())
        })
    }

    fn start(&mut self, task: impl FnOnce(TaskId) -> Task) -> (Reporter, Msg) {
        self.last += 1;
        let id = TaskId(self.last);
        let cancel = CancellationToken::new();
        self.running.insert(id, cancel.clone());
        self.running.retain(|_, token| !token.is_cancelled());
        let started = Msg::Task(TaskEvent::Started(task(id)));
        (
            Reporter {
                id,
                cancel,
                messages: self.messages.clone(),
            },
            started,
        )
    }

    /// Cancels a task.
    pub(super) fn cancel(&mut self, id: TaskId) {
        if let Some(token) = self.running.remove(&id) {
            token.cancel();
        }
    }

    /// Cancels everything; the portal ends.
    pub(super) fn cancel_all(&mut self) {
        for (_, token) in self.running.drain() {
            token.cancel();
        }
        for (_, stop) in self.searches.drain() {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// A flag that says whether a newer search of the same asker has begun; the one before is told to stop.
    pub(super) fn newest_search(&mut self, asker: Asker) -> Arc<AtomicBool> {
        let stop = Arc::new(AtomicBool::new(false));
        if let Some(before) = self.searches.insert(asker, stop.clone()) {
            before.store(true, Ordering::Relaxed);
        }
        stop
    }
}

impl Reporter {
    /// Says how far it is. A progress that finds the channel full is dropped: the next one says more.
    pub(super) fn progress(&self, text: String) {
        let _ = self
            .messages
            .try_send(Msg::Task(TaskEvent::Progress(self.id, text)));
    }

    /// Hands a result to the model.
    pub(super) async fn answer(&self, answer: Answer) {
        let _ = self.messages.send(Msg::Answer(answer)).await;
    }

    /// Says that it ended.
    pub(super) async fn end(&self, result: Result<Option<String>, String>) {
        if let Err(error) = &result {
            tracing::warn!(error, "work in the background failed");
        }
        let _ = self
            .messages
            .send(Msg::Task(TaskEvent::Ended(self.id, result)))
            .await;
    }
}
