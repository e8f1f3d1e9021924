//! The entity page: a header and tabs. What the index knows is there in the first frame; the rest comes when the entity
//! is loaded.

mod api;
mod overview;
mod relations;
mod repository;

use std::sync::Arc;

use crate::app::Cursor;
use crate::app::command::{Command, Context};
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit, EntityDetail};
use crate::app::model::Shared;
use crate::app::narrow::{NO_LIST, Narrow, Turn};
use crate::app::notice::Notice;
use crate::app::pointer::{self, Part};
use crate::app::route::{About, EntityTab, Route};
use crate::catalog::index::Summary;
use crate::catalog::{EntityRef, Kind, RelationType};

pub use api::{
    Api, ApiDone, ApiWork, Definition, Filter, Finding, List, ListLine, Related, Shown, Source,
    View, Why,
};
pub use overview::{Item, Overview, Target};
pub use relations::{Branch, End, Hit, Line, Pick, Picker, Relations, Scope, Shape};
pub use repository::{Kept, Repository, Told};

use relations::Leads;

/// State of the entity page.
#[derive(Debug)]
pub struct Entity {
    /// Which entity.
    pub entity_ref: EntityRef,
    /// The tab on the screen.
    pub tab: EntityTab,
    /// The tab that was last turned to here; `None` while it shows the one it was opened on.
    pub turned: Option<EntityTab>,
    /// What is loaded of it.
    pub load: Load,
    /// The overview.
    pub overview: Overview,
    /// What the overview is narrowed to.
    pub narrow: Narrow,
    /// Which of the overview's spots is selected.
    pub spot: Cursor,
    /// The API tab.
    pub api: Api,
    /// The relations tab.
    pub relations: Relations,
    /// The repository tab.
    pub repository: Repository,
    /// The lines of its YAML.
    pub raw: Vec<String>,
    /// The top line of the YAML.
    pub raw_top: Cursor,
    /// Types of relation whose ends are all listed.
    unfolded: Vec<RelationType>,
}

/// How far loading is.
#[derive(Debug)]
pub enum Load {
    /// It was asked for.
    Loading,
    /// It is there.
    Loaded(Arc<EntityDetail>),
    /// The catalog has no such entity.
    Missing,
    /// It could not be loaded.
    Failed(String),
}

impl Entity {
    /// Makes the page, asking for what it needs.
    pub fn open(entity_ref: EntityRef, tab: EntityTab, cx: &mut Cx<'_>) -> Self {
        Self::with(entity_ref, tab, Scope::default(), cx)
    }

    /// Makes the page with its relations on the screen.
    pub fn related(entity_ref: EntityRef, scope: Scope, cx: &mut Cx<'_>) -> Self {
        Self::with(entity_ref, EntityTab::Relations, scope, cx)
    }

    /// Makes the page of an API with one of its operations on the screen.
    pub fn offering(entity_ref: EntityRef, operation: String, cx: &mut Cx<'_>) -> Self {
        let mut entity = Self::open(entity_ref, EntityTab::Api, cx);
        entity.api.wanted = Some(operation);
        entity
    }

    fn with(entity_ref: EntityRef, tab: EntityTab, scope: Scope, cx: &mut Cx<'_>) -> Self {
        let mut entity = Self {
            overview: Overview::default(),
            narrow: Narrow::default(),
            relations: Relations::new(scope),
            entity_ref,
            tab,
            turned: None,
            load: Load::Loading,
            spot: Cursor::default(),
            api: Api::default(),
            repository: Repository::default(),
            raw: Vec::new(),
            raw_top: Cursor::default(),
            unfolded: Vec::new(),
        };
        cx.effect(Effect::LoadEntity(entity.entity_ref.clone()));
        entity.fill(cx.shared);
        entity.relate(cx.shared);
        entity.shown(cx);
        entity
    }

    /// It is on the screen, or is there again: asks for what only a look at it is worth asking for.
    pub fn shown(&mut self, cx: &mut Cx<'_>) {
        if self.tab == EntityTab::Repository {
            self.repository.ask(&self.entity_ref, false, cx);
        }
    }

