//! How the reader parts its columns: nav, page, outline.

use crate::techdocs::layout::MEASURE;

/// The columns between two panes: a rule with a space at each side.
pub const GAP: u16 = 3;
/// The narrowest body that shows panes beside the page.
const WIDE: u16 = 96;
/// The widest pane beside the page.
const WIDEST: u16 = 28;

/// The columns of each pane; 0 for one that is not beside the page but laid over it on demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panes {
    /// The nav.
    pub nav: u16,
    /// The page.
    pub page: u16,
    /// The outline.
    pub outline: u16,
}

/// Parts a body of `columns` columns; where it is `alone`, nothing stands beside the page.
pub fn panes(columns: u16, alone: bool) -> Panes {
    if alone || columns < WIDE {
        return Panes {
            nav: 0,
            page: columns.min(MEASURE),
            outline: 0,
        };
    }
    let side = (columns / 5).clamp(20, WIDEST);
    Panes {
        nav: side,
        page: (columns - 2 * (side + GAP)).min(MEASURE),
        outline: side,
    }
}

/// The columns of a pane that is laid over the page.
pub fn drawer(columns: u16) -> u16 {
    (columns * 2 / 5).clamp(24, 36).min(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_never_take_more_than_there_is() {
        for columns in 0..300 {
            let Panes { nav, page, outline } = panes(columns, false);
            let gaps = if nav > 0 { 2 * GAP } else { 0 };
            assert!(nav + page + outline + gaps <= columns.max(1), "{columns}");
            assert!(drawer(columns) <= columns);
        }
        assert_eq!(panes(118, false).page, 66);
    }
}
