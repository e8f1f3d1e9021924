//! The people and teams of one organisation as they were last seen, in memory while they are being asked for and in the
//! store all the while.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::People;
use crate::host::HostError;
use crate::host::people::{At, Missing, PeoplePage, Person, Team};
use crate::store::{InventoryChange, InventoryRow, Store, StoreError};
use crate::sync::refresh::now;

/// One that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Row {
    Person(Person),
    Team {
        team: Team,
        /// The members that were told so far, where they come in several pages; those of before count until all are.
        arriving: Option<Vec<String>>,
    },
}

/// How far the listing has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The number of the last sweep.
    sweep: u64,
    /// Where the next page begins, while a sweep is not at its end.
    pub(super) at: Option<At>,
    /// When it began, in milliseconds since 1970.
    pub(super) began: Option<u64>,
    /// When the last one that came to its end did.
    pub(super) ended: Option<u64>,
    /// Whether the host left something out of the sweep.
    pub(super) partial: bool,
    /// What tells the organisation from what it was; and from when the sweep that is under way began.
    pub(super) pulse: Option<String>,
    next_pulse: Option<String>,
}

/// The people and teams of one organisation.
pub(super) struct Kept<'a> {
    store: &'a Store,
    key: String,
    rows: BTreeMap<String, (u64, Row)>,
    pub(super) state: State,
    /// The first reason why something was not told.
    pub(super) withheld: Option<HostError>,
}

/// The names under which the organisations of `people` are kept: whose people, and what was asked of them.
pub(in crate::sync) fn keys(people: &People) -> Vec<String> {
    owners(people).map(|owner| key(people, owner)).collect()
}

/// The organisations of `people`; an empty text for all of a GitLab.
pub(super) fn owners(people: &People) -> impl Iterator<Item = &str> {
    let all = people.owners.is_empty().then_some("");
    people.owners.iter().map(String::as_str).chain(all)
}

fn key(people: &People, owner: &str) -> String {
    let People {
        kind,
        host,
        filters,
        verified_emails,
        ..
    } = people;
    let mut key = format!("people:{}:{host}/{owner}", kind.key());
    for (is_said, word) in [
        (*verified_emails, " verified"),
        (filters.restricted, " restricted"),
        (filters.without_seat, " without-seat"),
    ] {
        key.push_str(if is_said { word } else { "" });
    }
    for relation in &filters.relations {
        key.push(' ');
        key.push_str(relation);
    }
    key
}

/// The id of a row: a person and a team may have the same number at their host.
fn person_id(id: &str) -> String {
    format!("person:{id}")
}

fn team_id(id: &str) -> String {
    format!("team:{id}")
}

