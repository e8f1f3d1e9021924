//! A repository that remembers what it was made from, a template that goes on, and an update that is merged: with conflicts,
//! for all repositories, killed on its way, and on a terminal.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::forge::{Fault, Forge, Rule, TOKEN};
use crate::pty::{Exit, Pty};
use crate::publishing::{Desk, acme, holding_the_token};
use crate::wizard::git;

const FILE: &str = ".stagedoor-answers.yaml";
pub(crate) const LIGHT: &str = "acme/harbour-light";

/// A company with a repository that was made from the template `beacon` and remembers it.
pub(crate) struct Stage {
    pub(crate) forge: Forge,
    pub(crate) desk: Desk,
    pub(crate) host: String,
}

impl Stage {
    pub(crate) async fn new() -> Option<Self> {
        let forge = Forge::start().await?;
        acme(&forge);
        let (desk, host) = (Desk::new(&forge), forge.host());
        let stage = Self { forge, desk, host };
        stage.ok(&["sync"]);
        Some(stage)
    }

    /// Runs a command that ends with 0, and gives what it printed.
    #[track_caller]
    pub(crate) fn ok(&self, words: &[&str]) -> String {
        self.ends(0, words)
    }

    #[track_caller]
    pub(crate) fn ends(&self, code: i32, words: &[&str]) -> String {
        let ended = self.desk.run(&self.host, words);
        assert_eq!(ended.status.code(), Some(code), "{words:?}: {ended:?}");
        String::from_utf8(ended.stdout).unwrap()
    }

    pub(crate) fn json(&self, code: i32, words: &[&str]) -> Value {
        let words = [words, &["-o", "json"]].concat();
        serde_json::from_str(&self.ends(code, &words)).unwrap()
    }

    pub(crate) fn make(&self, name: &str, flag: &str) {
        let repo_url = format!("repoUrl='{}?owner=acme&repo={name}'", self.host);
        let name = format!("name={name}");
        let owner = "owner=group:default/keepers";
        self.ok(&[
            "new", "beacon", "--yes", flag, "--set", &name, "--set", owner, "--set", &repo_url,
        ]);
    }

    pub(crate) fn at(&self, repository: &str, expression: &str) -> Option<String> {
        self.forge.shared.repositories.oid(repository, expression)
    }

    #[track_caller]
    pub(crate) fn text(&self, repository: &str, place: &str) -> String {
        let folder = self.forge.shared.repositories.dir(repository);
        git(&folder, &["show", place])
    }

    /// Lets the template say something else in the README, and have a file more.
    pub(crate) fn go_on(&self, greeting: &str) {
        let tree = self.forge.shared.repositories.dir("acme/templates");
        let template = git(&tree, &["show", "main:catalog-info.yaml"]);
        let catalog = git(&tree, &["show", "main:skeleton/catalog-info.yaml"]);
        let readme = format!("# ${{{{ values.name }}}}\n\n{greeting}\n");
        self.forge.commit(
            "acme/templates",
            &[
                ("catalog-info.yaml", &template),
                ("skeleton/catalog-info.yaml", &catalog),
                ("skeleton/README.md", &readme),
                ("skeleton/docs/index.md", "# ${{ values.name }} by night\n"),
            ],
        );
    }

    /// What is in the repository, with `readme` in place of its own.
    pub(crate) fn edit(&self, readme: &str) {
        let file = self.text(LIGHT, &format!("main:{FILE}"));
        let catalog = self.text(LIGHT, "main:catalog-info.yaml");
        let files = [
            (FILE, file.as_str()),
            ("catalog-info.yaml", &catalog),
            ("README.md", readme),
            ("mine.txt", "mine\n"),
        ];
        self.forge.commit(LIGHT, &files);
    }

