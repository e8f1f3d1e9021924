//! Work in the background, as the task line and the page of activity show it.

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
    /// When it began, in seconds since 1970.
    pub since: u64,
    /// Whether nobody asked for it: it is listed, but does not take a line of every page.
    pub quiet: bool,
    /// Whether it was told to stop.
    pub stopping: bool,
    /// The number of the run of a template that it is, if it is one: its page tells more.
    pub run: Option<u64>,
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

impl Task {
    /// A task that begins now, `since` seconds since 1970.
    pub fn new(id: TaskId, title: String, since: u64) -> Self {
        Self {
            id,
            title,
            progress: String::new(),
            since,
            quiet: false,
            stopping: false,
            run: None,
        }
    }
}
