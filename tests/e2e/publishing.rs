//! A company on a forge from the first look to a repository that a template made there; and without the forge.

use std::path::Path;
use std::process::{Command, Output};

use crate::forge::{Forge, TOKEN};
use crate::pty::{Exit, Portal, Pty};
use crate::wizard::git;

/// What `acme` has on the forge: an owner, a service with docs, a template that publishes.
pub(crate) fn acme(forge: &Forge) {
    forge.commit(
        "acme/people",
        &[(
            "catalog-info.yaml",
            "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: keepers, title: Keepers of the light }\n\
             spec: { type: team, children: [] }\n",
        )],
    );
    forge.commit(
        "acme/lighthouse",
        &[
            (
                "catalog-info.yaml",
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: lighthouse\n  \
                 description: Shines at night.\n  annotations:\n    backstage.io/techdocs-ref: dir:.\n\
                 spec: { type: service, lifecycle: production, owner: keepers }\n",
            ),
            (
                "mkdocs.yml",
                "site_name: Lighthouse\nnav:\n  - Start: index.md\n  - Lamp: lamp.md\n",
            ),
            ("docs/index.md", "# Lighthouse\n\nThe stairs have 199 steps.\n"),
            ("docs/lamp.md", "# Lamp\n\nIt turns every ten seconds.\n"),
        ],
    );
    let template = TEMPLATE.replace("HOST", &forge.host());
    forge.commit(
        "acme/templates",
        &[
            ("catalog-info.yaml", &template),
            ("skeleton/README.md", "# ${{ values.name }}\n"),
            (
                "skeleton/catalog-info.yaml",
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${{ values.name }}\n\
                 spec:\n  type: service\n  lifecycle: production\n  owner: ${{ values.owner }}\n",
            ),
        ],
    );
}

const TEMPLATE: &str = "\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: beacon
  title: Beacon
spec:
  type: service
  owner: keepers
  parameters:
    - title: About
      required: [name, owner, repoUrl]
      properties:
        name: { title: Name, type: string }
        owner: { title: Owner, type: string, ui:field: OwnerPicker, ui:options: { catalogFilter: { kind: Group } } }
        repoUrl:
          title: Repository
          type: string
          ui:field: RepoUrlPicker
          ui:options: { allowedHosts: ['HOST'], allowedOwners: [acme] }
  steps:
    - id: code
      name: Write the code
      action: fetch:template
      input:
        url: ./skeleton
        values: { name: '${{ parameters.name }}', owner: '${{ parameters.owner }}' }
    - id: publish
      name: Make the repository
      action: publish:github
      input:
        repoUrl: ${{ parameters.repoUrl }}
        gitCommitMessage: Light it
  output:
    links:
      - title: Repository
        url: ${{ steps.publish.output.remoteUrl }}
";

/// A desk whose configuration leads to the forge.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new(forge: &Forge) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (host, url) = (forge.host(), forge.url());
        std::fs::write(
            folder.path().join("app-config.yaml"),
            format!(
                "integrations:\n  github:\n    - host: {host}\n      apiBaseUrl: {url}/api/v3\n      token: ${{FORGE_TOKEN}}\n\
                 stagedoor:\n  me: group:default/keepers\n"
            ),
        )
        .unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn arguments(&self, forge: &str) -> [String; 4] {
        [
            "--source".to_owned(),
            format!("github:{forge}/acme"),
            "--cache-dir".to_owned(),
            self.text("cache"),
        ]
    }

    fn text(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn open(&self, forge: &str) -> Portal {
        Pty::portal(self.arguments(forge))
            .folder(self.folder.path())
            .env("STAGEDOOR_CONFIG", &self.text("app-config.yaml"))
            .env("FORGE_TOKEN", TOKEN)
            .open()
    }

    pub(crate) fn run(&self, forge: &str, command: &[&str]) -> Output {
        self.command(forge, command).output().unwrap()
    }

    /// The program with the words `words`, not yet started.
    pub(crate) fn command(&self, forge: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stagedoor"));
        command
            .args(words)
            .args(self.arguments(forge))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("STAGEDOOR_CONFIG", self.text("app-config.yaml"))
            .env("FORGE_TOKEN", TOKEN)
            .current_dir(self.folder.path());
        command
    }
}

/// The files below `folder` that hold the token.
pub(crate) fn holding_the_token(folder: &Path) -> Vec<String> {
    let token = TOKEN.as_bytes();
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| {
            let bytes = std::fs::read(entry.path()).unwrap();
            bytes.windows(token.len()).any(|window| window == token)
        })
        .map(|entry| entry.path().display().to_string())
        .collect()
}

