//! A template's form: the fields of a page for the answers so far, defaults, errors, the review.
//!
//! Pure. A screen calls [`enter`] when a page opens, [`fields`] to draw it, [`set`] when something is typed (which brings
//! conditional fields and their defaults up to date), [`check()`] to show errors and [`review()`] at the end. Text goes to
//! values and back by [`FieldKind::parse`] and [`FieldKind::show`].

mod check;
mod defaults;
pub(crate) mod field;
mod input;
mod kind;
mod options;
mod page;
pub mod repo_url;
mod resolve;
mod review;
mod switch;
#[cfg(test)]
mod tests;
mod types;
mod valid;

pub use kind::{
    Choice, Credentials, EntityPick, FieldKind, Items, RepoUrlOptions, TagOptions, Whose,
};

use serde_json::{Map, Value as Json, json};

use super::answers::Answers;
use super::expr::{Context, Options, render_value};
use super::template::{Page, Template};
use page::Asked;
use resolve::Resolver;

/// How often defaults may make new fields appear that have defaults.
const MAX_ROUNDS: usize = 16;

/// One thing that a form asks. Fields of nested objects stand in the same flat list, below a [`FieldKind::Group`].
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing that its author says or leaves out"
)]
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
    /// The value that an emptied field has (`ui:emptyValue`); none otherwise.
    pub empty: Option<Json>,
    /// It has the focus when its page opens (`ui:autofocus`).
    pub autofocus: bool,
    /// It is an item of a list that can be taken out.
    pub item: bool,
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
    /// An object stands as one value, not field by field (`explode: false`).
    pub whole: bool,
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
    /// Its default as text, where it has one.
    pub default: Option<String>,
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
        wanted && !page::behind_flag(&page.schema)
    };
    let all = template.pages.iter().enumerate();
    all.filter(|(_, page)| shown(page))
        .map(|(number, _)| number)
        .collect()
}

/// Fills in the defaults of `page` where nothing was answered yet; fields that appear by that get theirs too.
pub fn enter(page: &Page, answers: &mut Answers) {
    settle(&Asked::read(&page.schema), answers);
}

fn settle(asked: &Asked, answers: &mut Answers) {
    for _ in 0..MAX_ROUNDS {
        let resolver = Resolver::new(&asked.schema);
        let data = Json::Object(answers.parameters.clone());
        let state = defaults::state(&resolver, &asked.schema, &data);
        let Json::Object(mut state) = state else {
            break;
        };
        for path in &answers.cleared {
            if data.pointer(path).is_none() {
                remove(&mut state, path);
            }
        }
        // Backstage's picker of tags begins with none, where others begin with nothing.
        let tags = if asked.has_tags() {
            field::fields(asked, answers)
        } else {
            Vec::new()
        };
        for field in tags
            .iter()
            .filter(|field| matches!(field.kind, FieldKind::Tags(_)))
        {
            if data.pointer(&field.path).is_none() && !state.contains_key(&field.name) {
                put(&mut state, &field.path, Json::Array(Vec::new()));
            }
        }
        if answers.parameters == state {
            break;
        }
        answers.parameters = state;
    }
}

/// Like [`enter`], but what was answered stays as it is: a choice that is none is an error, not another choice.
pub fn fill(page: &Page, answers: &mut Answers) {
    let given = answers.parameters.clone();
    enter(page, answers);
    restore(&mut answers.parameters, &given);
}

