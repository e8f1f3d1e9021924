//! Runs of templates: from a folder with a template to files, repositories and a journal.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "scaffolder/cookiecutter.rs"]
mod cookiecutter;
#[path = "scaffolder/hostile.rs"]
mod hostile;
#[path = "scaffolder/hosts.rs"]
mod hosts;
#[path = "scaffolder/journal.rs"]
mod journal;
#[path = "scaffolder/plan.rs"]
mod plan;
#[path = "scaffolder/pushes.rs"]
mod pushes;
#[path = "support/scaffold.rs"]
mod scaffold;
#[path = "scaffolder/single_things.rs"]
mod single_things;
#[path = "scaffolder/zips.rs"]
mod zips;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value as Json, json};
use stagedoor::scaffolder::outside::Response;
use stagedoor::scaffolder::run::{Event, Job, Report, Status, StepState, run};
use stagedoor::scaffolder::template::Template;
use stagedoor::scaffolder::{Answers, Secrets};

use scaffold::World;

/// A template in a folder of its own, and room to run it.
struct Stage {
    folder: tempfile::TempDir,
    world: World,
    answers: Answers,
    dry_run: bool,
}

impl Stage {
    fn new(steps: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: demo\nspec:\n  type: service\n{steps}"
        );
        let stage = Self {
            folder,
            world: World::default(),
            answers: Answers::new(),
            dry_run: false,
        };
        stage.file("template/template.yaml", text.as_bytes(), 0o644);
        stage
    }

    fn file(&self, path: &str, bytes: &[u8], mode: u32) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn template(&self) -> Template {
        scaffold::template(&self.path("template/template.yaml")).unwrap()
    }

    fn run(&self) -> (Report, Vec<String>) {
        self.run_until(&|| false)
    }

    fn run_until(&self, stop: &dyn Fn() -> bool) -> (Report, Vec<String>) {
        let template = self.template();
        let (out, repositories) = (self.path("out"), self.path("repositories"));
        let job = Job {
            template: &template,
            answers: &self.answers,
            user: json!({"ref": "user:default/ada"}),
            task_id: "task".to_owned(),
            started: 1_700_000_000,
            past: None,
            workspace: &out,
            repositories: Some(&repositories),
            dry_run: self.dry_run,
            strict: false,
            mocks: Map::new(),
            aim: stagedoor::scaffolder::run::Aim::Plain,
        };
        let mut log = Vec::new();
        let report = run(&job, &self.world, stop, &mut |event| {
            if let Event::Log { line, .. } = event {
                log.push(line);
            }
        });
        (report, log)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path("out").join(path)).unwrap()
    }
}

fn answers(parameters: &Json) -> Answers {
    Answers {
        parameters: parameters.as_object().cloned().unwrap(),
        ..Answers::new()
    }
}

fn states(report: &Report) -> Vec<StepState> {
    report.steps.iter().map(|step| step.state).collect()
}

