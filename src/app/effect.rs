//! What the model asks of the world. Plain data: a test asserts on it, the runtime carries it out.

use std::sync::Arc;

use super::lasting::Keep;
use super::message::Asker;
use super::page::catalog::Export;
use super::page::docs::DocsWork;
use super::page::entity::ApiWork;
use super::route::RunOrder;
use super::task::TaskId;
use crate::catalog::export::Field;
use crate::catalog::{EntityRef, Index, Place, Row};
use crate::scaffolder::Answers;
use crate::scaffolder::lookup::Question;
use crate::search::Context;

/// One request to the world; most are answered by a [`Msg`](super::Msg).
#[derive(Debug, Clone)]
pub enum Effect {
    /// End the program with this exit code.
    Quit(u8),
    /// Put the program to sleep.
    Suspend,
    /// Draw every cell anew.
    Redraw,
    /// Take the mouse, or leave it to the terminal.
    TakeMouse(bool),
    /// Refresh from the sources: all of them, or only what is due.
    Sync {
        /// Whether the user asked for it.
        all: bool,
    },
    /// Cancel work in the background.
    Cancel(TaskId),
    /// Load what the store keeps about its user, and how the sources stand.
    LoadPersonal,
    /// Load how the user wants the catalog's table, and their own saved queries.
    LoadOwn,
    /// Load where the portal was left the last time.
    LoadLeft,
    /// Keep whether an entity is starred.
    SaveStar(EntityRef, bool),
    /// Keep that an entity was looked at.
    SaveVisit(EntityRef),
    /// Load what outlasts the portal; answered by [`Answer::Lasting`](super::Answer::Lasting).
    LoadLasting,
    /// Keep something beyond the portal, in place of what was kept of it before.
    Keep(Keep),
    /// Keep how the user wants the catalog's table, as [`View`](super::page::catalog::View) writes it.
    SaveView(String),
    /// Keep a query under a name, with how the catalog's table shows it; or forget it. Answered by
    /// [`Answer::Saved`](super::Answer::Saved).
    SaveQuery {
        /// The name.
        name: String,
        /// The query, and the view as [`View`](super::page::catalog::View) writes it.
        text: Option<(String, String)>,
    },
    /// Write rows to a file in the working folder, or copy them.
    Export {
        /// The index of the rows.
        index: Index,
        /// Which rows, in their order.
        rows: Vec<Row>,
        /// What is told of each.
        fields: Vec<Field>,
        /// The way.
        export: Export,
    },
    /// Load one entity.
    LoadEntity(EntityRef),
    /// Load one template to be run, with what it asks where it runs; answered by
    /// [`Answer::Template`](super::Answer::Template).
    LoadTemplate(EntityRef),
    /// Read or colour the definition of an API, which would hold up a frame.
    Api(ApiWork),
    /// Tell the facts of an entity's repository: those that are kept at once, and what its host says where they are old.
    AskFacts {
        /// Which entity.
        entity_ref: EntityRef,
        /// Whether the host is asked however new they are.
        anew: bool,
    },
    /// Nobody waits for the facts that were asked for last.
    StopFacts,
    /// Load all findings.
    LoadProblems,
    /// Read the lines of a file around a finding, where the file is at hand.
    ReadExcerpt {
        /// Where the finding is.
        place: Place,
        /// The entity it is about: of a file on a host, what is kept of it is found by that.
        entity: Option<EntityRef>,
    },
    /// Load the docs of an entity, from the cache or its source; as they are, or at a branch, a tag, a commit or a pull
    /// request.
    LoadDocs(EntityRef, Option<String>),
    /// Read images of docs and unpack them.
    LoadImages(WantedImages),
    /// Go to the docs that are written in the file at an address, where an entity has them; else open the address.
    FollowUrl {
        /// Whose docs name the address.
        from: EntityRef,
        /// The address, or a path from the page that names it.
        url: String,
        /// The page that names it, below its docs folder.
        page: String,
    },
    /// Open a page of docs in the user's editor where its file is at hand, else where its host lets it be edited.
    EditPage {
        /// Whose docs.
        entity_ref: EntityRef,
        /// The page, below the docs folder.
        page: String,
        /// The line of its source, from 1.
        line: u32,
        /// Where its host lets it be edited.
        url: Option<String>,
    },
    /// Read and lay out docs, which would hold up a frame.
    Docs(DocsWork),
    /// Search the index.
    Search {
        /// Who asks.
        asker: Asker,
        /// The number of the question; a new one of the same asker cancels the one before.
        generation: u64,
        /// The index to search.
        index: Index,
        /// The question.
        query: String,
        /// What ranking knows of the user.
        context: Arc<Context>,
        /// How many rows at most.
        limit: usize,
    },
    /// Look up which labels or annotations could be typed next, which only the record knows.
    LookUp {
        /// The number of the question; a new one cancels the one before.
        generation: u64,
        /// The index of whose rows is counted.
        index: Index,
        /// The query, the cursor behind it.
        text: String,
        /// What is known of the user.
        context: Arc<Context>,
    },
    /// Ask a host what a form may offer.
    AskHost {
        /// The number of the question.
        generation: u64,
        /// What is asked.
        question: Question,
    },
    /// Keep what was answered in a template's form, or forget it; the number tells an older draft from a newer one.
    SaveDraft(EntityRef, u64, Option<Box<Answers>>),
    /// Load what was answered in a template's form before.
    LoadDraft(EntityRef),
    /// Load the answers of the template's last run.
    LoadLastAnswers(EntityRef),
    /// Find out what a run would make, without making it.
    PlanRun {
        /// The number of the question.
        generation: u64,
        /// What would be run.
        order: Arc<RunOrder>,
    },
    /// Run a template.
    StartRun {
        /// The number of the run, which its answers carry.
        generation: u64,
        /// What to run.
        order: Arc<RunOrder>,
    },
    /// Find out how the repositories stand that came from a template.
    LoadGenerated(EntityRef),
    /// Run another command of this program in the terminal, with these words: it may ask.
    InTerminal(Vec<String>),
    /// Load what is known of all runs.
    LoadRuns,
    /// Load the log of a run.
    LoadRunLog(String),
    /// Copy text to the user's clipboard.
    Copy {
        /// What to copy.
        text: String,
        /// What to call it in the notice: "reference".
        what: &'static str,
    },
    /// Open a URL in a browser, or show it where there is none.
    OpenUrl(String),
    /// Let the user read a text in their pager.
    ReadText(String),
    /// Let the user change a text in their editor.
    EditText(String),
    /// Open a file in the user's editor.
    EditFile {
        /// A path.
        file: String,
        /// The line, from 1; 0 where only the file is known.
        line: u32,
        /// The column, from 1; 0 where only the line is known.
        column: u32,
    },
}

/// Images of a page that are to be read.
#[derive(Debug, Clone)]
pub struct WantedImages {
    /// Whose docs.
    pub entity_ref: EntityRef,
    /// The number of the question that read the page.
    pub generation: u64,
    /// Each image's index on the page, and its file's path below the docs folder.
    pub files: Vec<(usize, String)>,
}
