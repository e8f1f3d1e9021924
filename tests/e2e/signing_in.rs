//! Signing in at a host: the token is tried, kept where only its owner can read it, and is in nothing else.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::forge::{Forge, TOKEN};
use crate::pty::{Exit, Pty};

/// A user with a forge, and nothing around them that could sign them in.
struct Desk {
    home: tempfile::TempDir,
    forge: Forge,
    runtime: tokio::runtime::Runtime,
}

impl Desk {
    fn new() -> Option<Self> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let forge = runtime.block_on(Forge::start())?;
        let home = tempfile::tempdir().unwrap();
        let text = format!(
            "integrations: {{ github: [{{ host: '{0}', token: '${{FORGE_TOKEN}}' }}] }}\ncatalog: {{ providers: {{ github: {{ organization: acme, host: '{0}' }} }} }}\n",
            forge.host()
        );
        fs::create_dir_all(home.path().join(".config/stagedoor")).unwrap();
        fs::write(home.path().join(".config/stagedoor/app-config.yaml"), text).unwrap();
        Some(Self {
            home,
            forge,
            runtime,
        })
    }

    fn run(&self, arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stagedoor"))
            .args(arguments)
            .current_dir(self.home.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("STAGEDOOR_LOG", "trace")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that does not read is no failure.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    #[track_caller]
    fn ends(&self, code: i32, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        let output = self.run(arguments, variables, "");
        let text = said(&output);
        assert_eq!(output.status.code(), Some(code), "{text}");
        text
    }

    /// What `doctor` says of the forge.
    fn facts(&self, variables: &[(&str, &str)]) -> Value {
        let output = self.run(&["doctor", "-o", "json"], variables, "");
        let checks: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let host = checks.into_iter().find(|check| check["check"] == "host");
        host.unwrap()
    }

    /// The files below the home that hold `text`.
    fn holding(&self, text: &str) -> Vec<PathBuf> {
        fn walk(dir: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, text, found);
                } else if fs::read(&path)
                    .is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text))
                {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(self.home.path(), text.as_bytes(), &mut found);
        found
    }
}

/// Everything that was printed.
fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    );
    assert!(!text.contains(TOKEN), "{text}");
    text
}

#[test]
fn a_token_is_tried_kept_used_and_forgotten() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.forge.host();
    desk.forge.commit(
        "acme/shop",
        &[(
            "catalog-info.yaml",
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: shop }\nspec: { type: service, lifecycle: production, owner: x }\n",
        )],
    );
    desk.ends(3, &["sync"], &[]);
    let facts = desk.facts(&[]);
    assert_eq!(facts["variableNotSet"], "FORGE_TOKEN");
    assert_eq!(facts["tokenFrom"], Value::Null);
    // What the host does not know is not kept.
    let refused = desk.run(&["login", &host, "--with-token"], &[], "not-a-token\n");
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    assert_eq!(desk.holding("not-a-token"), Vec::<PathBuf>::new());
    let login = desk.run(
        &["login", &host, "--with-token"],
        &[],
        &format!("{TOKEN}\n"),
    );
    let text = said(&login);
    assert!(login.status.success() && text.contains("as jane"), "{text}");
    desk.ends(1, &["sync"], &[]);
    assert!(
        desk.ends(0, &["list", "-o", "name"], &[])
            .contains("component:default/shop")
    );
    // It is in one file, which nobody else can read: in no cache, no log.
    let [file] = desk.holding(TOKEN).try_into().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    assert!(!file.starts_with(desk.home.path().join(".cache")));
    let facts = desk.facts(&[]);
    assert_eq!(facts["tokenFrom"], "stagedoor login");
    assert_eq!(facts["login"], "jane");
    assert_eq!(
        desk.facts(&[("FORGE_TOKEN", TOKEN)])["tokenFrom"],
        "the configuration"
    );
    let text = desk.ends(0, &["logout", &host], &[]);
    assert!(text.contains("forgotten"), "{text}");
    assert_eq!(desk.holding(TOKEN), Vec::<PathBuf>::new());
    assert!(
        desk.ends(0, &["logout", &host], &[])
            .contains("no token is kept")
    );
}

