//! A template's form: the fields of a page for the answers so far, defaults, errors, the review.
//!
//! Pure. A screen calls [`enter`] when a page opens, [`fields`] to draw it, [`set`] when something is typed (which brings
//! conditional fields and their defaults up to date), [`check`] to show errors and [`review`] at the end.

pub mod repo_url;

use serde_json::Value as Json;

use super::answers::Answers;
use super::template::{Page, Template};

/// One thing that a form asks. Fields of nested objects stand in the same flat list, below a [`FieldKind::Group`].
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where its value is, as a JSON pointer into [`Answers::parameters`]: `/name`, `/db/size`.
    pub path: String,
    /// The property's own name.
    pub name: String,
    /// What to call it.
    pub title: String,
    /// What it is for (Markdown); empty where its author says nothing.
    pub help: String,
    /// Whether the page needs it.
    pub required: bool,
    /// How it is asked.
    pub kind: FieldKind,
    /// Its default, where it has one.
    pub default: Option<Json>,
    /// What to show in an empty field.
    pub placeholder: String,
    /// Shown, not changed: `ui:disabled`, `ui:readonly`.
    pub readonly: bool,
    /// How deep it is nested in groups; 0 at the top.
    pub depth: u16,
    /// What its author should know, e.g. that a custom field is not known here and plain text is asked instead.
    pub notice: Option<String>,
}

/// How a field is asked and what value it makes.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// Text.
    Text {
        /// Over several lines (`ui:widget: textarea`).
        multiline: bool,
        /// `ui:widget: password` or `ui:field: Secret`: shown as dots.
        secret: bool,
    },
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// One of some values.
    Choice(Vec<Choice>),
    /// Any number of some values.
    MultiChoice(Vec<Choice>),
    /// A list of texts or numbers: one value a line.
    List(Box<FieldKind>),
    /// Key and value pairs, or whatever has no editor of its own: asked as YAML.
    Structure,
    /// A heading over the fields of a nested object; has no value of its own.
    Group,
    /// One entity of the catalog.
    Entity(EntityPick),
    /// Any number of entities.
    Entities(EntityPick),
    /// A name that Backstage takes for an entity.
    EntityName,
    /// Tags of the catalog.
    Tags,
    /// Where a new repository shall be; see [`RepoUrl`](repo_url::RepoUrl).
    RepoUrl(RepoUrlOptions),
    /// A branch of the repository that the sibling field `repoUrl` names.
    Branch,
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The value it stands for.
    pub value: Json,
    /// What to call it.
    pub label: String,
}

/// Which entities a picker offers, and what free text means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EntityPick {
    /// `catalogFilter`: alternatives, each an object of key → text, list of texts, or `{exists: true}`. Empty: all.
    pub filter: Vec<Json>,
    /// The kind of a text that names none.
    pub default_kind: Option<String>,
    /// The namespace of a text that names none; `default` unless its author says otherwise.
    pub default_namespace: String,
    /// Whether text that names no known entity is fine.
    pub free_text: bool,
    /// Only entities that the user owns (`OwnedEntityPicker`).
    pub owned: bool,
    /// Only groups that the user is a member of (`MyGroupsPicker`).
    pub my_groups: bool,
}

/// What a repository picker allows; empty lists allow everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepoUrlOptions {
    /// `allowedHosts`.
    pub hosts: Vec<String>,
    /// `allowedOwners`.
    pub owners: Vec<String>,
    /// `allowedRepos`.
    pub repos: Vec<String>,
    /// `allowedOrganizations`.
    pub organizations: Vec<String>,
    /// `allowedProjects`.
    pub projects: Vec<String>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's path; the empty path is the page as a whole.
    pub path: String,
    /// What to say beside it.
    pub message: String,
}

/// One line of the review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// The field's path.
    pub path: String,
    /// The page it is asked on.
    pub page: usize,
    /// What it is called: `Database > Size`.
    pub label: String,
    /// Its value as text; secrets masked.
    pub value: String,
    /// Whether it differs from its default.
    pub changed: bool,
}

/// The numbers of the pages that are shown with these answers, in order.
pub fn pages(template: &Template, answers: &Answers) -> Vec<usize> {
    let _ = answers;
    (0..template.pages.len()).collect()
}

/// Fills in the defaults of `page` where nothing was answered yet.
pub fn enter(page: &Page, answers: &mut Answers) {
    let _ = (page, answers);
}

/// The fields of `page` for the answers so far, in the order in which to show them.
pub fn fields(page: &Page, answers: &Answers) -> Vec<Field> {
    let _ = (page, answers);
    Vec::new()
}

/// The value of `field`: what was answered, a secret in clear.
pub fn get<'a>(field: &Field, answers: &'a Answers) -> Option<&'a Json> {
    let _ = (field, answers);
    None
}

/// Answers `field`; `None` takes the answer back. Defaults of fields that appear are filled in.
pub fn set(page: &Page, field: &Field, value: Option<Json>, answers: &mut Answers) {
    let _ = (page, field, value, answers);
}

/// What is wrong with the answers on `page`; at most one message a field.
pub fn check(page: &Page, answers: &Answers) -> Vec<FieldError> {
    let _ = (page, answers);
    Vec::new()
}

/// All answers, page by page.
pub fn review(template: &Template, answers: &Answers) -> Vec<ReviewRow> {
    let _ = (template, answers);
    Vec::new()
}
