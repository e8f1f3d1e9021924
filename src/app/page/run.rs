//! A run of a template: its steps as they go, the log of the selected one, what came of it.

use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cursor::Cursor;
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::app::narrow::NO_LIST;
use crate::app::notice::Notice;
use crate::app::pointer::{Part, Target};
use crate::app::route::{Earlier, EntityTab, Route, RunOrder};
use crate::catalog::EntityRef;
use crate::scaffolder::run::{Event, LogLevel, OutputLink, Report, Status, StepState};

/// State of the run page.
#[derive(Debug)]
pub struct Run {
    /// What is run.
    pub order: Arc<RunOrder>,
    /// Where each step stands.
    pub states: Vec<StepState>,
    /// The log: the step of each line, how much it matters, the line.
    pub log: Vec<(Option<usize>, LogLevel, String)>,
    /// How it ended: `None` while it goes on.
    pub ended: Option<Result<Arc<Report>, String>>,
    /// Which step is selected; follows the running one until the user moves.
    pub cursor: Cursor,
    /// Which result is selected, once there are results.
    pub results: Cursor,
    /// Its id in the journal, once it is over.
    pub id: Option<String>,
    follows: bool,
    /// Its number, which its answers and its task carry.
    pub number: u64,
}

/// The most lines of log that are kept on the screen; all of it is in the journal.
const LOG_LINES: usize = 5_000;

impl Run {
    /// Starts a run.
    pub fn open(order: Arc<RunOrder>, cx: &mut Cx<'_>) -> Self {
        let number = cx.next_generation();
        cx.effect(Effect::StartRun {
            generation: number,
            order: order.clone(),
        });
        Self {
            states: vec![StepState::Waiting; order.template.steps.len()],
            order,
            log: Vec::new(),
            ended: None,
            cursor: Cursor::default(),
            results: Cursor::default(),
            id: None,
            follows: true,
            number,
        }
    }

    /// The links it ended with.
    pub fn links(&self) -> Vec<OutputLink> {
        match &self.ended {
            Some(Ok(report)) => report.links(),
            _ => Vec::new(),
        }
    }

    /// Whether it ended well.
    pub fn succeeded(&self) -> bool {
        matches!(&self.ended, Some(Ok(report)) if report.status == Status::Completed)
    }

    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&str> {
        match self.ended.as_ref()? {
            Err(error) => Some(error),
            Ok(report) if report.status == Status::Cancelled => Some("Stopped."),
            Ok(report) if report.status == Status::Failed => {
                Some(report.error.as_deref().unwrap_or("A step failed."))
            }
            Ok(_) => None,
        }
    }

