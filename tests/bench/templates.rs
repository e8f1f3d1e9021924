//! Templates: a skeleton rendered by the binary, and by Backstage's own scaffolder where that is installed; expressions;
//! a form of many fields while a key is down.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::{Map, Value as Json, json};
use stagedoor::app::message::{Answer, EntityDetail, Msg};
use stagedoor::app::model::{Model, Shared};
use stagedoor::app::{Effect, Key, KeyCode, Route, update};
use stagedoor::catalog::{Entity, EntityRef, Index, Provenance};
use stagedoor::scaffolder::expr::{Context, Options, render_string};
use stagedoor::ui::{self, Theme};

use crate::report::{Budget, Report, millis, whole};

/// The skeleton: so many files, of so many bytes together.
const FILES: usize = 2_000;
const BYTES: usize = 20_000_000;
/// How often the binary renders it.
const TIMES: usize = 5;
/// How many fields the form has.
const FIELDS: usize = 200;
/// How many expressions are rendered.
const EXPRESSIONS: usize = 1_000_000;

pub(crate) fn run(report: &mut Report) {
    skeleton(report);
    expressions(report);
    form(report);
}

fn skeleton(report: &mut Report) {
    let dir = tempfile::tempdir().expect("a folder");
    write_template(dir.path()).expect("a template");
    let mut times = Vec::new();
    for _ in 0..TIMES {
        match ours(dir.path()) {
            Some(taken) => times.push(taken),
            None => return report.skipped("skeleton", "the run failed"),
        }
    }
    times.sort_unstable();
    let best = times.first().copied().unwrap_or_default();
    let budget = Budget::Median(millis(1000.0));
    report.samples("skeleton of 20 MB, the whole process", FILES, budget, times);
    let Some(oracle) = oracle() else {
        return report.skipped("the scaffolder of Backstage", "it is not installed");
    };
    for engine in ["current", "legacy"] {
        let name = format!("Backstage's scaffolder, {engine}");
        let Some(theirs) = real(&oracle, engine, dir.path()) else {
            report.skipped(&name, "it failed");
            continue;
        };
        report.samples(&name, FILES, Budget::None, vec![theirs]);
        let times = theirs.as_secs_f64() / best.as_secs_f64();
        report.at_least(
            &format!("– as fast, times, {engine}"),
            FILES,
            times,
            "×",
            15.0,
        );
    }
}

/// A template whose skeleton has configuration, code and prose, with expressions, conditions and loops in them.
fn write_template(dir: &Path) -> std::io::Result<()> {
    let template = json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3",
        "kind": "Template",
        "metadata": {"name": "large"},
        "spec": {
            "type": "service",
            "parameters": {"properties": {"name": {"type": "string"}}},
            "steps": [{"id": "fetch", "action": "fetch:template", "input": {
                "url": "./skeleton",
                "values": {"name": "${{ parameters.name }}", "owner": "group:default/payments", "ports": [80, 443], "tracing": true}
            }}]
        }
    });
    fs::write(dir.join("template.yaml"), template.to_string())?;
    fs::write(
        dir.join("values.json"),
        json!({"name": "ledger"}).to_string(),
    )?;
    for number in 0..FILES {
        let folder = dir.join(format!(
            "skeleton/part-{}/${{{{ values.name }}}}",
            number / 50
        ));
        fs::create_dir_all(&folder)?;
        let mut text = String::from("# ${{ values.name | title }}\n");
        let mut line = 0;
        while text.len() < BYTES / FILES {
            line += 1;
            let _ = match line % 12 {
                0 => writeln!(
                    text,
                    "owner: ${{{{ values.owner | replace('group:default/', '') }}}}"
                ),
                4 => writeln!(
                    text,
                    "{{%- if values.tracing %}}\ntracing: on # {line}\n{{%- endif %}}"
                ),
                8 => writeln!(
                    text,
                    "{{% for port in values.ports %}}- ${{{{ values.name }}}}:${{{{ port }}}}\n{{% endfor %}}"
                ),
                _ => writeln!(
                    text,
                    "setting_{line}: what a skeleton holds most is text that stays as it is"
                ),
            };
        }
        fs::write(folder.join(format!("file-{number}.yaml")), text)?;
    }
    Ok(())
}

fn timed(command: &mut Command) -> Option<Duration> {
    let started = Instant::now();
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let status = quiet.status().ok()?;
    status.success().then(|| started.elapsed())
}

/// How long the binary takes, from its start to its end.
fn ours(dir: &Path) -> Option<Duration> {
    let out = dir.join("ours");
    let _ = fs::remove_dir_all(&out);
    timed(
        Command::new(env!("CARGO_BIN_EXE_stagedoor"))
            .args(["new", "--yes", "--dry-run", "--offline", "-q"])
            .arg(dir.join("template.yaml"))
            .arg("--values")
            .arg(dir.join("values.json"))
            .arg("--out")
            .arg(&out)
            .arg("--cache-dir")
            .arg(dir.join("cache"))
            .env("HOME", dir),
    )
}

/// Where the real scaffolder is: `STAGEDOOR_ORACLE`, or where its installation puts it.
fn oracle() -> Option<PathBuf> {
    let named = std::env::var_os("STAGEDOOR_ORACLE").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let installed = home.map(|home| home.join(".cache/stagedoor-oracle/templates"));
    let script = named.or(installed)?.join("oracle.sh");
    script.is_file().then_some(script)
}

/// How long the real scaffolder takes for the same.
fn real(oracle: &Path, engine: &str, dir: &Path) -> Option<Duration> {
    timed(
        Command::new(oracle)
            .args(["--engine", engine])
            .arg(dir.join("template.yaml"))
            .arg(dir.join("values.json"))
            .arg(dir.join("theirs")),
    )
}

