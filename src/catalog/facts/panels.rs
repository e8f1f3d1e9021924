//! Facts as panels: which words each fact is told in, and in which order.

use super::{
    Alert, Commit, Environment, Fact, Facts, Issue, Language, Listed, Outcome, Pull, Release,
    Review, Run, Severity, Topic,
};
use crate::catalog::panel::{Body, Panel, Row, Sign};
use crate::catalog::text::{capitalized, count};

/// The characters of a commit's id that tell it from others.
const SHORT_ID: usize = 8;

impl Facts {
    /// The panel on `topic`, with at most `most` things listed and where the others are; `None` where the host knows nothing
    /// of that.
    pub fn panel(&self, topic: Topic, most: usize) -> Option<Panel> {
        let pulls = format!("{}s", self.pull_word);
        let releases = format!("{}s", self.release_word);
        match topic {
            Topic::Commit => single(
                "Last commit",
                &self.commit,
                "Nothing was pushed yet.",
                commit,
            ),
            Topic::Pulls => list(
                &capitalized(&pulls),
                &self.pulls,
                &format!("No open {pulls}."),
                most,
                pull,
            ),
            Topic::Runs => {
                let branch = self.branch.as_deref().unwrap_or("the default branch");
                let none = format!("Nothing ran on {branch} yet.");
                list(&format!("Runs of {branch}"), &self.runs, &none, most, run)
            }
            Topic::Issues => list("Issues", &self.issues, "No open issues.", most, issue),
            Topic::Alerts => list(
                "Security alerts",
                &self.alerts,
                "No open security alerts.",
                most,
                alert,
            ),
            Topic::Releases => list(
                &capitalized(&releases),
                &self.releases,
                &format!("No {releases} yet."),
                most,
                release,
            ),
            Topic::Environments => list(
                "Environments",
                &self.environments,
                "It is deployed nowhere that its host knows of.",
                most,
                environment,
            ),
            Topic::Languages => languages(&self.languages, most),
        }
    }

    /// The panel on what hosts of its kind know nothing of; `None` where there is no such thing.
    pub fn lacking(&self) -> Option<Panel> {
        let nouns: Vec<&str> = self.absent().into_iter().map(Topic::noun).collect();
        (!nouns.is_empty()).then(|| Panel {
            title: "Not at this host".to_owned(),
            count: None,
            body: Body::Nothing(format!("{}.", capitalized(&nouns.join(", ")))),
        })
    }
}

/// The panel of one thing.
fn single<T>(title: &str, fact: &Fact<Option<T>>, none: &str, row: fn(&T) -> Row) -> Option<Panel> {
    let body = match fact {
        Fact::Known(Some(known)) => Body::Rows(vec![row(known)]),
        Fact::Known(None) => Body::Nothing(none.to_owned()),
        Fact::Withheld { withheld } => Body::Withheld(withheld.clone()),
        Fact::Absent => return None,
    };
    Some(Panel {
        title: title.to_owned(),
        count: None,
        body,
    })
}

/// The panel of a list; `none` is said where it is empty.
fn list<T>(
    title: &str,
    fact: &Fact<Listed<T>>,
    none: &str,
    most: usize,
    row: fn(&T) -> Row,
) -> Option<Panel> {
    let (number, body) = match fact {
        Fact::Absent => return None,
        Fact::Withheld { withheld } => (None, Body::Withheld(withheld.clone())),
        Fact::Known(listed) if listed.items.is_empty() && listed.count() == 0 => {
            let why = listed.off.as_deref().unwrap_or(none);
            (Some(0), Body::Nothing(why.to_owned()))
        }
        Fact::Known(listed) => {
            let mut rows: Vec<Row> = listed.items.iter().take(most).map(row).collect();
            let shown = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            let more = listed.count().saturating_sub(shown);
            if more > 0 {
                let more = usize::try_from(more).unwrap_or(usize::MAX);
                rows.push(Row {
                    text: format!("…{} more", count(more)),
                    detail: listed.url.clone(),
                    url: listed.url.clone(),
                    ..Row::default()
                });
            }
            (Some(listed.count()), Body::Rows(rows))
        }
    };
    Some(Panel {
        title: title.to_owned(),
        count: number,
        body,
    })
}

/// Those of `words` that say something.
fn notes<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let words = words.into_iter().filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// `words` that say something, parted by dots.
fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    notes(words).join(" · ")
}

fn sign(outcome: Outcome) -> Sign {
    match outcome {
        Outcome::Passed => Sign::Good,
        Outcome::Failed => Sign::Bad,
        Outcome::Running => Sign::Going,
        Outcome::Waiting => Sign::Warning,
        Outcome::Stopped | Outcome::Unknown => Sign::Calm,
    }
}