impl<'a> Kept<'a> {
    /// What is kept of `owner`. What cannot be read is as if it had never been there: it is asked for again.
    pub(super) fn open(store: &'a Store, people: &People, owner: &str) -> Result<Self, StoreError> {
        let key = key(people, owner);
        let note = store.note(&key)?;
        let state = note.and_then(|note| serde_json::from_str(&note).ok());
        let mut rows = BTreeMap::new();
        if state.is_some() {
            for row in store.inventory(&key)? {
                if let Ok(kept) = serde_json::from_str(&row.body) {
                    rows.insert(row.id, (row.sweep, kept));
                }
            }
        }
        Ok(Self {
            store,
            key,
            rows,
            state: state.unwrap_or_default(),
            withheld: None,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many the present sweep has met.
    pub(super) fn seen(&self) -> usize {
        let met = self.rows.values();
        met.filter(|(sweep, _)| *sweep == self.state.sweep).count()
    }

    /// The people, by their ids.
    pub(super) fn persons(&self) -> Vec<&Person> {
        let person = |(_, row): &'_ (u64, Row)| matches!(row, Row::Person(_));
        let rows = self.rows.values().filter(|row| person(row));
        rows.filter_map(|(_, row)| match row {
            Row::Person(person) => Some(person),
            Row::Team { .. } => None,
        })
        .collect()
    }

    /// The teams, by their ids.
    pub(super) fn teams(&self) -> Vec<&Team> {
        let rows = self.rows.values();
        rows.filter_map(|(_, row)| match row {
            Row::Team { team, .. } => Some(team),
            Row::Person(_) => None,
        })
        .collect()
    }

    /// Those that the present sweep has not met.
    pub(super) fn missing(&self) -> Vec<Missing<'_>> {
        let missing = self.rows.values();
        let missing = missing.filter(|(sweep, _)| *sweep != self.state.sweep);
        missing
            .map(|(_, row)| match row {
                Row::Person(person) => Missing::Person(person),
                Row::Team { team, .. } => Missing::Team(team),
            })
            .collect()
    }

    /// Remembers why something was not told, and that the sweep is not whole.
    pub(super) fn withhold(&mut self, reason: Option<HostError>) {
        self.state.partial |= reason.is_some();
        self.withheld = self.withheld.take().or(reason);
    }

    /// Begins a sweep at the first page of the organisation that `pulse` tells from what it was.
    pub(super) fn begin(&mut self, pulse: Option<String>) -> Result<(), StoreError> {
        self.state = State {
            sweep: self.state.sweep + 1,
            at: Some(At::default()),
            began: Some(now()),
            partial: false,
            next_pulse: pulse,
            ..std::mem::take(&mut self.state)
        };
        self.change(Vec::new(), Vec::new())
    }

    /// Ends the sweep. One that is not whole tells nothing from what it was.
    pub(super) fn end(&mut self) -> Result<(), StoreError> {
        let state = &mut self.state;
        state.at = None;
        state.ended = Some(now());
        let pulse = state.next_pulse.take();
        state.pulse = pulse.filter(|_| !state.partial);
        self.change(Vec::new(), Vec::new())
    }

    /// Takes what a page tells, and keeps it with where the next one begins.
    pub(super) fn take(&mut self, page: PeoplePage) -> Result<(), StoreError> {
        let PeoplePage {
            people,
            teams,
            members,
            next,
            partial,
            ..
        } = page;
        self.withhold(partial);
        let is_coming = |id: &str| {
            let mut rest = next.iter().flat_map(|next| &next.rest);
            rest.any(|(team, _)| team == id)
        };
        let mut seen = Vec::new();
        for person in people {
            let id = person_id(&person.id);
            let is_listed = |(sweep, row): &(u64, Row)| {
                *sweep == self.state.sweep
                    && matches!(row, Row::Person(known) if known.is_active && !person.is_active)
            };
            // Somebody may have a seat in one list and none in another.
            if !self.rows.get(&id).is_some_and(is_listed) {
                self.put(id, Row::Person(person), &mut seen);
            }
        }
        for mut team in teams {
            let id = team_id(&team.id);
            let mut arriving = None;
            if is_coming(&team.id) {
                let told = std::mem::take(&mut team.members);
                if let Some((_, Row::Team { team: before, .. })) = self.rows.remove(&id) {
                    team.members = before.members;
                }
                arriving = Some(told);
            }
            self.put(id, Row::Team { team, arriving }, &mut seen);
        }
        for (team, mut more) in members {
            let id = team_id(&team);
            let Some((_, Row::Team { team, arriving })) = self.rows.remove(&id) else {
                continue;
            };
            let mut arriving = arriving.unwrap_or_default();
            arriving.append(&mut more);
            let row = if is_coming(&team.id) {
                Row::Team {
                    team,
                    arriving: Some(arriving),
                }
            } else {
                let team = Team {
                    members: arriving,
                    ..team
                };
                Row::Team {
                    team,
                    arriving: None,
                }
            };
            self.put(id, row, &mut seen);
        }
        // The end is kept by `end`, once those that were not met are looked for.
        self.state.at = Some(next.unwrap_or_else(At::end));
        self.change(seen, Vec::new())
    }

    /// Takes out those that are gone.
    pub(super) fn remove(&mut self, gone: Vec<String>) -> Result<(), StoreError> {
        for id in &gone {
            self.rows.remove(id);
        }
        self.change(Vec::new(), gone)
    }

    fn put(&mut self, id: String, row: Row, seen: &mut Vec<InventoryRow>) {
        seen.push(InventoryRow {
            id: id.clone(),
            sweep: self.state.sweep,
            body: serde_json::to_string(&row).unwrap_or_default(),
        });
        self.rows.insert(id, (self.state.sweep, row));
    }

    fn change(&self, seen: Vec<InventoryRow>, gone: Vec<String>) -> Result<(), StoreError> {
        let state = serde_json::to_string(&self.state).unwrap_or_default();
        let change = InventoryChange { seen, gone, state };
        self.store.change_inventory(&self.key, &change)
    }
}

/// The id of the row of one that is missing.
pub(super) fn row_id(missing: &Missing<'_>) -> String {
    match missing {
        Missing::Person(person) => person_id(&person.id),
        Missing::Team(team) => team_id(&team.id),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::config::HostKind;
    use crate::host::people::List;

    fn team(members: &[&str]) -> Team {
        Team {
            id: "1".to_owned(),
            path: "core".to_owned(),
            members: members.iter().map(|&login| login.to_owned()).collect(),
            ..Team::default()
        }
    }

    fn at(rest: &[&str]) -> At {
        let rest = rest.iter().map(|&team| (team.to_owned(), String::new()));
        At {
            list: List::Nothing,
            cursor: None,
            rest: rest.collect(),
        }
    }

    #[test]
    fn members_of_before_count_until_all_new_ones_are_told() {
        let store = Store::temporary().unwrap();
        let people = People::new(HostKind::Github, "h.dev", vec!["acme".to_owned()]);
        let open = || Kept::open(&store, &people, "acme").unwrap();
        let mut kept = open();
        kept.begin(None).unwrap();
        let page = |teams, members: &[&str], next| PeoplePage {
            teams,
            members: members
                .iter()
                .map(|&login| ("1".to_owned(), vec![login.to_owned()]))
                .collect(),
            next,
            ..PeoplePage::default()
        };
        kept.take(page(vec![team(&["a"])], &[], None)).unwrap();
        kept.end().unwrap();
        kept.begin(None).unwrap();
        kept.take(page(vec![team(&["b"])], &[], Some(at(&["1"]))))
            .unwrap();
        assert_eq!(kept.teams()[0].members, ["a"]);
        // Killed here, it goes on where it was.
        let mut kept = open();
        assert_eq!(kept.state.at, Some(at(&["1"])));
        kept.take(page(Vec::new(), &["c"], Some(at(&["1"]))))
            .unwrap();
        assert_eq!(kept.teams()[0].members, ["a"]);
        kept.take(page(Vec::new(), &["d"], None)).unwrap();
        assert_eq!(open().teams()[0].members, ["b", "c", "d"]);
    }

    #[test]
    fn who_has_a_seat_somewhere_is_active() {
        let store = Store::temporary().unwrap();
        let people = People::new(HostKind::Gitlab, "h.dev", Vec::new());
        let mut kept = Kept::open(&store, &people, "").unwrap();
        kept.begin(None).unwrap();
        for is_active in [false, true, false] {
            let person = Person {
                id: "1".to_owned(),
                is_active,
                ..Person::default()
            };
            let page = PeoplePage {
                people: vec![person],
                ..PeoplePage::default()
            };
            kept.take(page).unwrap();
        }
        assert!(kept.persons()[0].is_active);
    }
}