#[test]
fn doctor_ends_with_what_is_wrong() {
    let Some(desk) = Desk::new() else { return };
    let good = [("GITHUB_TOKEN", TOKEN)];
    let text = desk.ends(0, &["doctor"], &good);
    assert!(
        text.contains("signed in as jane, token from GITHUB_TOKEN"),
        "{text}"
    );
    let text = desk.ends(3, &["doctor"], &[("GITHUB_TOKEN", "old")]);
    assert!(
        text.contains("token from GITHUB_TOKEN") && text.contains("does not know the token"),
        "{text}"
    );
    let text = desk.ends(0, &["doctor", "--offline"], &good);
    assert!(
        text.contains("token from GITHUB_TOKEN; not asked"),
        "{text}"
    );
    let Desk {
        home,
        forge,
        runtime,
    } = desk;
    let gone = forge.host();
    runtime.block_on(forge.stop());
    let forge = runtime.block_on(Forge::start()).unwrap();
    let desk = Desk {
        home,
        forge,
        runtime,
    };
    let text = desk.ends(1, &["doctor"], &good);
    assert!(
        text.contains(&gone) && text.contains("cannot be reached"),
        "{text}"
    );
}

#[test]
fn a_token_that_is_typed_is_not_shown_and_the_terminal_is_as_before() {
    let Some(desk) = Desk::new() else { return };
    let host = desk.forge.host();
    let login = || {
        Pty::portal(["login", &host, "--kind", "github"])
            .env("HOME", desk.home.path().to_str().unwrap())
            .folder(desk.home.path())
            .open()
    };
    let mut terminal = login();
    terminal
        .wait_for("Token for")
        .send_text(&format!("{TOKEN}\r"));
    terminal.wait_for("as jane");
    assert!(!terminal.screen().contains(TOKEN), "{}", terminal.screen());
    assert_eq!(terminal.exit(), Exit::Code(0));
    let mut terminal = login();
    terminal.wait_for("Token for").send_text("half");
    assert_eq!(terminal.press("ctrl-c").exit(), Exit::Code(130));
    assert!(terminal.settings_are_restored());
    assert!(!terminal.screen().contains("half"), "{}", terminal.screen());
}

#[test]
fn who_sits_here_is_found_by_the_account() {
    let Some(desk) = Desk::new() else { return };
    let user = |name: &str, login: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {{ name: {name}, annotations: {{ github.com/user-login: {login} }} }}\nspec: {{ memberOf: [] }}\n"
        )
    };
    let component = |owner: &str| {
        format!(
            "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: of-{owner} }}\nspec: {{ type: service, lifecycle: production, owner: 'user:{owner}' }}\n"
        )
    };
    // At the host she is jane; in the catalog somebody else is called that.
    let text = [
        user("jane", "jane-the-other"),
        "---\n".to_owned() + &user("j.miller", "Jane"),
        component("jane"),
        component("j.miller"),
    ]
    .concat();
    desk.forge
        .commit("acme/people", &[("catalog-info.yaml", &text)]);
    let good = [("GITHUB_TOKEN", TOKEN)];
    desk.ends(0, &["sync"], &good);
    let asked = |requests: &[String]| {
        let users = requests.iter().filter(|request| request.contains("/user"));
        users.count()
    };
    assert_eq!(asked(&desk.forge.take_requests()), 1);
    let mine = desk.ends(0, &["list", "owner:mine", "-o", "name"], &good);
    assert_eq!(mine.trim(), "component:default/of-j.miller");
    // It is known from now on, without a network too.
    desk.ends(0, &["sync"], &good);
    assert_eq!(asked(&desk.forge.take_requests()), 0);
    let mine = desk.ends(0, &["list", "owner:mine", "-o", "name", "--offline"], &[]);
    assert_eq!(mine.trim(), "component:default/of-j.miller");
}
