//! A template: the pages it asks, the steps it takes, what it gives.

use serde_json::{Map, Value as Json};

use crate::catalog::{Entity, EntityRef, Kind};

/// The title of a page that has none; Backstage's own words.
const UNTITLED_PAGE: &str = "Please enter the following information";

/// A software template, read from its entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its identity.
    pub entity_ref: EntityRef,
    /// `metadata.title`, else the name.
    pub title: String,
    /// `metadata.description`; empty where it has none.
    pub description: String,
    /// `spec.type`: service, website, library…
    pub kind: String,
    /// The owner, where it names one.
    pub owner: Option<EntityRef>,
    /// The tags.
    pub tags: Vec<String>,
    /// `metadata` whole: actions see it as `templateInfo.entity.metadata`.
    pub metadata: Json,
    /// The file it was read from, `file:/abs/path` or `url:https://…`: relative sources are relative to it.
    pub location: String,
    /// The source that it came from, as the command line names it.
    pub source: String,
    /// The pages of its form, in order.
    pub pages: Vec<Page>,
    /// What it does, in order.
    pub steps: Vec<Step>,
    /// `spec.output`, not yet rendered.
    pub output: Json,
}

/// One page of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its description (Markdown); empty where it has none.
    pub description: String,
    /// `when:` — an expression over `parameters`; the page is shown while it is truthy.
    pub when: Option<String>,
    /// The JSON Schema as written, `ui:` keys included.
    pub schema: Json,
}

/// One step of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `id`, else `step-<n>`.
    pub id: String,
    /// `name`, else the action.
    pub name: String,
    /// The action's id; empty where its author forgot it.
    pub action: String,
    /// Its input, not yet rendered.
    pub input: Json,
    /// `if`, not yet rendered.
    pub condition: Option<Json>,
    /// `each`, not yet rendered.
    pub each: Option<Json>,
}

/// Why an entity is no template that could run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is of another kind.
    #[error(
        "{entity_ref} is a {kind}, not a template; `stagedoor list kind:template` shows the templates"
    )]
    NotATemplate {
        /// The entity.
        entity_ref: EntityRef,
        /// Its kind.
        kind: String,
    },
    /// `spec.steps` is missing or no list.
    #[error("{entity_ref}: spec.steps must be a list of steps ({location})")]
    NoSteps {
        /// The template.
        entity_ref: EntityRef,
        /// Its file.
        location: String,
    },
}

impl Template {
    /// Reads the template in `entity`, whose `$yaml` and other placeholders are resolved.
    ///
    /// Lenient as people write: `parameters` may be one page, `steps` a map, steps may lack id and name.
    pub fn read(entity: &Entity) -> Result<Self, TemplateError> {
        let entity_ref = entity.entity_ref.clone();
        if entity.kind() != Kind::Template {
            return Err(TemplateError::NotATemplate {
                entity_ref,
                kind: entity.kind_name().to_owned(),
            });
        }
        let location = entity.provenance.location.clone();
        let steps = match entity.spec("steps") {
            Some(Json::Array(steps)) => steps.iter().collect::<Vec<_>>(),
            Some(Json::Object(steps)) => steps.values().collect(),
            _ => {
                return Err(TemplateError::NoSteps {
                    entity_ref,
                    location,
                });
            }
        };
        let steps = steps
            .into_iter()
            .enumerate()
            .map(|(index, step)| Step::read(index, step))
            .collect();
        let pages = match entity.spec("parameters") {
            Some(Json::Array(pages)) => pages.iter().map(Page::read).collect(),
            Some(page @ Json::Object(_)) => vec![Page::read(page)],
            _ => Vec::new(),
        };
        Ok(Self {
            title: entity.title().unwrap_or_else(|| entity.name()).to_owned(),
            description: entity.description().unwrap_or_default().to_owned(),
            kind: entity.spec_str("type").unwrap_or_default().to_owned(),
            owner: entity.owner(),
            tags: entity.tags().map(str::to_owned).collect(),
            metadata: entity.body.get("metadata").cloned().unwrap_or_default(),
            location,
            source: entity.provenance.source.clone(),
            pages,
            steps,
            output: entity
                .spec("output")
                .cloned()
                .unwrap_or_else(|| Map::new().into()),
            entity_ref,
        })
    }
}

impl Page {
    fn read(schema: &Json) -> Self {
        let text = |key: &str| schema.get(key).and_then(Json::as_str);
        Self {
            title: text("title").unwrap_or(UNTITLED_PAGE).to_owned(),
            description: text("description").unwrap_or_default().to_owned(),
            when: text("when").map(str::to_owned),
            schema: schema.clone(),
        }
    }
}

impl Step {
    /// Reads the step at `index`. One without an action is kept: the template can still be shown and tried.
    fn read(index: usize, step: &Json) -> Self {
        let text = |key: &str| step.get(key).and_then(Json::as_str);
        let action = text("action").unwrap_or_default();
        Self {
            id: text("id").map_or_else(|| format!("step-{}", index + 1), str::to_owned),
            name: text("name").unwrap_or(action).to_owned(),
            action: action.to_owned(),
            input: step
                .get("input")
                .filter(|input| !input.is_null())
                .cloned()
                .unwrap_or_else(|| Map::new().into()),
            condition: step.get("if").cloned(),
            each: step.get("each").cloned(),
        }
    }
}
