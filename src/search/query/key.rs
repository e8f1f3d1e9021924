//! What can stand before the `:`: columns, states, links, and what only the record knows.

use crate::catalog::RelationType;
use crate::catalog::index::Facet;

/// What a word before the `:` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A value of a column.
    Column(Column),
    /// `has:` or `is:`, with the states that can follow.
    State(&'static str),
    /// What stands at the other end of a relation.
    Link(Link),
    /// `label:key=value` or `annotation:key`: an entry of this field.
    Entry(&'static str),
    /// When it last changed.
    Updated,
}

/// Every key as it is written, what it asks for, and that in words. Of two names for one key the first is the one to show.
pub const KEYS: &[(&str, Key, &str)] = &[
    ("kind", Key::Column(Column::Facet(Facet::Kind)), "its kind"),
    ("type", Key::Column(Column::Facet(Facet::Type)), "spec.type"),
    (
        "owner",
        Key::Column(Column::Facet(Facet::Owner)),
        "who owns it, with the groups below; mine",
    ),
    (
        "system",
        Key::Column(Column::Facet(Facet::System)),
        "the system it is part of",
    ),
    (
        "domain",
        Key::Column(Column::Domain),
        "the domain it is in, through its system",
    ),
    (
        "lifecycle",
        Key::Column(Column::Facet(Facet::Lifecycle)),
        "spec.lifecycle",
    ),
    (
        "tag",
        Key::Column(Column::Facet(Facet::Tag)),
        "one of its tags",
    ),
    ("has", Key::State("has"), "docs, an owner, an API …"),
    ("is", Key::State("is"), "mine, starred, broken, orphan …"),
    (
        "depends-on",
        Key::Link(Link::DependsOn),
        "what needs this, directly",
    ),
    (
        "used-by",
        Key::Link(Link::UsedBy),
        "what this needs, directly",
    ),
    (
        "provides",
        Key::Link(Link::Provides),
        "what provides this API",
    ),
    (
        "consumes",
        Key::Link(Link::Consumes),
        "what consumes this API",
    ),
    ("part-of", Key::Link(Link::PartOf), "the parts of this"),
    (
        "member-of",
        Key::Link(Link::MemberOf),
        "the members of this group",
    ),
    (
        "label",
        Key::Entry("metadata.labels"),
        "a label, or its value: label:tier=gold",
    ),
    (
        "annotation",
        Key::Entry("metadata.annotations"),
        "an annotation, or its value",
    ),
    ("updated", Key::Updated, "when it changed: updated:<7d"),
    ("name", Key::Column(Column::Name), "exactly this name"),
    (
        "namespace",
        Key::Column(Column::Facet(Facet::Namespace)),
        "its namespace",
    ),
    ("tags", Key::Column(Column::Facet(Facet::Tag)), ""),
    ("labels", Key::Entry("metadata.labels"), ""),
    ("annotations", Key::Entry("metadata.annotations"), ""),
];

impl Key {
    /// The key written `name`, in lower case.
    pub fn parse(name: &str) -> Option<Self> {
        KEYS.iter()
            .find_map(|&(text, key, _)| (text == name).then_some(key))
    }

    /// How it is written.
    pub fn name(self) -> &'static str {
        KEYS.iter()
            .find_map(|&(text, key, _)| (key == self).then_some(text))
            .unwrap_or_default()
    }
}

/// A column with values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// One of the index's facets.
    Facet(Facet),
    /// The name, exactly.
    Name,
    /// The domain, which an entity is in through its system.
    Domain,
}

impl Column {
    /// The word for it, as written before the `:`.
    pub fn name(self) -> &'static str {
        Key::Column(self).name()
    }
}

/// A link to an entity that is named. Only direct ones count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// It needs the named one, or consumes the named API.
    DependsOn,
    /// The named one needs it, or consumes it.
    UsedBy,
    /// It provides the named API.
    Provides,
    /// It consumes the named API.
    Consumes,
    /// It is part of the named one.
    PartOf,
    /// It is a member of the named group.
    MemberOf,
}

