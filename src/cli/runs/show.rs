//! `stagedoor runs show`: one run whole.

use std::io::Write;
use std::time::{Duration, SystemTime};

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::{Value, json};

use super::super::args::{Format, Global};
use super::super::console::Console;
use super::super::exit::Exit;
use super::super::style::Ink;
use super::super::{data, format, open};
use crate::catalog::text::one_line;
use crate::scaffolder::journal::{self, Record};
use crate::scaffolder::run::StepState;

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The run: its id, a part of it, or `last`
    #[arg(value_name = "RUN", default_value = "last")]
    run: String,

    /// Leave out the log
    #[arg(long)]
    no_log: bool,
}

pub(super) fn run(args: &ShowArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    let (runs, record) = super::find(global, &args.run)?;
    let log = if args.no_log {
        String::new()
    } else {
        journal::log(&runs, &record.id)?
    };
    let state = record.state(&runs);
    if format != Format::Table {
        let mut value = super::value(&record, state);
        if !args.no_log {
            value["log"] = log.lines().map(line).collect();
        }
        match format {
            Format::Json => data::write_json(&mut console.out, &value)?,
            _ => data::write_yaml(&mut console.out, &value)?,
        }
        return Ok(Exit::Done);
    }
    let title = console.paint(Ink::Bold, &one_line(&record.title));
    let word = console.paint(super::ink(state), state.word());
    writeln!(console.out, "{title}  {word}")?;
    head(&record, console)?;
    steps(&record, console)?;
    if !log.is_empty() {
        writeln!(console.out)?;
        for text in log.lines() {
            let entry = line(text);
            let (step, said) = (entry["step"].as_str(), entry["text"].as_str());
            let step = console.paint(Ink::Dim, &one_line(step.unwrap_or("-")));
            writeln!(console.out, "{step}  {}", one_line(said.unwrap_or(text)))?;
        }
    }
    if state.can_go_on() {
        console.note(&format!("`stagedoor runs resume {}` goes on", record.id));
    }
    Ok(Exit::Done)
}

fn head(record: &Record, console: &mut Console) -> Result<()> {
    let began = SystemTime::UNIX_EPOCH + Duration::from_secs(record.started);
    let mut rows = vec![
        ("run", record.id.clone()),
        ("template", record.template.clone()),
        ("by", record.by.clone().unwrap_or_default()),
        ("began", format!("{} ago", open::age(began))),
    ];
    if record.attempts > 1 {
        rows.push(("attempts", record.attempts.to_string()));
    }
    if let Some(out) = &record.out {
        rows.push(("files", out.display().to_string()));
    }
    rows.extend(record.error.clone().map(|error| ("error", error)));
    for made in &record.made {
        let told = match &made.id {
            Some(_) => made.url.clone(),
            None => format!(
                "{} at {}, perhaps: the host did not say",
                made.name, made.host
            ),
        };
        rows.push(("made", told));
    }
    for link in record.report().links() {
        let target = link.url.or(link.entity_ref).unwrap_or_default();
        rows.push(("result", format!("{}  {target}", link.title)));
    }
    for (name, value) in &record.parameters {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        rows.push(("answer", format!("{name} = {text}")));
    }
    let kept_back = record.withheld.iter();
    rows.extend(kept_back.map(|name| {
        (
            "answer",
            format!("{} is secret", name.trim_start_matches('/')),
        )
    }));
    for (label, text) in rows.into_iter().filter(|(_, text)| !text.is_empty()) {
        let label = console.paint(Ink::Dim, &format!("{label:10}"));
        writeln!(console.out, "{label}{}", one_line(&text))?;
    }
    Ok(())
}

fn steps(record: &Record, console: &mut Console) -> Result<()> {
    writeln!(console.out)?;
    for step in &record.steps {
        let (sign, ink) = match step.state {
            StepState::Waiting => ("○", Ink::Dim),
            StepState::Running => ("◐", Ink::Accent),
            StepState::Completed => ("✓", Ink::Good),
            StepState::Skipped => ("–", Ink::Dim),
            StepState::Failed => ("✗", Ink::Bad),
        };
        let sign = console.paint(ink, sign);
        let action = console.paint(Ink::Dim, &one_line(&step.action));
        writeln!(console.out, "{sign} {}  {action}", one_line(&step.name))?;
        if let Some(error) = &step.error {
            writeln!(
                console.out,
                "  {}",
                console.paint(Ink::Bad, &one_line(error))
            )?;
        }
    }
    Ok(())
}

/// A line of the log as data.
fn line(text: &str) -> Value {
    let mut parts = text.splitn(4, '\t');
    let mut next = || parts.next().unwrap_or_default();
    let (time, level, step) = (next(), next(), next());
    let step = (step != "-").then_some(step);
    json!({ "time": time.parse::<u64>().ok(), "level": level, "step": step, "text": next() })
}
