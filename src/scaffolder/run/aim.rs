//! What a run is for beside what its template says: that its repositories remember it, or that what it would publish is seen.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::scaffolder::action::{self, ActionError, Input};
use crate::scaffolder::journal::without_secrets;
use crate::scaffolder::memory::{FILE, Memory, Revision};
use crate::scaffolder::outside::{Content, Outside};
use crate::scaffolder::template::Step;
use crate::scaffolder::update::Update;

use super::runner::{Call, Runner};
use super::{Job, LogLevel, StepReport};

/// What a run is for beside what its template says.
#[derive(Debug, Clone, Copy, Default)]
pub enum Aim<'a> {
    /// Nothing more.
    #[default]
    Plain,
    /// Each repository that it makes remembers template, revision and answers.
    Remember,
    /// What each step would publish is copied to a folder below this one, named by [`published`].
    Render(&'a Path),
    /// It is an update of a repository, whose steps are its own.
    Update(&'a Update),
}

/// The actions that fill a new repository with a folder of the workspace.
const PUBLISHING: [&str; 10] = [
    "publish:github",
    "publish:gitlab",
    "publish:gitea",
    "publish:bitbucketCloud",
    "publish:bitbucketServer",
    "publish:azure",
    "publish:gerrit",
    "github:repo:push",
    "stagedoor:publish:git",
    "stagedoor:publish:local",
];

/// Whether `step` fills a new repository.
pub fn publishes(step: &Step) -> bool {
    PUBLISHING.contains(&step.action.as_str())
}

/// The name of the folder for what `step` publishes; `each` is its key where it publishes several.
pub fn published(step: &str, each: Option<&str>) -> String {
    let name = format!("{step}\n{}", each.unwrap_or_default());
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(name.as_bytes()))
}

impl Runner<'_> {
    /// Does what is to be done before `call` of `step` is carried out or simulated.
    pub(super) fn before(
        &mut self,
        index: usize,
        step: &Step,
        call: &Call,
    ) -> Result<(), ActionError> {
        if !publishes(step) {
            return Ok(());
        }
        let key = call.each.as_ref().and_then(|each| each["key"].as_str());
        match self.job.aim {
            Aim::Plain | Aim::Update(_) => Ok(()),
            Aim::Remember => {
                let folder = Self::source(step, call)?;
                self.remember(Some(index), &folder, Some(step), key)
            }
            Aim::Render(folder) => {
                let from = self.workspace.resolve(&Self::source(step, call)?)?;
                let to = folder.join(published(&step.id, key));
                action::copy_folder(&from, &to, self.stop)
            }
        }
    }

    /// Writes down what was run where nothing was published: the workspace is what is kept.
    pub(super) fn at_the_end(&mut self) -> Result<(), ActionError> {
        let publishing = self.job.template.steps.iter().any(publishes);
        match self.job.aim {
            Aim::Remember if !publishing => self.remember(None, "", None, None),
            _ => Ok(()),
        }
    }

    /// The folder of the workspace that `call` publishes.
    fn source(step: &Step, call: &Call) -> Result<String, ActionError> {
        let input = Input::new(&step.action, &call.input);
        action::source_path(&input).map(str::to_owned)
    }

    /// Puts what a repository remembers into the folder `folder` of the workspace.
    fn remember(
        &mut self,
        index: Option<usize>,
        folder: &str,
        step: Option<&Step>,
        each: Option<&str>,
    ) -> Result<(), ActionError> {
        let location = &self.job.template.location;
        let revision = match self.outside.revision(location, None) {
            Ok(revision) => revision,
            Err(why) => {
                let line = format!("The repository does not remember its template: {why}");
                self.warn(index, line);
                return Ok(());
            }
        };
        let memory = Memory {
            step: step.map(|step| step.id.clone()),
            each: each.map(str::to_owned),
            sources: sources(location, &self.report.steps, &revision, self.outside),
            ..of_job(self.job, revision)
        };
        let folder = folder.trim_matches('/');
        let path = match folder {
            "" | "." => FILE.to_owned(),
            folder => format!("{folder}/{FILE}"),
        };
        // A link that stands there leads elsewhere.
        let place = self.workspace.entry(&path)?;
        if fs::symlink_metadata(&place).is_ok_and(|there| there.is_symlink()) {
            // Where it cannot be removed, nothing can be written either.
            let _ = fs::remove_file(&place);
        }
        let (bytes, mode) = (memory.to_text().into_bytes(), 0o644);
        self.workspace.put(&path, &Content::File { bytes, mode })?;
        let line = format!("{path} remembers template, revision and answers");
        self.log(index, LogLevel::Info, &line);
        Ok(())
    }
}

/// The repositories beside the template's own, which stands at `own`, that `steps` have read, as they are now.
pub(crate) fn sources(
    location: &str,
    steps: &[StepReport],
    own: &Revision,
    outside: &dyn Outside,
) -> Vec<Revision> {
    let mut urls: Vec<&str> = Vec::new();
    for step in steps
        .iter()
        .filter(|step| step.action.starts_with("fetch:"))
    {
        let calls = match &step.input {
            Json::Array(calls) => calls.as_slice(),
            one => std::slice::from_ref(one),
        };
        urls.extend(calls.iter().filter_map(|call| call.get("url")?.as_str()));
    }
    let mut sources: Vec<Revision> = Vec::new();
    for url in urls.into_iter().filter(|url| url.contains("://")) {
        // What has no revision is read as it is when the repository is updated.
        let Ok(revision) = outside.revision(location, Some(url)) else {
            continue;
        };
        let is_same = |known: &Revision| {
            (&known.repository, &known.reference) == (&revision.repository, &revision.reference)
        };
        if !is_same(own) && !sources.iter().any(is_same) {
            sources.push(revision);
        }
    }
    sources
}

/// What is remembered of `job`, whose template was read at `revision`.
fn of_job(job: &Job<'_>, revision: Revision) -> Memory {
    let (parameters, withheld) = without_secrets(job.template, job.answers);
    let user = job.user.get("ref").and_then(|user| user.as_str());
    Memory {
        user: user.map(str::to_owned),
        withheld,
        ..Memory::new(
            job.template.entity_ref.to_string(),
            revision,
            job.task_id.clone(),
            parameters,
        )
    }
}
