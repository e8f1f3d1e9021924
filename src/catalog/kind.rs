//! The kinds of entity that Backstage knows, in the order in which people look for them.

use std::fmt;

/// A kind of entity; [`Kind::Other`] stands for kinds of a company's own, which are kept and shown like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A piece of software: a service, a website, a library.
    Component,
    /// A boundary between components: an OpenAPI, gRPC or GraphQL definition.
    Api,
    /// What software needs to run: a database, a bucket, a queue.
    Resource,
    /// Components, APIs and resources that work together.
    System,
    /// Systems that share a purpose.
    Domain,
    /// A team or an organizational unit.
    Group,
    /// A person.
    User,
    /// A software template.
    Template,
    /// A pointer to other descriptor files.
    Location,
    /// What coding agents work with: a skill, a rule, a plugin, a marketplace.
    AiResource,
    /// Any kind that is not Backstage's own.
    Other,
}

impl Kind {
    /// All of Backstage's own kinds.
    pub const ALL: [Self; 10] = [
        Self::Component,
        Self::Api,
        Self::Resource,
        Self::System,
        Self::Domain,
        Self::Group,
        Self::User,
        Self::Template,
        Self::Location,
        Self::AiResource,
    ];

    /// The kind named `text`, in any case.
    pub fn parse(text: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
            .unwrap_or(Self::Other)
    }

    /// The kind as Backstage writes it in `kind:`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Component => "Component",
            Self::Api => "API",
            Self::Resource => "Resource",
            Self::System => "System",
            Self::Domain => "Domain",
            Self::Group => "Group",
            Self::User => "User",
            Self::Template => "Template",
            Self::Location => "Location",
            Self::AiResource => "AiResource",
            Self::Other => "Other",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_in_any_case() {
        assert_eq!(Kind::parse("api"), Kind::Api);
        assert_eq!(Kind::parse("Component"), Kind::Component);
        assert_eq!(Kind::parse("Gadget"), Kind::Other);
    }
}
