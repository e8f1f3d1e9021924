//! Where one can go in the portal: plain data, so that a place can be remembered, linked to and tested.

mod link;

use std::sync::Arc;

use crate::app::page::entity::Scope;
use crate::catalog::{EntityRef, Rule};
use crate::scaffolder::{Answers, Template};

pub use link::Part;

/// A place in the portal.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// What I own, what needs a look, what I used last.
    Home,
    /// The catalog, narrowed by a query in the finder's language.
    Catalog {
        /// The query; empty for everything.
        query: String,
    },
    /// One entity.
    Entity {
        /// Which.
        entity_ref: EntityRef,
        /// Which tab of it.
        tab: EntityTab,
    },
    /// The relations of an entity.
    Relations {
        /// Which.
        entity_ref: EntityRef,
        /// What is shown of them.
        scope: Scope,
    },
    /// An operation of an API.
    Operation {
        /// Which API.
        entity_ref: EntityRef,
        /// The operation: its id, its name, or its verb and name.
        operation: String,
    },
    /// An entity's docs.
    Docs {
        /// Whose.
        entity_ref: EntityRef,
        /// The page, relative to the docs folder, empty for the first; `None` for where one left off, else the first.
        page: Option<String>,
        /// The heading on it.
        anchor: Option<String>,
        /// The words that led there, which are marked; empty for none.
        words: String,
    },
    /// The template gallery.
    Templates,
    /// The repositories that came from a template.
    Generated {
        /// The template.
        template: EntityRef,
    },
    /// A template's form.
    Wizard {
        /// The template.
        template: EntityRef,
    },
    /// A template's form beside what it makes, both as its files are now.
    Preview {
        /// The template.
        template: EntityRef,
    },
    /// A run of a template, which begins when one goes there.
    Run {
        /// What to run.
        order: Arc<RunOrder>,
    },
    /// What became of runs of templates.
    Runs,
    /// A template's form, from which a run goes on where it ended.
    Resume {
        /// The template.
        template: EntityRef,
        /// The run.
        earlier: Arc<Earlier>,
    },
    /// What goes on in the background, and what was said.
    Activity,
    /// What is wrong.
    Problems {
        /// With what.
        about: About,
    },
}

/// What the problems page is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum About {
    /// All there is.
    #[default]
    Everything,
    /// What one rule found.
    Cause(Rule),
    /// What is wrong with one entity.
    Entity(EntityRef),
}

/// A run that is to go on where it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// Its id.
    pub run: String,
    /// Its answers, as far as they are known.
    pub answers: Answers,
    /// What is not known of them, because it is secret: fields, as `/path`, and secrets, by name.
    pub withheld: Vec<String>,
    /// Whether what it makes remembers what it was made from.
    pub remember: bool,
    /// The name of the step that it goes on at.
    pub step: Option<String>,
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOrder {
    /// The template.
    pub template: Arc<Template>,
    /// The answers to its form.
    pub answers: Answers,
    /// The folder for its files, relative to where the portal was started; `None` keeps none.
    pub out: Option<String>,
    /// The run that it takes up, by its id.
    pub earlier: Option<String>,
    /// Whether the repositories that it makes remember what they were made from.
    pub remember: bool,
}

/// A tab of the entity page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EntityTab {
    /// The about card, relations, links, problems.
    #[default]
    Overview,
    /// Its docs; choosing it opens the reader.
    Docs,
    /// Its API definition, or the APIs it provides and consumes.
    Api,
    /// Its relations as a graph.
    Relations,
    /// What the host of its repository tells.
    Repository,
    /// Its YAML.
    Raw,
}

impl EntityTab {
    /// Every tab, from left to right.
    pub const ALL: [Self; 6] = [
        Self::Overview,
        Self::Docs,
        Self::Api,
        Self::Relations,
        Self::Repository,
        Self::Raw,
    ];

    /// What stands on it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Docs => "Docs",
            Self::Api => "API",
            Self::Relations => "Relations",
            Self::Repository => "Repository",
            Self::Raw => "Raw",
        }
    }
}