/// What the checks of something say, in words.
fn checks(outcome: Option<Outcome>) -> String {
    match outcome {
        Some(outcome) => format!("checks {}", outcome.word()),
        None => String::new(),
    }
}

fn commit(commit: &Commit) -> Row {
    let id: String = commit.id.chars().take(SHORT_ID).collect();
    Row {
        sign: commit.checks.map(sign),
        text: format!("{id} {}", commit.title),
        notes: notes([checks(commit.checks).as_str(), &commit.author]),
        at: commit.at,
        detail: joined([
            commit.title.as_str(),
            &commit.author,
            &checks(commit.checks),
            &commit.id,
        ]),
        url: commit.url.clone(),
        share: None,
    }
}

fn pull(pull: &Pull) -> Row {
    let review = if pull.is_draft {
        "draft"
    } else {
        pull.review.words()
    };
    let failed = pull.checks == Some(Outcome::Failed);
    let sign = match (pull.is_draft, pull.review) {
        (_, Review::ChangesRequested) => Sign::Bad,
        _ if failed => Sign::Bad,
        (true, _) => Sign::Calm,
        _ if pull.checks == Some(Outcome::Running) => Sign::Going,
        (_, Review::Approved) => Sign::Good,
        (_, Review::Required) => Sign::Warning,
        (_, Review::NotNeeded) => Sign::Calm,
    };
    let told = if failed { "checks failed" } else { review };
    Row {
        sign: Some(sign),
        text: format!("#{} {}", pull.number, pull.title),
        notes: notes([told, pull.author.as_str()]),
        at: pull.updated,
        detail: joined([
            format!("#{} {}", pull.number, pull.title).as_str(),
            &format!("{} → {}", pull.branch, pull.into),
            review,
            &checks(pull.checks),
        ]),
        url: pull.url.clone(),
        share: None,
    }
}

fn run(run: &Run) -> Row {
    let took = run.seconds.map(duration).unwrap_or_default();
    let name = match run.number {
        0 => run.name.clone(),
        number => format!("{} #{number}", run.name),
    };
    Row {
        sign: Some(sign(run.outcome)),
        notes: match run.outcome {
            Outcome::Passed => notes([took.as_str(), &run.event]),
            other => notes([other.word(), run.event.as_str()]),
        },
        at: run.at,
        detail: joined([
            name.as_str(),
            &run.title,
            run.outcome.word(),
            &run.event,
            &took,
        ]),
        text: name,
        url: run.url.clone(),
        share: None,
    }
}

/// `45 s`, `3 min 12 s`, `1 h 4 min`.
fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

fn issue(issue: &Issue) -> Row {
    let text = format!("#{} {}", issue.number, issue.title);
    Row {
        sign: None,
        notes: notes([
            issue.labels.first().map_or("", String::as_str),
            &issue.author,
        ]),
        at: issue.updated,
        detail: joined([text.as_str(), &issue.author, &issue.labels.join(", ")]),
        text,
        url: issue.url.clone(),
        share: None,
    }
}

fn alert(alert: &Alert) -> Row {
    let fixed = match alert.fixed.as_str() {
        "" => String::new(),
        version => format!("fixed in {version}"),
    };
    Row {
        sign: Some(match alert.severity {
            Severity::Critical | Severity::High => Sign::Bad,
            Severity::Moderate => Sign::Warning,
            Severity::Low | Severity::Unknown => Sign::Calm,
        }),
        text: joined([alert.severity.word(), &alert.subject]),
        notes: notes([fixed.as_str()]),
        at: alert.at,
        detail: joined([
            alert.subject.as_str(),
            &alert.title,
            &alert.versions,
            &fixed,
        ]),
        url: alert.url.clone(),
        share: None,
    }
}

fn release(release: &Release) -> Row {
    Row {
        sign: None,
        text: joined([release.tag.as_str(), &release.name]),
        notes: notes([release.state.as_str()]),
        at: release.at,
        detail: joined([release.tag.as_str(), &release.name, &release.state]),
        url: release.url.clone(),
        share: None,
    }
}

fn environment(environment: &Environment) -> Row {
    let word = match environment.outcome {
        Some(Outcome::Passed) => "",
        Some(other) => other.word(),
        None => "never deployed",
    };
    Row {
        sign: Some(environment.outcome.map_or(Sign::Calm, sign)),
        text: environment.name.clone(),
        notes: notes([word, &environment.deployed]),
        at: environment.at,
        detail: joined([
            environment.name.as_str(),
            &environment.deployed,
            word,
            &environment.url,
        ]),
        url: environment.url.clone(),
        share: None,
    }
}

