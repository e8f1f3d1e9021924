//! What a repository remembers of the template that it was made from: `.stagedoor-answers.yaml` at its root.
//!
//! The file holds no secrets: what was typed into secret fields is left out, and named so that an update can ask for it.
//! Who reads one reads something that anybody may have written: it says which revision was rendered with which answers, never
//! which template is to be run.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::catalog::EntityRef;

/// The name of the file.
pub const FILE: &str = ".stagedoor-answers.yaml";
/// The largest file that is read, in bytes.
const MAX_SIZE: usize = 1 << 20;
/// What stands above what is kept.
const HEAD: &str = "\
# What this repository was made from. Stagedoor reads it to bring the repository up to date with its template:
# `stagedoor template update`. Keep it as it is.
";

/// The contents of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// The version of the format.
    pub version: u32,
    /// The template's reference: `template:default/beacon`.
    pub template: String,
    /// Where its file was.
    #[serde(flatten)]
    pub revision: Revision,
    /// The id of the step that published; `None` where the workspace itself was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The key in `each` of the step that published, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// `context.task.id`.
    pub task: String,
    /// Who ran it, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The answers without secrets.
    pub parameters: Map<String, Json>,
    /// What was left out of them: fields, as `/path`, and secrets, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// The other repositories that its steps read, as they were then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Revision>,
}

/// A file or folder of a repository as it was at a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// The web address of the repository, or `file:///…` where it is known on one machine alone.
    pub repository: String,
    /// The branch or tag.
    pub reference: String,
    /// The path in it.
    pub path: String,
    /// The commit.
    #[serde(rename = "revision")]
    pub commit: String,
}

/// Why the file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemoryError {
    /// It is no such file.
    #[error("{FILE} cannot be read: {0}")]
    Unreadable(String),
    /// It was written by a later version of this program.
    #[error("{FILE} has version {0} of its format; a newer stagedoor wrote it")]
    Newer(u64),
}

impl Memory {
    /// The version of the format that is written; newer ones are not read.
    pub const VERSION: u32 = 1;

    /// What is remembered of a run of `template` at `revision` with `parameters`.
    pub fn new(
        template: String,
        revision: Revision,
        task: String,
        parameters: Map<String, Json>,
    ) -> Self {
        Self {
            version: Self::VERSION,
            template,
            revision,
            step: None,
            each: None,
            task,
            user: None,
            parameters,
            withheld: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Reads the file.
    pub fn read(bytes: &[u8]) -> Result<Self, MemoryError> {
        let unreadable = |why: &str| MemoryError::Unreadable(why.to_owned());
        if bytes.len() > MAX_SIZE {
            return Err(unreadable("it is larger than one megabyte"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| unreadable("it is no UTF-8 text"))?;
        let value: Json =
            serde_yaml::from_str(text).map_err(|error| unreadable(&error.to_string()))?;
        match value.get("version").and_then(Json::as_u64) {
            None => return Err(unreadable("it says no version")),
            Some(version) if version > u64::from(Self::VERSION) => {
                return Err(MemoryError::Newer(version));
            }
            Some(_) => {}
        }
        let memory: Self =
            serde_json::from_value(value).map_err(|error| unreadable(&error.to_string()))?;
        let named: Option<EntityRef> = memory.template.parse().ok();
        if named
            .is_none_or(|named| named.kind() != "template" || named.to_string() != memory.template)
        {
            return Err(unreadable("it names no template"));
        }
        if !memory.revision.is_whole() || !memory.sources.iter().all(Revision::is_whole) {
            return Err(unreadable("a revision in it is no commit"));
        }
        Ok(memory)
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        // What is made of maps, texts and numbers alone can be written.
        let text = serde_yaml::to_string(self).unwrap_or_default();
        format!("{HEAD}{text}")
    }
}

impl Revision {
    fn is_whole(&self) -> bool {
        let stays = !self.path.starts_with('/') && !self.path.split('/').any(|part| part == "..");
        is_commit(&self.commit) && stays
    }

    /// The commit as people write it.
    pub fn short(&self) -> &str {
        short(&self.commit)
    }
}

/// Whether `text` is the id of a commit, written out in full.
pub fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The id `commit` as people write it.
pub fn short(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn memory() -> Memory {
        let revision = Revision {
            repository: "https://github.com/acme/templates".to_owned(),
            reference: "main".to_owned(),
            path: "beacon/template.yaml".to_owned(),
            commit: "4f".repeat(20),
        };
        let parameters =
            json!({ "name": "light: on", "many": [1, 2.5, null], "in": { "a": "yes" } });
        let parameters = parameters.as_object().cloned().unwrap();
        Memory {
            withheld: vec!["/token".to_owned()],
            ..Memory::new(
                "template:default/beacon".to_owned(),
                revision,
                "7".to_owned(),
                parameters,
            )
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let memory = memory();
        let text = memory.to_text();
        assert!(
            text.contains("\nrevision: 4f4f") && text.contains("\nversion: 1\n"),
            "{text}"
        );
        assert_eq!(Memory::read(text.as_bytes()), Ok(memory));
    }

    #[test]
    fn what_is_no_such_file_is_told() {
        let text = memory().to_text();
        let newer = text.replace("version: 1", "version: 2");
        assert_eq!(Memory::read(newer.as_bytes()), Err(MemoryError::Newer(2)));
        for wrong in [
            String::new(),
            "[]".to_owned(),
            "version: 1".to_owned(),
            text.replace("4f4f", "--up"),
            text.replace("beacon/template", "../template"),
            text.replace("path: beacon", "path: /etc"),
            text.replace("template:default/beacon", "./beacon.yaml"),
            text.replace("template:default/beacon", "component:default/beacon"),
            format!("{text}{}", "#".repeat(MAX_SIZE)),
        ] {
            let read = Memory::read(wrong.as_bytes());
            assert!(matches!(read, Err(MemoryError::Unreadable(_))), "{read:?}");
        }
        assert!(Memory::read(b"\xff").is_err());
    }
}
