//! What a click in a form does. What is there to be chosen is chosen at once.

use super::super::editor::Editor;
use super::Form;
use crate::app::cx::Cx;
use crate::app::pointer::{Part, Target};

impl Form {
    /// Goes to what was clicked: a field, what the field that has the focus offers, a part of it, a step.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) {
        match target {
            Target::Item(Part::Main, at) => {
                self.go_to(at, cx);
                if at == self.focus && matches!(self.editor, Editor::More) {
                    self.add(cx);
                }
            }
            Target::Item(Part::Within, at) => self.pick(at, cx),
            Target::Part(Part::Pane(at)) => {
                if let Editor::Repo(repo) = &mut self.editor {
                    repo.go_to(at);
                    self.commit();
                    self.look_up(cx);
                }
            }
            Target::Tab(step) => self.go_to_step(step, cx),
            _ => {}
        }
    }

    /// Takes one of what the field that has the focus offers.
    fn pick(&mut self, at: usize, cx: &mut Cx<'_>) {
        self.catch_up(cx);
        match &mut self.editor {
            Editor::Choice(choices) => {
                choices.point(at);
                return self.toggle();
            }
            Editor::Picker(picker) => picker.pick(at, &cx.shared.index),
            Editor::Suggest(line) => line.pick(at),
            Editor::Repo(repo) => repo.pick(at),
            Editor::Fixed | Editor::Line(_) | Editor::Area(_) | Editor::More => return,
        }
        self.commit();
        self.look_up(cx);
    }

    /// Goes to a step: back to one before, on to a later one as far as nothing is wrong on the way.
    fn go_to_step(&mut self, step: usize, cx: &mut Cx<'_>) {
        while self.step > step {
            self.previous(cx);
        }
        while self.step < step && self.next(cx) {}
    }
}
