//! Running `git`: never asking, never with a token among its arguments, and with its complaints understood.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::super::HostError;
use super::super::auth::remedy;
use super::super::http::bundle_remedy;
use super::ssh::SshLine;
use crate::catalog::text::one_line;
use crate::config::Secret;

/// The longest that one call may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// How `git` is run for one remote.
#[derive(Debug, Clone)]
pub(super) struct Git {
    cache: PathBuf,
    login: Option<(String, Secret)>,
    ssh: Option<Arc<SshLine>>,
    bundle: Option<PathBuf>,
}

impl Git {
    /// Runs with repositories below `cache`; `login` is the user name and token for the remote's host, `ssh` the line to
    /// it where it is called over SSH.
    pub(super) fn new(
        cache: &Path,
        login: Option<(String, Secret)>,
        ssh: Option<Arc<SshLine>>,
    ) -> Self {
        Self {
            cache: cache.to_owned(),
            login,
            ssh,
            bundle: None,
        }
    }

    /// The same, trusting the authorities in the file `bundle` to vouch for the remote's host.
    #[must_use]
    pub(super) fn trusting(mut self, bundle: Option<PathBuf>) -> Self {
        self.bundle = bundle;
        self
    }

    /// The folder below which repositories are kept.
    pub(super) fn cache(&self) -> &Path {
        &self.cache
    }

    /// What `git ARGUMENTS` prints in the repository `dir`, with `input` on its standard input; `remote` is what an error
    /// is about.
    pub(super) async fn run<S: AsRef<OsStr>>(
        &self,
        dir: &Path,
        remote: &str,
        arguments: &[S],
        input: &[u8],
    ) -> Result<Vec<u8>, HostError> {
        let failed = |reason: String| HostError::Failed {
            place: remote.to_owned(),
            reason,
        };
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(dir)
            .args(arguments)
            .envs(self.environment(remote))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // That repository and no other: were it damaged, git would look for one in the folders above. Not the variables of
        // a hook or an alias that may have started us.
        command.env("GIT_DIR", ".");
        for name in ["GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
            command.env_remove(name);
        }
        let started = Instant::now();
        let mut child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                failed("git is not installed, and this source needs it".to_owned())
            }
            _ => failed(format!("git cannot be started: {error}")),
        })?;
        let stdin = child.stdin.take();
        let feed = async {
            if let Some(mut stdin) = stdin {
                // A process that ends early closes its input; its status says why.
                let _ = stdin.write_all(input).await;
            }
        };
        let both = async { tokio::join!(feed, child.wait_with_output()).1 };
        let output = tokio::time::timeout(PATIENCE, both)
            .await
            .map_err(|_| HostError::Unreachable {
                place: remote.to_owned(),
                reason: "git did not end in time".to_owned(),
            })?
            .map_err(|error| failed(format!("git broke off: {error}")))?;
        // Of the arguments the first alone: addresses stand among the others.
        let verb = arguments
            .first()
            .map(|verb| verb.as_ref().to_string_lossy());
        let verb = verb.as_deref().unwrap_or_default();
        tracing::debug!(remote, verb, status = %output.status, after = ?started.elapsed(), "git ran");
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(self.complaint(remote, &String::from_utf8_lossy(&output.stderr)))
        }
    }

    /// The same where no repository is needed.
    pub(super) async fn run_anywhere<S: AsRef<OsStr>>(
        &self,
        remote: &str,
        arguments: &[S],
    ) -> Result<Vec<u8>, HostError> {
        self.run(Path::new("/"), remote, arguments, b"").await
    }

    fn environment(&self, remote: &str) -> Vec<(String, String)> {
        let mut settings = vec![
            ("credential.interactive".to_owned(), "false".to_owned()),
            ("core.hooksPath".to_owned(), "/dev/null".to_owned()),
            ("gc.auto".to_owned(), "0".to_owned()),
            ("maintenance.auto".to_owned(), "false".to_owned()),
        ];
        if let Some((user, token)) = &self.login
            && remote.starts_with("http")
        {
            let login = STANDARD.encode(format!("{user}:{}", token.expose()));
            settings.push((
                format!("http.{}.extraHeader", origin(remote)),
                format!("Authorization: Basic {login}"),
            ));
            // A redirect would carry the header to another host.
            settings.push(("http.followRedirects".to_owned(), "false".to_owned()));
        }
        // What the user's own files say of one host wins over this.
        let bundle = std::env::var("SSL_CERT_FILE")
            .ok()
            .filter(|file| !file.is_empty());
        settings.extend(bundle.map(|file| ("http.sslCAInfo".to_owned(), file)));
        let fixed = [
            // What is missing is fetched in one go, never one by one.
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GCM_INTERACTIVE", "never"),
            ("GIT_ASKPASS", "true"),
            ("SSH_ASKPASS", "true"),
            // Else it would open the terminal to ask there.
            ("SSH_ASKPASS_REQUIRE", "force"),
            ("LC_ALL", "C"),
            ("GIT_ALLOW_PROTOCOL", "https:http:ssh:file"),
        ];
        let mut variables: Vec<(String, String)> = fixed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        if let Some(ssh) = &self.ssh {
            variables.push(("GIT_SSH_COMMAND".to_owned(), ssh.command_line()));
        }
        if let Some(file) = &self.bundle {
            variables.push(("GIT_SSL_CAINFO".to_owned(), file.display().to_string()));
        }
        variables.push(("GIT_CONFIG_COUNT".to_owned(), settings.len().to_string()));
        for (number, (key, value)) in settings.into_iter().enumerate() {
            variables.push((format!("GIT_CONFIG_KEY_{number}"), key));
            variables.push((format!("GIT_CONFIG_VALUE_{number}"), value));
        }
        variables
    }

    /// What `git` means by `stderr`.
    pub(super) fn complaint(&self, remote: &str, stderr: &str) -> HostError {
        let mut text = stderr.to_owned();
        if let Some((_, token)) = &self.login {
            text = text.replace(token.expose(), "…");
        }
        if let Some(ssh) = &self.ssh
            && let Some(error) = ssh.destination().understood(&text)
        {
            return error;
        }
        let is = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let reason = text
            .lines()
            .find(|line| line.starts_with("fatal:") || line.starts_with("error:"))
            .or_else(|| text.lines().last())
            .map(one_line)
            .unwrap_or_default();
        let place = remote.to_owned();
        let host = || {
            let url = url::Url::parse(remote).ok();
            let host = url.and_then(|url| super::super::auth::host_of(&url));
            host.unwrap_or_else(|| remote.to_owned())
        };
        if is(&[
            "Authentication failed",
            "could not read Username",
            "unable to get password",
            "could not read Password",
            "terminal prompts disabled",
            "Permission denied",
            "returned error: 401",
            "returned error: 403",
        ]) {
            let host = host();
            return HostError::NotSignedIn {
                remedy: remedy(&host),
                host,
                reason: "git was not let in".to_owned(),
            };
        }
        if is(&[
            "SSL certificate problem",
            "certificate verification failed",
            "SSL: no alternative certificate subject name",
            "certificate subject name",
        ]) {
            let host = host();
            return HostError::Untrusted {
                remedy: bundle_remedy(&host),
                host,
                reason: format!("git says: {reason}"),
            };
        }
        if is(&[
            "not found",
            "does not exist",
            "does not appear to be a git",
            "Repository not found",
            "no such repository",
            "couldn't find remote ref",
        ]) {
            return HostError::NotFound { place };
        }
        if is(&[
            "Could not resolve",
            "Failed to connect",
            "Connection",
            "unable to access",
            "timed out",
        ]) {
            return HostError::Unreachable { place, reason };
        }
        HostError::Failed {
            place,
            reason: format!("git says: {reason}"),
        }
    }
}

