//! Git over real SSH: one connection for all, what goes wrong with keys, and what is no address.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::forge::Repositories;
use super::sandbox::{Ended, Sandbox, run};
use super::sshd::Sshd;
use super::{company, company_names, moment, names};

/// How many components there are.
const COUNT: usize = 20;
/// How many repositories share a connection.
const MANY: usize = 12;
/// How often a sync is killed.
const KILLS: u32 = 12;

/// A desk beside a server with repositories.
struct Desk {
    sandbox: Sandbox,
    sshd: Sshd,
    repositories: Repositories,
    source: String,
}

impl Desk {
    /// One with the repository `acme/mono`, which describes components with this prefix.
    fn new(sshd: Sshd, prefix: &str) -> Self {
        let repositories = Repositories::new();
        let desk = Self {
            source: Sshd::url(&repositories.dir("acme/mono")),
            sandbox: Sandbox::new(),
            sshd,
            repositories,
        };
        desk.push(prefix);
        desk
    }

    fn push(&self, prefix: &str) {
        let text = company(prefix, COUNT);
        self.repositories
            .commit("acme/mono", &[("catalog-info.yaml", &text)]);
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = self.sandbox.command(arguments);
        command
            .args(["--cache-dir", "cache", "--source", &self.source])
            .env("PATH", self.sshd.path());
        command
    }

    fn run(&self, arguments: &str) -> Ended {
        run(self.command(arguments))
    }

    #[track_caller]
    fn holds(&self, prefix: &str) {
        let kept = names(&self.run("list -o name").code(0));
        assert_eq!(kept, company_names(prefix, COUNT));
    }
}

#[test]
fn a_repository_is_read_over_one_connection_and_asked_once_where_nothing_moved() {
    let Some(sshd) = Sshd::start() else { return };
    let desk = Desk::new(sshd, "old");
    desk.run("sync").code(0);
    desk.holds("old");
    let (connections, commands) = desk.sshd.take_log();
    // The question, the commit, the texts.
    assert_eq!((connections, commands), (1, 3));
    desk.run("sync").code(0);
    assert_eq!(desk.sshd.take_log(), (1, 1));
    desk.holds("old");
    desk.push("new");
    desk.run("sync").code(0);
    desk.holds("new");
}

#[test]
fn docs_come_along_are_read_at_any_revision_and_stay_when_the_server_is_gone() {
    let Some(sshd) = Sshd::start() else { return };
    let desk = Desk::new(sshd, "old");
    let annotated = "{ name: old-000, annotations: { backstage.io/techdocs-ref: 'dir:.' } }";
    let described = company("old", 1).replace("{ name: old-000 }", annotated);
    let commit = |title: &str| {
        let page = format!("# {title}\n");
        let files = [
            ("catalog-info.yaml", described.as_str()),
            ("docs/index.md", &page),
        ];
        desk.repositories.commit("acme/mono", &files);
    };
    commit("First");
    let mut tag = Command::new("git");
    tag.arg("-C").arg(desk.repositories.dir("acme/mono"));
    assert!(tag.args(["tag", "v1", "main"]).status().unwrap().success());
    commit("Now");
    desk.run("sync").code(0);
    for how in ["", " --offline"] {
        for (revision, title) in [("", "Now"), (" --at v1", "First"), (" --at main", "Now")] {
            let ended = desk
                .run(&format!("docs old-000 --plain{revision}{how}"))
                .code(0);
            assert!(ended.out.contains(title), "{revision}{how}: {}", ended.out);
        }
    }
}

#[test]
fn the_address_may_have_a_user_and_a_port() {
    let Some(sshd) = Sshd::start() else { return };
    let mut desk = Desk::new(sshd, "old");
    let dir = desk.repositories.dir("acme/mono");
    let user = Command::new("id").arg("-un").output().unwrap();
    let user = String::from_utf8(user.stdout).unwrap();
    let port = desk.sshd.port();
    desk.source = format!(
        "git+ssh://{}@127.0.0.1:{port}{}",
        user.trim(),
        dir.display()
    );
    desk.run("sync").code(0);
    desk.holds("old");
    desk.sshd.know("other");
    let ended = desk.run("sync").code(3);
    let remedy = format!("ssh-keygen -R '[127.0.0.1]:{port}'");
    assert!(ended.err.contains(&remedy), "{}", ended.err);
}

