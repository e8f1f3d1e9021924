//! The chain as a table: what there is, which of it wins.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::*;
use crate::host::auth::tokens::Kept;

/// A home with programs of its own on the path.
struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// A program that notes its arguments and what it is told, and then runs `script`.
    fn program(&self, name: &str, script: &str) {
        let noted = self.path("noted");
        let text = format!(
            "#!/bin/sh\necho \"$0 $*\" >> {0}\n/bin/cat >> {0}\n{script}\n",
            noted.display()
        );
        let source = self.write(&format!("source/{name}"), &text);
        fs::create_dir_all(self.path("bin")).unwrap();
        let path = self.path("bin").join(name);
        // Another process writes it: a program that was open for writing here could not be run while another test forks.
        let copied = std::process::Command::new("cp")
            .arg(source)
            .arg(&path)
            .status();
        assert!(copied.unwrap().success());
        fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }

    fn env(&self, variables: &[(&str, &str)]) -> Env {
        let bin = self.path("bin").display().to_string();
        let home = self.dir.path().display().to_string();
        let mut all = vec![("PATH", bin.as_str()), ("HOME", home.as_str())];
        all.extend(variables);
        Env::fixed(self.dir.path(), &all)
    }

    /// What all programs were called with and told.
    fn noted(&self) -> String {
        fs::read_to_string(self.path("noted")).unwrap_or_default()
    }
}

fn config(home: &Home, text: &str, env: &Env) -> Config {
    let file = home.write(".home/config/app-config.yaml", text);
    Config::load(&[file], env).unwrap()
}

/// Where the token for `host` comes from, and the token.
async fn found(host: &str, config: &Config, env: &Env) -> Option<(String, String)> {
    let kind = crate::host::auth::kind_of(host, config);
    let login = login(host, kind, config, env).await?;
    assert!(!format!("{login:?} {}", login.origin).contains(login.token.expose()));
    Some((login.origin.to_string(), login.token.expose().to_owned()))
}

const HOSTS: &str = "integrations: { github: [{ host: ghe.dev }, { host: own.dev, token: configured }], gitlab: [{ host: lab.dev }], gitea: [{ host: tea.dev }] }\nstagedoor: { hosts: [{ host: pass.dev, tokenCommand: [pass, show, pass.dev] }] }";

#[tokio::test]
async fn the_variables_of_a_host_are_for_that_host_alone() {
    let home = Home::new();
    let all = [
        ("GITHUB_TOKEN", "cloud"),
        ("GH_ENTERPRISE_TOKEN", "enterprise"),
        ("GITLAB_TOKEN", "lab"),
        ("GITEA_TOKEN", "tea"),
        ("BITBUCKET_TOKEN", "bucket"),
        ("AZURE_DEVOPS_EXT_PAT", "azure"),
    ];
    let env = home.env(&all);
    let config = config(&home, HOSTS, &env);
    for (host, origin) in [
        ("github.com", Some("GITHUB_TOKEN")),
        ("acme.ghe.com", Some("GITHUB_TOKEN")),
        ("ghe.dev", Some("GH_ENTERPRISE_TOKEN")),
        ("own.dev", Some("the configuration")),
        ("gitlab.com", Some("GITLAB_TOKEN")),
        ("lab.dev", None),
        ("tea.dev", Some("GITEA_TOKEN")),
        ("bitbucket.org", Some("BITBUCKET_TOKEN")),
        ("dev.azure.com", Some("AZURE_DEVOPS_EXT_PAT")),
        ("other.dev", None),
    ] {
        let from = found(host, &config, &env).await.map(|(origin, _)| origin);
        assert_eq!(from.as_deref(), origin, "{host}");
    }
    let mut named = all.to_vec();
    named.extend([("GITLAB_HOST", "https://lab.dev/"), ("GH_TOKEN", "first")]);
    let env = home.env(&named);
    for (host, origin) in [
        ("lab.dev", Some("GITLAB_TOKEN")),
        ("gitlab.com", None),
        ("github.com", Some("GH_TOKEN")),
    ] {
        let from = found(host, &config, &env).await.map(|(origin, _)| origin);
        assert_eq!(from.as_deref(), origin, "{host}");
    }
}

