//! The mouse, as data: what was done with it, and what lies where on the screen.
//!
//! The drawing says what lies where ([`Hit`]); the next event of the mouse is understood by that, so that nothing but the
//! drawing knows where anything stands.

use ratatui::layout::{Position, Rect};

use super::command::Command;
use crate::catalog::index::Column;

/// What was done with the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointed {
    /// The column.
    pub x: u16,
    /// The row.
    pub y: u16,
    /// What was done there.
    pub act: Act,
}

/// What can be done with a mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// The left button was pressed.
    Press,
    /// The mouse was moved, the left button held down.
    Drag,
    /// The left button was let go.
    Release,
    /// The wheel was turned, away from the user.
    WheelUp,
    /// The wheel was turned, towards the user.
    WheelDown,
}

/// A part of the screen that means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The cells.
    pub area: Rect,
    /// What they mean.
    pub target: Target,
}

/// What a click on a part of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A command, as its key.
    Command(Command),
    /// A tab or a step of the page, from 0.
    Tab(usize),
    /// A chip of the finder, from 0: only what it stands for is listed.
    Chip(usize),
    /// Something that could be typed next, from 0.
    Offer(usize),
    /// The title of a column: rows are sorted by it, or the other way around.
    Sort(Column),
    /// An item of a list. A click selects it, or opens it if it was selected.
    Item(Part, usize),
    /// Something in a text that acts when it is clicked: a link, a fold, a tab; from 0.
    Spot(usize),
    /// A part of the page where no item is: a click gives it the focus.
    Part(Part),
    /// The line before the part at the right, which ends before this column: dragging it makes that part wider or narrower.
    Edge(u16),
}

/// A part of a page or of what lies over it, of those that have a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What the page is about.
    Main,
    /// What stands at its left: facets, a menu, the tree of a site.
    Side,
    /// What stands at its right: the headings of a page.
    Aside,
    /// One of several equals, from 0.
    Pane(usize),
    /// What the field of a form that has the focus offers.
    Within,
    /// A list in what lies over the page.
    Over,
}

/// What lies at a place of the screen; what was drawn last lies above.
pub fn target_at(hits: &[Hit], x: u16, y: u16) -> Option<Target> {
    let at = Position::new(x, y);
    let hit = hits.iter().rev().find(|hit| hit.area.contains(at))?;
    Some(hit.target)
}
