//! The pages, one of which is on the screen. Each is a struct in a file of its own with the same functions under the
//! same names; this file only passes calls on.
//!
//! | function | does |
//! |---|---|
//! | `open` | makes the page for its route, asking for what it needs |
//! | `command` | carries out a command; says whether it did |
//! | `edit` | changes the text field that has the focus |
//! | `answer` | takes what came of an effect |
//! | `refresh` | the catalog was swapped: rows are new |
//! | `context` | the context of its keys |
//! | `typing` | whether a text field has the focus |
//! | `why_not` | why a command of its context cannot be carried out now |
//! | `label` | what a key does now, where that is not what it mostly does |
//! | `crumbs`, `status` | the words in the top line, left and right |

use super::command::{Command, Context};
use super::cx::Cx;
use super::message::{Answer, Edit};
use super::model::Shared;
use super::route::{About, Route};

pub mod catalog;
pub mod docs;
pub mod entity;
pub mod generated;
pub mod home;
pub mod problems;
pub mod run;
pub mod runs;
pub mod templates;
pub mod wizard;

macro_rules! pages {
    ($($name:ident($module:ident)),* $(,)?) => {
        /// One page with its state.
        #[derive(Debug)]
        #[expect(missing_docs, reason = "each is described in its module")]
        pub enum Page { $($name(Box<$module::$name>)),* }

        impl Page {
            /// Carries out a command; `false` if the page has no use for it.
            pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
                match self { $(Self::$name(page) => page.command(command, cx)),* }
            }

            /// Changes the text field that has the focus.
            pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
                match self { $(Self::$name(page) => page.edit(edit, cx)),* }
            }

            /// Takes what came of an effect; pages ignore what they did not ask for.
            pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
                match self { $(Self::$name(page) => page.answer(answer, cx)),* }
            }

            /// The catalog or the user's stars were swapped: rows are new.
            pub fn refresh(&mut self, cx: &mut Cx<'_>) {
                match self { $(Self::$name(page) => page.refresh(cx)),* }
            }

            /// The context of its keys.
            pub fn context(&self) -> Context {
                match self { $(Self::$name(page) => page.context()),* }
            }

            /// Whether a text field has the focus, so that letters are text.
            pub fn typing(&self) -> bool {
                match self { $(Self::$name(page) => page.typing()),* }
            }

            /// Why a command cannot be carried out now, in a few words; `None` if it can.
            pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
                match self { $(Self::$name(page) => page.why_not(command, shared)),* }
            }

            /// The words on the left of the top line, from the outside in.
            pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
                match self { $(Self::$name(page) => page.crumbs(shared)),* }
            }

            /// The words on the right of the top line.
            pub fn status(&self, shared: &Shared) -> String {
                match self { $(Self::$name(page) => page.status(shared)),* }
            }
        }
    };
}

pages! {
    Home(home),
    Catalog(catalog),
    Entity(entity),
    Docs(docs),
    Templates(templates),
    Generated(generated),
    Wizard(wizard),
    Run(run),
    Runs(runs),
    Problems(problems),
}

impl Page {
    /// What a command does now, in a word or two, where that differs from what the command table says; empty where it is
    /// not worth a hint.
    pub fn label(&self, command: Command) -> Option<&'static str> {
        match self {
            Self::Catalog(page) => page.label(command),
            Self::Docs(page) => page.label(command),
            Self::Wizard(page) => page.label(command),
            _ => None,
        }
    }

    /// The place that it shows, to come back to; `None` where it lasts no longer than the portal.
    pub fn link(&self) -> Option<String> {
        let route = match self {
            Self::Home(_) => Route::Home,
            Self::Catalog(page) => Route::Catalog {
                query: page.filter.text(),
            },
            Self::Entity(page) => Route::Entity {
                entity_ref: page.entity_ref.clone(),
                tab: page.tab,
            },
            Self::Docs(page) => Route::Docs {
                entity_ref: page.entity_ref.clone(),
                page: Some(page.path.clone()).filter(|path| !path.is_empty()),
                anchor: None,
                words: String::new(),
            },
            Self::Templates(_) | Self::Generated(_) => Route::Templates,
            Self::Wizard(page) => Route::Wizard {
                template: page.template.clone(),
            },
            Self::Runs(_) => Route::Runs,
            Self::Problems(_) => Route::Problems {
                about: About::Everything,
            },
            Self::Run(_) => return None,
        };
        route.link()
    }

    /// The page for a route.
    pub fn open(route: Route, cx: &mut Cx<'_>) -> Self {
        match route {
            Route::Home => Self::Home(Box::new(home::Home::open(cx))),
            Route::Catalog { query } => Self::Catalog(Box::new(catalog::Catalog::open(&query, cx))),
            Route::Entity { entity_ref, tab } => {
                Self::Entity(Box::new(entity::Entity::open(entity_ref, tab, cx)))
            }
            Route::Relations { entity_ref, scope } => {
                Self::Entity(Box::new(entity::Entity::related(entity_ref, scope, cx)))
            }
            Route::Docs {
                entity_ref,
                page,
                anchor,
                words,
            } => Self::Docs(Box::new(docs::Docs::open(
                entity_ref, page, anchor, &words, cx,
            ))),
            Route::Operation {
                entity_ref,
                operation,
            } => Self::Entity(Box::new(entity::Entity::offering(
                entity_ref, operation, cx,
            ))),
            Route::Templates => Self::Templates(Box::new(templates::Templates::open(cx))),
            Route::Generated { template } => {
                Self::Generated(Box::new(generated::Generated::open(template, cx)))
            }
            Route::Wizard { template } => {
                Self::Wizard(Box::new(wizard::Wizard::open(template, cx)))
            }
            Route::Preview { template } => {
                Self::Wizard(Box::new(wizard::Wizard::preview(template, cx)))
            }
            Route::Resume {
                template,
                run,
                answers,
            } => Self::Wizard(Box::new(wizard::Wizard::resume(template, run, answers, cx))),
            Route::Runs => Self::Runs(Box::new(runs::Runs::open(cx))),
            Route::Run { order } => Self::Run(Box::new(run::Run::open(order, cx))),
            Route::Problems { about } => {
                Self::Problems(Box::new(problems::Problems::open(about, cx)))
            }
        }
    }
}
