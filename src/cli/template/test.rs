//! `stagedoor template test`: a template is run on values that are kept beside it, and what it makes is compared with what it is
//! expected to make.

mod compare;
mod world;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::{Value, json};

use super::super::args::{Format, Global};
use super::super::console::Console;
use super::super::exit::{Exit, Failure};
use super::super::new::{Chosen, Values, complete_but};
use super::super::style::Ink;
use super::super::{data, format, work};
use crate::catalog::text::{clean, one_line};
use crate::scaffolder::run::{self, Aim, Job, Report, Status};

use compare::{Difference, bless, compare};
use world::Closed;

/// The folder of the tests, beside the template.
const TESTS: &str = "tests";
/// The files of one test.
const VALUES: [&str; 3] = ["values.yaml", "values.yml", "values.json"];
/// The folder of what is to be made.
const EXPECTED: &str = "expected";
/// The file of what is to come of the run beside files.
const OUTCOME: &str = "outcome.yaml";
/// What a template's file may be called in its folder.
const FILES: [&str; 4] = [
    "template.yaml",
    "template.yml",
    "catalog-info.yaml",
    "catalog-info.yml",
];

#[derive(Debug, Args)]
#[command(after_help = "\
A test is a folder tests/NAME beside the template: values.yaml as `new --values` takes it, and expected/ with the files that
the template is to make; outcome.yaml may hold `status`, `error` and `output`. Actions with effects elsewhere are simulated
as `new --dry-run` does it, and no host is asked. Only whether a file can be run counts of its mode; empty folders do not
count.")]
pub(crate) struct TestArgs {
    /// The folder of the template, or its file
    #[arg(value_name = "DIR", default_value = ".")]
    template: PathBuf,

    /// Only this test; repeatable
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,

    /// Write what the template makes as what is expected
    #[arg(long)]
    bless: bool,
}

/// What came of one test.
struct Tested {
    name: String,
    differences: Vec<Difference>,
    error: Option<String>,
    blessed: bool,
}

impl Tested {
    fn passed(&self) -> bool {
        self.error.is_none() && (self.blessed || self.differences.is_empty())
    }

    fn value(&self) -> Value {
        json!({
            "name": self.name,
            "passed": self.passed(),
            "error": self.error,
            "differences": self.differences,
            "blessed": self.blessed,
        })
    }
}

