//! What outlasts a page, and the portal: what the user chose of how things are shown, the tabs they turned to, and where
//! they left off reading. The runtime keeps it as it changes and brings it at the next start.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::route::EntityTab;
use crate::catalog::EntityRef;
use crate::techdocs::Reading;

/// How many seconds one can be away from docs and still go on where one left off: thirty days.
const REMEMBERED: u64 = 30 * 24 * 3_600;
/// How many labels of content tabs are remembered.
const LABELS: usize = 20;

/// What outlasts a page.
#[derive(Debug, Clone, Default)]
pub struct Lasting {
    /// How things are shown.
    pub choices: Choices,
    /// The tab that was turned to on the page of an entity.
    pub tabs: HashMap<EntityRef, EntityTab>,
    /// Where one left off in the docs of an entity; none for who was at their beginning.
    pub bookmarks: HashMap<EntityRef, Bookmark>,
    /// Whether what was kept is still on its way.
    pub is_awaited: bool,
    /// The choices that are kept.
    pub kept: Choices,
}

/// How the user wants things shown, where they said so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The columns of what stands at the right of a page, where its edge was dragged.
    pub aside: Option<u16>,
    /// Whether the catalog shows its preview; otherwise the size of the screen decides.
    pub catalog_preview: Option<bool>,
    /// Whether the finder shows its preview where there is room; otherwise it does.
    pub finder_preview: Option<bool>,
    /// How docs are read.
    pub docs: Option<Habits>,
}

/// How the user wants docs shown, on every page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// The labels of content tabs that were chosen, the latest first.
    pub tabs: Vec<String>,
    /// Whether diagrams and formulas are shown as their source.
    pub source: bool,
    /// Whether tables are as wide as they need.
    pub wide: bool,
    /// Whether long lines of code are broken.
    pub wrapped: bool,
}

/// One choice of how something is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Whether the catalog shows its preview; `None` leaves it to the size of the screen.
    CatalogPreview(Option<bool>),
    /// Whether the finder shows its preview.
    FinderPreview(bool),
    /// How docs are read.
    Docs(Habits),
}

/// A place in docs to go on at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// The page, below the docs folder.
    pub page: String,
    /// The line of its source that was on top of the screen; 0 for the page's top.
    pub line: u32,
    /// The heading it lay below, by its index in the outline: another one is another place.
    #[serde(skip)]
    pub heading: Option<usize>,
    /// When, in seconds since 1970.
    #[serde(skip)]
    pub at: u64,
}

/// Something that is to be kept beyond the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// How things are shown.
    Choices(Choices),
    /// The tab that was turned to on the page of an entity; `None` for the first.
    Tab(EntityRef, Option<EntityTab>),
    /// Where one left off in the docs of an entity; `None` for their beginning.
    Bookmark(EntityRef, Option<Bookmark>),
}

impl Keep {
    /// Whether it takes the place of `other`.
    pub fn replaces(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Choices(_), Self::Choices(_)) => true,
            (Self::Tab(of, _), Self::Tab(other, _))
            | (Self::Bookmark(of, _), Self::Bookmark(other, _)) => of == other,
            _ => false,
        }
    }
}

impl Choices {
    /// Takes a choice.
    pub fn take(&mut self, choice: Choice) {
        match choice {
            Choice::CatalogPreview(shown) => self.catalog_preview = shown,
            Choice::FinderPreview(shown) => self.finder_preview = Some(shown),
            Choice::Docs(habits) => self.docs = Some(habits),
        }
    }

    /// These, and where they say nothing, what `others` say.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            aside: self.aside.or(others.aside),
            catalog_preview: self.catalog_preview.or(others.catalog_preview),
            finder_preview: self.finder_preview.or(others.finder_preview),
            docs: self.docs.or(others.docs),
        }
    }
}

impl Habits {
    /// What of `reading` holds for every page.
    pub fn of(reading: &Reading) -> Self {
        Self {
            tabs: reading.tabs.iter().take(LABELS).cloned().collect(),
            source: reading.source,
            wide: reading.wide,
            wrapped: reading.wrapped,
        }
    }

    /// The reading of a page with them.
    pub fn reading(&self) -> Reading {
        Reading {
            tabs: self.tabs.iter().take(LABELS).cloned().collect(),
            source: self.source,
            wide: self.wide,
            wrapped: self.wrapped,
            ..Reading::default()
        }
    }
}

impl Bookmark {
    /// Whether it is still worth going on there, `now` in seconds since 1970.
    pub fn is_fresh(&self, now: u64) -> bool {
        self.at.saturating_add(REMEMBERED) > now
    }
}

impl EntityTab {
    /// The tab of this title.
    pub fn titled(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.title() == title)
    }
}

impl Lasting {
    /// Takes what was kept the last time; what was done since goes before it.
    pub fn restore(&mut self, kept: &Self) {
        self.is_awaited = false;
        self.kept = kept.choices.clone();
        self.choices = std::mem::take(&mut self.choices).or(kept.choices.clone());
        for (entity_ref, tab) in &kept.tabs {
            self.tabs.entry(entity_ref.clone()).or_insert(*tab);
        }
        for (entity_ref, bookmark) in &kept.bookmarks {
            let known = self.bookmarks.entry(entity_ref.clone());
            known.or_insert_with(|| bookmark.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_meanwhile_goes_before_what_was_kept() {
        let orders = EntityRef::new("component", "default", "orders");
        let bills = EntityRef::new("component", "default", "bills");
        let mut now = Lasting {
            is_awaited: true,
            ..Lasting::default()
        };
        now.choices.take(Choice::CatalogPreview(Some(false)));
        now.tabs.insert(orders.clone(), EntityTab::Raw);
        let mut kept = Lasting::default();
        kept.choices.aside = Some(40);
        kept.choices.catalog_preview = Some(true);
        kept.tabs.insert(orders.clone(), EntityTab::Api);
        kept.tabs.insert(bills.clone(), EntityTab::Api);
        now.restore(&kept);
        assert!(!now.is_awaited);
        assert_eq!(now.choices.aside, Some(40));
        assert_eq!(now.choices.catalog_preview, Some(false));
        assert_eq!(now.tabs.get(&orders), Some(&EntityTab::Raw));
        assert_eq!(now.tabs.get(&bills), Some(&EntityTab::Api));
        assert_ne!(now.choices, now.kept, "what is new is kept");
    }

    #[test]
    fn tabs_are_known_by_their_titles_and_a_bookmark_grows_old() {
        for tab in EntityTab::ALL {
            assert_eq!(EntityTab::titled(tab.title()), Some(tab));
        }
        assert_eq!(EntityTab::titled("Something"), None);
        let bookmark = Bookmark {
            page: "a.md".to_owned(),
            line: 3,
            heading: None,
            at: 1_000,
        };
        assert!(bookmark.is_fresh(1_000 + REMEMBERED - 1));
        assert!(!bookmark.is_fresh(1_000 + REMEMBERED));
    }
}
