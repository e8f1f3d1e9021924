//! What a host tells of a repository beside its files: plain data, for the entity page, the command line and the store.
//!
//! Each fact is known or withheld by itself: a token that may not read security alerts still shows pull requests.
//! Times are seconds since 1970. Text in it has been cleaned.

mod panels;

use serde::{Deserialize, Serialize};

/// The facts of one repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The host's name.
    pub host: String,
    /// Its path there: `owner/name`, for some kinds with more parts.
    pub name: String,
    /// Its web page.
    pub url: String,
    /// `public`, `private` or `internal`; empty where the host does not say.
    pub visibility: String,
    /// Whether it can only be read.
    pub is_archived: bool,
    /// The default branch; `None` where nothing was ever pushed.
    pub branch: Option<String>,
    /// What the host calls a proposed change: `pull request`, `merge request`, `change`.
    pub pull_word: String,
    /// What the host calls what came out: `release`, or `tag` where it knows no more of it than that.
    #[serde(default = "release")]
    pub release_word: String,
    /// The last commit of the default branch.
    pub commit: Fact<Option<Commit>>,
    /// Changes that are proposed and open, the latest first.
    pub pulls: Fact<Listed<Pull>>,
    /// Runs of the default branch, the latest first.
    pub runs: Fact<Listed<Run>>,
    /// Open issues, the latest first.
    pub issues: Fact<Listed<Issue>>,
    /// Open security alerts, the worst first.
    pub alerts: Fact<Listed<Alert>>,
    /// Releases, the latest first.
    pub releases: Fact<Listed<Release>>,
    /// Where it is deployed to.
    pub environments: Fact<Listed<Environment>>,
    /// What it is written in, the most first.
    pub languages: Fact<Vec<Language>>,
}

/// One subject of the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The last commit.
    Commit,
    /// Proposed changes.
    Pulls,
    /// Runs of the default branch.
    Runs,
    /// Open issues.
    Issues,
    /// Security alerts.
    Alerts,
    /// Releases.
    Releases,
    /// Where it is deployed to.
    Environments,
    /// What it is written in.
    Languages,
}

impl Topic {
    /// Every subject.
    pub const ALL: [Self; 8] = [
        Self::Commit,
        Self::Pulls,
        Self::Runs,
        Self::Issues,
        Self::Alerts,
        Self::Releases,
        Self::Environments,
        Self::Languages,
    ];

    /// What to call it in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Commit => "the last commit",
            Self::Pulls => "pull requests",
            Self::Runs => "runs",
            Self::Issues => "issues",
            Self::Alerts => "security alerts",
            Self::Releases => "releases",
            Self::Environments => "environments",
            Self::Languages => "languages",
        }
    }
}

/// The usual word for what came out.
fn release() -> String {
    "release".to_owned()
}

/// What is known of one subject, or why nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact<T> {
    /// The host would not say.
    Withheld {
        /// Why, in words, with what helps.
        withheld: String,
    },
    /// What it said.
    Known(T),
    /// Hosts of its kind have no such thing.
    Absent,
}

impl<T> Fact<T> {
    /// What is withheld because of `reason`.
    pub fn withheld(reason: impl Into<String>) -> Self {
        Self::Withheld {
            withheld: reason.into(),
        }
    }

    /// What is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(known) => Some(known),
            Self::Withheld { .. } | Self::Absent => None,
        }
    }

    /// Why nothing is known.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Withheld { withheld } => Some(withheld),
            Self::Known(_) | Self::Absent => None,
        }
    }
}

impl Facts {
    /// Every subject that is withheld, with its reason.
    pub fn withheld(&self) -> Vec<(Topic, &str)> {
        let reasons = [
            (Topic::Commit, self.commit.reason()),
            (Topic::Pulls, self.pulls.reason()),
            (Topic::Runs, self.runs.reason()),
            (Topic::Issues, self.issues.reason()),
            (Topic::Alerts, self.alerts.reason()),
            (Topic::Releases, self.releases.reason()),
            (Topic::Environments, self.environments.reason()),
            (Topic::Languages, self.languages.reason()),
        ];
        reasons
            .into_iter()
            .filter_map(|(topic, reason)| Some((topic, reason?)))
            .collect()
    }

    /// Every subject that hosts of its kind know nothing of.
    pub fn absent(&self) -> Vec<Topic> {
        let subjects = [
            (Topic::Pulls, self.pulls == Fact::Absent),
            (Topic::Runs, self.runs == Fact::Absent),
            (Topic::Issues, self.issues == Fact::Absent),
            (Topic::Alerts, self.alerts == Fact::Absent),
            (Topic::Releases, self.releases == Fact::Absent),
            (Topic::Environments, self.environments == Fact::Absent),
            (Topic::Languages, self.languages == Fact::Absent),
        ];
        let absent = subjects.into_iter().filter(|(_, is_absent)| *is_absent);
        absent.map(|(topic, _)| topic).collect()
    }
}

/// The first of some things, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// The first of them.
    pub items: Vec<T>,
    /// How many there are in all, where the host tells.
    pub total: Option<u64>,
    /// The page that shows all of them.
    pub url: String,
    /// Why there can be none: it is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<String>,
}

