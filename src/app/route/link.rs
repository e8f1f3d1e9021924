//! Places in the portal as text: what `stagedoor open` takes and what is copied.
//!
//! ```text
//! home  catalog  catalog?owner:mine  templates  runs  problems  activity
//! component:default/payments  component:default/payments/relations  component:default/payments/docs/ops/paging.md#rota
//! api:default/orders/operation/getOrder  template:default/service/new
//! ```

use super::{About, EntityTab, Route};
use crate::catalog::{EntityRef, Index};

/// What follows an entity's reference in a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A tab of its page.
    Tab(EntityTab),
    /// Its docs: the page, and the heading on it.
    Docs {
        /// The page, relative to the docs folder.
        page: Option<String>,
        /// The heading's id.
        anchor: Option<String>,
    },
    /// An operation of an API.
    Operation(String),
    /// A template's form.
    Form,
}

/// The tabs that have a name in links.
const TABS: &[(&str, EntityTab)] = &[
    ("api", EntityTab::Api),
    ("relations", EntityTab::Relations),
    ("repository", EntityTab::Repository),
    ("raw", EntityTab::Raw),
];

impl Part {
    /// What the text behind a reference names, without its slash; `None` where it names nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, anchor) = match text.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned()).filter(|it| !it.is_empty())),
            None => (text, None),
        };
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let rest = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
        match (first, rest) {
            ("", None) => Some(Self::Tab(EntityTab::Overview)),
            ("docs", page) => Some(Self::Docs { page, anchor }),
            ("operation", Some(_)) => {
                // An operation may have any name, also with a number sign.
                Some(Self::Operation(text.strip_prefix("operation/")?.to_owned()))
            }
            ("new", None) => Some(Self::Form),
            (name, None) => {
                let tab = TABS.iter().find(|(known, _)| *known == name);
                tab.map(|(_, tab)| Self::Tab(*tab))
            }
            _ => None,
        }
    }

    /// The place that it is of an entity.
    pub fn of(self, entity_ref: EntityRef) -> Route {
        match self {
            Self::Tab(tab) => Route::Entity { entity_ref, tab },
            Self::Docs { page, anchor } => Route::Docs {
                entity_ref,
                page,
                anchor,
                words: String::new(),
            },
            Self::Operation(operation) => Route::Operation {
                entity_ref,
                operation,
            },
            Self::Form => Route::Wizard {
                template: entity_ref,
            },
        }
    }
}

impl Route {
    /// The place without an entity that `text` names.
    pub fn named(text: &str) -> Option<Self> {
        Some(match text {
            "home" => Self::Home,
            "catalog" => Self::Catalog {
                query: String::new(),
            },
            "templates" => Self::Templates,
            "runs" => Self::Runs,
            "activity" => Self::Activity,
            "problems" => Self::Problems {
                about: About::Everything,
            },
            other => Self::Catalog {
                query: other.strip_prefix("catalog?")?.to_owned(),
            },
        })
    }

    /// The place that a link names which the portal wrote down itself, if the catalog still has it.
    pub fn kept(link: &str, index: &Index) -> Option<Self> {
        Self::named(link).or_else(|| {
            let parted = Self::parted(link).into_iter();
            let mut known = parted.filter_map(|(reference, part)| {
                let entity_ref = reference.parse::<EntityRef>().ok()?;
                index.row_of(&entity_ref).map(|_| part.of(entity_ref))
            });
            known.next()
        })
    }

    /// Where a link can be parted into a reference and what is said of it: the longest reference first. A reference has
    /// at most one slash, and without it its namespace is left out.
    pub fn parted(text: &str) -> Vec<(&str, Part)> {
        let slashes = text.match_indices('/').map(|(at, _)| at);
        let ends: Vec<usize> = slashes.chain([text.len()]).take(2).collect();
        let parted = ends.iter().rev().filter_map(|end| {
            let (reference, rest) = text.split_at_checked(*end)?;
            Some((
                reference,
                Part::parse(rest.strip_prefix('/').unwrap_or(rest))?,
            ))
        });
        parted.collect()
    }

    /// The place as text; `None` where it lasts no longer than the portal.
    pub fn link(&self) -> Option<String> {
        Some(match self {
            Self::Home => "home".to_owned(),
            Self::Catalog { query } if query.is_empty() => "catalog".to_owned(),
            Self::Catalog { query } => format!("catalog?{query}"),
            Self::Templates => "templates".to_owned(),
            Self::Runs => "runs".to_owned(),
            Self::Activity => "activity".to_owned(),
            Self::Problems { .. } => "problems".to_owned(),
            Self::Entity { entity_ref, tab } => match TABS.iter().find(|(_, known)| known == tab) {
                Some((name, _)) => format!("{entity_ref}/{name}"),
                None => entity_ref.to_string(),
            },
            Self::Relations { entity_ref, .. } => format!("{entity_ref}/relations"),
            Self::Operation {
                entity_ref,
                operation,
            } => format!("{entity_ref}/operation/{operation}"),
            Self::Docs {
                entity_ref,
                page,
                anchor,
                ..
            } => {
                let mut link = format!("{entity_ref}/docs");
                if let Some(page) = page {
                    link.push('/');
                    link.push_str(page);
                }
                if let Some(anchor) = anchor {
                    link.push('#');
                    link.push_str(anchor);
                }
                link
            }
            Self::Wizard { template } | Self::Resume { template, .. } => format!("{template}/new"),
            Self::Run { .. } | Self::Preview { .. } | Self::Generated { .. } => return None,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        let entity = |text: &str| {
            let (reference, part) = Route::parted(text).into_iter().next().unwrap();
            part.of(reference.parse().unwrap())
        };
        for text in [
            "home",
            "catalog",
            "catalog?owner:mine tag:go",
            "templates",
            "runs",
            "problems",
        ] {
            assert_eq!(Route::named(text).unwrap().link().as_deref(), Some(text));
        }
        for text in [
            "component:default/payments",
            "component:default/payments/relations",
            "component:default/payments/docs",
            "component:default/payments/docs/ops/paging.md#rota",
            "component:default/payments/docs#rota",
            "api:default/orders/operation/GET /orders/#all",
            "template:default/service/new",
        ] {
            assert_eq!(entity(text).link().as_deref(), Some(text));
        }
    }

    #[test]
    fn without_a_namespace_both_readings_are_offered() {
        let parted =
            |text| -> Vec<&str> { Route::parted(text).into_iter().map(|(it, _)| it).collect() };
        assert_eq!(parted("payments"), ["payments"]);
        assert_eq!(parted("payments/docs"), ["payments/docs", "payments"]);
        assert_eq!(parted("payments/docs/index.md"), ["payments"]);
        assert_eq!(
            parted("component:payments/shop"),
            ["component:payments/shop"]
        );
        assert_eq!(parted("default/payments/nothing"), Vec::<&str>::new());
    }
}
