//! What happens to the model.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::command::Command;
use super::key::Key;
use super::lasting::Lasting;
use super::page::docs::DocsDone;
use super::page::entity::{ApiDone, Told};
use super::page::problems::Shown;
use super::page::runs::{Kept, LogLine};
use super::pointer::Pointed;
use super::task::TaskEvent;
use crate::catalog::{Entity, EntityRef, Index, Place, Problem, Relation};
use crate::scaffolder::Answers;
use crate::scaffolder::run::{Event, Report};
use crate::scaffolder::update::Generated;
use crate::search::{Completion, Context, Found};
use crate::techdocs::Book;

/// Everything that can happen.
#[derive(Debug, Clone)]
pub enum Msg {
    /// A key was pressed; what it means depends on the focus.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// A command was asked for by other means than a key.
    Command(Command),
    /// Something was done with the mouse.
    Pointed(Pointed),
    /// The user came back to the terminal.
    Returned,
    /// The terminal has a new size, in columns and rows.
    Resize(u16, u16),
    /// The clock: seconds since 1970.
    Tick(u64),
    /// Work in the background began, went on or ended.
    Task(TaskEvent),
    /// An effect was carried out.
    Answer(Answer),
}

/// A change to the text field that has the focus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Types a character.
    Insert(char),
    /// Pastes text.
    Paste(String),
    /// Deletes the character before the cursor.
    Backspace,
    /// Deletes the character under the cursor.
    Delete,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes everything.
    DeleteLine,
    /// Deletes what stands behind the cursor.
    DeleteToEnd,
    /// Moves one character to the left.
    Left,
    /// Moves one character to the right.
    Right,
    /// Moves one word to the left.
    WordLeft,
    /// Moves one word to the right.
    WordRight,
    /// Moves to the beginning.
    Home,
    /// Moves to the end.
    End,
}

/// Who asked for a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// The finder.
    Finder,
    /// The catalog page.
    Catalog,
    /// A picker of a template's form.
    Picker,
    /// A field that offers what could be typed next.
    Offers,
}

/// What came of an [`Effect`](super::Effect). Large things are shared, not copied.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The catalog has changed.
    Index(Index),
    /// What the store keeps about its user: who they are, stars, visits.
    Personal(Result<Arc<Context>, String>),
    /// How the user wants the catalog's table, as [`View`](super::page::catalog::View) writes it.
    View(String),
    /// The user's own saved queries, each with how the catalog's table shows it, where it was saved there.
    Saved(Arc<BTreeMap<String, Option<String>>>),
    /// What outlasts the portal, as it was kept.
    Lasting(Arc<Lasting>),
    /// Where the portal was left the last time, as a link.
    Left(String),
    /// How each source stands.
    Sources(Arc<Vec<SourceState>>),
    /// One entity, `None` if the catalog has none of that name.
    Entity(EntityRef, Result<Option<Arc<EntityDetail>>, String>),
    /// One template, with what it asks where it runs; `None` if the catalog has none of that name.
    Template(EntityRef, Result<Option<Arc<EntityDetail>>, String>),
    /// The definition of an API was read or coloured.
    ApiDone(ApiDone),
    /// What is known of the facts of an entity's repository.
    Facts(EntityRef, Told),
    /// The docs of an entity, `None` if it has none; at the revision that was asked for.
    Docs(EntityRef, Option<String>, Result<Option<Arc<Book>>, String>),
    /// The page of docs that an address leads to, with its anchor.
    DocsAt {
        /// The address.
        url: String,
        /// Whose docs.
        entity_ref: EntityRef,
        /// The page, below the docs folder.
        page: String,
        /// The heading on it.
        anchor: Option<String>,
    },
    /// Docs were read or laid out.
    DocsDone(DocsDone),
    /// What is wrong in the whole catalog.
    Problems(Result<Arc<Vec<Problem>>, String>),
    /// The lines of a file around a place.
    Excerpt(Place, Shown),
    /// What a search found.
    Found {
        /// Who asked.
        asker: Asker,
        /// The number of the question; an older one's answer is late.
        generation: u64,
        /// The rows, of the index that was current when it was asked.
        found: Arc<Found>,
        /// What the texts say, for the finder; `None` if that, or more rows, are still being looked for.
        texts: Option<Arc<FullText>>,
    },
    /// What the texts say, for the finder, found later than the rows.
    Texts {
        /// The number of the question; an older one's answer is late.
        generation: u64,
        /// What was found.
        texts: Arc<FullText>,
    },
    /// Labels or annotations that could be typed next, which the record was asked for.
    Entries {
        /// The number of the question; an older one's answer is late.
        generation: u64,
        /// The best first.
        completions: Vec<Completion>,
    },
    /// What a host offers for a form.
    Offered {
        /// The number of the question.
        generation: u64,
        /// What it offers, or why it does not.
        found: Result<Arc<Vec<String>>, String>,
    },
    /// What was answered in a template's form before.
    Draft(EntityRef, Option<Box<Answers>>),
    /// The answers of a template's last run.
    LastAnswers(EntityRef, Option<Box<Answers>>),
    /// What a run would make.
    Planned {
        /// The number of the question.
        generation: u64,
        /// The dry run's report.
        report: Result<Arc<Report>, String>,
    },
    /// Something happened in a run.
    RunEvent {
        /// The number of the run.
        generation: u64,
        /// What.
        event: Event,
    },
    /// How the repositories stand that came from a template, those farthest behind first.
    Generated(EntityRef, Result<Arc<Vec<Generated>>, String>),
    /// An update in the terminal ended.
    Updated,
    /// What is known of all runs, latest first.
    Runs(Arc<Vec<Kept>>),
    /// The log of a run.
    RunLog(String, Arc<Vec<LogLine>>),
    /// A run is kept in the journal, under this id.
    RunKept {
        /// The number of the run.
        generation: u64,
        /// Its id there.
        id: String,
    },
    /// A run ended.
    RunEnded {
        /// The number of the run.
        generation: u64,
        /// How, or why it could not begin.
        result: Result<Arc<Report>, String>,
    },
    /// The text as it was left in the user's editor.
    Edited(String),
    /// A file was open in the user's editor, or could not be opened.
    FileEdited(Result<(), String>),
    /// Files of local sources changed.
    FilesChanged,
    /// Why changes of files show later than at once.
    Unwatched(String),
    /// What was to be exported, to be copied.
    Exported(String),
    /// Text was copied, or could not be.
    Copied(Result<String, String>),
    /// Something was done that a user should know, or failed.
    Said(Result<String, String>),
}

