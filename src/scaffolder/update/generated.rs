//! Repositories that came from a template, and how far each is behind it.

use crate::catalog::EntityRef;

/// One repository and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The repository: a folder, or a host and a name there.
    pub repository: String,
    /// The entity that it describes, where that led to it.
    pub entity: Option<EntityRef>,
    /// The reference of the template; empty where that is not known.
    pub template: String,
    /// The commit of the template that it was made from, and the newest.
    pub revisions: Option<(String, String)>,
    /// How many revisions there are between; `None` where that cannot be told.
    pub behind: Option<usize>,
    /// Where a run of this machine has proposed the newest revision: a web page, or a branch.
    pub proposed: Option<String>,
    /// Why nothing can be told.
    pub error: Option<String>,
}

/// How a repository stands to its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing changed in the template since.
    Current,
    /// The template went on.
    Behind,
    /// It remembers a commit that is not in the template's past.
    Elsewhere,
    /// It does not remember what it was made from.
    Forgotten,
    /// It cannot be told.
    Unknown,
}

impl Standing {
    /// It in a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Current => "up to date",
            Self::Behind => "behind",
            Self::Elsewhere => "unknown revision",
            Self::Forgotten => "not remembered",
            Self::Unknown => "unknown",
        }
    }
}

impl Generated {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        match (&self.error, &self.revisions, self.behind) {
            (Some(_), ..) => Standing::Unknown,
            (None, None, _) => Standing::Forgotten,
            (None, Some(_), Some(0)) => Standing::Current,
            (None, Some(_), Some(_)) => Standing::Behind,
            (None, Some(_), None) => Standing::Elsewhere,
        }
    }

    /// How it stands, in a word or two.
    pub fn words(&self) -> &'static str {
        match (self.standing(), &self.proposed) {
            (Standing::Behind, Some(_)) => "proposed",
            (standing, _) => standing.words(),
        }
    }

    /// The web page of its proposed update.
    pub fn request(&self) -> Option<&str> {
        let page = self.proposed.as_deref();
        page.filter(|page| page.contains("://"))
    }

    /// Whether an update may change something.
    pub fn is_behind(&self) -> bool {
        self.behind != Some(0) && self.revisions.is_some()
    }
}
