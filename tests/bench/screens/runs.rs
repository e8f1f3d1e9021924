//! A template with a long form, and what its runs tell.

use serde_json::{Map, Value, json};
use stagedoor::app::message::Answer;
use stagedoor::app::page::runs::{Kept, LogLine};
use stagedoor::scaffolder::journal::{Record, State};
use stagedoor::scaffolder::run::{
    Event, LogLevel, Report, Status, StepReport, StepState, TreeEntry,
};

use super::NOW;

/// How many fields the form has.
const FIELDS: usize = 200;
/// How many files a run makes.
const FILES: usize = 500;
/// How many lines a run logs.
const LINES: usize = 5_000;
/// How many runs are kept.
const RUNS: usize = 500;

/// The descriptor of the template.
pub(super) fn template() -> Value {
    let field = |at: usize| {
        let title = format!("Field {at}");
        let field =
            json!({ "type": "string", "title": title, "description": "What it is **for**." });
        (format!("field{at}"), field)
    };
    let properties: Map<String, Value> = (0..FIELDS).map(field).collect();
    json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": { "name": "long", "title": "A long form" },
        "spec": {
            "type": "service",
            "parameters": [{ "title": "All of it", "properties": properties }],
            "steps": [{ "id": "write", "name": "Write", "action": "fetch:template", "input": {} }],
        }
    })
}

fn step() -> StepReport {
    StepReport {
        id: "write".to_owned(),
        name: "Write".to_owned(),
        action: "fetch:template".to_owned(),
        state: StepState::Completed,
        input: Value::Null,
        output: Value::Null,
        error: None,
        simulated: false,
        rounds: Vec::new(),
    }
}

/// What a run would make.
pub(super) fn planned() -> Report {
    let file = |at: usize| TreeEntry {
        path: format!("src/part{}/file{at}.rs", at / 20),
        mode: 0o644,
        size: 1_000,
        target: None,
    };
    Report {
        status: Status::Completed,
        error: None,
        steps: vec![step()],
        output: Value::Null,
        tree: (0..FILES).map(file).collect(),
        warnings: Vec::new(),
        plan: None,
    }
}

fn line(at: usize) -> String {
    format!("{at}: wrote src/part{}/file{at}.rs", at / 20)
}

/// What comes of a run that has not ended.
pub(super) fn going_on(generation: u64) -> Vec<Answer> {
    let logged = (0..LINES).map(|at| Event::Log {
        step: Some(0),
        level: LogLevel::Info,
        line: line(at),
    });
    let events = std::iter::once(Event::Started { step: 0 }).chain(logged);
    let told = events.map(|event| Answer::RunEvent { generation, event });
    told.collect()
}

/// The log of a run that is kept.
pub(super) fn log() -> Vec<LogLine> {
    let lines = (0..LINES).map(|at| ("write".to_owned(), LogLevel::Info, line(at)));
    lines.collect()
}

/// The runs that are kept.
pub(super) fn kept() -> Vec<Kept> {
    let kept = |at: usize| {
        let fields = (0..FIELDS).map(|at| (format!("field{at}"), json!("an answer")));
        let record = Record {
            id: at.to_string(),
            template: "template:default/long".to_owned(),
            title: format!("A long form {at}"),
            location: "file:/t.yaml".to_owned(),
            source: "demo".to_owned(),
            by: None,
            task_id: at.to_string(),
            started: NOW - 60 * at as u64,
            attempts: 1,
            ended: Some(NOW),
            parameters: fields.collect(),
            withheld: Vec::new(),
            remember: false,
            update: None,
            out: None,
            repositories: None,
            status: Some(Status::Completed),
            error: None,
            steps: vec![step(); 10],
            made: Vec::new(),
            output: Value::Null,
            warnings: Vec::new(),
            is_kept: false,
            tree: Vec::new(),
        };
        let state = State::Ended(Status::Completed);
        Kept { record, state }
    };
    (0..RUNS).map(kept).collect()
}
