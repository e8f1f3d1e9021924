//! Publishing to each kind of host: well, where the repository is there already, where the host refuses, where it does not
//! say that it has made it, and where a hook rejects the push.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use stagedoor::catalog::{Entity, EntityRef, Provenance};
use stagedoor::scaffolder::run::{Event, Job, Made, Past, Report, Status, run};
use stagedoor::scaffolder::{Answers, Template};
use stagedoor::sync::outside::Hosts;

use super::Desk;
use super::forge::{Fault, Forge, Rule, TOKEN};

/// A kind of host, and what publishing to it looks like.
pub(super) struct Kind {
    pub(super) action: &'static str,
    /// The integration; `HOST` is the forge's.
    pub(super) config: &'static str,
    /// What stands behind the host in a `repoUrl`.
    pub(super) place: &'static str,
    /// Outputs, below the forge's address.
    pub(super) remote: &'static str,
    pub(super) contents: &'static str,
    /// The request that makes a repository.
    pub(super) creates: &'static str,
}

const KINDS: [Kind; 5] = [
    Kind {
        action: "publish:github",
        config: "github: [{ host: 'HOST', apiBaseUrl: 'http://HOST/api/v3', token: TOKEN }]",
        place: "owner=acme&repo=new",
        remote: "/acme/new.git",
        contents: "/acme/new/blob/trunk",
        creates: "POST /api/v3/orgs/acme/repos",
    },
    Kind {
        action: "publish:gitlab",
        config: "gitlab: [{ host: 'HOST', baseUrl: 'http://HOST/to/gitlab', apiBaseUrl: 'http://HOST/to/gitlab/api/v4', token: TOKEN }]",
        place: "owner=acme&repo=new",
        remote: "/acme/new",
        contents: "/acme/new/-/blob/trunk",
        creates: "POST /to/gitlab/api/v4/projects",
    },
    Kind {
        action: "publish:gitea",
        config: "gitea: [{ host: 'HOST', baseUrl: 'http://HOST/to/gitea', password: TOKEN }]",
        place: "owner=acme&repo=new",
        remote: "/acme/new.git",
        contents: "/acme/new/src/branch/trunk/",
        creates: "POST /to/gitea/api/v1/orgs/acme/repos",
    },
    Kind {
        action: "publish:bitbucketCloud",
        config: "bitbucketCloud: [{ host: 'HOST', apiBaseUrl: 'http://HOST/to/cloud/2.0', token: TOKEN }]",
        place: "workspace=acme&project=LIGHT&repo=new",
        remote: "/acme/new.git",
        contents: "/acme/new/src/trunk",
        creates: "POST /to/cloud/2.0/repositories/acme/new",
    },
    Kind {
        action: "publish:bitbucketServer",
        config: "bitbucketServer: [{ host: 'HOST', apiBaseUrl: 'http://HOST/to/server/rest/api/1.0', token: TOKEN }]",
        place: "project=acme&repo=new",
        remote: "/acme/new.git",
        contents: "/acme/new/browse",
        creates: "POST /to/server/rest/api/1.0/projects/acme/repos",
    },
];

/// A host of one kind, and a template that publishes to it.
pub(super) struct Stage {
    pub(super) forge: Forge,
    pub(super) kind: &'static Kind,
    desk: Desk,
}

/// What came of a run.
pub(super) struct Ended {
    pub(super) report: Report,
    pub(super) made: Vec<Made>,
    pub(super) log: Vec<String>,
}

impl Ended {
    pub(super) fn error(&self) -> &str {
        self.report.error.as_deref().unwrap_or_default()
    }
}

impl Stage {
    async fn each() -> Vec<Self> {
        Self::of(&KINDS).await
    }

    pub(super) async fn of(kinds: &'static [Kind]) -> Vec<Self> {
        let mut stages = Vec::new();
        for kind in kinds {
            let Some(forge) = Forge::start().await else {
                return Vec::new();
            };
            let desk = Desk::new();
            desk.write("work/README.md", "It shines.\n");
            stages.push(Self { forge, kind, desk });
        }
        stages
    }

