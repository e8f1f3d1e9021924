//! The relations of an entity as something that can be walked: what it stands on and what stands on it, what is hit if
//! it goes, who owns it or what it owns, and the way to another entity.

mod lines;
mod narrow;
mod picker;

use crate::app::Cursor;
use crate::app::command::{Command, Context};
use crate::app::cx::{Cx, Request};
use crate::app::message::Edit;
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::catalog::graph::{DEEPEST, Direction, Walk};
use crate::catalog::{EntityRef, RelationType};

pub use lines::{Branch, End, Hit, Line};
pub use picker::{Pick, Picker};

/// How deep the drawing goes unless asked otherwise.
const DEPTH: u32 = 2;
/// How far an impact goes unless asked otherwise.
const REACH: u32 = 3;
/// How deep the drawing goes at most.
const DEEPEST_DRAWN: u32 = 9;

/// What is shown of the relations; it goes along from entity to entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What is asked.
    pub shape: Shape,
    /// How many links deep the drawing goes.
    pub depth: u32,
    /// How many links far an impact goes.
    pub reach: u32,
    /// Whether what it stands on is drawn, what stands on it, or both.
    pub direction: Direction,
    /// The relations that are left out, in their forward names.
    pub hidden: Vec<RelationType>,
}

/// What is asked of the relations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// What is near.
    Near,
    /// What is hit if it goes.
    Impact,
    /// Who owns it, or what it owns.
    Ownership,
    /// How it hangs together with this entity.
    Path(EntityRef),
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            shape: Shape::Near,
            depth: DEPTH,
            reach: REACH,
            direction: Direction::Both,
            hidden: Vec::new(),
        }
    }
}

impl Scope {
    /// The same around another entity; a path leads to its own start only.
    #[must_use]
    fn moved(&self) -> Self {
        Self {
            shape: match &self.shape {
                Shape::Path(_) => Shape::Near,
                shape => shape.clone(),
            },
            ..self.clone()
        }
    }

    /// The walk that it asks for.
    fn walk(&self) -> Walk {
        let shown = RelationType::ALL.iter().copied();
        Walk {
            depth: match self.shape {
                Shape::Impact => self.reach,
                _ => self.depth,
            },
            direction: self.direction,
            types: if self.hidden.is_empty() {
                Vec::new()
            } else {
                shown
                    .filter(|of| of.is_forward() && !self.hidden.contains(of))
                    .collect()
            },
            ..Walk::default()
        }
    }

    /// Which relations it shows, in words: `all relations`, `depends on, part of`, `5 of 7 relations`.
    fn relations_in_words(&self) -> String {
        let shown = self.walk().types;
        match shown.len() {
            0 => "all relations".to_owned(),
            1..=2 => {
                let labels: Vec<&str> = shown.iter().map(|of| of.label()).collect();
                labels.join(", ")
            }
            some => format!("{some} of {} relations", RelationType::ALL.len() / 2),
        }
    }
}

/// State of the relations tab.
#[derive(Debug)]
pub struct Relations {
    /// What is shown.
    pub scope: Scope,
    /// Its lines from top to bottom.
    pub lines: Vec<Line>,
    /// What the lines are, in a few words.
    pub summary: String,
    /// Whether there is more than is shown.
    pub truncated: bool,
    /// Which of the lines that can be selected is.
    pub cursor: Cursor,
    /// The choice of relations, while it is open.
    pub picker: Option<Picker>,
    /// What the drawing is narrowed to.
    pub narrow: Narrow,
    /// The links that are drawn however many they are.
    unfolded: Vec<(EntityRef, RelationType)>,
}

/// Where what is under the cursor leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leads {
    /// To an entity.
    Entity(EntityRef),
    /// To something that is not in the catalog.
    Nowhere,
    /// To the entity itself.
    Center,
    /// It was done in place.
    Done,
}

impl Relations {
    /// The tab before anything is drawn: [`Relations::fill`] does that once somebody looks.
    pub(super) fn new(scope: Scope) -> Self {
        Self {
            scope,
            lines: Vec::new(),
            summary: String::new(),
            truncated: false,
            cursor: Cursor::default(),
            picker: None,
            narrow: Narrow::default(),
            unfolded: Vec::new(),
        }
    }

    /// The lines that can be selected, with their numbers.
    pub fn spots(&self) -> impl Iterator<Item = (usize, &Line)> {
        let numbered = self.lines.iter().enumerate();
        numbered.filter(|(_, line)| line.can_be_selected())
    }