/// The languages, those beyond `most` together.
fn languages(fact: &Fact<Vec<Language>>, most: usize) -> Option<Panel> {
    let body = match fact {
        Fact::Absent => return None,
        Fact::Withheld { withheld } => Body::Withheld(withheld.clone()),
        Fact::Known(languages) if languages.is_empty() => {
            Body::Nothing("Its host sees no language in it.".to_owned())
        }
        Fact::Known(languages) => Body::Rows(
            languages
                .iter()
                .take(most)
                .map(|language| Row {
                    text: language.name.clone(),
                    notes: vec![percent(language.per_mille)],
                    share: Some(language.per_mille),
                    ..Row::default()
                })
                .collect(),
        ),
    };
    Some(Panel {
        title: "Languages".to_owned(),
        count: None,
        body,
    })
}

/// `62 %`; `< 1 %` rather than none.
fn percent(per_mille: u16) -> String {
    match (per_mille + 5) / 10 {
        0 => "< 1 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn facts(total: u64) -> Facts {
        let pull = |number| Pull {
            number,
            title: "Retry".to_owned(),
            author: "jane".to_owned(),
            is_draft: number == 3,
            review: if number == 1 {
                Review::Approved
            } else {
                Review::Required
            },
            checks: (number == 2).then_some(Outcome::Failed),
            branch: "retry".to_owned(),
            into: "main".to_owned(),
            updated: Some(1),
            url: "https://h.dev/1".to_owned(),
        };
        Facts {
            host: "h.dev".to_owned(),
            name: "a/b".to_owned(),
            url: "https://h.dev/a/b".to_owned(),
            visibility: String::new(),
            is_archived: false,
            branch: Some("main".to_owned()),
            pull_word: "merge request".to_owned(),
            release_word: "tag".to_owned(),
            commit: Fact::Known(None),
            pulls: Fact::Known(Listed {
                items: (1..=total.min(5)).map(pull).collect(),
                total: Some(total),
                url: "https://h.dev/all".to_owned(),
                off: None,
            }),
            runs: Fact::withheld("no"),
            issues: Fact::Known(Listed {
                items: Vec::new(),
                total: Some(0),
                url: String::new(),
                off: Some("Issues are switched off.".to_owned()),
            }),
            alerts: Fact::withheld("no"),
            releases: Fact::withheld("no"),
            environments: Fact::Absent,
            languages: Fact::Known(vec![Language {
                name: "Rust".to_owned(),
                per_mille: 4,
            }]),
        }
    }

    #[test]
    fn panels_say_what_is_there_and_where_the_rest_is() {
        let panel = facts(9).panel(Topic::Pulls, 3).unwrap();
        assert_eq!(panel.title, "Merge requests");
        assert_eq!(panel.count, Some(9));
        let told: Vec<(Option<Sign>, &str, String)> = panel
            .rows()
            .iter()
            .map(|row| {
                (
                    row.sign,
                    row.text.as_str(),
                    joined(row.notes.iter().map(String::as_str)),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Some(Sign::Good), "#1 Retry", "approved · jane"),
                (Some(Sign::Bad), "#2 Retry", "checks failed · jane"),
                (Some(Sign::Calm), "#3 Retry", "draft · jane"),
                (None, "…6 more", ""),
            ]
            .map(|(sign, text, notes)| (sign, text, notes.to_owned()))
        );
    }

    #[test]
    fn nothing_is_told_calmly_and_what_is_withheld_with_its_reason() {
        let facts = facts(0);
        let body = |topic| facts.panel(topic, 3).unwrap().body;
        let nothing = |text: &str| Body::Nothing(text.to_owned());
        assert_eq!(body(Topic::Pulls), nothing("No open merge requests."));
        assert_eq!(body(Topic::Issues), nothing("Issues are switched off."));
        assert_eq!(body(Topic::Commit), nothing("Nothing was pushed yet."));
        assert_eq!(body(Topic::Runs), Body::Withheld("no".to_owned()));
        let languages = facts.panel(Topic::Languages, 3).unwrap();
        assert_eq!(languages.rows()[0].notes, ["< 1 %"]);
        assert_eq!(facts.panel(Topic::Releases, 3).unwrap().title, "Tags");
        assert_eq!(duration(192), "3 min 12 s");
    }

    #[test]
    fn what_a_host_does_not_have_is_said_once() {
        let mut facts = facts(0);
        assert_eq!(facts.panel(Topic::Environments, 3), None);
        facts.issues = Fact::Absent;
        let lacking = facts.lacking().unwrap();
        let text = "Issues, environments.".to_owned();
        assert_eq!(lacking.body, Body::Nothing(text));
        assert_eq!(facts.absent(), [Topic::Issues, Topic::Environments]);
        facts.issues = Fact::withheld("no");
        facts.environments = Fact::withheld("no");
        assert_eq!(facts.lacking(), None);
    }
}
