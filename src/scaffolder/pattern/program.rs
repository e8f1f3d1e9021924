//! Instructions for the search.

use super::parse::{Node, Parsed, Repeat};
use super::set::Set;

/// What to do next; places are numbers of instructions.
#[derive(Debug)]
pub(super) enum Step {
    /// One character of a set is next.
    One { set: Set, back: bool },
    /// Characters of a set, as many as `min` to `max`.
    Run {
        set: Set,
        min: u32,
        max: u32,
        greedy: bool,
        back: bool,
    },
    /// Goes on behind this, and if that leads nowhere at `other`.
    Split { other: usize },
    /// Goes on at another place.
    Jump(usize),
    /// Takes the place in the text down.
    Save(usize),
    /// A loop begins.
    Enter { counter: usize },
    /// A loop has gone round some times: once more, or on at `exit`.
    Turn {
        counter: usize,
        min: u32,
        max: u32,
        greedy: bool,
        exit: usize,
    },
    /// One more time round; what the groups from `first` to `last` found is forgotten.
    Round {
        counter: usize,
        first: usize,
        last: usize,
    },
    /// The text begins here, or a line.
    Start,
    /// The text ends here, or a line.
    End,
    /// A word begins or ends here.
    Boundary { negative: bool },
    /// What stands behind this up to [`Step::Done`] is found here or not; goes on at `exit`.
    Look { negative: bool, exit: usize },
    /// What a group found is next.
    Back { group: usize, back: bool },
    /// Found.
    Done,
}

/// Instructions, and what they need.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) groups: usize,
    pub(super) counters: usize,
    pub(super) multiline: bool,
    pub(super) any_case: bool,
}

/// The instructions for a pattern.
pub(super) fn compile(parsed: &Parsed) -> Program {
    let mut program = Program {
        steps: Vec::new(),
        groups: parsed.groups,
        counters: 0,
        multiline: parsed.multiline,
        any_case: parsed.any_case,
    };
    program.write(&parsed.node, false);
    program.steps.push(Step::Done);
    program
}

impl Program {
    /// Writes `node`, to be found forwards or `back`wards.
    fn write(&mut self, node: &Node, back: bool) {
        match node {
            Node::One(set) => self.steps.push(Step::One {
                set: set.clone(),
                back,
            }),
            Node::Sequence(nodes) if back => {
                nodes.iter().rev().for_each(|node| self.write(node, back));
            }
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.write(node, back)),
            Node::Choice(nodes) => self.choice(nodes, back),
            Node::Group(number, node) => {
                let (first, last) = (number * 2, number * 2 + 1);
                self.steps.push(Step::Save(if back { last } else { first }));
                self.write(node, back);
                self.steps.push(Step::Save(if back { first } else { last }));
            }
            Node::Repeat(repeat) => self.repeat(repeat, back),
            Node::Start => self.steps.push(Step::Start),
            Node::End => self.steps.push(Step::End),
            Node::Boundary { negative } => self.steps.push(Step::Boundary {
                negative: *negative,
            }),
            Node::Look {
                behind,
                negative,
                node,
            } => {
                let look = self.steps.len();
                self.steps.push(Step::Done);
                self.write(node, *behind);
                self.steps.push(Step::Done);
                let exit = self.steps.len();
                let negative = *negative;
                self.put(look, Step::Look { negative, exit });
            }
            Node::Back(group) => self.steps.push(Step::Back {
                group: *group,
                back,
            }),
        }
    }

    fn put(&mut self, at: usize, step: Step) {
        if let Some(slot) = self.steps.get_mut(at) {
            *slot = step;
        }
    }

    fn choice(&mut self, nodes: &[Node], back: bool) {
        let mut ends = Vec::new();
        for (number, node) in nodes.iter().enumerate() {
            let split = self.steps.len();
            let is_last = number + 1 == nodes.len();
            if !is_last {
                self.steps.push(Step::Done);
            }
            self.write(node, back);
            if !is_last {
                ends.push(self.steps.len());
                self.steps.push(Step::Done);
                let other = self.steps.len();
                self.put(split, Step::Split { other });
            }
        }
        let exit = self.steps.len();
        for end in ends {
            self.put(end, Step::Jump(exit));
        }
    }

    fn repeat(&mut self, repeat: &Repeat, back: bool) {
        let (min, max, greedy) = (repeat.min, repeat.max, repeat.greedy);
        if let Node::One(set) = &repeat.node {
            let set = set.clone();
            return self.steps.push(Step::Run {
                set,
                min,
                max,
                greedy,
                back,
            });
        }
        let counter = self.counters;
        self.counters += 1;
        self.steps.push(Step::Enter { counter });
        let turn = self.steps.len();
        self.steps.push(Step::Done);
        self.steps.push(Step::Round {
            counter,
            first: repeat.groups.start,
            last: repeat.groups.end,
        });
        self.write(&repeat.node, back);
        self.steps.push(Step::Jump(turn));
        let exit = self.steps.len();
        self.put(
            turn,
            Step::Turn {
                counter,
                min,
                max,
                greedy,
                exit,
            },
        );
    }
}