/// Looks for `query`, opens the only hit and waits for its page.
pub(crate) fn find<'a>(portal: &'a mut Portal, query: &str, name: &str) -> &'a mut Portal {
    portal.press("/").type_text(query).wait_for(name).settle();
    portal.press("enter").wait_for("Relations")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_on_a_host_from_the_first_look_to_a_new_repository() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    acme(&forge);
    let desk = Desk::new(&forge);
    let host = forge.host();
    let mut portal = desk.open(&host);

    // A service by its owner, from an empty cache: the repositories are discovered meanwhile.
    portal.wait_for("lighthouse").settle();
    find(&mut portal, "owner:keepers lighthouse", "Shines at night").wait_for("keepers");

    // Its docs, which are fetched when they are first read.
    portal.press("d").wait_for("The stairs have 199 steps");
    portal.press("n").wait_for("It turns every ten seconds");

    // A new repository.
    portal.press("H").wait_for("lighthouse").settle();
    portal.press("/").type_text("kind:template beacon").settle();
    portal.press("enter").wait_for("step 1 of");
    portal.type_text("harbour-light").press("enter");
    portal
        .type_text("keep")
        .wait_for("▌keepers")
        .press("enter")
        .wait_for("group:default/keepers");
    portal.wait_for(&host).type_text("harbour-light");
    portal.press("enter").wait_for("Your answers");
    portal.wait_for("README.md").press("enter");
    portal.wait_for("✓ Done");
    let repository = forge.shared.repositories.dir("acme/harbour-light");
    assert_eq!(
        git(&repository, &["log", "--format=%s", "main"]),
        "Light it\n"
    );
    assert_eq!(
        git(&repository, &["show", "main:README.md"]),
        "# harbour-light\n"
    );
    assert_eq!(
        git(&repository, &["ls-tree", "-r", "--name-only", "main"]),
        "README.md\ncatalog-info.yaml\n"
    );

    // Once refreshed, it is in the catalog.
    portal.press("H").wait_for("lighthouse").settle();
    portal.press("R").wait_for("harbour-light").settle();
    find(&mut portal, "owner:keepers harbour", "harbour-light");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));

    let held = [desk.folder.path(), portal.home(), repository.as_path()].map(holding_the_token);
    assert_eq!(held.concat(), Vec::<String>::new(), "the token was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_without_a_terminal() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    acme(&forge);
    let (desk, host) = (Desk::new(&forge), forge.host());
    let run = |code: i32, words: &[&str]| {
        let ended = desk.run(&host, words);
        assert_eq!(ended.status.code(), Some(code), "{words:?}: {ended:?}");
        ended
    };
    run(0, &["sync"]);
    let place = format!("repoUrl='{host}?owner=acme&repo=harbour-light'");
    let owner = "owner=group:default/keepers";
    let new = ["new", "beacon", "--set", owner, "--set", &place];
    let missing = run(2, &new);
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(said.contains("name"), "{said}");
    let new = [&new[..], &["--set", "name=harbour-light"]].concat();

    // What would be done is shown; without a yes nothing is.
    let planned = run(0, &[&new[..], &["--dry-run"]].concat());
    let shown = String::from_utf8_lossy(&planned.stdout).into_owned();
    for part in ["README.md", "POST", "/orgs/acme/repos", "PUSH"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    run(2, &new);
    let repository = forge.shared.repositories.dir("acme/harbour-light");
    assert!(!repository.exists(), "nothing was made so far");

    let done = run(0, &[&new[..], &["--yes", "-o", "json"]].concat());
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let tip = forge.shared.repositories.oid("acme/harbour-light", "main");
    assert_eq!(report["steps"][1]["output"]["commitHash"], tip.unwrap());
    assert_eq!(
        git(&repository, &["show", "main:README.md"]),
        "# harbour-light\n"
    );
    run(0, &["sync"]);
    let shown = run(0, &["show", "component:harbour-light"]);
    assert!(String::from_utf8_lossy(&shown.stdout).contains("keepers"));
    let held = [desk.folder.path(), repository.as_path()].map(holding_the_token);
    assert_eq!(held.concat(), Vec::<String>::new(), "the token was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_host_everything_that_was_read_is_there() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    acme(&forge);
    let desk = Desk::new(&forge);
    let host = forge.host();
    let synced = desk.run(&host, &["sync"]);
    assert_eq!(synced.status.code(), Some(0), "{synced:?}");
    let docs = desk.run(&host, &["docs", "lighthouse"]);
    assert_eq!(docs.status.code(), Some(0), "{docs:?}");
    forge.stop().await;

    let mut portal = desk.open(&host);
    // While it still looks at what is kept, a refresh is under way already.
    portal
        .wait_for("lighthouse")
        .settle()
        .press("R")
        .wait_for("stale");
    find(&mut portal, "owner:keepers lighthouse", "Shines at night");
    portal.press("d").wait_for("The stairs have 199 steps");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));

    for command in [
        &["list", "-o", "name"][..],
        &["show", "component:lighthouse"],
        &["find", "lighthouse"],
        &["docs", "lighthouse"],
    ] {
        let read = desk.run(&host, command);
        assert_eq!(read.status.code(), Some(0), "{read:?}");
        assert!(!read.stdout.is_empty(), "{read:?}");
    }
}