fn expressions(report: &mut Report) {
    let values =
        json!({"values": {"name": "ledger", "port": 443, "tags": ["a", "b"], "tracing": true}});
    let context = Context::new(&values);
    let kinds = [
        ("a value", "${{ values.name }}\n"),
        ("a filter", "${{ values.name | upper }}\n"),
        (
            "a comparison",
            "${{ values.port > 80 and values.tracing }}\n",
        ),
        ("a condition", "{% if values.tracing %}on{% endif %}\n"),
    ];
    for (name, text) in kinds {
        // As many as a file may have; each file is read anew.
        let file = text.repeat(10_000);
        let started = Instant::now();
        for _ in 0..EXPRESSIONS / 10_000 {
            render_string(&file, &context, Options::default()).expect("it renders");
        }
        let rate = whole(EXPRESSIONS) / started.elapsed().as_secs_f64();
        report.at_least(
            &format!("expressions a second: {name}"),
            EXPRESSIONS,
            rate,
            "/s",
            1e6,
        );
    }
    let started = Instant::now();
    for _ in 0..EXPRESSIONS {
        render_string("${{ values.name }}", &context, Options::default()).expect("it renders");
    }
    let rate = whole(EXPRESSIONS) / started.elapsed().as_secs_f64();
    report.at_least(
        "expressions a second: each a text of its own",
        EXPRESSIONS,
        rate,
        "/s",
        1e6,
    );
}

/// A form of so many fields: plain ones, choices, nested ones, and every tenth decides about another.
fn large_form() -> Json {
    let mut properties = Map::new();
    let mut conditions = Vec::new();
    for number in 0..FIELDS - FIELDS / 10 {
        let name = format!("field{number}");
        let field = match number % 9 {
            0 => json!({"type": "string", "enum": ["no", "yes"], "default": "no"}),
            1 => json!({"type": "integer", "minimum": 1, "default": number}),
            2 => json!({"type": "boolean", "default": true}),
            3 => json!({"type": "array", "items": {"type": "string"}, "default": ["a"]}),
            _ => {
                json!({"type": "string", "title": format!("Field {number}"), "description": "What **it** is for.",
                "pattern": "^[a-z][a-z0-9-]*$", "maxLength": 40, "default": "a-name"})
            }
        };
        if number % 9 == 0 {
            let more = format!("more{number}");
            conditions.push(json!({
                "if": {"properties": {&name: {"const": "yes"}}},
                "then": {"properties": {&more: {"type": "string"}}, "required": [more]},
            }));
        }
        properties.insert(name, field);
    }
    json!({"title": "All", "required": ["field4"], "properties": properties, "allOf": conditions})
}

fn form(report: &mut Report) {
    let template: EntityRef = "template:default/large".parse().expect("a reference");
    let body = json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": {"name": "large"},
        "spec": {"type": "service", "parameters": [large_form()], "steps": []}
    });
    let detail = Arc::new(EntityDetail {
        code_owners: Vec::new(),
        no_repository: None,
        entity: Entity {
            entity_ref: template.clone(),
            body,
            provenance: Provenance::default(),
        },
        relations: Vec::new(),
        problems: Vec::new(),
    });
    let mut portal = Portal::open(Route::Wizard { template }, &detail);
    // The first field decides about another; the next text is five fields down.
    for _ in 0..4 {
        portal.press(KeyCode::Tab);
    }
    let letters = || (0..200).map(|at| char::from(b'a' + u8::try_from(at % 26).unwrap_or(0)));
    let typed = letters().map(|letter| portal.press(KeyCode::Char(letter)));
    let budget = Budget::P99(millis(16.0));
    report.samples(
        "form: a letter to its frame, 200×60",
        FIELDS,
        budget,
        typed.collect(),
    );
    let walked = (0..100).map(|_| portal.press(KeyCode::Tab));
    report.samples("form: to the next field", FIELDS, budget, walked.collect());
    let mut portal = Portal::open(portal.route, &detail);
    let picked = (0..100).map(|at| portal.press([KeyCode::Down, KeyCode::Up][at % 2]));
    report.samples(
        "form: a field appears or goes",
        FIELDS,
        budget,
        picked.collect(),
    );
}

/// The portal without a terminal.
struct Portal {
    model: Model,
    route: Route,
}

impl Portal {
    fn open(route: Route, detail: &Arc<EntityDetail>) -> Self {
        let mut model = Model::new(Shared::new(Index::empty(), (200, 60), 1_772_366_400));
        let mut effects = model.start(route.clone());
        while let Some(effect) = effects.pop() {
            let answer = match effect {
                Effect::LoadDraft(template) => Answer::Draft(template, None),
                Effect::LoadEntity(of) => Answer::Entity(of, Ok(Some(Arc::clone(detail)))),
                Effect::LoadTemplate(of) => Answer::Template(of, Ok(Some(Arc::clone(detail)))),
                _ => continue,
            };
            effects.extend(update(&mut model, Msg::Answer(answer)));
        }
        let mut portal = Self { model, route };
        portal.draw();
        portal
    }

    /// How long it takes from a key to its frame.
    fn press(&mut self, key: KeyCode) -> Duration {
        let started = Instant::now();
        update(&mut self.model, Msg::Key(Key::plain(key)));
        self.draw();
        started.elapsed()
    }

    fn draw(&mut self) {
        let (columns, rows) = self.model.shared.size;
        let area = Rect::new(0, 0, columns, rows);
        let mut buffer = Buffer::empty(area);
        let output = ui::draw(&self.model, &Theme::terminal(), area, &mut buffer);
        self.model.drawn = output.drawn;
    }
}