    /// How many entities are drawn around the middle, or listed.
    pub fn len(&self) -> usize {
        let around = self.spots().filter(|(_, line)| **line != Line::Center);
        around.count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The line under the cursor with its number.
    pub fn selected(&self) -> Option<(usize, &Line)> {
        self.spots().nth(self.cursor.selected)
    }

    /// What the drawing is narrowed to, or the choice of relations while it is open.
    pub(super) fn narrowing(&self) -> &Narrow {
        let picker = self.picker.as_ref();
        picker.map_or(&self.narrow, |picker| &picker.narrow)
    }

    /// Selects the pair of relations that was clicked; whether the choice is open.
    pub(super) fn point_pair(&mut self, at: usize) -> bool {
        if let Some(picker) = &mut self.picker {
            picker.point(at);
        }
        self.picker.is_some()
    }

    /// Selects what was clicked; whether it was selected already.
    pub(super) fn point(&mut self, at: usize) -> bool {
        let spots = self.spots().count();
        self.picker.is_none() && self.cursor.point(at, spots)
    }

    /// Makes what is shown anew; the cursor stays on what it is on, and begins in the middle.
    pub(super) fn fill(&mut self, entity_ref: &EntityRef, shared: &Shared) {
        let before = self.selected().map(|(_, line)| line.clone());
        let (unfolded, typed) = (&self.unfolded, &self.narrow);
        let made = lines::make(entity_ref, &self.scope, unfolded, typed, shared);
        // A path is one thing: nothing of it is left out.
        self.lines = match self.scope.shape {
            Shape::Path(_) => made.lines,
            _ => narrow::narrow(made.lines, typed),
        };
        if typed.is_on() && self.is_empty() {
            let said = "Nothing drawn here has these words.";
            self.lines.push(Line::Note(said.to_owned()));
        }
        (self.summary, self.truncated) = (made.summary, made.truncated);
        if let Some(picker) = &mut self.picker {
            picker.count(entity_ref, &self.scope, shared);
        }
        let before = before.unwrap_or(Line::Center);
        let at = self.spots().position(|(_, line)| line.is_same(&before));
        let len = self.spots().count();
        match at {
            Some(at) => self.cursor.selected = at,
            None => self.cursor.clamp(len),
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub(super) fn command(
        &mut self,
        command: Command,
        entity_ref: &EntityRef,
        cx: &mut Cx<'_>,
    ) -> bool {
        let rows = cx.drawn.page_rows;
        if self.pick(command, entity_ref, cx.shared) {
            return true;
        }
        match self.narrow.command(command) {
            Turn::Ignored => {}
            Turn::Done => return true,
            Turn::Changed => {
                self.fill(entity_ref, cx.shared);
                return true;
            }
        }
        match command {
            Command::RelationsDeeper => self.deepen(1),
            Command::RelationsShallower => self.deepen(-1),
            Command::RelationsDirection => {
                self.scope.direction = match self.scope.direction {
                    Direction::Both => Direction::Out,
                    Direction::Out => Direction::In,
                    Direction::In => Direction::Both,
                };
            }
            Command::RelationsFilter => self.picker = Some(Picker::default()),
            Command::RelationsImpact => self.turn(Shape::Impact),
            Command::RelationsOwnership => self.turn(Shape::Ownership),
            Command::RelationsPath => {
                cx.requests.push(Request::FindPath {
                    from: entity_ref.clone(),
                    scope: self.scope.clone(),
                });
                return true;
            }
            Command::Back if self.scope.shape != Shape::Near => self.turn(Shape::Near),
            _ => {
                let len = self.spots().count();
                return self.cursor.apply(command, len, rows);
            }
        }
        self.fill(entity_ref, cx.shared);
        true
    }

    /// Changes what the drawing is narrowed to; the cursor comes to the first that has the words.
    pub(super) fn edit(&mut self, edit: &Edit, entity_ref: &EntityRef, shared: &Shared) {
        if let Some(picker) = &mut self.picker {
            return picker.edit(edit);
        }
        if !self.narrow.edit(edit) {
            return;
        }
        self.fill(entity_ref, shared);
        let first = self.spots().position(|(_, line)| *line != Line::Center);
        self.cursor.selected = first.unwrap_or(0);
    }

    /// Carries out a command while the choice of relations is open.
    fn pick(&mut self, command: Command, entity_ref: &EntityRef, shared: &Shared) -> bool {
        let Some(picker) = &mut self.picker else {
            return false;
        };
        if picker.apply(command) {
            return true;
        }
        match command {
            Command::Back | Command::RelationsFilter => self.picker = None,
            Command::Open | Command::RelationsToggle => {
                picker.toggle(&mut self.scope);
                self.fill(entity_ref, shared);
            }
            _ => return false,
        }
        true
    }

    fn deepen(&mut self, by: i32) {
        let (depth, deepest) = match self.scope.shape {
            Shape::Impact => (&mut self.scope.reach, DEEPEST),
            _ => (&mut self.scope.depth, DEEPEST_DRAWN),
        };
        *depth = depth.saturating_add_signed(by).clamp(1, deepest);
    }

    /// Turns to another shape or, if it is that already, back to what is near.
    fn turn(&mut self, shape: Shape) {
        self.scope.shape = if self.scope.shape == shape {
            Shape::Near
        } else {
            shape
        };
        // What was drawn before has no place here: the cursor begins anew.
        self.lines.clear();
        self.cursor = Cursor::default();
        self.picker = None;
    }

    /// Opens what is under the cursor.
    pub(super) fn open(&mut self, entity_ref: &EntityRef, shared: &Shared) -> Leads {
        if self.picker.is_some() {
            self.pick(Command::Open, entity_ref, shared);
            return Leads::Done;
        }
        let (to, known) = match self.selected() {
            Some((_, Line::Branch(branch))) => match &branch.end {
                End::Entity {
                    entity_ref, known, ..
                } => (entity_ref.clone(), *known),
                End::More { of, along, .. } => {
                    let (whole, above) = ((of.clone(), *along), branch.above);
                    self.unfold(whole, above, entity_ref, shared);
                    return Leads::Done;
                }
            },
            Some((_, Line::Hit(hit))) => (hit.entity_ref.clone(), hit.known),
            Some(_) => return Leads::Center,
            None => return Leads::Done,
        };
        match known {
            _ if to == *entity_ref => Leads::Center,
            true => Leads::Entity(to),
            false => Leads::Nowhere,
        }
    }

    /// Draws links that were left out; the cursor comes to the first of them.
    fn unfold(
        &mut self,
        whole: (EntityRef, RelationType),
        above: bool,
        entity_ref: &EntityRef,
        shared: &Shared,
    ) {
        let (before, at) = (self.spots().count(), self.cursor.selected);
        self.unfolded.push(whole);
        self.fill(entity_ref, shared);
        let after = self.spots().count();
        // Above the middle the first of them is the lowest.
        let down = if above {
            after.saturating_sub(before)
        } else {
            0
        };
        self.cursor.selected = (at + down).min(after.saturating_sub(1));
    }

    /// The scope for the entity that one goes on to.
    pub(super) fn onwards(&self) -> Scope {
        self.scope.moved()
    }

    /// What a command does now, where that is not what it mostly does: while relations are chosen, only what has to do with
    /// the choice is worth a hint.
    pub(super) fn label(&self, command: Command) -> Option<&'static str> {
        self.picker.as_ref()?;
        match command {
            Command::Open => Some("in or out"),
            Command::Back => Some("done"),
            _ => {
                matches!(command.info().context, Context::Entity | Context::Relations).then_some("")
            }
        }
    }

    /// Why a command cannot be carried out now.
    pub(super) fn why_not(&self, command: Command) -> Option<&'static str> {
        let shape = &self.scope.shape;
        match command {
            Command::RelationsDeeper | Command::RelationsShallower => match shape {
                Shape::Near | Shape::Impact => match (command, self.depth()) {
                    (Command::RelationsDeeper, (depth, deepest)) if depth >= deepest => {
                        Some("It cannot be drawn deeper.")
                    }
                    (Command::RelationsShallower, (1, _)) => Some("It cannot be drawn less deep."),
                    _ => None,
                },
                Shape::Ownership => Some("Ownership is shown to its end."),
                Shape::Path(_) => Some("A path is as long as it is."),
            },
            Command::RelationsFilter | Command::RelationsDirection => match shape {
                Shape::Near => None,
                Shape::Impact => {
                    Some("What is hit does not depend on it; show the relations first.")
                }
                Shape::Ownership => {
                    Some("Who owns what does not depend on it; show the relations first.")
                }
                Shape::Path(_) => Some("Choose it before the path; show the relations first."),
            },
            Command::RelationsToggle if self.picker.is_none() => {
                Some("Open the choice of relations first.")
            }
            _ => None,
        }
    }

    /// How deep it is drawn, and how deep it can be.
    fn depth(&self) -> (u32, u32) {
        match self.scope.shape {
            Shape::Impact => (self.scope.reach, DEEPEST),
            _ => (self.scope.depth, DEEPEST_DRAWN),
        }
    }
}