/// Git's answer in the repository at `folder`; `None` (said aloud) where there is no Git.
fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let Ok(output) = Command::new("git").current_dir(folder).args(words).output() else {
        eprintln!("skipped: there is no git");
        return None;
    };
    assert!(output.status.success(), "{words:?}: {output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

const WHOLE: &str = r#"
  steps:
    - id: code
      action: fetch:template
      input:
        url: ./skeleton
        copyWithoutTemplating: [.github]
        values:
          name: ${{ parameters.name }}
          docs: ${{ parameters.docs }}
    - id: off
      if: ${{ parameters.docs }}
      action: debug:log
      input: { message: never }
    - id: pages
      each: ${{ parameters.pages }}
      action: fetch:plain:file
      input:
        url: ./page.md
        targetPath: pages/${{ each.value }}.md
    - id: move
      action: fs:rename
      input:
        files: [{ from: old.txt, to: moved/new.txt }]
    - id: clean
      action: fs:delete
      input: { files: ["*.tmp"] }
    - id: catalog
      action: catalog:write
      input:
        entity:
          apiVersion: backstage.io/v1alpha1
          kind: Component
          metadata: { name: "${{ parameters.name }}" }
          spec: { type: service, owner: team-a }
    - id: register
      action: catalog:register
      input: { repoContentsUrl: "https://github.com/acme/x/blob/main", surplus: 1 }
    - id: look
      action: fs:readdir
      input: { paths: ["."] }
  output:
    links:
      - { title: Entity, entityRef: "${{ steps.register.output.entityRef }}" }
      - { title: Gone, url: "https://x.dev", if: "${{ parameters.docs }}" }
    files: ${{ steps.look.output.files | length }}
    skipped: ${{ steps.off.output.x }}
"#;

fn whole() -> Stage {
    let mut stage = Stage::new(WHOLE);
    let hosts = &mut stage.world.hosts;
    hosts.insert("github.com".to_owned(), "github".to_owned());
    let skeleton = |path: &str| format!("template/skeleton/{path}");
    stage.file(
        &skeleton("src/${{ values.name }}.rs"),
        b"fn ${{ values.name }}() {}\n",
        0o644,
    );
    stage.file(
        &skeleton("{% if values.docs %}docs{% endif %}/index.md"),
        b"# x\n",
        0o644,
    );
    stage.file(
        &skeleton(".github/ci.yaml"),
        b"on: ${{ github.ref }}\n",
        0o644,
    );
    stage.file(
        &skeleton("run.sh"),
        b"#!/bin/sh\necho ${{ values.name }}\n",
        0o755,
    );
    stage.file(&skeleton("logo.png"), b"\x89PNG\0${{ values.name }}", 0o644);
    stage.file(&skeleton("old.txt"), b"old", 0o644);
    stage.file(&skeleton("x.tmp"), b"", 0o644);
    fs::create_dir(stage.path("template/skeleton/empty")).unwrap();
    symlink("run.sh", stage.path("template/skeleton/link")).unwrap();
    stage.file("template/page.md", b"${{ as it is }}", 0o644);
    stage.answers = answers(&json!({"name": "post", "docs": false, "pages": ["a", "b"]}));
    stage
}

#[test]
fn a_template_becomes_a_folder() {
    let stage = whole();
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    assert_eq!(stage.read("src/post.rs"), "fn post() {}\n");
    assert_eq!(stage.read(".github/ci.yaml"), "on: ${{ github.ref }}\n");
    assert_eq!(stage.read("pages/b.md"), "${{ as it is }}");
    assert_eq!(
        fs::read(stage.path("out/logo.png")).unwrap(),
        b"\x89PNG\0${{ values.name }}"
    );
    assert_eq!(
        stage.read("catalog-info.yaml"),
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: post\n  annotations:\n    \
         backstage.io/source-template: template:default/demo\nspec:\n  type: service\n  owner: team-a\n"
    );
    let paths: Vec<&str> = report
        .tree
        .iter()
        .map(|entry| entry.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            ".github/",
            ".github/ci.yaml",
            "catalog-info.yaml",
            "empty/",
            "link",
            "logo.png",
            "moved/",
            "moved/new.txt",
            "pages/",
            "pages/a.md",
            "pages/b.md",
            "run.sh",
            "src/",
            "src/post.rs",
        ]
    );
    let entry = |path: &str| report.tree.iter().find(|entry| entry.path == path).unwrap();
    assert_eq!(entry("run.sh").mode & 0o100, 0o100);
    assert_eq!(entry("link").target.as_deref(), Some("run.sh"));
    assert_eq!(report.output["files"], 4);
    assert!(report.output.get("skipped").is_none());
    let links = report.links();
    assert_eq!(links.len(), 1);
    assert_eq!(
        links[0].entity_ref.as_deref(),
        Some("component:default/post")
    );
    assert_eq!(states(&report)[1], StepState::Skipped);
    assert!(report.warnings[0].contains("surplus"));
    assert!(log.contains(&"Skipping step off because its if condition was false".to_owned()));
    assert!(log.contains(&r#"Running step each: {"key":"1","value":"b"}"#.to_owned()));
}

#[test]
fn nothing_is_read_or_written_outside() {
    for (step, files) in [
        (
            "action: fetch:template\n      input: { url: ./skeleton, targetPath: ../escaped }",
            "",
        ),
        (
            "action: fetch:template\n      input: { url: ../secret }",
            "",
        ),
        (
            "action: fetch:plain:file\n      input: { url: ./page.md, targetPath: /tmp/stagedoor-escaped }",
            "",
        ),
        (
            "action: fs:rename\n      input: { files: [{ from: x.txt, to: ../escaped }] }",
            "",
        ),
        (
            "action: fs:delete\n      input: { files: [../escaped/**] }",
            "",
        ),
        ("action: fs:readdir\n      input: { paths: [..] }", ""),
        (
            "action: catalog:write\n      input: { filePath: ../escaped, entity: { kind: X } }",
            "",
        ),
        (
            "action: catalog:write\n      input: { filePath: up/escaped, entity: { kind: X } }",
            "up",
        ),
    ] {
        let stage = Stage::new(&format!(
            "  steps:\n    - action: fetch:plain\n      input: {{ url: ./skeleton }}\n    - {step}\n"
        ));
        stage.file("template/skeleton/x.txt", b"x", 0o644);
        stage.file("template/page.md", b"x", 0o644);
        stage.file("secret/key", b"x", 0o644);
        if !files.is_empty() {
            symlink("..", stage.path("template/skeleton").join(files)).unwrap();
        }
        let (report, _) = stage.run();
        assert_eq!(
            states(&report),
            [StepState::Completed, StepState::Failed],
            "{step}"
        );
        assert!(!stage.path("escaped").exists(), "{step}");
    }
}

#[test]
fn a_failure_ends_the_run_but_for_those_who_wait_for_it() {
    let stage = Stage::new(
        r"
  steps:
    - id: bad
      action: fs:rename
      input: { files: [{ from: nothing, to: x }] }
    - id: after
      action: debug:log
      input: { message: no }
    - id: sorry
      if: ${{ failure() }}
      action: debug:log
      input: { message: sorry }
    - id: never
      if: ${{ failure() and false }}
      action: debug:log
",
    );
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Failed);
    assert!(
        report
            .error
            .as_ref()
            .is_some_and(|error| error.contains("nothing"))
    );
    assert_eq!(
        states(&report),
        [
            StepState::Failed,
            StepState::Skipped,
            StepState::Completed,
            StepState::Skipped
        ]
    );
    assert!(log.contains(&"sorry".to_owned()) && !log.contains(&"no".to_owned()));
}

#[test]
fn secrets_are_seen_nowhere() {
    let mut stage = Stage::new(
        r#"
  parameters:
    properties:
      password: { type: string, ui:widget: password }
  steps:
    - id: say
      action: debug:log
      input:
        message: "token ${{ secrets.token }} ${{ secrets.token | upper }} ${{ parameters.password }}"
    - id: plain
      if: ${{ secrets.token == "s3cr3t" }}
      action: debug:log
"#,
    );
    stage.answers = answers(&json!({"password": "hunter2"}));
    let mut secrets = Secrets::default();
    secrets.set("token", "s3cr3t".to_owned());
    stage.answers.secrets = secrets;
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let everything = format!("{report:?}{log:?}");
    assert!(!everything.contains("s3cr3t"), "{everything}");
    assert!(!everything.contains("hunter2"), "{everything}");
    assert!(log.iter().any(|line| line.contains("***")));
    assert_eq!(
        states(&report)[1],
        StepState::Skipped,
        "a plain condition sees no secrets"
    );
}

#[test]
fn unknown_actions_fail_before_anything_is_done_and_warn_in_a_dry_run() {
    let mut stage = Stage::new(
        "  steps:\n    - action: debug:log\n      input: { message: hi }\n    - action: acme:rocket\n    - action: publish:gitlab\n      input: { repoUrl: 'gitlab.com?owner=acme&repo=x' }\n",
    );
    stage
        .world
        .hosts
        .insert("gitlab.com".to_owned(), "gitlab".to_owned());
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Failed);
    assert!(
        report
            .error
            .as_ref()
            .is_some_and(|error| error.contains("acme:rocket"))
    );
    assert!(log.is_empty());
    assert!(!stage.path("out").exists());
    stage.dry_run = true;
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    assert!(
        report
            .warnings
            .iter()
            .any(|line| line.contains("acme:rocket"))
    );
    assert_eq!(
        report.steps[2].output["remoteUrl"],
        "https://gitlab.com/acme/x.git"
    );
    assert!(report.steps[2].simulated);
}

