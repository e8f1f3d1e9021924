//! Runs of templates: what became of each, and going on with one that ended early.

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cursor::Cursor;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::app::route::{EntityTab, Route};
use crate::catalog::EntityRef;
use crate::scaffolder::journal::{Record, State};
use crate::scaffolder::run::LogLevel;

/// A run, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// What the journal has of it.
    pub record: Record,
    /// Where it stands.
    pub state: State,
}

/// A line of a run's log: the step's id, how much it matters, the line.
pub type LogLine = (String, LogLevel, String);

/// State of the page of runs.
#[derive(Debug)]
pub struct Runs {
    /// The runs, latest first; `None` until they are read.
    pub runs: Option<Arc<Vec<Kept>>>,
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

    /// The run under the cursor.
    pub fn selected(&self) -> Option<&Kept> {
        self.all().get(self.cursor.selected)
    }

    /// The log of the run under the cursor.
    pub fn selected_log(&self) -> &[LogLine] {
        match (&self.log, self.selected()) {
            (Some((id, lines)), Some(kept)) if *id == kept.record.id => lines,
            _ => &[],
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::Back if self.is_whole => (self.is_whole, self.top) = (false, 0),
            Command::Open | Command::RunsWhole if self.selected().is_some() => {
                (self.is_whole, self.top) = (!self.is_whole, 0);
            }
            Command::RunsResume => self.resume(cx),
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
                let rows = self.all().len();
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

    /// Goes to the review of the form, from where the run goes on.
    fn resume(&self, cx: &mut Cx<'_>) {
        let Some(record) = self.selected().map(|kept| &kept.record) else {
            return;
        };
        if let Ok(template) = record.template.parse::<EntityRef>() {
            cx.go(Route::Resume {
                template,
                run: record.id.clone(),
                answers: Arc::new(record.answers()),
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

    /// There is nothing to type here.
    pub fn edit(&mut self, _edit: &Edit, _cx: &mut Cx<'_>) {}

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Runs(runs) => {
                self.runs = Some(Arc::clone(runs));
                self.cursor.clamp(runs.len());
                self.load(cx);
            }
            Answer::RunLog(id, lines) => self.log = Some((id.clone(), Arc::clone(lines))),
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
        false
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        let kept = self.selected();
        match command {
            Command::Open
            | Command::RunsWhole
            | Command::RunsResume
            | Command::RunsOpen
            | Command::RunsCopy
                if kept.is_none() =>
            {
                Some("No template was run yet.")
            }
            Command::RunsResume => match kept?.state {
                State::Running => Some("It is still running."),
                state if !state.can_go_on() => Some("It is done."),
                _ if kept?.record.update.is_some() => {
                    Some("An update goes on by `stagedoor runs resume`.")
                }
                _ => None,
            },
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
        match self.all().len() {
            1 => "1 run".to_owned(),
            n => format!("{n} runs"),
        }
    }
}
