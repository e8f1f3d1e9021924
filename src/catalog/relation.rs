//! Relations: typed, directed links between entities, each with its inverse.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::EntityRef;

/// One directed relation. The pair of it, with the inverse type, stands at the target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Relation {
    /// The entity at which the relation is shown.
    pub source: EntityRef,
    /// What the relation means, read from source to target.
    #[serde(rename = "type")]
    pub relation_type: RelationType,
    /// The entity it points to, which need not exist.
    pub target: EntityRef,
}

impl Relation {
    /// The same link seen from the other end.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self {
            source: self.target.clone(),
            relation_type: self.relation_type.inverse(),
            target: self.source.clone(),
        }
    }
}

macro_rules! relation_types {
    ($($(#[$doc:meta])* $name:ident $text:literal $label:literal $inverse:ident;)*) => {
        /// What a relation means. Names and pairs are Backstage's; in the order in which a person reads them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum RelationType { $($(#[$doc])* $name,)* }

        impl RelationType {
            /// Every relation type.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name as Backstage writes it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The words for a person: "owned by".
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label),* }
            }

            /// The type of the same link seen from its target.
            #[must_use]
            pub fn inverse(self) -> Self {
                match self { $(Self::$name => Self::$inverse),* }
            }
        }
    };
}

relation_types! {
    /// The source is owned by the target.
    OwnedBy "ownedBy" "owned by" OwnerOf;
    /// The source owns the target.
    OwnerOf "ownerOf" "owns" OwnedBy;
    /// The source is a part of the target.
    PartOf "partOf" "part of" HasPart;
    /// The target is a part of the source.
    HasPart "hasPart" "has part" PartOf;
    /// The source provides the target API.
    ProvidesApi "providesApi" "provides" ApiProvidedBy;
    /// The source API is provided by the target.
    ApiProvidedBy "apiProvidedBy" "provided by" ProvidesApi;
    /// The source uses the target API.
    ConsumesApi "consumesApi" "consumes" ApiConsumedBy;
    /// The source API is used by the target.
    ApiConsumedBy "apiConsumedBy" "consumed by" ConsumesApi;
    /// The source needs the target.
    DependsOn "dependsOn" "depends on" DependencyOf;
    /// The target needs the source.
    DependencyOf "dependencyOf" "used by" DependsOn;
    /// The source is a member of the target group.
    MemberOf "memberOf" "member of" HasMember;
    /// The target is a member of the source group.
    HasMember "hasMember" "has member" MemberOf;
    /// The source group is below the target group.
    ChildOf "childOf" "child of" ParentOf;
    /// The source group is above the target group.
    ParentOf "parentOf" "parent of" ChildOf;
}

impl RelationType {
    /// Whether it is read from the one that needs, belongs or uses; of each pair one type is.
    pub fn is_forward(self) -> bool {
        matches!(
            self,
            Self::OwnedBy
                | Self::PartOf
                | Self::ProvidesApi
                | Self::ConsumesApi
                | Self::DependsOn
                | Self::MemberOf
                | Self::ChildOf
        )
    }

    /// The type with Backstage's name `text`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|relation_type| relation_type.as_str() == text)
    }
}

impl fmt::Display for RelationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_the_inverse_of_its_inverse() {
        for &relation_type in RelationType::ALL {
            assert_eq!(relation_type.inverse().inverse(), relation_type);
            assert_ne!(relation_type.inverse(), relation_type);
            assert_ne!(
                relation_type.inverse().is_forward(),
                relation_type.is_forward()
            );
            assert_eq!(
                RelationType::parse(relation_type.as_str()),
                Some(relation_type)
            );
        }
    }
}