impl Link {
    /// The relations that make the link, read from what is looked for to the named one.
    pub fn types(self) -> &'static [RelationType] {
        use RelationType as R;
        match self {
            Self::DependsOn => &[R::DependsOn, R::ConsumesApi],
            Self::UsedBy => &[R::DependencyOf, R::ApiConsumedBy],
            Self::Provides => &[R::ProvidesApi],
            Self::Consumes => &[R::ConsumesApi],
            Self::PartOf => &[R::PartOf],
            Self::MemberOf => &[R::MemberOf],
        }
    }

    /// The word for it, as written before the `:`.
    pub fn name(self) -> &'static str {
        Key::Link(self).name()
    }
}

/// A state by which a query narrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// `has:docs`: says where its docs are.
    Docs,
    /// `has:owner` and its like: has a value in the column.
    Value(Facet),
    /// `has:title`.
    Title,
    /// `has:description`.
    Description,
    /// `has:api`: provides one.
    Api,
    /// `has:dependencies`: needs something, or consumes an API.
    Dependencies,
    /// `has:dependents`: something needs or consumes it.
    Dependents,
    /// `has:parts`.
    Parts,
    /// `has:members`.
    Members,
    /// `is:mine`: the same as `owner:mine`.
    Mine,
    /// `is:starred`: starred by its user.
    Starred,
    /// `is:broken`: has findings of level error or warning.
    Broken,
    /// `is:orphan`: no relation leads to another entity or from one; a Location has none and is no orphan for it.
    Orphan,
    /// `is:visited`: looked at lately.
    Visited,
}

impl Flag {
    /// The states as they are written.
    pub const NAMES: [(&'static str, Self); 18] = [
        ("has:docs", Self::Docs),
        ("has:owner", Self::Value(Facet::Owner)),
        ("has:system", Self::Value(Facet::System)),
        ("has:type", Self::Value(Facet::Type)),
        ("has:lifecycle", Self::Value(Facet::Lifecycle)),
        ("has:tag", Self::Value(Facet::Tag)),
        ("has:title", Self::Title),
        ("has:description", Self::Description),
        ("has:api", Self::Api),
        ("has:dependencies", Self::Dependencies),
        ("has:dependents", Self::Dependents),
        ("has:parts", Self::Parts),
        ("has:members", Self::Members),
        ("is:mine", Self::Mine),
        ("is:starred", Self::Starred),
        ("is:broken", Self::Broken),
        ("is:orphan", Self::Orphan),
        ("is:visited", Self::Visited),
    ];

    /// The states that can follow `key:`, without it.
    pub fn of(key: &str) -> impl Iterator<Item = (&'static str, Self)> {
        Self::NAMES.into_iter().filter_map(move |(text, flag)| {
            let (of, value) = text.split_once(':')?;
            (of == key).then_some((value, flag))
        })
    }

    /// The state `key:value`; several words for one are taken.
    pub(super) fn parse(key: &str, value: &str) -> Option<Self> {
        let value = match value {
            "apis" => "api",
            "tags" => "tag",
            "techdocs" => "docs",
            "orphaned" => "orphan",
            other => other,
        };
        Self::of(key).find_map(|(text, flag)| (text == value).then_some(flag))
    }
}

impl Flag {
    /// Its relations, where it is about having one of those.
    pub(crate) fn relations(self) -> Option<&'static [RelationType]> {
        use RelationType as R;
        Some(match self {
            Self::Api => &[R::ProvidesApi],
            Self::Dependencies => &[R::DependsOn, R::ConsumesApi],
            Self::Dependents => &[R::DependencyOf, R::ApiConsumedBy],
            Self::Parts => &[R::HasPart],
            Self::Members => &[R::HasMember],
            _ => return None,
        })
    }
}