impl<T> Listed<T> {
    /// How many there are, as far as is known.
    pub fn count(&self) -> u64 {
        let listed = u64::try_from(self.items.len()).unwrap_or(u64::MAX);
        self.total.unwrap_or(listed).max(listed)
    }
}

/// How something ended that a machine did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It went well.
    Passed,
    /// It did not.
    Failed,
    /// It goes on, or waits for its turn.
    Running,
    /// It waits for a person.
    Waiting,
    /// Somebody stopped it, or it was left out.
    Stopped,
    /// The host uses a word that is not known.
    Unknown,
}

impl Outcome {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Stopped => "stopped",
            Self::Unknown => "unknown",
        }
    }
}

/// What reviewers think of a proposed change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Review {
    /// Nobody has to look at it.
    NotNeeded,
    /// Somebody still has to look at it.
    Required,
    /// They want something changed.
    ChangesRequested,
    /// It may go in.
    Approved,
}

impl Review {
    /// A few words for it; none where there is nothing to say.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotNeeded => "",
            Self::Required => "review required",
            Self::ChangesRequested => "changes requested",
            Self::Approved => "approved",
        }
    }
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// The first line of its message.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// When.
    pub at: Option<u64>,
    /// What its checks say, where there are any.
    pub checks: Option<Outcome>,
    /// Its page.
    pub url: String,
}

/// A proposed change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Who proposes it.
    pub author: String,
    /// Whether it is not ready yet.
    pub is_draft: bool,
    /// What reviewers think of it.
    pub review: Review,
    /// What its checks say, where there are any.
    pub checks: Option<Outcome>,
    /// Its branch.
    pub branch: String,
    /// The branch it is for.
    pub into: String,
    /// When it last changed.
    pub updated: Option<u64>,
    /// Its page.
    pub url: String,
}

/// A run of a workflow or pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The workflow's name, or the pipeline's.
    pub name: String,
    /// Its number; 0 where it has none.
    pub number: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it ran: `push`, `schedule`.
    pub event: String,
    /// What it is about: the title of its commit.
    pub title: String,
    /// When it began.
    pub at: Option<u64>,
    /// How long it took, in seconds, where it has ended.
    pub seconds: Option<u64>,
    /// Its page.
    pub url: String,
}

/// An issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Who opened it.
    pub author: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// When it last changed.
    pub updated: Option<u64>,
    /// Its page.
    pub url: String,
}

/// How bad an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// As bad as can be.
    Critical,
    /// Bad.
    High,
    /// In between.
    Moderate,
    /// Not so bad.
    Low,
    /// The host does not say.
    Unknown,
}

impl Severity {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Moderate => "moderate",
            Self::Low => "low",
            Self::Unknown => "unknown",
        }
    }
}

/// A security alert, or several that the host only counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// How bad it is.
    pub severity: Severity,
    /// What is vulnerable: `lodash`, `12 findings`.
    pub subject: String,
    /// What is wrong with it.
    pub title: String,
    /// Which versions are vulnerable; empty where unknown.
    pub versions: String,
    /// The first version that is not; empty where there is none yet.
    pub fixed: String,
    /// Since when.
    pub at: Option<u64>,
    /// Its page.
    pub url: String,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Its tag.
    pub tag: String,
    /// Its name, where that is not the tag.
    pub name: String,
    /// `latest`, `pre-release`, `draft`; empty for any other.
    pub state: String,
    /// When it came out.
    pub at: Option<u64>,
    /// Its page.
    pub url: String,
}

/// Where it is deployed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// How the last deployment ended, where there was one.
    pub outcome: Option<Outcome>,
    /// What was deployed: a branch, a tag, or the beginning of a commit's id.
    pub deployed: String,
    /// When.
    pub at: Option<u64>,
    /// What is deployed there, else its page.
    pub url: String,
}

/// What it is written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Language {
    /// Its name.
    pub name: String,
    /// Its share of all, in thousandths.
    pub per_mille: u16,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn panels_are_read_as_they_are_written() {
        let none: Fact<Option<Commit>> = Fact::Known(None);
        let list: Fact<Listed<Language>> = Fact::Known(Listed {
            items: vec![Language {
                name: "Rust".to_owned(),
                per_mille: 1_000,
            }],
            total: None,
            url: String::new(),
            off: None,
        });
        let withheld: Fact<Vec<Language>> = Fact::withheld("no");
        let absent: Fact<Vec<Language>> = Fact::Absent;
        assert_eq!(json!(none), json!(null));
        assert_eq!(json!(withheld), json!({ "withheld": "no" }));
        assert_eq!(
            serde_json::from_value::<Fact<Option<Commit>>>(json!(none)).unwrap(),
            none
        );
        assert_eq!(
            serde_json::from_value::<Fact<Listed<Language>>>(json!(list)).unwrap(),
            list
        );
        assert_eq!(
            serde_json::from_value::<Fact<Vec<Language>>>(json!(withheld)).unwrap(),
            withheld
        );
        assert_eq!(list.known().map(Listed::count), Some(1));
        assert_eq!(json!(absent), json!(null));
        assert_eq!(
            serde_json::from_value::<Fact<Vec<Language>>>(json!(null)).unwrap(),
            absent
        );
    }
}
