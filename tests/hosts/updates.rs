//! Updates at each kind of host: a branch on top of what is there, and a request to merge it.

use std::path::Path;
use std::process::Command;

use super::forge::{Forge, TOKEN};
use super::sandbox::{Sandbox, run};

/// A kind of host: its integration, where its repository is called, and the page of the request.
const KINDS: [(&str, &str); 7] = [
    (
        "github: [{ host: 'HOST', apiBaseUrl: 'http://HOST/api/v3', token: '${T}' }]",
        "http://HOST/acme/new/pull/9",
    ),
    (
        "gitlab: [{ host: 'HOST', baseUrl: 'http://HOST/to/gitlab', apiBaseUrl: 'http://HOST/to/gitlab/api/v4', token: '${T}' }]",
        "http://gitlab.invalid/acme/new/-/merge_requests/1",
    ),
    (
        "gitea: [{ host: 'HOST', baseUrl: 'http://HOST/to/gitea', password: '${T}' }]",
        "http://HOST/acme/new/pull/9",
    ),
    (
        "bitbucketCloud: [{ host: 'HOST', apiBaseUrl: 'http://HOST/to/cloud/2.0', token: '${T}' }]",
        "http://HOST/acme/new/pull/9",
    ),
    (
        "bitbucketServer: [{ host: 'HOST', apiBaseUrl: 'http://HOST/to/server/rest/api/1.0', token: '${T}' }]",
        "http://HOST/acme/new/pull/9",
    ),
    (
        "azure: [{ host: 'HOST', credentials: [{ personalAccessToken: '${T}' }] }]",
        "http://HOST/acme/light/_git/new/pullrequest/9",
    ),
    (
        "gerrit: [{ host: 'HOST', baseUrl: 'http://HOST/gerrit', gitilesBaseUrl: 'http://HOST/gerrit/plugins/gitiles', username: oauth2, password: '${T}' }]",
        "http://HOST/gerrit/c/acme/new/+/9",
    ),
];

/// What the repository is called at the host.
fn name(config: &str) -> &'static str {
    match config.split(':').next() {
        Some("azure") => "acme/light/new",
        _ => "acme/new",
    }
}

/// The address of the repository, as its host's pages have it.
fn address(config: &str, host: &str) -> String {
    match config.split(':').next() {
        Some("gitlab") => format!("http://{host}/to/gitlab/acme/new"),
        Some("gitea") => format!("http://{host}/to/gitea/acme/new"),
        Some("bitbucketServer") => format!("http://{host}/projects/acme/repos/new/browse"),
        Some("azure") => format!("http://{host}/acme/light/_git/new"),
        Some("gerrit") => format!("http://{host}/gerrit/plugins/gitiles/acme/new"),
        _ => format!("http://{host}/acme/new"),
    }
}

fn git(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    let names = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
    command.current_dir(folder).args(names).args(words);
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const TEMPLATE: &str = "\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: lamp, title: Lamp }
spec:
  type: service
  steps:
    - id: code
      action: fetch:template
      input: { url: ./skeleton, values: { name: '${{ parameters.name }}' } }
";

/// A template in a repository of this machine: the commit that the repository remembers; another one follows.
fn template(desk: &Sandbox) -> String {
    desk.write("lamp/template.yaml", TEMPLATE);
    desk.write("lamp/skeleton/README.md", "# ${{ values.name }}\n");
    desk.write("lamp/skeleton/gone.txt", "gone\n");
    let folder = desk.path().join("lamp");
    git(&folder, &["init", "--quiet", "--initial-branch=main"]);
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "-m", "one"]);
    let first = git(&folder, &["rev-parse", "HEAD"]);
    desk.write(
        "lamp/skeleton/README.md",
        "# ${{ values.name }}\n\nIt shines.\n",
    );
    std::fs::remove_file(folder.join("skeleton/gone.txt")).unwrap();
    git(&folder, &["add", "--all"]);
    git(&folder, &["commit", "--quiet", "-m", "two"]);
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_is_pushed_and_its_merge_asked_for() {
    for (config, page) in KINDS {
        let Some(forge) = Forge::start().await else {
            return;
        };
        let (desk, host) = (Sandbox::new(), forge.host());
        let config = config.replace("HOST", &host);
        desk.write("app-config.yaml", &format!("integrations:\n  {config}\n"));
        let first = template(&desk);
        let root = desk.path().join("lamp").canonicalize().unwrap();
        let file = format!(
            "version: 1\ntemplate: template:default/lamp\nrepository: file://{}\nreference: main\npath: template.yaml\n\
             revision: {first}\ntask: '7'\nparameters: {{ name: new }}\n",
            root.display()
        );
        let name = name(&config);
        forge.commit(
            name,
            &[
                (".stagedoor-answers.yaml", &file),
                ("README.md", "# new\n"),
                ("gone.txt", "gone\n"),
                ("mine.txt", "mine\n"),
            ],
        );
        let before = forge.shared.repositories.oid(name, "main");
        let words = format!(
            "template update {} --template lamp/template.yaml --yes -o json --config app-config.yaml --cache-dir cache",
            address(&config, &host)
        );
        let mut command = desk.command(&words);
        command.env("T", TOKEN);
        let ended = tokio::task::spawn_blocking(|| run(command))
            .await
            .unwrap()
            .code(0);
        let told = ended.json();
        assert_eq!(told["state"], "proposed", "{config}: {ended:?}");
        assert_eq!(told["url"], page.replace("HOST", &host), "{config}");
        let at = |expression: &str| forge.shared.repositories.oid(name, expression);
        let branch = match config.split(':').next() {
            Some("gerrit") => "refs/for/main",
            _ => told["branch"].as_str().unwrap(),
        };
        assert_eq!(at(&format!("{branch}~1")), before, "{config}");
        assert_eq!(at("main"), before, "{config}");
        assert!(at(&format!("{branch}:mine.txt")).is_some(), "{config}");
        assert_eq!(at(&format!("{branch}:gone.txt")), None, "{config}");
        let readme = at(&format!("{branch}:README.md")).unwrap();
        let (_, text) = forge.shared.repositories.object(name, &readme).unwrap();
        assert_eq!(text, b"# new\n\nIt shines.\n", "{config}");
    }
}
