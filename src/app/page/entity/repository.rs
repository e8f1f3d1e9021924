//! The repository tab: what the host of the entity's repository tells of it, in panels. What is kept is shown at once with
//! its age, and the host is asked behind it.

use std::sync::Arc;

use super::overview::Target;
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::Edit;
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::catalog::EntityRef;
use crate::catalog::facts::{Facts, Topic};
use crate::catalog::panel::{Body, Panel, Row};

/// The panels of one column, of the left one, and of the right one, from top to bottom.
const ONE: [Topic; 7] = [
    Topic::Pulls,
    Topic::Runs,
    Topic::Alerts,
    Topic::Issues,
    Topic::Environments,
    Topic::Releases,
    Topic::Languages,
];
const LEFT: [Topic; 3] = [Topic::Pulls, Topic::Issues, Topic::Alerts];
const RIGHT: [Topic; 4] = [
    Topic::Runs,
    Topic::Environments,
    Topic::Releases,
    Topic::Languages,
];

/// What is known of the facts of a repository.
#[derive(Debug, Clone)]
pub enum Told {
    /// There is no repository that could be asked about, and why.
    Nowhere(String),
    /// The host is being asked; this is what it told before.
    Asking(Option<Kept>),
    /// What it told.
    Known(Kept),
    /// Why it did not tell, and what it told before.
    Failed(String, Option<Kept>),
}

/// What a host told, and when.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The facts.
    pub facts: Arc<Facts>,
    /// When it was asked, in seconds since 1970; `None` where nobody was, for the facts are made up for the demo.
    pub asked: Option<u64>,
}

impl Told {
    /// What the host told, now or before.
    pub fn kept(&self) -> Option<&Kept> {
        match self {
            Self::Nowhere(_) => None,
            Self::Asking(kept) | Self::Failed(_, kept) => kept.as_ref(),
            Self::Known(kept) => Some(kept),
        }
    }
}

/// State of the repository tab.
#[derive(Debug, Default)]
pub struct Repository {
    /// What is known; `None` before anybody looked.
    pub told: Option<Told>,
    /// What the panels are narrowed to.
    pub narrow: Narrow,
    /// The selected one of the rows that lead somewhere: those on top, then column by column.
    pub spot: Cursor,
    /// The panels by topic.
    panels: Vec<(Topic, Panel)>,
    /// The panel on what the host does not have.
    lacking: Option<Panel>,
    /// The rows on top: the repository and its last commit.
    head: Vec<Row>,
}

impl Repository {
    /// Asks for the facts of `entity_ref`, of the host itself only where those that are kept are old, or with `anew`.
    pub(super) fn ask(&mut self, entity_ref: &EntityRef, anew: bool, cx: &mut Cx<'_>) {
        if self.told.is_none() {
            self.told = Some(Told::Asking(None));
        }
        cx.effect(Effect::AskFacts {
            entity_ref: entity_ref.clone(),
            anew,
        });
    }

    /// Nobody looks any more: what is on its way need not arrive.
    pub(super) fn leave(&self, cx: &mut Cx<'_>) {
        if matches!(self.told, Some(Told::Asking(_))) {
            cx.effect(Effect::StopFacts);
        }
    }

    /// Takes what is known now. The cursor stays on the row it is on, wherever that has moved to.
    pub(super) fn take(&mut self, told: &Told, shared: &Shared) {
        let before = self.selected(shared).map(|row| row.url.clone());
        self.told = Some(told.clone());
        if let Some(kept) = told.kept() {
            self.fill(&kept.facts);
        }
        let spots: Vec<&Row> = self.spots(shared).collect();
        let same = before.and_then(|url| spots.iter().position(|row| row.url == url));
        let len = spots.len();
        if let Some(at) = same {
            self.spot.selected = at;
        }
        self.spot.clamp(len);
    }

    fn fill(&mut self, facts: &Facts) {
        let narrow = &self.narrow;
        let most = |topic| match topic {
            _ if narrow.is_on() => usize::MAX,
            Topic::Pulls => 8,
            Topic::Runs => 6,
            Topic::Issues | Topic::Languages | Topic::Alerts => 5,
            Topic::Environments => 4,
            Topic::Releases | Topic::Commit => 3,
        };
        self.panels = ONE
            .into_iter()
            .filter_map(|topic| {
                let panel = facts.panel(topic, most(topic))?;
                Some((topic, narrowed(panel, narrow)?))
            })
            .collect();
        self.lacking = facts.lacking().filter(|_| !narrow.is_on());
        let words = [
            facts.host.as_str(),
            &facts.visibility,
            if facts.is_archived { "archived" } else { "" },
        ];
        let words = words.into_iter().filter(|word| !word.is_empty());
        let page = Row {
            text: facts.name.clone(),
            notes: words.map(str::to_owned).collect(),
            detail: facts.url.clone(),
            url: facts.url.clone(),
            ..Row::default()
        };
        let commit = facts.panel(Topic::Commit, 1);
        let commit = commit.iter().flat_map(Panel::rows).cloned();
        self.head = std::iter::once(page).chain(commit).collect();
    }

    /// What the panels are narrowed to, or can be, once there are some.
    pub(super) fn narrowing(&self) -> Option<&Narrow> {
        let kept = self.told.as_ref().and_then(Told::kept);
        kept.map(|_| &self.narrow)
    }

    /// Changes what the panels are narrowed to; the cursor comes to the first row that has the words.
    pub(super) fn edit(&mut self, edit: &Edit, shared: &Shared) {
        if self.narrow.edit(edit) {
            self.narrowed(shared);
        }
    }

