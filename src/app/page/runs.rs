//! Runs of templates: what became of each, and going on with one that ended early.

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cursor::Cursor;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::app::pointer::{Part, Target};
use crate::app::route::{Earlier, EntityTab, Route};
use crate::catalog::EntityRef;
use crate::scaffolder::journal::{Record, State};
use crate::scaffolder::run::{Event, LogLevel, Thing};

/// A run, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What the journal has of it.
    pub record: Record,
    /// Where it stands.
    pub state: State,
}

impl Kept {
    /// What the run was about, to tell it from others of the same template: what it made, or what its answers call it.
    pub fn about(&self) -> &str {
        let record = &self.record;
        // The title of an update says it.
        if record.update.is_some() {
            return "";
        }
        let mut made = record.made.iter();
        let made = made.find(|made| made.kind == Thing::Repository);
        let named = || {
            let mut keys = ["name", "component_id", "componentId", "repoName"].into_iter();
            keys.find_map(|key| record.parameters.get(key)?.as_str())
        };
        made.map(|made| made.name.as_str())
            .or_else(named)
            .unwrap_or_default()
    }

    /// Whether it ended early and has made a repository by then.
    pub fn left_something(&self) -> bool {
        let mut made = self.record.made.iter();
        self.state.can_go_on() && made.any(|made| made.kind == Thing::Repository)
    }
}

/// A line of a run's log: the step's id, how much it matters, the line.
pub type LogLine = (String, LogLevel, String);

/// State of the page of runs.
#[derive(Debug)]
pub struct Runs {
    /// The runs, latest first; `None` until they are read.
    pub runs: Option<Arc<Vec<Kept>>>,
    /// Those of them that are listed, by their places.
    pub listed: Vec<usize>,
    /// What the list is narrowed to.
    pub narrow: Narrow,
    /// Which one is selected.
    pub cursor: Cursor,
    /// The log of the selected one, once it is read.
    pub log: Option<(String, Arc<Vec<LogLine>>)>,
    /// Whether the selected one has the whole page.
    pub is_whole: bool,
    /// The first line of it that is on the screen.
    pub top: usize,
}

impl Runs {
    /// Makes the page, asking for the runs.
    pub fn open(cx: &mut Cx<'_>) -> Self {
        cx.effect(Effect::LoadRuns);
        Self {
            runs: None,
            listed: Vec::new(),
            narrow: Narrow::default(),
            cursor: Cursor::default(),
            log: None,
            is_whole: false,
            top: 0,
        }
    }

    /// All runs, as far as they are known.
    pub fn all(&self) -> &[Kept] {
        self.runs.as_ref().map_or(&[], |runs| runs.as_slice())
    }

    /// The run in a row of the list.
    pub fn at(&self, row: usize) -> Option<&Kept> {
        self.all().get(*self.listed.get(row)?)
    }

    /// Lists what is not narrowed away.
    fn fill(&mut self) {
        let fits = |kept: &Kept| {
            let record = &kept.record;
            let by = record.by.as_deref().unwrap_or_default();
            let texts = [&record.title, &record.template, by, kept.state.word()];
            self.narrow.fits(texts)
        };
        let listed = self.all().iter().enumerate().filter(|(_, kept)| fits(kept));
        self.listed = listed.map(|(at, _)| at).collect();
        self.cursor.clamp(self.listed.len());
    }

    /// The run under the cursor.
    pub fn selected(&self) -> Option<&Kept> {
        self.at(self.cursor.selected)
    }

    /// The log of the run under the cursor.
    pub fn selected_log(&self) -> &[LogLine] {
        match (&self.log, self.selected()) {
            (Some((id, lines)), Some(kept)) if *id == kept.record.id => lines,
            _ => &[],
        }
    }

    /// Whether the log of the run under the cursor is on its way.
    pub fn lacks_log(&self) -> bool {
        let known = self.log.as_ref().map(|(id, _)| id);
        let selected = self.selected();
        selected.is_some_and(|kept| known != Some(&kept.record.id))
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let turn = match command {
            Command::Back if self.is_whole => Turn::Ignored,
            command => self.narrow.command(command),
        };
        match turn {
            Turn::Ignored => {}
            Turn::Done => return true,
            Turn::Changed => {
                self.fill();
                self.load(cx);
                return true;
            }
        }
        match command {
            Command::Back if self.is_whole => (self.is_whole, self.top) = (false, 0),
            Command::Open | Command::RunsWhole if self.selected().is_some() => {
                (self.is_whole, self.top) = (!self.is_whole, 0);
            }
            Command::RunsResume => self.resume(cx),
            Command::RunsRemove => self.in_terminal("clean", cx),
            Command::RunsOpen => self.follow_result(cx),
            Command::RunsCopy => {
                let lines = self.selected_log().iter();
                let text: Vec<&str> = lines.map(|(.., line)| line.as_str()).collect();
                cx.effect(Effect::Copy {
                    text: text.join("\n"),
                    what: "log",
                });
            }
            command if self.is_whole && self.scroll(command, cx) => {}
            command => {
                let rows = self.listed.len();
                let moved = self.cursor.apply(command, rows, cx.drawn.side_rows);
                if moved {
                    self.load(cx);
                }
                return moved;
            }
        }
        true
    }

