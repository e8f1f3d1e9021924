//! Work in the background as it begins, goes on and ends, and what is said of it.

use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::log::Happened;
use crate::app::model::Model;
use crate::app::notice::Notice;
use crate::app::task::{TaskEvent, TaskId};

/// What stands for the progress of work that was told to stop.
const STOPPING: &str = "stopping…";

impl Model {
    /// Says something to the user, and keeps it to be read again.
    pub fn say(&mut self, notice: Notice) {
        self.keep(Happened::Said(notice.clone()));
        self.notice = Some(notice);
    }

    fn keep(&mut self, what: Happened) {
        self.shared.log.add(self.shared.now, what);
    }
}

/// Tells work to stop; it goes from the list once it has.
pub(super) fn cancel(model: &mut Model, id: TaskId) -> Option<Effect> {
    let task = model.shared.tasks.iter_mut().find(|task| task.id == id)?;
    task.stopping = true;
    STOPPING.clone_into(&mut task.progress);
    Some(Effect::Cancel(id))
}

pub(super) fn on_task(model: &mut Model, event: TaskEvent) {
    match event {
        TaskEvent::Started(task) => model.shared.tasks.push(task),
        TaskEvent::Progress(id, progress) => {
            let mut tasks = model.shared.tasks.iter_mut();
            if let Some(task) = tasks.find(|task| task.id == id && !task.stopping) {
                task.progress = progress;
            }
        }
        TaskEvent::Ended(id, result) => {
            let tasks = &mut model.shared.tasks;
            let at = tasks.iter().position(|task| task.id == id);
            let task = at.map(|at| tasks.remove(at));
            let run = task.as_ref().and_then(|task| task.run);
            let is_stopped = task.as_ref().is_some_and(|task| task.stopping);
            let (said, notice) = match result {
                Ok(Some(text)) if is_stopped => (true, Notice::info(text)),
                Ok(Some(text)) => (true, Notice::done(text)),
                Ok(None) => (false, Notice::done("done")),
                // Whether a run goes on is asked on its page.
                Err(text) if run.is_some() => (true, Notice::failed(text)),
                Err(text) => (true, Notice::failed(text).or(Command::Sync)),
            };
            // The page of a run shows what came of it.
            let is_shown = run.is_some() && model.page().run() == run;
            if said && !is_shown {
                model.notice = Some(notice.clone());
            }
            match task {
                Some(task) if said || !task.quiet => model.keep(Happened::Ended(task, notice)),
                None if said => model.keep(Happened::Said(notice)),
                _ => {}
            }
        }
    }
}
