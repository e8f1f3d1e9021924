//! The pages, one of which is on the screen. Each is a struct in a file of its own with the same functions under the
//! same names; this file only passes calls on.
//!
//! | function | does |
//! |---|---|
//! | `open` | makes the page for its route, asking for what it needs |
//! | `command` | carries out a command; says whether it did |
//! | `point` | goes to what was clicked; says whether it is to be opened |
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
use super::narrow::Narrow;
use super::pointer::Target;
use super::route::{About, Route};
use super::undo::OnPage;

pub mod activity;
mod awaited;
pub mod catalog;
pub mod docs;
pub mod entity;
pub mod generated;
pub mod home;
pub mod problems;
mod reading;
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

            /// Goes to what was clicked; whether that is to be opened.
            pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
                match self { $(Self::$name(page) => page.point(target, cx)),* }
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
    Activity(activity),
}

impl Page {
    /// What a command does now, in a word or two, where that differs from what the command table says; empty where it is
    /// not worth a hint.
    pub fn label(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        if let Some(narrow) = self.narrow().filter(|narrow| narrow.is_shown()) {
            match command {
                Command::Back | Command::HomeLeave => return Some("show all"),
                Command::Open | Command::WizardAccept if narrow.typing => return Some("choose"),
                _ if narrow.typing => return Some(""),
                _ => {}
            }
        }
        match self {
            Self::Catalog(page) => page.label(command),
            Self::Entity(page) => page.label(command),
            Self::Docs(page) => page.label(command),
            Self::Wizard(page) => page.label(command),
            Self::Run(page) => page.label(command),
            Self::Activity(page) => page.label(command, shared),
            _ => None,
        }
    }

    /// The number of the run that it shows, if it shows one.
    pub fn run(&self) -> Option<u64> {
        match self {
            Self::Run(run) => Some(run.number),
            _ => None,
        }
    }

    /// Whether it has a way back of its own, within what it shows.
    pub fn has_back(&self) -> bool {
        matches!(self, Self::Docs(docs) if !docs.back.is_empty())
    }

    /// Whether it has a way forward of its own.
    pub fn has_forward(&self) -> bool {
        matches!(self, Self::Docs(docs) if !docs.forward.is_empty())
    }

    /// Shows what it showed before a change; gives that back where it is another page's.
    pub fn restore(&mut self, before: OnPage, cx: &mut Cx<'_>) -> Option<OnPage> {
        match (self, before) {
            (Self::Catalog(page), before @ (OnPage::Query(_) | OnPage::Marks(_))) => {
                page.restore(before, cx);
            }
            (Self::Problems(page), OnPage::Problems(narrowed)) => page.restore(&narrowed, cx),
            (_, before) => return Some(before),
        }
        None
    }

    /// What its list is narrowed to, or can be; of several lists that which has the focus.
    pub fn narrow(&self) -> Option<&Narrow> {
        match self {
            Self::Home(page) => Some(&page.narrow),
            Self::Templates(page) => Some(&page.narrow),
            Self::Generated(page) => Some(&page.narrow),
            Self::Runs(page) => Some(&page.narrow),
            Self::Activity(page) => Some(&page.narrow),
            Self::Entity(page) => page.narrowing(),
            Self::Docs(page) => (page.focus != docs::Pane::Page).then_some(&page.narrow),
            Self::Catalog(page) => page.narrowing(),
            Self::Wizard(page) => page.narrowing(),
            Self::Run(_) | Self::Problems(_) => None,
        }
    }

    /// What leads to the place that its first crumb names; `None` where nothing does.
    pub fn outermost(&self) -> Option<Command> {
        Some(match self {
            Self::Catalog(_) | Self::Entity(_) => Command::GoCatalog,
            Self::Templates(_) | Self::Generated(_) | Self::Wizard(_) | Self::Run(_) => {
                Command::GoTemplates
            }
            Self::Runs(_) => Command::GoRuns,
            Self::Problems(_) => Command::GoProblems,
            Self::Home(_) | Self::Activity(_) | Self::Docs(_) => return None,
        })
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
                anchor: page.section_read(),
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
            Self::Activity(_) => Route::Activity,
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
            Route::Resume { template, earlier } => {
                Self::Wizard(Box::new(wizard::Wizard::resume(template, earlier, cx)))
            }
            Route::Runs => Self::Runs(Box::new(runs::Runs::open(cx))),
            Route::Activity => Self::Activity(Box::new(activity::Activity::open(cx))),
            Route::Run { order } => Self::Run(Box::new(run::Run::open(order, cx))),
            Route::Problems { about } => {
                Self::Problems(Box::new(problems::Problems::open(about, cx)))
            }
        }
    }
}
