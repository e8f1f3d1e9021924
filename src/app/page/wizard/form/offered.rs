//! What the focused field may offer: asked of the catalog or of a host, and taken when it comes.

use std::sync::Arc;

use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::Asker;
use crate::scaffolder::form::FieldKind;
use crate::search::Found;

use super::super::editor::Editor;
use super::super::offers;
use super::super::picker::PICKS;
use super::Form;

impl Form {
    /// Asks for what the focused field may offer.
    pub fn look_up(&mut self, cx: &mut Cx<'_>) {
        let Some(field) = self.fields.get(self.focus) else {
            return;
        };
        let number = cx.next_generation();
        let question = match (&mut self.editor, &field.kind) {
            (Editor::Picker(picker), _) => {
                let query = picker.query(cx.shared.personal.identity.me.as_ref());
                picker.generation = cx.search(Asker::Picker, &query, PICKS);
                None
            }
            (Editor::Repo(repo), _) => repo.question(number),
            (Editor::Suggest(line), FieldKind::Tags(options)) if !line.has_offers() => {
                let (tags, counts) = offers::tags(&cx.shared.index, options);
                line.offer(Arc::new(tags));
                line.count(counts);
                None
            }
            (Editor::Suggest(line), kind) if !line.has_offers() && line.silent.is_none() => {
                offers::question(kind, &self.answers, &cx.shared.hosts)
            }
            _ => None,
        };
        if let Some(question) = question {
            self.asked = number;
            cx.effect(Effect::AskHost {
                generation: number,
                question,
            });
        }
    }

    /// Takes what the catalog offers.
    pub fn found(&mut self, generation: u64, found: &Arc<Found>, cx: &Cx<'_>) {
        let required = self.focused().is_some_and(|field| field.required);
        let Editor::Picker(picker) = &mut self.editor else {
            return;
        };
        if picker.generation != generation {
            return;
        }
        picker.found(found);
        picker.find_again(&cx.shared.index);
        if picker.is_sought() || (required && picker.take_only(&cx.shared.index)) {
            self.commit();
        }
    }

    /// Takes what a host offers.
    pub fn offered(&mut self, generation: u64, found: &Result<Arc<Vec<String>>, String>) {
        match &mut self.editor {
            Editor::Repo(repo) => repo.offered(generation, found),
            Editor::Suggest(line) if generation == self.asked => match found {
                Ok(found) => {
                    let excluded = match self.fields.get(self.focus).map(|field| &field.kind) {
                        Some(FieldKind::RepoOwner { excluded, .. }) => excluded.clone(),
                        _ => Vec::new(),
                    };
                    let mut found = (**found).clone();
                    found.retain(|one| !excluded.contains(one));
                    line.offer(Arc::new(found));
                }
                Err(why) => line.silent = Some(why.clone()),
            },
            _ => {}
        }
    }

    pub(super) fn catch_up(&mut self, cx: &Cx<'_>) {
        if let Editor::Picker(picker) = &mut self.editor {
            picker.catch_up(&cx.shared.index, &cx.shared.personal);
        }
    }
}