const PUBLISH: &str =
    "  steps:\n    - action: fetch:plain\n      input: { url: ./skeleton }\n    - id: publish\n";

fn publishing(step: &str) -> Stage {
    let stage = Stage::new(&format!("{PUBLISH}      {step}\n"));
    stage.file("template/skeleton/README.md", b"hello\n", 0o644);
    stage.file("template/skeleton/.gitignore", b"*.log\n", 0o644);
    stage.file("template/skeleton/x.log", b"", 0o644);
    stage
}

#[test]
fn a_workspace_is_pushed_to_a_bare_repository() {
    let mut stage = publishing(
        "action: stagedoor:publish:git\n      input: { remoteUrl: \"${{ parameters.remote }}\", gitCommitMessage: Begin }",
    );
    let bare = stage.path("bare.git");
    fs::create_dir(&bare).unwrap();
    if git(
        &bare,
        &["init", "--bare", "--quiet", "--initial-branch=main"],
    )
    .is_none()
    {
        return;
    }
    stage.answers = answers(&json!({"remote": bare.to_string_lossy()}));
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let files = git(&bare, &["ls-tree", "-r", "--name-only", "main"]).unwrap();
    assert_eq!(files, ".gitignore\nREADME.md\n");
    let head = git(&bare, &["log", "--format=%H %s %an", "main"]).unwrap();
    let commit = report.steps[1].output["commitHash"].as_str().unwrap();
    assert_eq!(head, format!("{commit} Begin Scaffolder\n"));
    assert!(!stage.path("out/.git").exists());
}

