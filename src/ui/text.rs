//! Text in cells: its width, how it is cut, and the pen with which lines are drawn.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::spoken::spoken;
use super::theme::{Role, Theme};
use crate::app::pointer::{Part, Target};
pub use crate::catalog::text::{cut, width, wrap};
use crate::ui::Surface;

/// `text` in at most `columns` columns, cut in its middle with `…`, as suits a path.
pub fn cut_middle(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    if columns < 5 {
        return cut(text, columns);
    }
    let tail_columns = (columns - 1) * 2 / 3;
    let head = cut(text, columns - tail_columns);
    let mut tail = Vec::new();
    let mut left = tail_columns;
    for grapheme in text.graphemes(true).rev() {
        let wide = width(grapheme);
        if wide > left {
            break;
        }
        left -= wide;
        tail.push(grapheme);
    }
    head + &tail.into_iter().rev().collect::<String>()
}

/// Writes along one row of an area, from left to right, and never beyond it.
#[derive(Debug)]
pub struct Pen<'a> {
    buffer: &'a mut Surface,
    theme: &'a Theme,
    x: u16,
    y: u16,
    end: u16,
    lifted: bool,
}

/// What an address begins with that a browser opens.
const WEB: [&str; 2] = ["https://", "http://"];

/// The addresses in `text`, each with where it begins; what closes a sentence or a bracket behind one is none of it.
fn addresses(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let at = WEB.iter().filter_map(|web| rest.find(web)).min()?;
        let begun = rest.get(at..)?;
        let is_end = |c: char| c.is_whitespace() || "\"'<>`|".contains(c);
        let whole = begun.split(is_end).next()?;
        let url = whole.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}']);
        let start = from + at;
        from = start + whole.len();
        Some((start, url))
    })
}

impl<'a> Pen<'a> {
    /// A pen at the left of row `row` of `area`; it writes nothing if there is no such row.
    pub fn new(buffer: &'a mut Surface, theme: &'a Theme, area: Rect, row: u16) -> Self {
        let inside = row < area.height && area.y + row < buffer.area.bottom();
        let end = if inside {
            area.right().min(buffer.area.right())
        } else {
            area.x
        };
        Self {
            buffer,
            theme,
            x: area.x,
            y: area.y + row,
            end,
            lifted: false,
        }
    }

    /// The same pen on the row under the cursor: it is marked at its left edge and nothing in it is dim. `focused` says
    /// whether its pane has the focus.
    #[must_use]
    pub fn on_cursor(mut self, focused: bool) -> Self {
        let role = if focused { Role::Accent } else { Role::Dim };
        if self.x < self.end && self.x > self.buffer.area.x {
            let style = self.theme.style(role);
            self.buffer.set_stringn(self.x - 1, self.y, "▌", 1, style);
        }
        if focused {
            self.buffer.select((self.x, self.y));
        }
        self.lifted = focused;
        self
    }