pub(super) fn run(args: &TestArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = format(global, &[Format::Table, Format::Json, Format::Yaml])?;
    let file = template_file(&args.template)?;
    let global = Global {
        offline: true,
        ..global.clone()
    };
    let chosen = Chosen::open(&file.to_string_lossy(), &global, console)?;
    let folder = file.parent().unwrap_or(Path::new(".")).join(TESTS);
    let names = names(&folder, &args.only)?;
    let mut tests = Vec::new();
    for name in names {
        let told = one(&chosen, &folder.join(&name), args.bless);
        let tested = match told {
            Ok((differences, blessed)) => Tested {
                name,
                differences,
                error: None,
                blessed,
            },
            Err(error) if Exit::of(&error) == Exit::Interrupted => return Err(error),
            Err(error) => Tested {
                name,
                differences: Vec::new(),
                error: Some(format!("{error:#}")),
                blessed: false,
            },
        };
        if format == Format::Table {
            tell(&tested, console)?;
        }
        tests.push(tested);
    }
    let failed = tests.iter().filter(|test| !test.passed()).count();
    let value = || {
        let list: Vec<Value> = tests.iter().map(Tested::value).collect();
        json!({ "template": chosen.template.entity_ref.to_string(), "passed": tests.len() - failed, "failed": failed, "tests": list })
    };
    match format {
        Format::Json => data::write_json(&mut console.out, &value())?,
        Format::Yaml => data::write_yaml(&mut console.out, &value())?,
        _ => writeln!(
            console.out,
            "{} passed, {failed} failed",
            tests.len() - failed
        )?,
    }
    Ok(if failed == 0 {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// The file of the template that `path` means.
fn template_file(path: &Path) -> Result<PathBuf> {
    if path.is_file() {
        return Ok(path.to_owned());
    }
    let found = FILES
        .iter()
        .map(|name| path.join(name))
        .find(|file| file.is_file());
    found.ok_or_else(|| {
        Failure::usage(format!("{} holds no template.yaml", path.display()))
            .help("stagedoor template test FILE")
            .into()
    })
}

/// The names of the tests, sorted; those of `only` where it names some.
fn names(folder: &Path, only: &[String]) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .filter(|entry| values(&entry.path()).is_some())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    if let Some(unknown) = only.iter().find(|name| !names.contains(name)) {
        return Err(Failure::usage(format!(
            "there is no test {unknown} in {}",
            folder.display()
        ))
        .help("a test is a folder with values.yaml")
        .into());
    }
    names.retain(|name| only.is_empty() || only.contains(name));
    if names.is_empty() {
        return Err(
            Failure::usage(format!("there is no test in {}", folder.display()))
                .help("make a folder in it with values.yaml, then --bless")
                .into(),
        );
    }
    Ok(names)
}

/// The file of values in the folder of a test.
fn values(folder: &Path) -> Option<PathBuf> {
    VALUES
        .iter()
        .map(|name| folder.join(name))
        .find(|file| file.is_file())
}

/// Runs the test in `folder` and says what differs, and whether that was written as what is expected.
fn one(chosen: &Chosen, folder: &Path, blessing: bool) -> Result<(Vec<Difference>, bool)> {
    let mut values = Values::read(values(folder).as_deref(), &[])?;
    let outcome = folder.join(OUTCOME);
    let wanted: Value = match fs::read_to_string(&outcome) {
        Ok(text) => serde_yaml::from_str(&text)
            .map_err(|error| Failure::usage(format!("{}: {error}", outcome.display())))?,
        Err(_) => Value::Null,
    };
    let status = text(&wanted, "status").unwrap_or("completed");
    if let Err(error) = complete_but(&chosen.template, &mut values.answers, &[], false) {
        let said = format!("{error:#}");
        return match text(&wanted, "error") {
            _ if status != "failed" => Err(error),
            Some(why) if !said.contains(why) => {
                Ok((vec![Difference::of_texts("error", why, &said)], false))
            }
            _ => Ok((Vec::new(), false)),
        };
    }
    let scratch = tempfile::Builder::new().prefix("stagedoor-").tempdir()?;
    let workspace = scratch.path().join("workspace");
    let seen = scratch.path().join("published");
    let catalog = std::mem::take(&mut values.catalog);
    let world = Closed::new(chosen.outside(catalog), &chosen.session.config);
    let job = Job {
        template: &chosen.template,
        answers: &values.answers,
        user: values.user.clone().unwrap_or_default(),
        task_id: values.task_id.clone().unwrap_or_else(|| "test".to_owned()),
        started: 0,
        past: None,
        workspace: &workspace,
        repositories: None,
        dry_run: true,
        strict: false,
        mocks: std::mem::take(&mut values.mocks),
        aim: Aim::Render(&seen),
    };
    let report = work::run(async |cancel| {
        tokio::task::block_in_place(|| {
            run::run(&job, &world, &|| cancel.is_cancelled(), &mut |_| {})
        })
    })?;
    if report.status == Status::Cancelled {
        return Err(Failure::new(Exit::Interrupted, "stopped").into());
    }
    let is_failed = report.status == Status::Failed;
    if is_failed && status != "failed" && (!blessing || wanted.is_null()) {
        let why = report.error.unwrap_or_default();
        return Err(Failure::work(format!("it failed: {why}")).into());
    }
    // What a run leaves that is to fail matters only where somebody says so.
    let expected = folder.join(EXPECTED);
    let has_files = !is_failed || expected.is_dir();
    let mut differences = Vec::new();
    if has_files {
        differences = compare(&expected, &workspace)?;
    }
    differences.extend(beside(&wanted, &report));
    if !blessing || differences.is_empty() {
        return Ok((differences, false));
    }
    if has_files {
        bless(&expected, &workspace)?;
    }
    if !wanted.is_null() {
        fs::write(&outcome, serde_yaml::to_string(&came(&wanted, &report))?)?;
    }
    Ok((differences, true))
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// What came of the run, as far as `wanted` says something of it.
fn came(wanted: &Value, report: &Report) -> Value {
    let mut came = json!({});
    for (key, value) in [
        (
            "status",
            serde_json::to_value(report.status).unwrap_or_default(),
        ),
        ("error", report.error.clone().into()),
        ("output", report.output.clone()),
    ] {
        if wanted.get(key).is_some() {
            came[key] = value;
        }
    }
    came
}

/// What differs from `wanted` beside the files.
fn beside(wanted: &Value, report: &Report) -> Vec<Difference> {
    let came = came(wanted, report);
    let yaml = |value: &Value| serde_yaml::to_string(value).unwrap_or_default();
    let keys = ["status", "error", "output"];
    let differ = keys
        .iter()
        .filter(|key| wanted.get(**key) != came.get(**key));
    differ
        .map(|key| Difference::of_texts(key, &yaml(&wanted[*key]), &yaml(&came[*key])))
        .collect()
}

fn tell(tested: &Tested, console: &mut Console) -> Result<()> {
    let (sign, ink) = match (tested.passed(), tested.blessed) {
        (true, false) => ("✓", Ink::Good),
        (true, true) => ("✎", Ink::Accent),
        (false, _) => ("✗", Ink::Bad),
    };
    let sign = console.paint(ink, sign);
    writeln!(console.out, "{sign} {}", one_line(&tested.name))?;
    if let Some(error) = &tested.error {
        writeln!(console.out, "  {}", clean(error).replace('\n', "\n  "))?;
    }
    if tested.blessed {
        return Ok(());
    }
    for difference in &tested.differences {
        writeln!(
            console.out,
            "  {}: {}",
            one_line(&difference.path),
            difference.what
        )?;
        for line in clean(&difference.diff).lines() {
            let ink = match line.as_bytes().first() {
                Some(b'+') => Ink::Good,
                Some(b'-') => Ink::Bad,
                Some(b'@') => Ink::Accent,
                _ => Ink::Plain,
            };
            writeln!(console.out, "  {}", console.paint(ink, line))?;
        }
    }
    Ok(())
}