    fn template(&self, input: &Value) -> Template {
        let location = self.desk.path().join("template.yaml");
        let step = json!({
            "id": "publish",
            "action": self.kind.action,
            "input": input,
        });
        let fetch = json!({ "action": "fetch:plain", "input": { "url": "./work" } });
        let body = json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template",
            "metadata": { "name": "beacon" },
            "spec": { "type": "service", "steps": [fetch, step] },
        });
        let provenance = Provenance {
            location: format!("file:{}", location.display()),
            ..Provenance::default()
        };
        Template::read(&Entity {
            entity_ref: EntityRef::new("template", "default", "beacon"),
            body,
            provenance,
        })
        .unwrap()
    }

    /// Runs the template, from where `earlier` ended if there was an attempt before.
    async fn run(&self, earlier: Option<&Ended>) -> Ended {
        let input = json!({ "defaultBranch": "trunk", "description": "A light" });
        self.run_with(input, earlier).await
    }

    /// The same with this input of the step, to which the `repoUrl` is added.
    pub(super) async fn run_with(&self, mut input: Value, earlier: Option<&Ended>) -> Ended {
        input["repoUrl"] = format!("{}?{}", self.forge.host(), self.kind.place).into();
        let config = self.kind.config.replace("HOST", &self.forge.host());
        let config = format!("integrations:\n  {}\n", config.replace("TOKEN", TOKEN));
        let session = Arc::new(self.desk.configured(&config));
        let hosts = Hosts::new(Arc::clone(&session), Arc::clone(&session.store));
        let template = self.template(&input);
        let workspace = tempfile::tempdir().unwrap();
        let past = earlier.map(|earlier| {
            Past::of(&template, &earlier.report.steps, &earlier.made, false, true).unwrap()
        });
        let mut made = earlier.map_or_else(Vec::new, |earlier| earlier.made.clone());
        let work = move || {
            let job = Job {
                template: &template,
                answers: &Answers::new(),
                user: Value::Null,
                task_id: "1".to_owned(),
                started: 1_700_000_000,
                past: past.as_ref(),
                workspace: workspace.path(),
                repositories: None,
                dry_run: false,
                strict: false,
                mocks: Map::new(),
                aim: stagedoor::scaffolder::run::Aim::Plain,
            };
            let mut log = Vec::new();
            let report = run(&job, &hosts, &|| false, &mut |event| match event {
                Event::Made(it) => Made::note(&mut made, &it),
                Event::Unmade(it) => made.retain(|known| !known.is_at(&it)),
                Event::Log { line, .. } => log.push(line),
                _ => {}
            });
            Ended { report, made, log }
        };
        tokio::task::spawn_blocking(work).await.unwrap()
    }

    fn tip(&self) -> Option<String> {
        self.forge.shared.repositories.oid("acme/new", "trunk")
    }

    fn readme(&self) -> Option<Vec<u8>> {
        let repositories = &self.forge.shared.repositories;
        let oid = repositories.oid("acme/new", "trunk:README.md")?;
        Some(repositories.object("acme/new", &oid)?.1)
    }
}