    fn narrowed(&mut self, shared: &Shared) {
        if let Some(kept) = self.told.as_ref().and_then(Told::kept).cloned() {
            self.fill(&kept.facts);
        }
        let head = self.head.iter().filter(|row| !row.url.is_empty()).count();
        let spots = self.spots(shared).count();
        self.spot = Cursor::default();
        self.spot.select(head, spots, spots);
    }

    /// How many rows the panels have.
    pub fn len(&self) -> usize {
        let panels = self.panels.iter();
        panels.map(|(_, panel)| panel.rows().len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows on top.
    pub fn head(&self) -> &[Row] {
        &self.head
    }

    /// The panels, column by column.
    pub fn columns(&self, shared: &Shared) -> Vec<Vec<&Panel>> {
        let of = |topics: &[Topic]| {
            let panels = topics.iter().filter_map(|topic| {
                let (_, panel) = self.panels.iter().find(|(of, _)| of == topic)?;
                Some(panel)
            });
            panels.collect()
        };
        let mut columns: Vec<Vec<&Panel>> = if shared.narrow() {
            vec![of(&ONE)]
        } else {
            vec![of(&LEFT), of(&RIGHT)]
        };
        if let Some(last) = columns.last_mut() {
            last.extend(&self.lacking);
        }
        columns
    }

    /// The rows that lead somewhere, in the order in which the cursor walks them.
    fn spots(&self, shared: &Shared) -> impl Iterator<Item = &Row> {
        let columns = self.columns(shared).into_iter().flatten();
        let rows = self.head.iter().chain(columns.flat_map(Panel::rows));
        rows.filter(|row| !row.url.is_empty())
    }

    /// The row under the cursor.
    pub fn selected(&self, shared: &Shared) -> Option<&Row> {
        self.spots(shared).nth(self.spot.selected)
    }

    /// Selects a row that was clicked; whether it was selected already.
    pub(super) fn point(&mut self, at: usize, shared: &Shared) -> bool {
        let spots = self.spots(shared).count();
        self.spot.point(at, spots)
    }

    /// The number of `row` among those that the cursor walks.
    pub fn spot_of(&self, row: &Row, shared: &Shared) -> Option<usize> {
        self.spots(shared).position(|spot| std::ptr::eq(spot, row))
    }

    /// Where the row under the cursor leads.
    pub(super) fn target(&self, shared: &Shared) -> Option<Target> {
        let row = self.selected(shared)?;
        Some(Target::Url(row.url.clone()))
    }

    /// Carries out a command; `false` if it has no use for it.
    pub(super) fn command(
        &mut self,
        command: Command,
        entity_ref: &EntityRef,
        cx: &mut Cx<'_>,
    ) -> bool {
        let shared = cx.shared;
        let turn = match self.narrowing() {
            Some(_) => self.narrow.command(command),
            None => Turn::Ignored,
        };
        match turn {
            Turn::Ignored => {}
            Turn::Done => return true,
            Turn::Changed => {
                self.narrowed(shared);
                return true;
            }
        }
        match command {
            Command::RepositoryAgain => {
                let kept = self.told.as_ref().and_then(Told::kept).cloned();
                self.told = Some(Told::Asking(kept));
                self.ask(entity_ref, true, cx);
            }
            Command::Left | Command::Right => {
                let wanted = usize::from(command == Command::Right);
                self.cross(wanted, shared);
            }
            _ => {
                let len = self.spots(shared).count();
                return self.spot.apply(command, len, cx.drawn.page_rows);
            }
        }
        true
    }

    /// Moves to the column `wanted`, to the row beside the one under the cursor.
    fn cross(&mut self, wanted: usize, shared: &Shared) {
        let columns = self.columns(shared);
        let head = self.head.iter().filter(|row| !row.url.is_empty()).count();
        // The number and the line of every spot of each column.
        let mut number = head;
        let mut spots: Vec<Vec<(usize, usize)>> = Vec::new();
        for column in columns {
            let mut line = 0;
            let mut of_column = Vec::new();
            for panel in column {
                line += 1;
                for row in panel.rows() {
                    if !row.url.is_empty() {
                        of_column.push((number, line));
                        number += 1;
                    }
                    line += 1;
                }
                line += 1 + usize::from(panel.rows().is_empty());
            }
            spots.push(of_column);
        }
        let here = self.spot.selected;
        let at = spots.iter().enumerate().find_map(|(column, of_column)| {
            let (_, line) = of_column.iter().find(|(number, _)| *number == here)?;
            Some((column, *line))
        });
        let (column, line) = at.unwrap_or((1 - wanted, 0));
        if column == wanted {
            return;
        }
        let nearest = spots
            .get(wanted)
            .and_then(|of_column| of_column.iter().min_by_key(|(_, at)| at.abs_diff(line)));
        if let Some((number, _)) = nearest {
            self.spot.selected = *number;
        }
    }
}

/// Leaves of a panel the rows that have the words, in what is said of them or in its title; `None` if there is none.
fn narrowed(panel: Panel, narrow: &Narrow) -> Option<Panel> {
    if !narrow.is_on() {
        return Some(panel);
    }
    let title = panel.title.as_str();
    let fits = |row: &&Row| {
        let notes = row.notes.iter().map(String::as_str);
        let said = [title, row.text.as_str(), row.detail.as_str()].into_iter();
        // How many more there are at the host is no row of the list.
        !(row.at.is_none() && row.text.starts_with('…')) && narrow.fits(said.chain(notes))
    };
    let rows: Vec<Row> = panel.rows().iter().filter(fits).cloned().collect();
    (!rows.is_empty()).then(|| Panel {
        count: u64::try_from(rows.len()).ok(),
        body: Body::Rows(rows),
        ..panel
    })
}
