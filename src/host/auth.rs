//! Who we are to a host: tokens from the configuration, the environment, or the host's own command line.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use url::Url;

use super::Context;
use crate::config::source::is_loopback;
use crate::config::{Config, Env, HostKind, Secret};

/// How long `gh` may take.
const HELPER: Duration = Duration::from_secs(5);

/// The name of the host of `url`, with a port where it has one.
pub fn host_of(url: &Url) -> Option<String> {
    let host = url.host_str()?.to_ascii_lowercase();
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

/// What to do to be let in at `host`.
pub(super) fn remedy(host: &str) -> String {
    if host == "github.com" || host == "api.github.com" {
        return "run `gh auth login`, or set GITHUB_TOKEN".to_owned();
    }
    if host == "gitlab.com" {
        return gitlab_remedy(host);
    }
    format!(
        "put a token for it under integrations: in the configuration, or run `gh auth login --hostname {host}` if it is a GitHub"
    )
}

/// What to do to be let in at the GitLab `host`.
pub(super) fn gitlab_remedy(host: &str) -> String {
    let scopes = "with the scopes read_api and read_repository";
    if host == "gitlab.com" {
        return format!("run `glab auth login`, or set GITLAB_TOKEN to a token {scopes}");
    }
    format!(
        "put a token {scopes} under integrations.gitlab in the configuration, run `glab auth login --hostname {host}`, or set GITLAB_TOKEN and GITLAB_HOST={host}"
    )
}

/// The token for the GitHub `host`: the first of the configuration's, the environment's, and that of `gh`.
pub(super) async fn github_token(host: &str, config: &Config, env: &Env) -> Option<Secret> {
    if let Some(integration) = config.integration(HostKind::Github, host)
        && let Some(token) = &integration.token
    {
        return Some(token.clone());
    }
    let here = Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url));
    // As `gh` has it: tokens for the cloud are never shown to a server of somebody's own.
    let names = if host == "github.com" || host.ends_with(".ghe.com") || here {
        ["GH_TOKEN", "GITHUB_TOKEN"]
    } else {
        ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"]
    };
    if let Some(token) = names.iter().find_map(|name| env.get(name)) {
        return Some(Secret::new(token));
    }
    if here {
        return None;
    }
    gh(host).await
}

/// The token for the GitLab `host`: the first of the configuration's, the environment's, and that of `glab`.
pub(super) async fn gitlab_token(host: &str, config: &Config, env: &Env) -> Option<Secret> {
    let integration = config.integration(HostKind::Gitlab, host);
    if let Some(token) = integration.and_then(|integration| integration.token.as_ref()) {
        return Some(token.clone());
    }
    let here = Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url));
    // The variables say nothing of their host; `glab` takes it from another one.
    let named = env.get("GITLAB_HOST").or_else(|| env.get("GL_HOST"));
    let theirs = named.unwrap_or("gitlab.com");
    let theirs = theirs.trim_start_matches("https://").trim_end_matches('/');
    if host.eq_ignore_ascii_case(theirs) || (here && named.is_none()) {
        let names = ["GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"];
        if let Some(token) = names.iter().find_map(|name| env.get(name)) {
            return Some(Secret::new(token));
        }
    }
    if here {
        return None;
    }
    said("glab", &["config", "get", "token", "--host", host]).await
}

/// The token with which `git` is let in at `host`, and the user name that goes with it.
pub(super) async fn git_login(host: &str, context: &Context) -> Option<(&'static str, Secret)> {
    let config = &context.config;
    if context.is_github(host) {
        let token = github_token(host, config, &context.env).await?;
        return Some(("x-access-token", token));
    }
    if let Some(token) = config
        .integration(HostKind::Gitea, host)
        .and_then(|integration| integration.token.clone())
    {
        return Some(("oauth2", token));
    }
    if !context.is_git_host(host) {
        return None;
    }
    let token = gitlab_token(host, config, &context.env).await?;
    Some(("oauth2", token))
}

/// What `gh auth token` says; nothing where there is no `gh` or no login.
async fn gh(host: &str) -> Option<Secret> {
    said("gh", &["auth", "token", "--hostname", host]).await
}

/// The token that a command line of a host prints; nothing where there is none.
async fn said(program: &str, arguments: &[&str]) -> Option<Secret> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(HELPER, output).await.ok()?.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let token = text.trim();
    (output.status.success() && !token.is_empty()).then(|| Secret::new(token))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;

    use super::*;

    #[tokio::test]
    async fn the_configuration_comes_first_and_tokens_stay_with_their_hosts() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        std::fs::write(
            &file,
            "integrations: { github: [{ host: ghe.acme.dev, token: own }] }",
        )
        .unwrap();
        let env = Env::fixed(Path::new("/"), &[("GITHUB_TOKEN", "cloud")]);
        let config = Config::load(&[file], &env).unwrap();
        let token = async |host: &str| {
            let token = github_token(host, &config, &env).await;
            token.map(|token| token.expose().to_owned())
        };
        assert_eq!(token("ghe.acme.dev").await.as_deref(), Some("own"));
        assert_eq!(token("github.com").await.as_deref(), Some("cloud"));
        assert_eq!(token("127.0.0.1:80").await.as_deref(), Some("cloud"));
        assert_ne!(token("ghe.other.dev").await.as_deref(), Some("cloud"));
    }

    #[tokio::test]
    async fn a_token_for_gitlab_is_for_the_host_named_beside_it() {
        let config = Config::load(&[], &Env::fixed(Path::new("/"), &[])).unwrap();
        let knows = async |host: &str, named: &[(&'static str, &'static str)]| {
            let variables = [named, &[("GITLAB_TOKEN", "secret")]].concat();
            let env = Env::fixed(Path::new("/"), &variables);
            let token = gitlab_token(host, &config, &env).await;
            token.is_some_and(|token| token.expose() == "secret")
        };
        let own = [("GITLAB_HOST", "https://git.acme.dev/")];
        assert!(knows("gitlab.com", &[]).await && knows("127.0.0.1:80", &[]).await);
        assert!(knows("git.acme.dev", &own).await);
        assert!(!knows("git.acme.dev", &[]).await);
        assert!(!knows("gitlab.com", &own).await && !knows("127.0.0.1:80", &own).await);
    }
}
