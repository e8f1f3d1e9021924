//! `stagedoor sync`: asks the hosts and keeps what they answer.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::{Value, json};

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::Exit;
use super::open;
use super::progress::Progress;
use super::style::Ink;
use super::table::{Cell, Table};
use super::work;
use crate::config::{DEFAULT_REFRESH, Env};
use crate::sync::{self, FileWatch, Options, Session, SyncError, SyncReport, SyncRequest};

#[derive(Debug, Args)]
#[command(after_help = "\
--source with the name of a configured source refreshes that one alone.
Ends with 0, or with 1 where problems were found; --watch goes on until Ctrl-C.")]
pub(crate) struct SyncArgs {
    /// Ask for everything again, whatever is known already
    #[arg(long)]
    full: bool,
    /// Go on: ask again whenever answers have become old, and read local files when they change
    #[arg(long)]
    watch: bool,
}

/// How often local files are looked at where the system does not tell of changes, and where it does: not every file system
/// tells of all.
const LOOK: Duration = Duration::from_secs(2);
const LOOK_TOO: Duration = Duration::from_secs(30);

pub(crate) fn run(args: &SyncArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    let (session, only) = chosen(global, console)?;
    let request = SyncRequest {
        only,
        full: args.full,
    };
    if args.watch {
        return watch(&session, request, format, console);
    }
    let progress = Progress::asked_for(console);
    let report = work::run(async |cancel| {
        let report = sync::sync(&session, &request, &|step| progress.step(&step), &cancel).await?;
        sync::signin::learn(&session, args.full).await;
        Ok::<_, SyncError>(report)
    })?;
    progress.clear();
    let report = report?;
    show(&report, format, console)?;
    Ok(match report.class() {
        Some(class) => class.into(),
        None if report.problems() > 0 => Exit::Failed,
        None => Exit::Done,
    })
}

/// Refreshes again and again. A round that fails is told, and the next one comes all the same.
fn watch(
    session: &Session,
    mut request: SyncRequest,
    format: Format,
    console: &mut Console,
) -> Result<Exit> {
    let every = match session.config.refresh {
        Duration::ZERO => DEFAULT_REFRESH,
        every => every,
    };
    work::run(async |cancel| {
        let progress = Progress::asked_for(console);
        let mut files = watched(session, console);
        loop {
            let step = |step| progress.step(&step);
            let report = sync::sync(session, &request, &step, &cancel).await;
            progress.clear();
            tell(report.map(Some), format, console)?;
            request.full = false;
            let again = Instant::now() + every;
            while Instant::now() < again {
                if let Some(files) = &mut files {
                    files.follow(session);
                }
                let pause = if files.is_some() { LOOK_TOO } else { LOOK };
                tokio::select! {
                    () = cancel.cancelled() => return Ok(Exit::Interrupted),
                    () = changed(&mut files) => {}
                    () = tokio::time::sleep(pause.min(every)) => {}
                }
                tell(
                    sync::ensure(session, &|_| {}, &cancel).await,
                    format,
                    console,
                )?;
            }
        }
    })?
}

/// The watch over the local files of `session`, where there are any and the system watches them all.
fn watched(session: &Session, console: &Console) -> Option<FileWatch> {
    let watch = FileWatch::start(session).and_then(|watch| match watch {
        Some(mut watch) => watch.take_remark().map_or(Ok(Some(watch)), Err),
        None => Ok(None),
    });
    watch.unwrap_or_else(|remark| {
        console.note(&remark);
        None
    })
}

/// Waits until watched files change; for ever where none are watched.
async fn changed(files: &mut Option<FileWatch>) {
    match files {
        Some(files) => files.changed().await,
        None => std::future::pending().await,
    }
}

/// Shows what became of one round.
fn tell(
    report: Result<Option<SyncReport>, SyncError>,
    format: Format,
    console: &mut Console,
) -> Result<()> {
    match report {
        Ok(Some(report)) => show(&report, format, console)?,
        Ok(None) | Err(SyncError::Cancelled) => {}
        Err(error) => console.warn(&error.to_string()),
    }
    Ok(console.out.flush()?)
}

fn show(report: &SyncReport, format: Format, console: &mut Console) -> Result<()> {
    for source in &report.sources {
        if let Some(failure) = &source.failure {
            console.warn(&format!("{}: {}", source.source, failure.message));
        }
        if console.is_verbose() {
            let (name, fetched) = (&source.source, source.fetched);
            for (host, count) in &source.requests {
                console.note(&format!(
                    "{name}: {count} requests to {host}, {fetched} texts fetched"
                ));
            }
        }
    }
    match format {
        Format::Json => data::write_json(&mut console.out, &value(report))?,
        Format::Yaml => data::write_yaml(&mut console.out, &value(report))?,
        _ if console.is_quiet() => {}
        _ => write_table(report, console)?,
    }
    Ok(())
}

/// The session, and which of its sources are meant: all, unless `--source` names configured ones.
fn chosen(global: &Global, console: &Console) -> Result<(Session, Vec<String>)> {
    let options = Options {
        heal: true,
        ..open::options(global)
    };
    if !global.source.is_empty() {
        let configured = Options {
            sources: Vec::new(),
            ..options.clone()
        };
        let session = Session::open(&configured, Env::process())?;
        let known: Vec<String> = session
            .set
            .sources
            .iter()
            .map(ToString::to_string)
            .collect();
        if global.source.iter().all(|name| known.contains(name)) {
            return Ok((session, global.source.clone()));
        }
    }
    Ok((open::session_with(&options, console)?, Vec::new()))
}

fn value(report: &SyncReport) -> Value {
    let sources: Vec<Value> = report
        .sources
        .iter()
        .map(|source| {
            json!({
                "source": source.source,
                "entities": source.entities,
                "problems": source.problems,
                "files": source.files,
                "requests": source.request_count(),
                "requestsByHost": source.requests,
                "fetched": source.fetched,
                "seconds": source.duration.as_secs_f64(),
                "error": source.failure.as_ref().map(|failure| &failure.message),
            })
        })
        .collect();
    json!({
        "sources": sources,
        "entities": report.entities,
        "problems": report.problems(),
        "seconds": report.duration.as_secs_f64(),
    })
}

fn write_table(report: &SyncReport, console: &mut Console) -> io::Result<()> {
    let mut table = Table::new(&["SOURCE", "STATE", "ENTITIES", "PROBLEMS", "FILES", "TIME"]);
    for source in &report.sources {
        let state = if source.failure.is_some() {
            Cell::new("failed", Ink::Bad)
        } else {
            Cell::new("ok", Ink::Good)
        };
        let problems = match source.problems {
            0 => Cell::from("0"),
            count => Cell::new(&count.to_string(), Ink::Warn),
        };
        table.row([
            Cell::new(&source.source, Ink::Bold),
            state,
            source.entities.to_string().into(),
            problems,
            source.files.to_string().into(),
            format!("{:.1} s", source.duration.as_secs_f64()).into(),
        ]);
    }
    table.write(console)?;
    let problems = report.problems();
    let hint = if problems > 0 {
        "  (stagedoor lint, or ! in the portal, shows them)"
    } else {
        ""
    };
    writeln!(
        console.out,
        "{} entities, {problems} problems in {:.1} s{hint}",
        report.entities,
        report.duration.as_secs_f64()
    )
}
