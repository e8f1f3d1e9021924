//! Work in the background, as the task line shows it.

/// The number of a task; grows, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// One piece of work in the background that a user should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub id: TaskId,
    /// What it does: "Refreshing github:acme".
    pub title: String,
    /// How far it is, in words: "120 of 400 repositories".
    pub progress: String,
}

/// What a task reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskEvent {
    /// It began.
    Started(Task),
    /// It is further.
    Progress(TaskId, String),
    /// It ended; the text is a notice, if it has something to say.
    Ended(TaskId, Result<Option<String>, String>),
}
