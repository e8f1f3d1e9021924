//! Carrying out a run for real or as a plan, and telling what came of it.

use std::path::Path;

use color_eyre::eyre::Result;
use serde_json::{Value, json};

use super::{SharedSession, print};
use crate::cli::args::Format;
use crate::cli::console::Console;
use crate::cli::data;
use crate::cli::exit::Exit;
use crate::cli::work;
use crate::scaffolder::journal;
use crate::scaffolder::outside::Outside;
use crate::scaffolder::plan::Plan;
use crate::scaffolder::run::{Event, Job, Report, Status};
use crate::sync;
use crate::sync::runs::kept::{self, Order};

/// An action that Backstage's own dry run leaves out although it only makes files. So does one that leaves its workspace in a
/// folder, which scripts compare with Backstage's; one that only shows what would be made shows its files, too.
const LEFT_OUT: &str = "fetch:cookiecutter";

/// A run that can begin.
pub(in crate::cli) struct Run<'a> {
    pub(in crate::cli) order: Order<'a>,
    pub(in crate::cli) outside: &'a dyn Outside,
    pub(in crate::cli) session: &'a SharedSession,
    pub(in crate::cli) format: Format,
}

impl Run<'_> {
    /// Carries out what is local and simulates the rest. It leaves no journal.
    pub(super) fn plan(&self, console: &mut Console) -> Result<Exit> {
        let Order { template, out, .. } = self.order;
        let scratch = tempfile::Builder::new().prefix("stagedoor-").tempdir()?;
        let task_id = self.order.task_id.clone();
        let mut mocks = self.order.mocks.clone();
        if out.is_some()
            && template.steps.iter().any(|step| step.action == LEFT_OUT)
            && !mocks.contains_key(LEFT_OUT)
        {
            console.warn(&format!("{LEFT_OUT} is left out of a dry run with --out, as in Backstage; without --out its files are shown"));
            mocks.insert(LEFT_OUT.to_owned(), json!({}));
        }
        let job = Job {
            template,
            answers: self.order.answers,
            user: self.order.user.clone(),
            task_id: task_id.unwrap_or_else(journal::new_id),
            started: journal::now(),
            past: None,
            workspace: out.unwrap_or(scratch.path()),
            repositories: Some(self.order.repositories),
            dry_run: true,
            strict: self.order.strict,
            mocks,
            aim: self.order.aim,
        };
        let report = self.heard(console, |stop, hear| {
            sync::runs::carry_out(self.session, &job, self.outside, stop, hear)
        })?;
        if self.format == Format::Table {
            let none = Plan::default();
            let plan = report.plan.as_ref().unwrap_or(&none);
            print::plan(&report, out.is_some(), plan, console)?;
        }
        self.tell(&report, None, console)
    }

    /// Carries it out and writes it down.
    pub(in crate::cli) fn carry_out(&self, console: &mut Console) -> Result<Exit> {
        let record = self.heard(console, |stop, hear| {
            kept::run(self.session, &self.order, self.outside, stop, hear)
        })??;
        let exit = self.tell(&record.report(), Some(&record.id), console)?;
        if record.status == Some(Status::Completed)
            || sync::runs::runs_at(self.session, &record.source).is_some()
        {
            return Ok(exit);
        }
        for made in &record.made {
            let place = if made.url.is_empty() {
                &made.name
            } else {
                &made.url
            };
            console.note(&format!("this run made {place}; it stays there"));
        }
        console.note(&format!(
            "`stagedoor runs resume {}` goes on where it ended",
            record.id
        ));
        Ok(exit)
    }

    /// Does `work` on a thread of its own and tells what happens.
    fn heard<T>(
        &self,
        console: &Console,
        work: impl FnOnce(&dyn Fn() -> bool, &mut dyn FnMut(Event)) -> T,
    ) -> Result<T> {
        let tell = self.format == Format::Table;
        work::run(async |cancel| {
            tokio::task::block_in_place(|| {
                let mut hear = |event: Event| {
                    if tell {
                        print::event(&event, self.order.template, console);
                    }
                };
                work(&|| cancel.is_cancelled(), &mut hear)
            })
        })
    }

    fn tell(&self, report: &Report, id: Option<&str>, console: &mut Console) -> Result<Exit> {
        let value = || -> Result<Value> {
            let mut value = serde_json::to_value(report)?;
            if let (Some(id), Some(object)) = (id, value.as_object_mut()) {
                object.insert("run".to_owned(), id.into());
            }
            Ok(value)
        };
        match self.format {
            Format::Json => data::write_json(&mut console.out, &value()?)?,
            Format::Yaml => data::write_yaml(&mut console.out, &value()?)?,
            _ => print::report(report, self.order.out.map(Path::new), console)?,
        }
        Ok(match report.status {
            Status::Completed => Exit::Done,
            Status::Failed => Exit::Failed,
            Status::Cancelled => Exit::Interrupted,
        })
    }
}