    /// How many columns are left.
    pub fn left(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// What it writes with.
    pub fn theme(&self) -> &Theme {
        self.theme
    }

    /// The column it stands in, of the whole screen.
    pub fn column(&self) -> u16 {
        self.x
    }

    /// The row it stands in, of the whole screen.
    pub fn row(&self) -> u16 {
        self.y
    }

    /// Writes `text`, cut where the row ends.
    pub fn write(&mut self, text: &str, role: Role) -> &mut Self {
        let style = self.style(role);
        let text = self.said(text, role);
        self.write_styled(&text, style)
    }

    fn said<'t>(&self, text: &'t str, role: Role) -> Cow<'t, str> {
        if self.theme.is_spoken() {
            spoken(text, role)
        } else {
            Cow::Borrowed(text)
        }
    }

    fn style(&self, role: Role) -> Style {
        match role {
            Role::Dim if self.lifted => self.theme.style(Role::Text),
            Role::Text | Role::Strong if self.lifted => self.theme.style(Role::Selected),
            role => self.theme.style(role),
        }
    }

    /// Writes `text` in a style of its own.
    pub fn write_styled(&mut self, text: &str, style: Style) -> &mut Self {
        let left = self.left();
        if left > 0 {
            let text = cut(text, left);
            let (x, _) = self.buffer.set_stringn(self.x, self.y, text, left, style);
            self.x = x;
        }
        self
    }

    /// Writes `text` in exactly `columns` columns: cut, or filled with spaces.
    pub fn column_of(&mut self, text: &str, columns: usize, role: Role) -> &mut Self {
        // A word takes the columns that it needs, where a sign has one.
        let said = self.said(text, role);
        let columns = match &said {
            Cow::Owned(said) => columns.max(width(said)),
            Cow::Borrowed(_) => columns,
        };
        let to = self
            .x
            .saturating_add(u16::try_from(columns).unwrap_or(u16::MAX))
            .min(self.end);
        let style = self.style(role);
        self.write_styled(&cut(&said, columns), style);
        self.x = self.x.max(to);
        self
    }

    /// Writes `text` at the right of `columns` columns, as suits a number.
    pub fn right_of(&mut self, text: &str, columns: usize, role: Role) -> &mut Self {
        self.skip(columns.saturating_sub(width(text)))
            .write(&cut(text, columns), role)
    }

    /// Writes `text` with some of its characters (positions ascending) marked as matched.
    pub fn write_matched(
        &mut self,
        text: &str,
        matches: &[u32],
        role: Role,
        columns: usize,
    ) -> &mut Self {
        let to = self
            .x
            .saturating_add(u16::try_from(columns).unwrap_or(u16::MAX))
            .min(self.end);
        let shown = cut(text, usize::from(to.saturating_sub(self.x)));
        let plain = self.style(role);
        let marked = plain.patch(self.theme.style(Role::Match));
        for (at, c) in shown.chars().enumerate() {
            let hit = u32::try_from(at).is_ok_and(|at| matches.binary_search(&at).is_ok());
            let style = if hit { marked } else { plain };
            let mut bytes = [0; 4];
            self.write_styled(c.encode_utf8(&mut bytes), style);
        }
        self.x = self.x.max(to);
        self
    }

    /// Writes `text`, the addresses in which lead there.
    pub fn write_linked(&mut self, text: &str, role: Role) -> &mut Self {
        let from = self.x;
        self.write(text, role);
        for (at, url) in addresses(text) {
            let before = width(text.get(..at).unwrap_or_default());
            let start = from.saturating_add(u16::try_from(before).unwrap_or(u16::MAX));
            let columns = u16::try_from(width(url)).unwrap_or(u16::MAX);
            let end = start.saturating_add(columns).min(self.x);
            self.buffer.link(cells(start, end, self.y), url);
        }
        self
    }

    /// What was written since column `from` leads to `url`.
    pub fn link(&mut self, from: u16, url: &str) -> &mut Self {
        self.buffer.link(cells(from, self.x, self.y), url);
        self
    }

    /// A click on what was written since column `from` means `target`.
    pub fn hit(&mut self, from: u16, target: Target) -> &mut Self {
        self.buffer.hit(cells(from, self.x, self.y), target);
        self
    }

    /// The same pen on a row where a click means `target`, from here to the end.
    #[must_use]
    pub fn on_target(self, target: Target) -> Self {
        self.buffer.hit(cells(self.x, self.end, self.y), target);
        self
    }

    /// The same pen on the row of an item of the page's list that can be selected; of nothing where it has no number.
    #[must_use]
    pub fn on_spot(self, number: Option<usize>) -> Self {
        match number {
            Some(number) => self.on_target(Target::Item(Part::Main, number)),
            None => self,
        }
    }

    /// Leaves `columns` columns empty.
    pub fn skip(&mut self, columns: usize) -> &mut Self {
        self.x = self
            .x
            .saturating_add(u16::try_from(columns).unwrap_or(u16::MAX))
            .min(self.end);
        self
    }

    /// Goes on so that `text` of `columns` columns ends where the row ends.
    pub fn to_right(&mut self, columns: usize) -> &mut Self {
        let columns = u16::try_from(columns).unwrap_or(u16::MAX);
        self.x = self.x.max(self.end.saturating_sub(columns));
        self
    }
}

/// The cells of a row from one column to before another.
fn cells(from: u16, to: u16, row: u16) -> Rect {
    Rect::new(from, row, to.saturating_sub(from), 1)
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;

    #[test]
    fn text_is_cut_by_columns_not_by_characters() {
        assert_eq!(cut("payments", 8), "payments");
        assert_eq!(cut("payments", 5), "paym…");
        assert_eq!(cut("支付网关", 5), "支付…");
        assert_eq!(cut("支付网关", 4), "支…");
        assert_eq!(cut("x", 0), "");
        assert_eq!(
            cut_middle("catalog/services/payments/catalog-info.yaml", 20),
            "catalog…og-info.yaml"
        );
        assert!(width(&cut_middle("支付网关支付网关支付网关", 9)) <= 9);
    }

    #[test]
    fn words_are_wrapped_and_long_ones_cut() {
        assert_eq!(
            wrap("take card payments\n\nnow", 9),
            ["take card", "payments", "", "now"]
        );
        assert_eq!(wrap("incomprehensibilities", 6), ["incom…"]);
    }

    #[test]
    fn addresses_in_a_text_end_where_they_end() {
        let found = |text| addresses(text).map(|(_, url)| url).collect::<Vec<_>>();
        assert_eq!(
            found("see https://e.org/a?b (http://e.org/c), or \"https://e.org/d\"."),
            ["https://e.org/a?b", "http://e.org/c", "https://e.org/d"]
        );
        assert_eq!(found("no address: ftp://e.org"), [""; 0]);
    }

    #[test]
    fn a_pen_stays_in_its_row() {
        let theme = Theme::terminal();
        let mut buffer = Surface::new(Buffer::empty(Rect::new(0, 0, 10, 1)));
        let area = Rect::new(2, 0, 5, 1);
        Pen::new(&mut buffer, &theme, area, 0)
            .write("ab", Role::Text)
            .write("cdefgh", Role::Dim);
        Pen::new(&mut buffer, &theme, area, 7).write("nothing", Role::Text);
        let row: String = buffer
            .content()
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(row, "  abcd…   ");
    }
}
