//! The drawing narrowed to what has some words: what leads there stays, and its lines are joined anew.

use super::lines::{Branch, End, Line};
use crate::app::narrow::Narrow;

/// Leaves of `lines` what has the words, and what lies between that and the middle.
pub(super) fn narrow(lines: Vec<Line>, narrow: &Narrow) -> Vec<Line> {
    if !narrow.is_on() {
        return lines;
    }
    let center = lines.iter().position(|line| *line == Line::Center);
    let mut lines = lines;
    let below = lines.split_off(center.map_or(0, |at| at + 1));
    let center = lines.pop();
    lines.reverse();
    let mut above = half(lines, narrow);
    above.reverse();
    above
        .into_iter()
        .chain(center)
        .chain(half(below, narrow))
        .collect()
}

/// One half of the drawing, from the middle outwards.
fn half(lines: Vec<Line>, narrow: &Narrow) -> Vec<Line> {
    let mut left: Vec<Line> = Vec::new();
    // By depth, what the last link said: the links after it leave it out where it is the same.
    let mut said: Vec<String> = Vec::new();
    // The way to the line at hand, as far as it is not listed yet.
    let mut way: Vec<Branch> = Vec::new();
    for line in lines {
        match line {
            Line::Branch(mut branch) => {
                let depth = branch.through.len();
                said.truncate(depth + 1);
                said.resize(depth + 1, String::new());
                if branch.label.is_empty() {
                    branch.label.clone_from(&said[depth]);
                }
                said[depth].clone_from(&branch.label);
                way.retain(|before| before.through.len() < depth);
                let End::Entity { entity_ref, .. } = &branch.end else {
                    continue;
                };
                let fits = narrow.fits([entity_ref.name(), entity_ref.kind(), &branch.label]);
                way.push(branch);
                if fits {
                    left.extend(way.drain(..).map(Line::Branch));
                }
            }
            Line::Hit(hit) => {
                let texts = [
                    hit.entity_ref.name(),
                    hit.entity_ref.kind(),
                    &hit.how,
                    &hit.owner,
                ];
                if narrow.fits(texts) {
                    left.push(Line::Hit(hit));
                }
            }
            line => left.push(line),
        }
    }
    join(&mut left);
    left
}

/// Says of each link anew whether it is the last of its level, and which lines run past it.
fn join(lines: &mut [Line]) {
    // By depth, whether another link of that level follows.
    let mut follows: Vec<bool> = Vec::new();
    for line in lines.iter_mut().rev() {
        let Line::Branch(branch) = line else {
            follows.clear();
            continue;
        };
        let depth = branch.through.len();
        follows.truncate(depth + 1);
        follows.resize(depth + 1, false);
        branch.last = !follows[depth];
        branch.through = follows[..depth].to_vec();
        follows[depth] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::TextField;
    use crate::catalog::EntityRef;

    fn branch(depth: usize, label: &str, name: &str) -> Line {
        Line::Branch(Branch {
            through: vec![true; depth],
            last: false,
            above: false,
            label: label.to_owned(),
            end: End::Entity {
                entity_ref: EntityRef::new("component", "default", name),
                known: true,
                elsewhere: false,
            },
        })
    }

    #[test]
    fn what_leads_to_a_match_stays_and_is_joined_anew() {
        let lines = vec![
            Line::Center,
            branch(0, "depends on 3", "alpha"),
            branch(1, "owned by", "team"),
            branch(0, "", "beta"),
            branch(1, "depends on", "queue"),
            branch(0, "", "gamma"),
        ];
        let typed = Narrow {
            field: TextField::new("queue"),
            typing: true,
        };
        let left = narrow(lines, &typed);
        let said: Vec<String> = left
            .iter()
            .map(|line| match line {
                Line::Branch(Branch {
                    through,
                    last,
                    label,
                    end: End::Entity { entity_ref, .. },
                    ..
                }) => format!("{through:?} {last} {label} {}", entity_ref.name()),
                line => format!("{line:?}"),
            })
            .collect();
        assert_eq!(
            said,
            [
                "Center",
                "[] true depends on 3 beta",
                "[false] true depends on queue"
            ]
        );
    }
}
