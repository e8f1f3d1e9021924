//! A template's form: the fields of a page for the answers so far, defaults, errors, the review.
//!
//! Pure. A screen calls [`enter`] when a page opens, [`fields`] to draw it, [`set`] when something is typed (which brings
//! conditional fields and their defaults up to date), [`check()`] to show errors and [`review()`] at the end. Text goes to
//! values and back by [`FieldKind::parse`] and [`FieldKind::show`].

mod check;
mod defaults;
mod field;
mod input;
pub mod repo_url;
mod review;
mod schema;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value as Json, json};

use super::answers::Answers;
use super::expr::{Context, Options, render_value};
use super::template::{Page, Template};

/// How often defaults may make new fields appear that have defaults.
const MAX_ROUNDS: usize = 16;

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
    /// Its value is kept with the secrets; the parameters hold stars in its place (`ui:field: Secret`).
    pub secret: bool,
    /// How it stands in the review.
    pub review: ReviewHint,
}

/// `ui:backstage.review`: how a field stands in the review.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewHint {
    /// It is left out.
    pub hidden: bool,
    /// What is shown instead of its value.
    pub mask: Option<String>,
    /// What it is called there.
    pub name: Option<String>,
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
    let parameters = json!({ "parameters": answers.parameters });
    let context = Context::new(&parameters);
    let shown = |page: &Page| {
        let wanted = page.when.as_ref().is_none_or(|when| {
            let value = render_value(&when.as_str().into(), &context, Options::default());
            value.as_ref().is_some_and(truthy)
        });
        wanted && !schema::behind_flag(&page.schema)
    };
    let all = template.pages.iter().enumerate();
    all.filter(|(_, page)| shown(page))
        .map(|(number, _)| number)
        .collect()
}

/// Fills in the defaults of `page` where nothing was answered yet; fields that appear by that get theirs too.
pub fn enter(page: &Page, answers: &mut Answers) {
    for _ in 0..MAX_ROUNDS {
        let schema = resolved(page, answers);
        let inherited = schema.get("default");
        if !defaults::fill(
            &schema,
            inherited,
            &mut answers.parameters,
            "",
            &answers.cleared,
        ) {
            break;
        }
    }
}

/// The fields of `page` for the answers so far, in the order in which to show them.
pub fn fields(page: &Page, answers: &Answers) -> Vec<Field> {
    let mut out = Vec::new();
    field::fields(&resolved(page, answers), "", 0, &mut out);
    out
}

/// The value of `field`: what was answered, a secret in clear.
pub fn get(field: &Field, answers: &Answers) -> Option<Json> {
    if field.secret {
        return answers.secrets.get(&field.name).map(Json::from);
    }
    let (first, rest) = split(&field.path);
    let value = answers.parameters.get(&first)?;
    value.pointer(&rest).cloned()
}

/// Answers `field`; `None` takes the answer back. Defaults of fields that appear are filled in.
pub fn set(page: &Page, field: &Field, value: Option<Json>, answers: &mut Answers) {
    let value = if field.secret {
        let text = value.as_ref().and_then(Json::as_str).unwrap_or_default();
        answers.secrets.set(&field.name, text.to_owned());
        let stars = "*".repeat(text.chars().count());
        (!stars.is_empty()).then(|| stars.into())
    } else {
        value
    };
    if let Some(value) = value {
        answers.cleared.remove(&field.path);
        put(&mut answers.parameters, &field.path, value);
    } else {
        answers.cleared.insert(field.path.clone());
        remove(&mut answers.parameters, &field.path);
    }
    enter(page, answers);
}

/// What is wrong with the answers on `page`; at most one message a field, in the order of the fields.
pub fn check(page: &Page, answers: &Answers) -> Vec<FieldError> {
    let data = Json::Object(answers.parameters.clone());
    check::check(&resolved(page, answers), &data, &fields(page, answers))
}

/// The page and the field at `path`, of the pages shown; `name` alone stands for `/name`.
pub fn find(template: &Template, answers: &Answers, path: &str) -> Option<(usize, Field)> {
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{}", path.replace('.', "/"))
    };
    pages(template, answers).into_iter().find_map(|number| {
        let fields = fields(template.pages.get(number)?, answers);
        let field = fields.into_iter().find(|field| field.path == path)?;
        Some((number, field))
    })
}

/// All answers, page by page.
pub fn review(template: &Template, answers: &Answers) -> Vec<ReviewRow> {
    review::rows(template, answers)
}

/// Backstage's `isTruthy`: an empty list is false, unlike in JavaScript.
pub(crate) fn truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(_) => true,
    }
}

fn resolved(page: &Page, answers: &Answers) -> Json {
    let data = Json::Object(answers.parameters.clone());
    schema::resolve(&page.schema, &data, &page.schema)
}

/// A pointer's first name, and the rest of it.
fn split(path: &str) -> (String, String) {
    let path = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = match path.split_once('/') {
        Some((first, rest)) => (first, format!("/{rest}")),
        None => (path, String::new()),
    };
    (first.replace("~1", "/").replace("~0", "~"), rest)
}

fn put(object: &mut Map<String, Json>, path: &str, value: Json) {
    let (first, rest) = split(path);
    if rest.is_empty() {
        object.insert(first, value);
        return;
    }
    let slot = object.entry(first).or_insert_with(|| Map::new().into());
    if !slot.is_object() {
        *slot = Map::new().into();
    }
    if let Json::Object(inner) = slot {
        put(inner, &rest, value);
    }
}

fn remove(object: &mut Map<String, Json>, path: &str) {
    let (first, rest) = split(path);
    if rest.is_empty() {
        object.shift_remove(&first);
    } else if let Some(Json::Object(inner)) = object.get_mut(&first) {
        remove(inner, &rest);
    }
}
