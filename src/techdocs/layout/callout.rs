//! Admonitions, folds and content tabs.

use super::blocks::{Painter, bar, run, strong};
use super::reading::Choice;
use super::wrap::{columns, cut, push, runs_width, wrap};
use super::{Line, Run, SpotTarget};
use crate::techdocs::document::{Admonition, Tabs};
use crate::techdocs::role::{Callout, Role};

impl Painter<'_> {
    pub(super) fn admonition(&mut self, admonition: &Admonition) {
        let callout = Callout::from_name(&admonition.name);
        let role = Role::Callout(callout);
        let toggled = admonition
            .fold
            .is_some_and(|fold| self.choice(Choice::Fold(fold)) == 1);
        let open = self.reading.printed || admonition.open != toggled;
        self.within(bar(role), |painter| {
            let mut title = Vec::new();
            let sign = match admonition.fold {
                Some(_) if open => "▾ ",
                Some(_) => "▸ ",
                None => "",
            };
            push(&mut title, sign, (role, strong()), None);
            if !callout.sign().is_empty() && !admonition.title.is_empty() {
                push(
                    &mut title,
                    &format!("{} ", callout.sign()),
                    (role, strong()),
                    None,
                );
            }
            let lead = runs_width(&title);
            let lines = wrap(
                &admonition.title,
                painter.left().saturating_sub(lead),
                (role, strong()),
            );
            let line = painter.piece.lines.len();
            for (at, words) in lines.into_iter().enumerate() {
                let mut runs = if at == 0 {
                    std::mem::take(&mut title)
                } else {
                    vec![run(&" ".repeat(lead), role)]
                };
                runs.extend(words);
                painter.line(runs);
            }
            if let Some(fold) = admonition.fold {
                if line == painter.piece.lines.len() {
                    painter.line(title);
                }
                let width = painter.piece.lines.get(line).map_or(0, Line::width);
                painter.spot(line, 0, width, SpotTarget::Fold(fold));
            }
            if open {
                painter.blocks(&admonition.blocks, false);
            }
        });
    }

    pub(super) fn tabs(&mut self, tabs: &Tabs) {
        if self.reading.printed {
            self.all_tabs(tabs);
            return;
        }
        let labels = tabs.tabs.iter().map(|(label, _)| label.clone()).collect();
        let chosen = self.choice(Choice::Tab(labels)) as usize;
        let mut row: Vec<Run> = Vec::new();
        let mut spots = Vec::new();
        for (at, (label, _)) in tabs.tabs.iter().enumerate() {
            // Which one is shown is told by a sign: what is told by its style alone is lost without colours.
            let sign = if at == chosen { "●" } else { "○" };
            let label = cut(label, self.left().saturating_sub(4));
            let text = format!("{sign} {label} ");
            if !row.is_empty() {
                if runs_width(&row) + 1 + columns(&text) > self.left() {
                    self.tab_row(std::mem::take(&mut row), &mut spots, tabs.group);
                } else {
                    row.push(run(" ", Role::Border));
                }
            }
            let role = if at == chosen {
                Role::TabActive
            } else {
                Role::TabLabel
            };
            spots.push((at, runs_width(&row), columns(&text)));
            row.push(run(&text, role));
        }
        self.tab_row(row, &mut spots, tabs.group);
        if let Some((_, blocks)) = tabs.tabs.get(chosen) {
            self.within(run("│ ", Role::Border), |painter| {
                painter.blocks(blocks, false);
            });
        }
    }

    /// The tabs one below the other.
    fn all_tabs(&mut self, tabs: &Tabs) {
        for (at, (label, blocks)) in tabs.tabs.iter().enumerate() {
            if at > 0 {
                self.blank();
            }
            let label = format!("● {}", cut(label, self.left().saturating_sub(2)));
            self.line(vec![run(&label, Role::TabActive)]);
            self.within(run("│ ", Role::Border), |painter| {
                painter.blocks(blocks, false);
            });
        }
    }

    fn tab_row(&mut self, row: Vec<Run>, spots: &mut Vec<(usize, usize, usize)>, group: u32) {
        let line = self.piece.lines.len();
        let lead = self.width - self.left();
        for (at, column, width) in spots.drain(..) {
            let index = u16::try_from(at).unwrap_or(u16::MAX);
            self.spot(line, lead + column, width, SpotTarget::Tab { group, index });
        }
        self.line(row);
    }
}