    /// Walks the selected run by lines; its last screenful stays.
    fn scroll(&mut self, command: Command, cx: &Cx<'_>) -> bool {
        let page = cx.drawn.page_rows;
        let last = cx.drawn.page_lines.saturating_sub(page);
        let top = match command {
            Command::Up => self.top.saturating_sub(1),
            Command::Down => self.top + 1,
            Command::PageUp => self.top.saturating_sub(page),
            Command::PageDown => self.top + page,
            Command::Top => 0,
            Command::Bottom => last,
            _ => return false,
        };
        self.top = top.min(last);
        true
    }

    fn load(&mut self, cx: &mut Cx<'_>) {
        self.top = 0;
        if let Some(kept) = self.selected() {
            cx.effect(Effect::LoadRunLog(kept.record.id.clone()));
        }
    }

    /// Has a command do something with the run, which asks in the terminal.
    fn in_terminal(&self, verb: &str, cx: &mut Cx<'_>) {
        if let Some(kept) = self.selected() {
            let words = ["runs", verb, &kept.record.id].map(str::to_owned);
            cx.effect(Effect::InTerminal(words.into()));
        }
    }

    /// Goes to the review of the form, from where the run goes on; an update has none.
    fn resume(&self, cx: &mut Cx<'_>) {
        let Some(record) = self.selected().map(|kept| &kept.record) else {
            return;
        };
        if record.update.is_some() {
            return self.in_terminal("resume", cx);
        }
        if let Ok(template) = record.template.parse::<EntityRef>() {
            let step = record.steps.iter().find(|step| !step.state.is_over());
            cx.go(Route::Resume {
                template,
                earlier: Arc::new(Earlier {
                    run: record.id.clone(),
                    answers: record.answers(),
                    withheld: record.withheld.clone(),
                    remember: record.remember,
                    step: step.map(|step| step.name.clone()),
                }),
            });
        }
    }

    fn follow_result(&self, cx: &mut Cx<'_>) {
        let links = self.selected().map(|kept| kept.record.report().links());
        let Some(link) = links.into_iter().flatten().next() else {
            return;
        };
        let entity_ref = link
            .entity_ref
            .and_then(|text| text.parse::<EntityRef>().ok());
        match (entity_ref, link.url) {
            (Some(entity_ref), _) => cx.go(Route::Entity {
                entity_ref,
                tab: EntityTab::Overview,
            }),
            (None, Some(url)) => cx.effect(Effect::OpenUrl(url)),
            (None, None) => {}
        }
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        let Target::Item(Part::Main, at) = target else {
            return false;
        };
        let rows = self.listed.len();
        let opens = self.cursor.point(at, rows);
        if !opens {
            self.load(cx);
        }
        opens
    }

    /// Changes what the list is narrowed to.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        if self.narrow.edit(edit) {
            self.is_whole = false;
            self.cursor = Cursor::default();
            self.fill();
            self.load(cx);
        }
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Runs(runs) => {
                let id = self.selected().map(|kept| kept.record.id.clone());
                let is_on_top = self.cursor.selected == 0 && !self.is_whole;
                self.runs = Some(Arc::clone(runs));
                self.fill();
                // What is new is seen by whoever is on top; everybody else stays with their run.
                let here = |row: &usize| self.at(*row).map(|kept| &kept.record.id) == id.as_ref();
                if !is_on_top && let Some(row) = (0..self.listed.len()).find(here) {
                    self.cursor
                        .select(row, self.listed.len(), cx.drawn.side_rows.max(1));
                }
                let top = self.top;
                self.load(cx);
                if self.selected().map(|kept| &kept.record.id) == id.as_ref() {
                    self.top = top;
                }
            }
            Answer::Updated | Answer::RunKept { .. } | Answer::RunEnded { .. } => {
                cx.effect(Effect::LoadRuns);
            }
            Answer::RunEvent {
                event: Event::Started { .. } | Event::Finished { .. },
                ..
            } => cx.effect(Effect::LoadRuns),
            // Of a run that is not selected any more it is late.
            Answer::RunLog(id, lines) if self.selected().is_some_and(|it| it.record.id == *id) => {
                self.log = Some((id.clone(), Arc::clone(lines)));
            }
            _ => {}
        }
    }

    /// The catalog was swapped, or the page is come back to: a run may have ended meanwhile.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        cx.effect(Effect::LoadRuns);
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Runs
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        self.narrow.typing
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        let kept = self.selected();
        match command {
            Command::Open if self.narrow.typing => None,
            Command::Open
            | Command::RunsWhole
            | Command::RunsResume
            | Command::RunsOpen
            | Command::RunsCopy
                if kept.is_none() && !self.all().is_empty() =>
            {
                Some("No run has these words.")
            }
            Command::Open
            | Command::RunsWhole
            | Command::RunsResume
            | Command::RunsRemove
            | Command::RunsOpen
            | Command::RunsCopy
                if kept.is_none() =>
            {
                Some("No template was run yet.")
            }
            Command::RunsResume => match kept?.state {
                State::Running => Some("It is still running."),
                state if !state.can_go_on() => Some("It is done."),
                _ => None,
            },
            Command::RunsRemove if !kept.is_some_and(Kept::left_something) => {
                Some("It left nothing at a host that it did not finish.")
            }
            Command::RunsOpen if kept?.record.report().links().is_empty() => {
                Some("It gave no links.")
            }
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, _shared: &Shared) -> Vec<String> {
        let whole = self.selected().filter(|_| self.is_whole);
        let title = whole.map(|kept| kept.record.title.clone());
        [Some("Runs".to_owned()), title]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The words on the right of the top line.
    pub fn status(&self, _shared: &Shared) -> String {
        self.narrow
            .counted(self.listed.len(), self.all().len(), "run")
    }
}