    /// It is on the screen no more.
    pub fn left(&self, cx: &mut Cx<'_>) {
        if self.tab == EntityTab::Repository {
            self.repository.leave(cx);
        }
    }

    /// Turns to `tab`.
    fn turn_to(&mut self, tab: EntityTab, cx: &mut Cx<'_>) {
        if tab == self.tab {
            return;
        }
        self.left(cx);
        self.tab = tab;
        self.turned = Some(tab);
        self.relate(cx.shared);
        self.shown(cx);
    }

    /// Draws the relations anew, if they are on the screen: those of a hub take their time.
    fn relate(&mut self, shared: &Shared) {
        if self.tab == EntityTab::Relations {
            self.relations.fill(&self.entity_ref, shared);
        }
    }

    /// What is loaded of it.
    pub fn detail(&self) -> Option<&Arc<EntityDetail>> {
        match &self.load {
            Load::Loaded(detail) => Some(detail),
            _ => None,
        }
    }

    /// What the index knows of it.
    pub fn summary<'a>(&self, shared: &'a Shared) -> Option<Summary<'a>> {
        let row = shared.index.row_of(&self.entity_ref)?;
        shared.index.summary(row)
    }

    /// Whether a tab has something to show.
    pub fn has(&self, tab: EntityTab, shared: &Shared) -> bool {
        match tab {
            EntityTab::Docs => self.summary(shared).is_some_and(|summary| summary.has_docs),
            EntityTab::Api => match &self.api.view {
                View::Related(related) => !related.is_empty(),
                _ => true,
            },
            EntityTab::Repository => {
                let detail = self.detail();
                detail.is_none_or(|detail| detail.no_repository.is_none())
            }
            EntityTab::Overview | EntityTab::Relations | EntityTab::Raw => true,
        }
    }

    /// The row of the overview under the cursor.
    pub fn selected(&self) -> Option<&Item> {
        match self.tab {
            EntityTab::Overview => self.overview.spots().nth(self.spot.selected),
            EntityTab::Api => self.api.item(),
            _ => None,
        }
    }

    /// Where the row under the cursor leads.
    fn target(&self, shared: &Shared) -> Option<Target> {
        match self.tab {
            EntityTab::Repository => self.repository.target(shared),
            _ => self.selected()?.target.clone(),
        }
    }

    /// Whether nothing under the cursor leads anywhere, on a tab of rows that may, or of text.
    fn leads_nowhere(&self, shared: &Shared) -> bool {
        match self.tab {
            EntityTab::Overview | EntityTab::Repository => self.target(shared).is_none(),
            EntityTab::Raw => true,
            EntityTab::Docs | EntityTab::Api | EntityTab::Relations => false,
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::NextTab => self.turn(1, cx),
            Command::PrevTab => self.turn(EntityTab::ALL.len() - 1, cx),
            Command::EntityDocs => self.read(cx),
            Command::EntityRaw => self.turn_to(EntityTab::Raw, cx),
            Command::EntityRepository => self.turn_to(EntityTab::Repository, cx),
            Command::EntityStar => cx
                .requests
                .push(Request::ToggleStar(self.entity_ref.clone())),
            Command::EntityCopy => self.copy(cx),
            Command::ApiCurl => {
                if let Some(text) = self.api.curl() {
                    cx.effect(Effect::Copy {
                        text,
                        what: "curl command",
                    });
                }
            }
            Command::EntityUse => cx.go(Route::Wizard {
                template: self.entity_ref.clone(),
            }),
            Command::EntityEdit => self.edit_descriptor(cx),
            Command::EntityProblems => self.show_problems(cx),
            Command::EntityOpenLink => {
                if let Some(Target::Url(url)) = self.target(cx.shared) {
                    cx.effect(Effect::OpenUrl(url));
                }
            }
            _ => return self.tab_command(command, cx),
        }
        true
    }

    fn tab_command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let rows = cx.drawn.page_rows;
        match self.tab {
            EntityTab::Docs if command == Command::Open => self.read(cx),
            EntityTab::Docs => return false,
            EntityTab::Api => {
                let command = match command {
                    Command::Filter => Command::ApiFind,
                    command => command,
                };
                if self.api.command(command, cx) {
                    return true;
                }
                return command == Command::Open && self.follow(cx);
            }
            EntityTab::Relations if command == Command::Open && !self.typing() => {
                match self.relations.open(&self.entity_ref, cx.shared) {
                    Leads::Entity(entity_ref) => cx.go(Route::Relations {
                        entity_ref,
                        scope: self.relations.onwards(),
                    }),
                    Leads::Nowhere => {
                        cx.say(Notice::info("There is no such entity in the catalog."));
                    }
                    Leads::Center => self.turn_to(EntityTab::Overview, cx),
                    Leads::Done => {}
                }
            }
            EntityTab::Relations => {
                return self.relations.command(command, &self.entity_ref, cx);
            }
            EntityTab::Repository if command == Command::Open && !self.typing() => {
                return self.follow(cx);
            }
            EntityTab::Repository => {
                return self.repository.command(command, &self.entity_ref, cx);
            }
            EntityTab::Raw => {
                let tops = (self.raw.len() + 1).saturating_sub(rows);
                return self.raw_top.apply(command, tops, rows);
            }
            EntityTab::Overview => match command {
                _ if self.narrows(command, cx.shared) => {}
                Command::Open => return self.follow(cx),
                Command::Left => self.spot.selected = 0,
                Command::Right => {
                    let first = self.overview.fact_spots();
                    let last = self.overview.spots().count().saturating_sub(1);
                    self.spot.selected = self.spot.selected.max(first).min(last);
                }
                _ => {
                    let len = self.overview.spots().count();
                    return self.spot.apply(command, len, rows);
                }
            },
        }
        true
    }

    /// What the tab on the screen is narrowed to, where it has a list.
    pub fn narrowing(&self) -> Option<&Narrow> {
        match self.tab {
            EntityTab::Overview => Some(&self.narrow),
            EntityTab::Relations => Some(self.relations.narrowing()),
            EntityTab::Repository => self.repository.narrowing(),
            EntityTab::Api => self.api.narrowing(),
            _ => None,
        }
    }

    /// Narrows the overview; whether the command does that.
    fn narrows(&mut self, command: Command, shared: &Shared) -> bool {
        let turn = self.narrow.command(command);
        if turn == Turn::Changed {
            self.fill(shared);
        }
        turn != Turn::Ignored
    }

    /// Copies what is under the cursor of the API tab, else the reference.
    fn copy(&self, cx: &mut Cx<'_>) {
        let copied = match self.tab {
            EntityTab::Api => self.api.copied(),
            EntityTab::Repository => self
                .repository
                .selected(cx.shared)
                .map(|row| (row.url.clone(), "address")),
            _ => None,
        };
        let (text, what) = copied.unwrap_or_else(|| (self.entity_ref.to_string(), "reference"));
        cx.effect(Effect::Copy { text, what });
    }

    /// Turns to the next tab that has something to show.
    fn turn(&mut self, by: usize, cx: &mut Cx<'_>) {
        let tabs = EntityTab::ALL;
        let here = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        let next = (1..=tabs.len()).map(|n| tabs[(here + n * by) % tabs.len()]);
        if let Some(next) = next.into_iter().find(|tab| self.has(*tab, cx.shared)) {
            self.turn_to(next, cx);
        }
    }

    /// Opens the reader on its docs.
    fn read(&self, cx: &mut Cx<'_>) {
        cx.go(Route::Docs {
            entity_ref: self.entity_ref.clone(),
            page: None,
            anchor: None,
            words: String::new(),
        });
    }

    /// Shows what is wrong with it, with all there is to say of that.
    fn show_problems(&self, cx: &mut Cx<'_>) {
        cx.go(Route::Problems {
            about: About::Entity(self.entity_ref.clone()),
        });
    }

    /// Opens its descriptor: at the finding under the cursor, else where it begins.
    fn edit_descriptor(&self, cx: &mut Cx<'_>) {
        if let Some(Target::Finding(place)) = self.target(cx.shared) {
            return cx.open_place(&place);
        }
        let provenance = self.detail().map(|detail| &detail.entity.provenance);
        let place = provenance.and_then(|p| overview::place_of(&p.location, p.line));
        if let Some(place) = place {
            cx.open_place(&place);
        }
    }

    /// Goes where the row under the cursor leads.
    fn follow(&mut self, cx: &mut Cx<'_>) -> bool {
        let Some(target) = self.target(cx.shared) else {
            return false;
        };
        match target {
            Target::Entity(entity_ref) => {
                let tab = match self.tab {
                    EntityTab::Api => EntityTab::Api,
                    _ => EntityTab::Overview,
                };
                cx.go(Route::Entity { entity_ref, tab });
            }
            Target::Url(url) => cx.effect(Effect::OpenUrl(url)),
            Target::Place(place) => cx.open_place(&place),
            Target::Finding(_) => self.show_problems(cx),
            Target::Catalog(query) => cx.go(Route::Catalog { query }),
            Target::Unfold(relation_type) => {
                self.unfolded.push(relation_type);
                self.fill(cx.shared);
            }
        }
        true
    }

    /// Makes what is shown anew.
    fn fill(&mut self, shared: &Shared) {
        let detail = self.detail().cloned();
        let unfolded = if self.narrow.is_on() {
            RelationType::ALL
        } else {
            &self.unfolded
        };
        self.overview = Overview::of(&self.entity_ref, detail.as_deref(), unfolded, shared);
        if self.narrow.is_on() {
            self.overview.narrow(&self.narrow);
        }
        self.spot.clamp(self.overview.spots().count());
        if Kind::parse(self.entity_ref.kind()) != Kind::Api {
            self.api.show_related(&self.entity_ref, shared);
        }
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: pointer::Target, cx: &mut Cx<'_>) -> bool {
        let at = match target {
            pointer::Target::Tab(at) => {
                let tab = EntityTab::ALL.get(at).copied();
                if let Some(tab) = tab.filter(|tab| self.has(*tab, cx.shared)) {
                    self.turn_to(tab, cx);
                }
                return false;
            }
            pointer::Target::Item(Part::Main, at) => at,
            pointer::Target::Item(Part::Aside, at) if self.tab == EntityTab::Relations => {
                return self.relations.point_pair(at);
            }
            pointer::Target::Item(Part::Aside, at) if self.tab == EntityTab::Api => {
                return self.api.point_inside(at);
            }
            _ => return false,
        };
        match self.tab {
            EntityTab::Overview => self.spot.point(at, self.overview.spots().count()),
            EntityTab::Api => self.api.point(at),
            EntityTab::Relations => self.relations.point(at),
            EntityTab::Repository => self.repository.point(at, cx.shared),
            EntityTab::Docs | EntityTab::Raw => false,
        }
    }

    /// Changes the text field that has the focus.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        match self.tab {
            EntityTab::Api => self.api.edit(edit, cx.drawn),
            EntityTab::Relations => self.relations.edit(edit, &self.entity_ref, cx.shared),
            EntityTab::Repository => self.repository.edit(edit, cx.shared),
            EntityTab::Overview if self.narrow.edit(edit) => {
                self.spot = Cursor::default();
                self.fill(cx.shared);
            }
            _ => {}
        }
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Entity(entity_ref, result) if *entity_ref == self.entity_ref => {
                self.load = match result {
                    Ok(Some(detail)) => Load::Loaded(detail.clone()),
                    Ok(None) => Load::Missing,
                    Err(error) => Load::Failed(error.clone()),
                };
                let detail = self.detail().cloned();
                self.raw = detail.as_deref().map(yaml).unwrap_or_default();
                self.fill(cx.shared);
                if let Some(detail) = &detail {
                    self.api.show(detail, cx);
                }
            }
            Answer::Facts(entity_ref, told) if *entity_ref == self.entity_ref => {
                self.repository.take(told, cx.shared);
            }
            Answer::ApiDone(done) if done.detail().entity.entity_ref == self.entity_ref => {
                self.api.done(done);
                self.api.opened(cx);
            }
            _ => {}
        }
    }

    /// The catalog was swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        cx.effect(Effect::LoadEntity(self.entity_ref.clone()));
        self.relate(cx.shared);
        self.fill(cx.shared);
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        match self.tab {
            EntityTab::Api => Context::Api,
            EntityTab::Relations => Context::Relations,
            EntityTab::Repository => Context::Repository,
            _ => Context::Entity,
        }
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        let narrows = self.narrowing().is_some_and(|narrow| narrow.typing);
        narrows || (self.tab == EntityTab::Api && self.api.typing())
    }

    /// What a command does now, where that is not what it mostly does.
    pub fn label(&self, command: Command) -> Option<&'static str> {
        let is_drawn = self.tab == EntityTab::Relations;
        is_drawn.then(|| self.relations.label(command)).flatten()
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        let on_url = || matches!(self.target(shared), Some(Target::Url(_)));
        match command {
            Command::EntityDocs if !self.has(EntityTab::Docs, shared) => {
                Some("It has no docs: its annotations name no backstage.io/techdocs-ref.")
            }
            Command::Filter
                if self.narrowing().is_none()
                    && !(self.tab == EntityTab::Api && self.api.shown().is_some()) =>
            {
                Some(NO_LIST)
            }
            Command::EntityUse if Kind::parse(self.entity_ref.kind()) != Kind::Template => {
                Some("Only a template can be filled in.")
            }
            Command::Open if !self.typing() && self.leads_nowhere(shared) => {
                Some("There is nothing to open here.")
            }
            Command::EntityOpenLink if !on_url() => Some("There is no link under the cursor."),
            Command::ApiFind if self.api.narrowing().is_some() => None,
            Command::ApiSource | Command::ApiFind
                if self.tab != EntityTab::Api || self.api.shown().is_none() =>
            {
                Some("Only the API tab of an API has a definition.")
            }
            Command::ApiFold if self.tab != EntityTab::Api || !self.api.is_inside() => {
                Some("There is nothing to open or close.")
            }
            Command::ApiCurl if self.tab != EntityTab::Api || self.api.curl().is_none() => {
                Some("There is no HTTP operation under the cursor.")
            }
            Command::RepositoryAgain if matches!(self.repository.told, Some(Told::Asking(_))) => {
                Some("Its host is being asked already.")
            }
            Command::RepositoryAgain if matches!(self.repository.told, Some(Told::Nowhere(_))) => {
                Some("There is no host that could be asked.")
            }
            Command::EntityEdit | Command::EntityProblems if self.detail().is_none() => {
                Some("It is not loaded.")
            }
            Command::EntityProblems if self.detail().is_some_and(|d| d.problems.is_empty()) => {
                Some("Nothing is wrong with it.")
            }
            _ if command.info().context == Context::Relations => self.relations.why_not(command),
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let name = self
            .summary(shared)
            .map_or(self.entity_ref.name(), |summary| summary.name);
        vec!["Catalog".to_owned(), name.to_owned()]
    }

    /// The words on the right of the top line.
    pub fn status(&self, shared: &Shared) -> String {
        let Some(summary) = self.summary(shared) else {
            return self.entity_ref.kind().to_owned();
        };
        let words = [summary.kind, summary.entity_type, summary.lifecycle];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.join(" · ")
    }
}

/// The lines of an entity's YAML.
fn yaml(detail: &EntityDetail) -> Vec<String> {
    match serde_yaml::to_string(&detail.entity.body) {
        Ok(text) => text
            .lines()
            .map(|line| line.replace('\t', "    "))
            .collect(),
        Err(error) => vec![format!("# {error}")],
    }
}