/// Scheme and host of `remote`: where a token may go.
fn origin(remote: &str) -> String {
    url::Url::parse(remote).map_or_else(
        |_| remote.to_owned(),
        |url| format!("{}/", url.origin().ascii_serialization()),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_to_its_host_only_and_stays_out_of_complaints() {
        let git = Git::new(
            Path::new("/"),
            Some(("x".to_owned(), Secret::new("tok123"))),
            None,
        );
        let variables = git.environment("https://h.dev/a/b.git");
        let key = variables
            .iter()
            .find(|(_, value)| value.contains("extraHeader"));
        assert_eq!(key.unwrap().1, "http.https://h.dev/.extraHeader");
        assert!(
            !git.environment("ssh://h.dev/x")
                .iter()
                .any(|(_, value)| value.contains("Auth"))
        );
        let error = git
            .complaint("https://h.dev/a", "fatal: odd tok123 thing")
            .to_string();
        assert_eq!(error, "https://h.dev/a: git says: fatal: odd … thing");
    }

    #[test]
    fn complaints_are_told_apart() {
        let git = Git::new(Path::new("/"), None, None);
        let of = |text: &str| git.complaint("https://h.dev/a", text);
        assert!(matches!(
            of("fatal: Authentication failed for 'x'"),
            HostError::NotSignedIn { .. }
        ));
        assert!(matches!(
            of("fatal: repository 'x' not found"),
            HostError::NotFound { .. }
        ));
        assert!(matches!(
            of("fatal: unable to access 'x': Could not resolve host: h.dev"),
            HostError::Unreachable { .. }
        ));
        assert!(matches!(of("fatal: bad object"), HostError::Failed { .. }));
    }
}