#[tokio::test]
async fn each_step_is_asked_when_those_before_have_nothing() {
    let home = Home::new();
    let env = home.env(&[]);
    let config = config(&home, HOSTS, &env);
    let from = async |host: &str| found(host, &config, &env).await;
    let is = |origin: &str, token: &str| Some((origin.to_owned(), token.to_owned()));
    for host in ["github.com", "ghe.dev", "lab.dev", "tea.dev", "pass.dev"] {
        assert_eq!(from(host).await, None, "{host}");
    }
    home.write(
        ".netrc",
        "machine ghe.dev login x password n3t\nmachine lab.dev login x password n3t\n",
    );
    assert_eq!(from("ghe.dev").await, is("netrc", "n3t"));
    home.program(
        "git",
        "echo protocol=https; echo username=x; echo password=helped",
    );
    assert_eq!(
        from("ghe.dev").await,
        is("git's credential helper", "helped")
    );
    let kept = Kept {
        user: None,
        token: Secret::new("kept"),
        kind: None,
        renewal: None,
    };
    let tokens = Tokens::of(&env).unwrap();
    tokens.keep("ghe.dev", &kept).unwrap();
    assert_eq!(from("ghe.dev").await, is("stagedoor login", "kept"));
    home.program("gh", "echo from-gh");
    home.program("glab", "echo from-glab");
    home.program("pass", "echo from-pass");
    home.write(
        ".config/tea/config.yml",
        "logins: [{ name: t, url: 'https://tea.dev', token: from-tea }]",
    );
    for (host, origin, token) in [
        ("ghe.dev", "gh", "from-gh"),
        ("lab.dev", "glab", "from-glab"),
        ("tea.dev", "tea", "from-tea"),
        ("pass.dev", "tokenCommand", "from-pass"),
    ] {
        assert_eq!(from(host).await, is(origin, token));
    }
    let noted = home.noted();
    for call in [
        "gh auth token --hostname ghe.dev",
        "glab config get token --host lab.dev",
        "git credential fill\nprotocol=https\nhost=ghe.dev\n",
        "pass show pass.dev",
    ] {
        assert!(noted.contains(call), "{call} in {noted}");
    }
    for token in ["n3t", "helped", "kept", "from-", "configured"] {
        assert!(!noted.contains(token), "{token} in {noted}");
    }
}

#[tokio::test]
async fn a_program_that_fails_or_hangs_costs_two_seconds_at_most() {
    let home = Home::new();
    let env = home.env(&[]);
    let config = config(&home, HOSTS, &env);
    home.program("gh", "echo half-a-token; exit 1");
    assert_eq!(found("ghe.dev", &config, &env).await, None);
    let pid = home.path("pid");
    home.program(
        "gh",
        &format!("/bin/sleep 60 & echo $! > {}; wait", pid.display()),
    );
    let started = Instant::now();
    assert_eq!(found("ghe.dev", &config, &env).await, None);
    assert!(started.elapsed() < Duration::from_secs(20));
    // What it started ends with it; a dead process that nobody asked about yet is dead, too.
    let pid = fs::read_to_string(pid).unwrap();
    let stat = Path::new("/proc").join(pid.trim()).join("stat");
    let lives = || fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z "));
    while lives() {
        assert!(started.elapsed() < Duration::from_secs(20), "{pid}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn git_is_not_asked_for_what_it_finds_by_itself() {
    let home = Home::new();
    let env = home.env(&[]);
    let config = config(&home, HOSTS, &env);
    home.program("git", "echo password=helped");
    let login = login_for_git("ghe.dev", Some(HostKind::Github), &config, &env).await;
    assert_eq!(login, None);
    assert!(!home.noted().contains("git credential"));
}

#[tokio::test]
async fn a_bitbucket_gets_the_name_that_goes_with_its_token() {
    let home = Home::new();
    let config = config(&home, HOSTS, &home.env(&[]));
    let named = async |variables: &[(&str, &str)]| {
        let kind = HostKind::BitbucketCloud;
        let login = login("bitbucket.org", Some(kind), &config, &home.env(variables)).await;
        let user = login.unwrap().user;
        (user.clone(), git_user(kind, user.as_deref()).unwrap())
    };
    let token = ("BITBUCKET_TOKEN", "t");
    assert_eq!(named(&[token]).await, (None, "x-token-auth".to_owned()));
    let address = "jane@acme.dev".to_owned();
    assert_eq!(
        named(&[token, ("BITBUCKET_EMAIL", &address)]).await,
        (
            Some(address.clone()),
            "x-bitbucket-api-token-auth".to_owned()
        )
    );
    assert_eq!(
        named(&[token, ("BITBUCKET_USERNAME", "jane")]).await,
        (Some("jane".to_owned()), "jane".to_owned())
    );
    // It stands for itself, whoever sits here.
    let access = ("BITBUCKET_ACCESS_TOKEN", "t");
    let named = named(&[access, ("BITBUCKET_EMAIL", &address)]).await;
    assert_eq!(named, (None, "x-token-auth".to_owned()));
}