fn restore(state: &mut Map<String, Json>, given: &Map<String, Json>) {
    for (key, value) in given {
        match (state.get_mut(key), value) {
            (Some(Json::Object(state)), Json::Object(given)) => restore(state, given),
            (Some(Json::Array(state)), Json::Array(given)) if state.len() == given.len() => {
                for (state, given) in state.iter_mut().zip(given) {
                    match (state, given) {
                        (Json::Object(state), Json::Object(given)) => restore(state, given),
                        (state, given) => state.clone_from(given),
                    }
                }
            }
            (Some(state), given) => state.clone_from(given),
            (None, _) => {
                state.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The fields of `page` for the answers so far, in the order in which to show them.
pub fn fields(page: &Page, answers: &Answers) -> Vec<Field> {
    field::fields(&Asked::read(&page.schema), answers)
}

/// The value of `field`: what was answered, a secret in clear.
pub fn get(field: &Field, answers: &Answers) -> Option<Json> {
    if field.secret {
        return answers.secrets.get(&field.name).map(Json::from);
    }
    if let FieldKind::Variant { picked, .. } = &field.kind {
        return Some((*picked).into());
    }
    let (first, rest) = split(&field.path);
    let value = answers.parameters.get(&first)?;
    value.pointer(&rest).cloned()
}

/// Answers `field`; `None` takes the answer back. Defaults of fields that appear are filled in.
pub fn set(page: &Page, field: &Field, value: Option<Json>, answers: &mut Answers) {
    let asked = Asked::read(&page.schema);
    if matches!(field.kind, FieldKind::Items(_)) {
        return;
    }
    if let FieldKind::Variant { picked, .. } = &field.kind {
        let after = value.and_then(|value| usize::try_from(value.as_u64()?).ok());
        if let Some(after) = after.filter(|after| after != picked) {
            switch::pick(&asked, field, *picked, after, answers);
        }
        return settle(&asked, answers);
    }
    let value = if field.secret {
        let text = value.as_ref().and_then(Json::as_str).unwrap_or_default();
        answers.secrets.set(&field.name, text.to_owned());
        let stars = "*".repeat(text.chars().count());
        (!stars.is_empty()).then(|| stars.into())
    } else {
        value.or_else(|| field.empty.clone())
    };
    let value = value.or_else(|| field.kind.is_list().then(|| Json::Array(Vec::new())));
    if let Some(value) = value {
        answers.cleared.remove(&field.path);
        put(&mut answers.parameters, &field.path, value);
    } else {
        answers.cleared.insert(field.path.clone());
        remove(&mut answers.parameters, &field.path);
    }
    settle(&asked, answers);
}

/// Adds an item to the list at whose end `field` stands.
pub fn add_item(page: &Page, field: &Field, answers: &mut Answers) {
    let asked = Asked::read(&page.schema);
    let list = field.path.strip_suffix("/-").unwrap_or(&field.path);
    switch::add(&asked, list, answers);
    settle(&asked, answers);
}

/// Takes the item at `path` out of its list; `false` if it is none.
pub fn remove_item(page: &Page, path: &str, answers: &mut Answers) -> bool {
    let taken = switch::take_out(path, answers);
    settle(&Asked::read(&page.schema), answers);
    taken
}

/// What is wrong with the answers on `page`; at most one message a field, in the order of the fields.
pub fn check(page: &Page, answers: &Answers) -> Vec<FieldError> {
    look(page, answers).1
}

/// The [`fields`] of `page` and what [`check()`] finds wrong with them, for less than both.
pub fn look(page: &Page, answers: &Answers) -> (Vec<Field>, Vec<FieldError>) {
    let asked = Asked::read(&page.schema);
    let data = Json::Object(answers.parameters.clone());
    let schema = Resolver::new(&asked.schema).retrieve(&asked.schema, Some(&data));
    let fields = field::of_page(&asked, &schema, &data, answers);
    let wrong = check::check(&schema, &data, &fields);
    (fields, wrong)
}

/// The answers without secrets, and without what was typed into fields that show dots.
pub fn without_secrets(template: &Template, answers: &Answers) -> Answers {
    let mut kept = answers.clone();
    kept.secrets = super::answers::Secrets::default();
    for page in template
        .pages
        .iter()
        .filter(|page| page::may_hide(&page.schema))
    {
        for field in fields(page, answers) {
            if field.is_secret() {
                remove(&mut kept.parameters, &field.path);
                kept.cleared.remove(&field.path);
            }
        }
    }
    kept
}

/// The secrets that get the user's own token for the host of a repository (`requestUserCredentials`), with the host.
pub fn credentials(template: &Template, answers: &Answers) -> Vec<(String, String)> {
    let data = &answers.parameters;
    let repo = |text: Option<&Json>| {
        let url = repo_url::RepoUrl::read(text.and_then(Json::as_str).unwrap_or_default());
        (!url.host.is_empty()).then_some(url.host)
    };
    let mut all = Vec::new();
    for page in pages(template, answers) {
        let Some(page) = template.pages.get(page) else {
            continue;
        };
        for field in fields(page, answers) {
            let found = match &field.kind {
                FieldKind::RepoUrl(options) => {
                    let host = repo(get(&field, answers).as_ref());
                    options.credentials.as_ref().zip(host)
                }
                FieldKind::Branch(credentials) => {
                    credentials.as_ref().zip(repo(data.get("repoUrl")))
                }
                FieldKind::RepoOwner {
                    host, credentials, ..
                } => {
                    let host = Some(host.clone()).filter(|host| !host.is_empty());
                    credentials.as_ref().zip(host)
                }
                _ => None,
            };
            if let Some((credentials, host)) = found {
                all.push((credentials.secret.clone(), host));
            }
        }
    }
    all
}

impl Field {
    /// Whether what is typed must be on no screen and in no file.
    pub fn is_secret(&self) -> bool {
        self.secret || matches!(self.kind, FieldKind::Text { secret: true, .. })
    }
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

/// A pointer's first name, and the rest of it.
pub(super) fn split(path: &str) -> (String, String) {
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
    put_in(slot, &rest, value);
}

fn put_in(slot: &mut Json, path: &str, value: Json) {
    let (first, rest) = split(path);
    if let Json::Array(items) = slot
        && let Ok(at) = first.parse::<usize>()
        && at <= items.len()
    {
        if at == items.len() {
            items.push(Json::Null);
        }
        if let Some(item) = items.get_mut(at) {
            if rest.is_empty() {
                *item = value;
            } else {
                put_in(item, &rest, value);
            }
        }
        return;
    }
    if !slot.is_object() {
        *slot = Map::new().into();
    }
    if let Json::Object(inner) = slot {
        put(inner, path, value);
    }
}

fn remove(object: &mut Map<String, Json>, path: &str) {
    let (first, rest) = split(path);
    if rest.is_empty() {
        object.shift_remove(&first);
    } else if let Some(slot) = object.get_mut(&first) {
        remove_in(slot, &rest);
    }
}

fn remove_in(slot: &mut Json, path: &str) {
    let (first, rest) = split(path);
    match slot {
        Json::Object(inner) => remove(inner, path),
        Json::Array(items) => {
            let item = first.parse::<usize>().ok().and_then(|at| items.get_mut(at));
            if let Some(item) = item {
                if rest.is_empty() {
                    *item = Json::Null;
                } else {
                    remove_in(item, &rest);
                }
            }
        }
        _ => {}
    }
}