/// What full text found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FullText {
    /// Sections of docs, operations of APIs, pages of other sources, in the order in which they are listed.
    pub passages: Vec<Passage>,
    /// Entities whose descriptions have the words.
    pub described: Vec<EntityRef>,
    /// Sources beside the catalog that did not answer when they were last asked, and why; what they gave before is searched.
    pub silent: Vec<(String, String)>,
}

/// A text that was found by its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands.
    pub origin: Origin,
    /// The page's title; verb and name of an operation.
    pub title: String,
    /// The section's heading, empty before the first; one line on what an operation does.
    pub heading: String,
    /// The text.
    pub text: String,
}

/// Where a text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In a section of docs.
    Docs {
        /// Whose docs.
        entity_ref: EntityRef,
        /// The page, relative to the docs folder.
        page: String,
        /// The section's anchor; empty before the first.
        anchor: String,
    },
    /// In the definition of an API.
    Operation {
        /// The API.
        entity_ref: EntityRef,
        /// The operation, as `GET /path`.
        operation: String,
    },
    /// On a page of a source beside the catalog.
    Elsewhere {
        /// The source's name.
        source: String,
        /// Where to read it.
        url: String,
    },
}

/// One entity with all that is known of it.
#[derive(Debug, Clone)]
pub struct EntityDetail {
    /// The entity.
    pub entity: Entity,
    /// Its relations, sorted.
    pub relations: Vec<Relation>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Whom `CODEOWNERS` names, where its own owner leads nowhere, with the user or group that it is.
    pub code_owners: Vec<(String, Option<EntityRef>)>,
    /// Why no host can tell of a repository of it; `None` where one can.
    pub no_repository: Option<String>,
}

/// How one source stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceState {
    /// The source, as its user would name it.
    pub name: String,
    /// When it was last read without an error, in seconds since 1970.
    pub last_ok: Option<u64>,
    /// When it was last tried, in seconds since 1970.
    pub last_tried: Option<u64>,
    /// Why the last attempt failed, if it did.
    pub error: Option<String>,
    /// How many entities it gave.
    pub entities: usize,
}
