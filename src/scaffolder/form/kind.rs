//! How a field is asked, and what value it makes.

use serde_json::Value as Json;

/// How a field is asked and what value it makes.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// Text.
    Text {
        /// Over several lines (`ui:widget: textarea`).
        multiline: bool,
        /// `ui:widget: password` or `ui:field: Secret`: shown as dots.
        secret: bool,
    },
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// One of some values.
    Choice(Vec<Choice>),
    /// Any number of some values.
    MultiChoice(Vec<Choice>),
    /// A list of texts or numbers: one value a line.
    List(Box<FieldKind>),
    /// Key and value pairs, or whatever has no editor of its own: asked as YAML.
    Structure,
    /// A heading over the fields of a nested object; has no value of its own.
    Group,
    /// The end of a list whose items have fields of their own: one more is added here. Its path is the list's with `/-`.
    Items(Items),
    /// Which of several shapes the value has; the fields below it follow.
    Variant {
        /// What they are called.
        options: Vec<String>,
        /// Which one the answers are, or the user picked.
        picked: usize,
    },
    /// One entity of the catalog.
    Entity(EntityPick),
    /// Any number of entities.
    Entities(EntityPick),
    /// A name that Backstage takes for an entity.
    EntityName,
    /// Tags of the catalog.
    Tags(TagOptions),
    /// Where a new repository shall be; see [`RepoUrl`](super::repo_url::RepoUrl).
    RepoUrl(Box<RepoUrlOptions>),
    /// A branch of the repository that the sibling field `repoUrl` names.
    Branch(Option<Credentials>),
    /// An owner of repositories at a host.
    RepoOwner {
        /// The host; empty for the only one there is.
        host: String,
        /// Owners that are not offered.
        excluded: Vec<String>,
        /// Whose token asks for them.
        credentials: Option<Credentials>,
    },
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The value it stands for.
    pub value: Json,
    /// What to call it.
    pub label: String,
}

/// Which entities a picker offers, and what free text means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EntityPick {
    /// `catalogFilter`: alternatives, each an object of key → text, list of texts, or `{exists: true}`. Empty: all.
    pub filter: Vec<Json>,
    /// The kind of a text that names none.
    pub default_kind: Option<String>,
    /// The namespace of a text that names none; `default` unless its author says otherwise.
    pub default_namespace: String,
    /// Whether text that names no known entity is fine.
    pub free_text: bool,
    /// The only entity there is to pick is taken at once where it must be one (`autoSelect`).
    pub auto: bool,
    /// Whose they are.
    pub whose: Whose,
}

/// Whose entities a picker offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// Anybody's.
    #[default]
    Anybodys,
    /// Those that the user owns (`OwnedEntityPicker`).
    Mine,
    /// Groups that the user is a member of (`MyGroupsPicker`).
    MyGroups,
}

/// What a repository picker allows; empty lists allow everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepoUrlOptions {
    /// `allowedHosts`.
    pub hosts: Vec<String>,
    /// `allowedOwners`.
    pub owners: Vec<String>,
    /// `allowedRepos`.
    pub repos: Vec<String>,
    /// `allowedOrganizations`.
    pub organizations: Vec<String>,
    /// `allowedProjects`.
    pub projects: Vec<String>,
    /// `ownerLabel`: what the owner is called.
    pub owner_label: Option<String>,
    /// `repoLabel`: what the repository's name is called.
    pub repo_label: Option<String>,
    /// `ownerDescription`.
    pub owner_help: Option<String>,
    /// `repoDescription`.
    pub repo_help: Option<String>,
    /// `disableRepoAutocomplete`: names of repositories that exist are not offered.
    pub no_repositories: bool,
    /// `requestUserCredentials`.
    pub credentials: Option<Credentials>,
}

/// `requestUserCredentials`: a run gets the user's own token for the host as a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The secret's name.
    pub secret: String,
}

/// What an `EntityTagsPicker` offers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagOptions {
    /// Tags of entities of these kinds alone; empty for all.
    pub kinds: Vec<String>,
    /// Offered by how many entities have them, with the counts.
    pub counts: bool,
    /// `helperText`.
    pub help: Option<String>,
}

/// A list whose items have fields of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Items {
    /// How many there are.
    pub length: usize,
    /// Whether one may be added.
    pub add: bool,
    /// Whether they may be taken out.
    pub remove: bool,
}

impl FieldKind {
    /// One line of plain text.
    pub fn text() -> Self {
        Self::Text {
            multiline: false,
            secret: false,
        }
    }

    /// Whether its value is a list: emptied, it is an empty one.
    pub fn is_list(&self) -> bool {
        matches!(
            self,
            Self::MultiChoice(_) | Self::List(_) | Self::Entities(_) | Self::Tags(_)
        )
    }

    /// What the kind's own options say of it.
    pub(super) fn help(&self) -> Option<String> {
        match self {
            Self::Tags(options) => options.help.clone(),
            _ => None,
        }
    }
}