/// The older action, which goes by what the host is.
const BITBUCKET: [Kind; 2] = [
    Kind {
        action: "publish:bitbucket",
        ..KINDS[3]
    },
    Kind {
        action: "publish:bitbucket",
        ..KINDS[4]
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn bitbucket_of_old_goes_by_what_the_host_is() {
    for stage in Stage::of(&BITBUCKET).await {
        let ended = stage.run(None).await;
        let creates = stage.kind.creates;
        assert_eq!(
            ended.report.status,
            Status::Completed,
            "{creates}: {}",
            ended.error()
        );
        assert_eq!(
            stage.readme().as_deref(),
            Some(&b"It shines.\n"[..]),
            "{creates}"
        );
        let output = &ended.report.steps[1].output;
        let contents = format!("{}{}", stage.forge.url(), stage.kind.contents);
        assert_eq!(output["repoContentsUrl"], contents);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_made_and_filled() {
    for stage in Stage::each().await {
        let kind = stage.kind;
        let ended = stage.run(None).await;
        assert_eq!(
            ended.report.status,
            Status::Completed,
            "{}: {}",
            kind.action,
            ended.error()
        );
        let output = &ended.report.steps[1].output;
        let url = stage.forge.url();
        assert_eq!(
            output["remoteUrl"],
            format!("{url}{}", kind.remote),
            "{}",
            kind.action
        );
        assert_eq!(
            output["repoContentsUrl"],
            format!("{url}{}", kind.contents),
            "{}",
            kind.action
        );
        assert_eq!(
            output["commitHash"],
            stage.tip().unwrap(),
            "{}",
            kind.action
        );
        assert_eq!(
            stage.readme().as_deref(),
            Some(&b"It shines.\n"[..]),
            "{}",
            kind.action
        );
        assert!(ended.made[0].id.is_some(), "{}", kind.action);
        let told = format!("{:?} {:?}", ended.report, ended.log);
        assert!(!told.contains(TOKEN), "{}", kind.action);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_was_there_stays_as_it_was() {
    for stage in Stage::each().await {
        stage.forge.commit("acme/new", &[("README.md", "Mine.\n")]);
        let before = stage.forge.shared.repositories.oid("acme/new", "HEAD");
        let ended = stage.run(None).await;
        let action = stage.kind.action;
        assert!(
            ended.error().contains("exists already"),
            "{action}: {}",
            ended.error()
        );
        assert_eq!(stage.tip(), None, "{action}");
        assert_eq!(
            stage.forge.shared.repositories.oid("acme/new", "HEAD"),
            before
        );
        assert_eq!(ended.made, [], "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_and_leaves_nothing() {
    for stage in Stage::each().await {
        let action = stage.kind.action;
        stage
            .forge
            .rule(Rule::once(stage.kind.creates, Fault::Status(403)));
        let ended = stage.run(None).await;
        assert!(
            ended.error().contains(": 403 "),
            "{action}: {}",
            ended.error()
        );
        assert!(
            ended.error().contains("does not allow it"),
            "{action}: {}",
            ended.error()
        );
        assert_eq!(ended.made, [], "{action}");
        assert!(!stage.forge.shared.repositories.dir("acme/new").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_say_what_it_did_is_looked_at() {
    for stage in Stage::each().await {
        let action = stage.kind.action;
        stage.forge.rule(Rule::once(stage.kind.creates, Fault::Cut));
        let ended = stage.run(None).await;
        assert_eq!(
            ended.report.status,
            Status::Completed,
            "{action}: {}",
            ended.error()
        );
        let said = |line: &String| line.contains("nevertheless");
        assert!(ended.log.iter().any(said), "{action}: {:?}", ended.log);
        assert!(stage.readme().is_some(), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_a_hook_rejects_is_made_again_into_the_same_repository() {
    for stage in Stage::each().await {
        let action = stage.kind.action;
        let hook = Fault::Meanwhile(Arc::new(|shared| {
            let hook = shared
                .repositories
                .dir("acme/new")
                .join("hooks/pre-receive");
            std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
            std::fs::write(&hook, "#!/bin/sh\necho No lights after nine. >&2\nexit 1\n").unwrap();
            std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
        }));
        stage.forge.rule(Rule::once("/info/refs", hook));
        let rejected = stage.run(None).await;
        let error = rejected.error();
        assert!(error.contains("No lights after nine."), "{action}: {error}");
        assert!(
            error.contains("was made and stays there"),
            "{action}: {error}"
        );
        assert_eq!(stage.tip(), None, "{action}");
        assert!(rejected.made[0].id.is_some(), "{action}");

        let dir = stage.forge.shared.repositories.dir("acme/new");
        std::fs::remove_file(dir.join("hooks/pre-receive")).unwrap();
        stage.forge.take_requests();
        let ended = stage.run(Some(&rejected)).await;
        assert_eq!(
            ended.report.status,
            Status::Completed,
            "{action}: {}",
            ended.error()
        );
        assert!(stage.readme().is_some(), "{action}");
        let created = |request: &String| request.starts_with(stage.kind.creates);
        assert!(!stage.forge.take_requests().iter().any(created), "{action}");
    }
}
