//! How far a branch has gone since a commit. Commits and trees are fetched into a mirror of their own: the one that files are
//! read from holds one commit at a time.

use super::super::HostError;
use super::remote::Remote;
use super::repository::{ObjectFormat, Repository, Tip};

/// A depth at which Git leaves nothing out.
const WHOLE: &str = "--depth=2147483647";

impl Repository {
    /// How many commits after `since` up to `tip` touch one of `paths`, or anything where there are none; `None` where
    /// `since` is no commit that `tip` came from.
    pub(super) async fn commits_since(
        &self,
        tip: &Tip,
        since: &str,
        paths: &[String],
    ) -> Result<Option<usize>, HostError> {
        let _turn = self.turn.lock().await;
        let dir = self.dir.with_extension("history.git");
        if !dir.join("HEAD").is_file() {
            self.begin(&dir, ObjectFormat::of(&tip.commit))?;
        }
        let Remote { git, .. } = &self.remote;
        let url = self.remote.url();
        let ask = async |words: &[&str]| {
            let output = git.run(&dir, url, words, b"").await?;
            Ok::<String, HostError>(String::from_utf8_lossy(&output).trim().to_owned())
        };
        let moved = self.moved();
        let mut fetch: Vec<&str> = moved.iter().map(String::as_str).collect();
        let what = format!("+{}:refs/stagedoor/tip", tip.name);
        fetch.extend([
            "fetch",
            "--quiet",
            "--no-tags",
            WHOLE,
            "--filter=blob:none",
            "--no-write-fetch-head",
            "origin",
            &what,
        ]);
        ask(&fetch).await?;
        let tip = ask(&["rev-parse", "--verify", "refs/stagedoor/tip^{commit}"]).await?;
        let is_past = ask(&["merge-base", "--is-ancestor", since, &tip]).await;
        if is_past.is_err() {
            return Ok(None);
        }
        let range = format!("{since}..{tip}");
        let mut count = vec!["rev-list", "--count", &range, "--"];
        count.extend(paths.iter().map(String::as_str));
        let counted = ask(&count).await?;
        Ok(counted.parse().ok())
    }
}
