//! What a task in a running Backstage tells of itself → what a run tells here.

use serde_json::Value;

use crate::catalog::text::clean;
use crate::host::backstage::TaskEvent;
use crate::scaffolder::run::{Event, Job, LogLevel, Report, Status, StepState, mask};

/// A run there, as far as it is known.
pub(super) struct Told<'a> {
    job: &'a Job<'a>,
    events: &'a mut dyn FnMut(Event),
    secrets: Vec<String>,
    /// The report, as it grows.
    pub(super) report: Report,
    /// The number of the last event.
    pub(super) last: Option<u64>,
    /// Whether it is over.
    pub(super) is_over: bool,
    is_cancelled: bool,
}

impl<'a> Told<'a> {
    /// A run of which nothing is known yet.
    pub(super) fn new(job: &'a Job<'a>, events: &'a mut dyn FnMut(Event)) -> Self {
        Self {
            report: Report::waiting(job),
            secrets: mask::secrets(job),
            job,
            events,
            last: None,
            is_over: false,
            is_cancelled: false,
        }
    }

    /// Takes an event into account; one that is known already is none.
    pub(super) fn take(&mut self, event: &TaskEvent) {
        if self.is_over || self.last.is_some_and(|last| event.id <= last) {
            return;
        }
        self.last = Some(event.id);
        let text = |key: &str| event.body.get(key).and_then(Value::as_str);
        let step = text("stepId").and_then(|id| self.step(id));
        let message = text("message").unwrap_or_default();
        match event.kind.as_str() {
            "completion" => self.complete(&event.body),
            "cancelled" => {
                self.is_cancelled = true;
                self.log(None, LogLevel::Warning, message);
            }
            "recovered" => self.log(None, LogLevel::Warning, "It begins again."),
            _ => {
                let status = text("status").unwrap_or_default();
                self.step_is(step, status, message);
            }
        }
    }

    /// What a dry run answers.
    pub(super) fn take_dry_run(&mut self, answer: &Value) {
        let log = answer.get("log").and_then(Value::as_array);
        for entry in log.into_iter().flatten() {
            let body = entry.get("body").unwrap_or(entry);
            let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
            let step = self.step(text("stepId"));
            self.step_is(step, text("status"), text("message"));
        }
        for step in &mut self.report.steps {
            step.simulated = true;
        }
        let output = answer.get("output").cloned().unwrap_or_default();
        self.report.output = mask::json(&cleaned(output), &self.secrets);
        self.is_over = true;
    }

    /// That it failed before or beside its steps.
    pub(super) fn fail(&mut self, error: &str) {
        self.report.status = Status::Failed;
        self.report.error = Some(mask::text(&clean(error), &self.secrets));
        self.is_over = true;
    }

    /// That it was stopped and nothing was heard of its end.
    pub(super) fn stopped(&mut self) {
        self.report.status = Status::Cancelled;
        self.is_over = true;
    }

    /// A remark on the run as a whole.
    pub(super) fn remark(&mut self, level: LogLevel, text: &str) {
        self.log(None, level, text);
        if level == LogLevel::Warning {
            self.report.warnings.push(text.to_owned());
        }
    }

    fn complete(&mut self, body: &Value) {
        self.is_over = true;
        let error = body.pointer("/error/message").or_else(|| body.get("error"));
        if self.is_cancelled {
            self.report.status = Status::Cancelled;
        } else if let Some(error) = error.filter(|error| !error.is_null()) {
            let error = error
                .as_str()
                .map_or_else(|| error.to_string(), str::to_owned);
            self.fail(&error);
        } else if body
            .get("message")
            .and_then(Value::as_str)
            .is_some_and(|said| said.contains("failed"))
        {
            self.fail("it failed there and does not say why");
        } else {
            let output = body.get("output").cloned().unwrap_or_default();
            self.report.output = mask::json(&cleaned(output), &self.secrets);
        }
    }

    fn step_is(&mut self, step: Option<usize>, status: &str, message: &str) {
        let state = match status {
            "processing" => Some(StepState::Running),
            "completed" => Some(StepState::Completed),
            "failed" => Some(StepState::Failed),
            "skipped" | "cancelled" => Some(StepState::Skipped),
            _ => None,
        };
        if let (Some(step), Some(state)) = (step, state) {
            if let Some(report) = self.report.steps.get_mut(step) {
                report.state = state;
                if state == StepState::Failed {
                    let first = message.lines().next().unwrap_or_default();
                    report.error = Some(mask::text(&clean(first), &self.secrets));
                }
            }
            if state == StepState::Running {
                (self.events)(Event::Started { step });
            }
        }
        let level = if state == Some(StepState::Failed) {
            LogLevel::Error
        } else {
            LogLevel::Info
        };
        self.log(step, level, message);
        if let (Some(step), Some(state)) = (step, state)
            && state != StepState::Running
            && let Some(report) = self.report.steps.get(step)
        {
            let report = Box::new(report.clone());
            (self.events)(Event::Finished { step, report });
        }
    }

    fn log(&mut self, step: Option<usize>, level: LogLevel, text: &str) {
        let (said, text) = plain(text);
        let text = mask::text(text.trim_end(), &self.secrets);
        for line in clean(&text).split('\n') {
            (self.events)(Event::Log {
                step,
                level: said.unwrap_or(level),
                line: line.to_owned(),
            });
        }
    }

    fn step(&self, id: &str) -> Option<usize> {
        let mut steps = self.job.template.steps.iter();
        steps.position(|step| step.id == id)
    }
}

/// A line of the log without the colours that the instance's logger gives it, and how much it says that it matters.
fn plain(text: &str) -> (Option<LogLevel>, String) {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = behind.find(|c: char| ('@'..='~').contains(&c));
        rest = end
            .and_then(|end| behind.get(end + 1..))
            .unwrap_or_default();
    }
    out.push_str(rest);
    for (word, level) in [
        ("info: ", LogLevel::Info),
        ("warn: ", LogLevel::Warning),
        ("error: ", LogLevel::Error),
    ] {
        if let Some(line) = out.strip_prefix(word) {
            // Some versions put what else they know of the line behind it.
            let line = line.split(" {\"timestamp\":").next().unwrap_or_default();
            return (Some(level), line.to_owned());
        }
    }
    (None, out)
}

/// `value` with all its texts cleaned.
fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => clean(&text).into_owned().into(),
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (clean(&key).into_owned(), cleaned(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_the_colours_of_the_logger() {
        assert_eq!(
            plain("\u{1b}[32minfo\u{1b}[39m: Fetching {\"timestamp\":\"2026-11-22\"}"),
            (Some(LogLevel::Info), "Fetching".to_owned())
        );
        assert_eq!(
            plain("\u{1b}[31merror\u{1b}[39m: no"),
            (Some(LogLevel::Error), "no".to_owned())
        );
        assert_eq!(plain("a: b\u{1b}["), (None, "a: b".to_owned()));
    }
}