#[test]
fn a_new_local_repository_is_made_once() {
    let stage = publishing("action: stagedoor:publish:local\n      input: { name: team/post }");
    if git(stage.folder.path(), &["--version"]).is_none() {
        return;
    }
    let (report, _) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    let made = stage.path("repositories/team/post");
    assert_eq!(git(&made, &["status", "--porcelain"]).unwrap(), "");
    assert_eq!(
        git(&made, &["log", "--format=%s"]).unwrap(),
        "initial commit\n"
    );
    fs::remove_dir_all(stage.path("out")).unwrap();
    let (report, _) = stage.run();
    assert!(
        report
            .error
            .is_some_and(|error| error.contains("exists already"))
    );
    let escape = publishing("action: stagedoor:publish:local\n      input: { name: ../post }");
    assert_eq!(escape.run().0.status, Status::Failed);
}

#[test]
fn a_github_repository_is_made_by_rest_and_filled_by_a_push() {
    let mut stage = publishing(
        "action: publish:github\n      input: { repoUrl: \"github.com?owner=acme&repo=post\", topics: [Go], defaultBranch: trunk }",
    );
    let bare = stage.path("bare.git");
    fs::create_dir(&bare).unwrap();
    if git(&bare, &["init", "--bare", "--quiet"]).is_none() {
        return;
    }
    stage
        .world
        .hosts
        .insert("github.com".to_owned(), "github".to_owned());
    let mut answer = |key: &str, status, body| {
        stage
            .world
            .answers
            .insert(key.to_owned(), Response { status, body });
    };
    answer("GET /repos/acme/post", 404, Json::Null);
    answer("GET /users/acme", 200, json!({"type": "Organization"}));
    let made = json!({"clone_url": format!("file://{}", bare.display()), "html_url": "https://github.com/acme/post"});
    answer("POST /orgs/acme/repos", 201, made);
    answer("PUT /repos/acme/post/topics", 200, json!({}));
    answer(
        "PUT /repos/acme/post/branches/trunk/protection",
        403,
        json!({"message": "Upgrade to GitHub Pro"}),
    );
    let (report, log) = stage.run();
    assert_eq!(report.status, Status::Completed, "{:?}", report.error);
    assert_eq!(
        report.steps[1].output["repoContentsUrl"],
        "https://github.com/acme/post/blob/trunk"
    );
    assert!(git(&bare, &["rev-parse", "trunk"]).is_some());
    assert!(
        log.iter()
            .any(|line| line.contains("Upgrade to GitHub Pro"))
    );
    let asked = stage.world.asked.lock().unwrap();
    assert_eq!(asked[2].body["private"], true);
    assert_eq!(asked[3].body, json!({"names": ["go"]}));
}

#[test]
fn a_run_stops_when_asked() {
    let stage = Stage::new(
        "  steps:\n    - action: debug:wait\n      input: { seconds: 600 }\n    - action: debug:log\n",
    );
    let (report, _) = stage.run_until(&|| true);
    assert_eq!(report.status, Status::Cancelled);
    assert_eq!(states(&report), [StepState::Waiting, StepState::Waiting]);
}