    /// The log of the selected step; before and after all steps, everything that belongs to none.
    pub fn selected_log(&self) -> impl DoubleEndedIterator<Item = (LogLevel, &str)> {
        let selected = self.cursor.selected;
        self.log
            .iter()
            .filter(move |(step, ..)| step.is_none_or(|step| step == selected))
            .map(|(_, level, line)| (*level, line.as_str()))
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::RunCancel => {
                let mut tasks = cx.shared.tasks.iter();
                let task = tasks.find(|task| task.run == Some(self.number));
                cx.requests
                    .extend(task.map(|task| Request::Cancel(task.id)));
                cx.say(Notice::info("It stops after the current step."));
            }
            Command::Open | Command::RunOpen => self.follow_result(cx),
            Command::RunCopy => {
                let link = self.links().into_iter().nth(self.results.selected);
                let text = link
                    .and_then(|link| link.url.or(link.entity_ref))
                    .unwrap_or_else(|| {
                        self.log
                            .iter()
                            .map(|(.., line)| line.as_str())
                            .collect::<Vec<_>>()
                            .join("\n")
                    });
                cx.effect(Effect::Copy {
                    text,
                    what: "result",
                });
            }
            Command::RunRetry => {
                let template = self.order.template.entity_ref.clone();
                let route = match &self.id {
                    Some(run) if !self.succeeded() => Route::Resume {
                        template,
                        earlier: Arc::new(Earlier {
                            run: run.clone(),
                            answers: self.order.answers.clone(),
                            withheld: Vec::new(),
                            remember: self.order.remember,
                            step: self.next_step(),
                        }),
                    },
                    _ => Route::Wizard { template },
                };
                cx.requests.push(Request::Replace(route));
            }
            Command::NextTab | Command::Right => {
                let links = self.links().len();
                self.results.apply(Command::Down, links, links);
            }
            Command::PrevTab | Command::Left => {
                let links = self.links().len();
                self.results.apply(Command::Up, links, links);
            }
            command => {
                let steps = self.states.len();
                let moved = self.cursor.apply(command, steps, cx.drawn.side_rows);
                self.follows &= !moved;
                return moved;
            }
        }
        true
    }

    /// The name of the step at which it would go on.
    fn next_step(&self) -> Option<String> {
        let at = self.states.iter().position(|state| !state.is_over())?;
        Some(self.order.template.steps.get(at)?.name.clone())
    }

    fn follow_result(&self, cx: &mut Cx<'_>) {
        let Some(link) = self.links().into_iter().nth(self.results.selected) else {
            return;
        };
        let entity_ref = link
            .entity_ref
            .as_deref()
            .and_then(|text| text.parse::<EntityRef>().ok());
        if let Some(entity_ref) = entity_ref {
            cx.go(Route::Entity {
                entity_ref,
                tab: EntityTab::Overview,
            });
        } else if let Some(url) = link.url {
            match url.strip_prefix("file://") {
                Some(path) => cx.say(Notice::info(format!("It lies in {path}"))),
                None => cx.effect(Effect::OpenUrl(url)),
            }
        }
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, _cx: &mut Cx<'_>) -> bool {
        match target {
            Target::Item(Part::Main, at) => {
                self.cursor.point(at, self.states.len());
                self.follows = false;
                false
            }
            Target::Item(Part::Aside, at) => self.results.point(at, self.links().len()),
            _ => false,
        }
    }

    /// There is nothing to type here.
    pub fn edit(&mut self, _edit: &Edit, _cx: &mut Cx<'_>) {}

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::RunEvent { generation, event } if *generation == self.number => {
                self.event(event);
            }
            Answer::RunKept { generation, id } if *generation == self.number => {
                self.id = Some(id.clone());
            }
            Answer::RunEnded { generation, result } if *generation == self.number => {
                self.ended = Some(result.clone());
                if let Ok(report) = result {
                    for (state, step) in self.states.iter_mut().zip(&report.steps) {
                        *state = step.state;
                    }
                    let failed = self
                        .states
                        .iter()
                        .position(|state| *state == StepState::Failed);
                    if let Some(failed) = failed {
                        self.cursor
                            .select(failed, self.states.len(), cx.drawn.side_rows);
                    }
                }
                if self.succeeded() {
                    let template = self.order.template.entity_ref.clone();
                    cx.requests.push(Request::KeepDraft(template, None));
                }
            }
            _ => {}
        }
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Started { step } => {
                if let Some(state) = self.states.get_mut(*step) {
                    *state = StepState::Running;
                }
                if self.follows {
                    self.cursor
                        .select(*step, self.states.len(), self.states.len());
                }
            }
            Event::Log { step, level, line } => {
                if self.log.len() < LOG_LINES {
                    self.log.push((*step, *level, line.clone()));
                }
            }
            Event::Finished { step, report } => {
                if let Some(kept) = self.states.get_mut(*step) {
                    *kept = report.state;
                }
            }
            Event::Made(_) | Event::Unmade(_) => {}
        }
    }

    /// The catalog was swapped; a run does not depend on it.
    pub fn refresh(&mut self, _cx: &mut Cx<'_>) {}

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Run
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        false
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, _shared: &Shared) -> Option<&'static str> {
        match command {
            Command::Filter => Some(NO_LIST),
            Command::RunCancel if self.ended.is_some() => Some("It has ended."),
            Command::RunRetry if self.ended.is_none() => Some("It is still running."),
            Command::Open | Command::RunOpen if self.ended.is_none() => {
                Some("It is still running.")
            }
            Command::Open | Command::RunOpen if self.links().is_empty() => {
                Some("It gave no links.")
            }
            _ => None,
        }
    }

    /// What a key does now, where that is not what it mostly does.
    pub fn label(&self, command: Command) -> Option<&'static str> {
        (command == Command::RunRetry && self.can_go_on()).then_some("go on")
    }

    /// Whether it can go on where it ended.
    pub fn can_go_on(&self) -> bool {
        self.id.is_some() && self.failure().is_some()
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, _shared: &Shared) -> Vec<String> {
        vec![
            "Templates".to_owned(),
            self.order.template.title.clone(),
            "Run".to_owned(),
        ]
    }

    /// The words on the right of the top line.
    pub fn status(&self, _shared: &Shared) -> String {
        let done = self
            .states
            .iter()
            .filter(|state| matches!(state, StepState::Completed | StepState::Skipped))
            .count();
        match &self.ended {
            None => format!("{done} of {} steps", self.states.len()),
            Some(_) if self.succeeded() => "done".to_owned(),
            Some(_) => "failed".to_owned(),
        }
    }
}