    pub(crate) fn branch(&self) -> String {
        let newest = self.at("acme/templates", "main").unwrap();
        format!("stagedoor/beacon-{}", newest.get(..8).unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_left_in_a_branch_that_is_proposed() {
    let Some(stage) = Stage::new().await else {
        return;
    };
    stage.make("harbour-light", "--remember");
    let made_from = stage.at("acme/templates", "main").unwrap();
    let file = stage.text(LIGHT, &format!("main:{FILE}"));
    assert!(file.contains(&format!("revision: {made_from}")), "{file}");
    assert!(file.contains("template: template:default/beacon"), "{file}");
    assert!(file.contains("step: publish"), "{file}");
    assert!(file.contains("  name: harbour-light"), "{file}");
    assert!(!file.contains(TOKEN), "{file}");

    let repository = format!("{}/{LIGHT}", stage.host);
    let update = ["template", "update", &repository];
    let current = stage.json(0, &[&update[..], &["--yes"]].concat());
    assert_eq!(current["state"], "up to date");

    stage.edit("# harbour-light\n\nAsk Jane.\n");
    stage.go_on("Shines at night.");
    let drift = stage.json(0, &["template", "drift", "beacon"]);
    assert_eq!(drift[0]["repository"], repository);
    assert_eq!(
        (&drift[0]["behind"], &drift[0]["state"]),
        (&1.into(), &"behind".into())
    );
    stage.ends(1, &["template", "drift", "--check"]);

    let before = stage.at(LIGHT, "main").unwrap();
    let branch = stage.branch();
    let shown = stage.ends(1, &[&update[..], &["--dry-run"]].concat());
    assert!(
        shown.contains("conflict README.md: changed on both sides"),
        "{shown}"
    );
    assert!(
        shown.contains("A docs/index.md") && shown.contains("+<<<<<<< main"),
        "{shown}"
    );
    let refused = stage.json(1, &[&update[..], &["--yes", "--no-conflicts"]].concat());
    assert_eq!(refused["state"], "refused");
    let unasked = stage.desk.run(&stage.host, &update);
    assert_eq!(unasked.status.code(), Some(2), "{unasked:?}");
    assert_eq!(stage.at(LIGHT, &branch), None, "nothing was pushed so far");

    // The host does not let it be proposed at first: the branch is there, and the run goes on.
    stage.forge.rule(Rule::once(
        "POST /api/v3/repos/acme/harbour-light/pulls",
        Fault::Status(422),
    ));
    let failed = stage.json(1, &[&update[..], &["--yes"]].concat());
    assert_eq!(failed["state"], "failed");
    let run = failed["run"].as_str().unwrap();
    let tip = stage.at(LIGHT, &branch).unwrap();
    // Meanwhile the template goes on; the run does what it began.
    stage.go_on("Shines all night.");
    let done = stage.json(1, &["runs", "resume", run]);
    assert_eq!(done["state"], "proposed");
    assert_eq!(done["url"], format!("{}/{LIGHT}/pull/9", stage.forge.url()));
    assert_eq!(
        stage.at(LIGHT, &branch).as_deref(),
        Some(tip.as_str()),
        "pushed once"
    );

    assert_eq!(
        stage.at(LIGHT, &format!("{branch}~1")).as_deref(),
        Some(before.as_str())
    );
    let readme = stage.text(LIGHT, &format!("{branch}:README.md"));
    assert_eq!(
        readme,
        format!(
            "# harbour-light\n\n<<<<<<< main\nAsk Jane.\n=======\nShines at night.\n>>>>>>> beacon@{}\n",
            branch.rsplit('-').next().unwrap()
        )
    );
    assert_eq!(
        stage.text(LIGHT, &format!("{branch}:docs/index.md")),
        "# harbour-light by night\n"
    );
    assert_eq!(stage.text(LIGHT, &format!("{branch}:mine.txt")), "mine\n");
    let file = stage.text(LIGHT, &format!("{branch}:{FILE}"));
    let to = done["to"].as_str().unwrap();
    assert!(file.contains(&format!("revision: {to}")), "{file}");
    let message = stage.text(LIGHT, &branch);
    assert!(
        message.contains("Update from the template Beacon"),
        "{message}"
    );
    let held = [stage.desk.path()].map(holding_the_token);
    assert_eq!(held.concat(), Vec::<String>::new(), "the token was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_came_from_a_template_are_brought_up_to_date() {
    let Some(stage) = Stage::new().await else {
        return;
    };
    stage.make("harbour-light", "--remember");
    stage.make("buoy", "--remember");
    stage.make("foghorn", "--no-remember");
    stage.go_on("Shines at night.");
    stage.ok(&["sync"]);
    let all = [
        "template",
        "update",
        "--all",
        "--template",
        "beacon",
        "--yes",
    ];
    let told = stage.json(0, &all);
    let states: Vec<(&str, &str)> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["repository"].as_str().unwrap(),
                it["state"].as_str().unwrap(),
            )
        })
        .map(|(name, state)| (name.rsplit('/').next().unwrap(), state))
        .collect();
    assert_eq!(
        states,
        [("buoy", "proposed"), ("harbour-light", "proposed")]
    );
    let branch = stage.branch();
    for name in ["buoy", "harbour-light"] {
        let readme = stage.text(&format!("acme/{name}"), &format!("{branch}:README.md"));
        assert_eq!(readme, format!("# {name}\n\nShines at night.\n"));
    }
    assert_eq!(stage.at("acme/foghorn", &branch), None);

    // Without the journal they are found by looking into what the catalog knows.
    stage.ok(&["runs", "clean", "--all", "--yes"]);
    assert_eq!(
        stage.json(0, &["template", "drift"]),
        Value::Array(Vec::new())
    );
    let found = stage.json(0, &["template", "drift", "beacon", "--search"]);
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    assert_eq!(found[0]["entity"], "component:default/buoy");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_was_killed_goes_on() {
    let Some(stage) = Stage::new().await else {
        return;
    };
    stage.make("harbour-light", "--remember");
    stage.go_on("Shines at night.");
    let repository = format!("{}/{LIGHT}", stage.host);
    let branch = stage.branch();
    let words = ["template", "update", &repository, "--yes"];
    // Once at the push, once at the request: the host takes its time, and the program is killed meanwhile.
    let pushing = "/harbour-light.git/git-receive-pack";
    let asking = "POST /api/v3/repos/acme/harbour-light/pulls";
    stage
        .forge
        .rule(Rule::once(pushing, Fault::Slow(Duration::from_mins(1))));
    stage.forge.take_requests();
    kill_when(&stage, &words, pushing);
    let runs = stage.json(0, &["runs", "list"]);
    assert_eq!(runs[0]["state"], "broken off", "{runs}");
    let run = runs[0]["id"].as_str().unwrap();
    stage.forge.heal();
    stage
        .forge
        .rule(Rule::once(asking, Fault::Slow(Duration::from_mins(1))));
    kill_when(&stage, &["runs", "resume", run], asking);
    let tip = stage.at(LIGHT, &branch).unwrap();
    stage.forge.heal();
    let done = stage.json(0, &["runs", "resume", run]);
    assert_eq!(done["state"], "proposed", "{done}");
    assert_eq!(stage.at(LIGHT, &branch), Some(tip), "pushed once");
    let runs = stage.json(0, &["runs", "list"]);
    assert_eq!(
        (&runs[0]["id"], &runs[0]["state"]),
        (&run.into(), &"completed".into())
    );
}

/// Runs a command until the host hears `request`, and kills it then.
fn kill_when(stage: &Stage, words: &[&str], request: &str) {
    let mut command = stage.desk.command(&stage.host, words);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    loop {
        let heard = stage.forge.take_requests();
        if heard.iter().any(|it| it.contains(request)) {
            break;
        }
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before {request}"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_terminal_it_asks_for_what_is_new_and_before_it_pushes() {
    let Some(stage) = Stage::new().await else {
        return;
    };
    // The wizard asks whether to remember; the host is the only one that is offered.
    let mut portal = stage.desk.open(&stage.host);
    portal.wait_for("lighthouse").settle();
    portal.press("/").type_text("kind:template beacon").settle();
    portal.press("enter").wait_for("step 1 of");
    portal.type_text("harbour-light").press("enter");
    portal
        .type_text("keep")
        .wait_for("▌keepers")
        .press("enter")
        .wait_for("group:default/keepers");
    portal.wait_for(&stage.host).type_text("harbour-light");
    portal.press("enter").wait_for("Your answers");
    portal.wait_for("remember answers: no");
    portal.press("ctrl-t").wait_for("remember answers: yes");
    portal.wait_for(FILE).press("enter");
    portal.wait_for("✓ Done");
    assert_eq!(portal.press("ctrl-c").exit(), Exit::Code(130));
    assert!(stage.at(LIGHT, &format!("main:{FILE}")).is_some());

    let tree = stage.forge.shared.repositories.dir("acme/templates");
    let template = git(&tree, &["show", "main:catalog-info.yaml"]);
    let template = template
        .replace("required: [name,", "required: [colour, name,")
        .replace(
            "properties:\n",
            "properties:\n        colour: { title: Colour, type: string }\n",
        )
        .replace("values: {", "values: { colour: '${{ parameters.colour }}',");
    let catalog = git(&tree, &["show", "main:skeleton/catalog-info.yaml"]);
    stage.forge.commit(
        "acme/templates",
        &[
            ("catalog-info.yaml", &template),
            ("skeleton/catalog-info.yaml", &catalog),
            (
                "skeleton/README.md",
                "# ${{ values.name }}\n\nShines ${{ values.colour }}.\n",
            ),
        ],
    );
    let repository = format!("{}/{LIGHT}", stage.host);
    let words = ["template", "update", &repository].map(str::to_owned);
    let config = stage.desk.path().join("app-config.yaml");
    let mut terminal = Pty::portal(words.into_iter().chain(stage.desk.arguments(&stage.host)))
        .folder(stage.desk.path())
        .env("STAGEDOOR_CONFIG", config.to_str().unwrap())
        .env("FORGE_TOKEN", TOKEN)
        .open();
    terminal.wait_for("Colour (").send_text("green\r");
    terminal.wait_for("M README.md").wait_for("[y/N");
    assert_eq!(
        stage.at(LIGHT, &stage.branch()),
        None,
        "nothing is pushed before the yes"
    );
    terminal.send_text("y\r");
    terminal.wait_for("/acme/harbour-light/pull/9");
    assert_eq!(terminal.exit(), Exit::Code(0));
    let branch = stage.branch();
    assert_eq!(
        stage.text(LIGHT, &format!("{branch}:README.md")),
        "# harbour-light\n\nShines green.\n"
    );
    let file = stage.text(LIGHT, &format!("{branch}:{FILE}"));
    assert!(file.contains("  colour: green"), "{file}");
    let held = [stage.desk.path(), Path::new(&tree)].map(holding_the_token);
    assert_eq!(held.concat(), Vec::<String>::new(), "the token was written");
}