#[test]
fn all_repositories_of_a_host_share_one_connection() {
    let Some(sshd) = Sshd::start() else { return };
    let desk = Desk::new(sshd, "x");
    let mut config = "stagedoor:\n  git:\n    - name: all\n      repositories:\n".to_owned();
    for number in 0..MANY {
        let name = format!("acme/r-{number}");
        desk.repositories.create(&name);
        let address = Sshd::url(&desk.repositories.dir(&name));
        let _ = writeln!(config, "        - {address}");
    }
    desk.sandbox.write("app-config.yaml", &config);
    let mut command = desk
        .sandbox
        .command("sync --config app-config.yaml --cache-dir cache");
    command.env("PATH", desk.sshd.path());
    run(command).code(0);
    assert_eq!(desk.sshd.take_log(), (1, MANY));
}

#[test]
fn a_server_that_knows_only_the_old_protocol_will_do() {
    let Some(sshd) = Sshd::with("") else { return };
    let desk = Desk::new(sshd, "old");
    desk.run("sync").code(0);
    desk.holds("old");
    desk.sshd.take_log();
    desk.run("sync").code(0);
    assert_eq!(desk.sshd.take_log(), (1, 1));
    desk.push("new");
    desk.run("sync").code(0);
    desk.holds("new");
}

#[test]
fn keys_that_do_not_fit_are_told_with_what_to_do_and_nothing_is_lost() {
    let Some(sshd) = Sshd::start() else { return };
    let desk = Desk::new(sshd, "old");
    desk.run("sync").code(0);
    let cases: [(&dyn Fn(), &str, &str); 3] = [
        (
            &|| desk.sshd.know("other"),
            "its SSH key is another than the known one",
            "ssh-keygen -R 'forge'",
        ),
        (
            &|| desk.sshd.forget(),
            "its SSH key is not known yet",
            "call it once with `ssh forge`",
        ),
        (
            &|| desk.sshd.let_in(false),
            "SSH is not let in with any of your keys",
            "ssh-add",
        ),
    ];
    for (spoil, reason, remedy) in cases {
        spoil();
        let ended = desk.run("sync").code(3);
        assert!(ended.err.contains(reason), "{reason}: {}", ended.err);
        assert!(ended.err.contains(remedy), "{remedy}: {}", ended.err);
        desk.holds("old");
        desk.sshd.know("host");
        desk.sshd.let_in(true);
        desk.run("sync").code(0);
    }
}

#[test]
fn what_is_gone_or_nobody_is_told() {
    let Some(sshd) = Sshd::start() else { return };
    let mut desk = Desk::new(sshd, "old");
    desk.run("sync").code(0);
    desk.repositories.rename("acme/mono", "acme/other");
    let ended = desk.run("sync").code(1);
    assert!(ended.err.contains("does not exist"), "{}", ended.err);
    desk.holds("old");
    desk.source = "git+ssh://127.0.0.1:9/x".to_owned();
    let ended = desk.run("sync").code(4);
    assert!(ended.err.contains("cannot be reached"), "{}", ended.err);
}

#[test]
fn a_sync_killed_in_the_middle_leaves_the_old_or_the_new_state() {
    let Some(sshd) = Sshd::start() else { return };
    let desk = Desk::new(sshd, "even");
    let begun = Instant::now();
    desk.run("sync").code(0);
    let whole = begun.elapsed();
    for number in 0..KILLS {
        let (old, new) = if number % 2 == 0 {
            ("even", "odd")
        } else {
            ("odd", "even")
        };
        desk.push(new);
        let mut sync = desk
            .command("sync")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole.mul_f64(moment(number)));
        sync.kill().unwrap();
        sync.wait().unwrap();
        let kept = names(&desk.run("list -o name").code(0));
        assert!(
            kept == company_names(old, COUNT) || kept == company_names(new, COUNT),
            "kill {number} left {kept:?}"
        );
        desk.run("sync").code(0);
        desk.holds(new);
    }
}

#[test]
fn what_would_be_an_option_or_a_program_is_no_address() {
    let sandbox = Sandbox::new();
    for source in [
        "git+ext::sh -c touch% made",
        "git+ssh://-oProxyCommand=touch%20made/x",
        "git+ssh://%2DoProxyCommand=touch%20made/x",
        "git+ssh://-l@h.dev/x",
        "git+https://h.dev/x@--upload-pack=touch made",
    ] {
        let mut command = sandbox.command("sync");
        command.args(["--source", source]);
        let ended = run(command);
        assert!(matches!(ended.code, Some(1 | 2)), "{source}: {ended:?}");
        assert!(!sandbox.path().join("made").exists(), "{source}");
    }
    // A path that begins with a dash is the name of a repository, and stays behind its slash.
    let mut command = sandbox.command("sync");
    command.args(["--source", "git+file:///--upload-pack=touch made"]);
    run(command).code(1);
    assert!(!sandbox.path().join("made").exists());
}
