//! What pages asked for, carried out.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{on_command, open_finder, personal, refresh, travel, undo, work};
use crate::app::cx::Request;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::overlay::finder::Aim;
use crate::app::undo::{Before, Change};
use crate::catalog::EntityRef;
use crate::catalog::text::counted;

/// Carries out what pages asked for, and what that leads to, and returns what is left for the world.
pub(super) fn carry_out(model: &mut Model, requests: Vec<Request>) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut queue = VecDeque::from(requests);
    while let Some(request) = queue.pop_front() {
        let mut more = Vec::new();
        match request {
            Request::Effect(effect) => effects.push(effect),
            Request::Say(notice) => model.say(notice),
            Request::Hint { said, way, leads } => travel::hint(model, &said, way, leads),
            Request::Choose(choice) => model.shared.lasting.choices.take(choice),
            Request::Go(route) => travel::go(model, route, &mut more),
            Request::Replace(route) => travel::replace(model, route, &mut more),
            Request::Back => travel::back(model, &mut more),
            Request::Forward => travel::forward(model, &mut more),
            Request::Command(command) => on_command(model, command, &mut more),
            Request::ShowRun(number) => travel::show_run(model, number, &mut more),
            Request::Cancel(id) => effects.extend(work::cancel(model, id)),
            Request::FindPath { from, scope } => {
                open_finder(model, "", Some(Aim { from, scope }), &mut more);
            }
            Request::Undoable(change) => undo::remember(model, change),
            Request::SetView(view) => {
                let before = Before::View(Box::new(model.shared.view.clone()));
                undo::remember(model, Change::new("another look of the table", before));
                effects.push(undo::set_view(model, view, &mut more));
            }
            Request::KeepDraft(template, Some(answers)) => {
                model.shared.drafts.insert(template, *answers);
            }
            Request::KeepDraft(template, None) => {
                model.shared.drafts.remove(&template);
                model.generation += 1;
                effects.push(Effect::SaveDraft(template, model.generation, None));
            }
            Request::ToggleStar(entity_ref) => {
                let starred = !model.shared.is_starred(&entity_ref);
                star(model, vec![entity_ref], starred, &mut effects);
                refresh(model, &mut more);
            }
            Request::SetStars(refs, starred) => {
                star(model, refs, starred, &mut effects);
                refresh(model, &mut more);
            }
        }
        // What a request leads to comes before what was asked for after it.
        for request in more.into_iter().rev() {
            queue.push_front(request);
        }
    }
    personal::note(model, &mut effects);
    effects
}

/// Stars entities, or takes their stars away, so that it can be undone.
fn star(model: &mut Model, refs: Vec<EntityRef>, starred: bool, effects: &mut Vec<Effect>) {
    let mut changed = refs;
    changed.retain(|it| model.shared.is_starred(it) != starred);
    let did = match (changed.as_slice(), starred) {
        ([], _) => return,
        ([one], true) => format!("a star for {}", one.name()),
        ([one], false) => format!("the star of {} taken away", one.name()),
        (many, true) => counted(many.len(), "star"),
        (many, false) => format!("{} taken away", counted(many.len(), "star")),
    };
    effects.extend(set_stars(model, &changed, starred));
    undo::remember(model, Change::new(did, Before::Stars(changed, !starred)));
}

/// Stars entities, or takes their stars away.
pub(super) fn set_stars(model: &mut Model, refs: &[EntityRef], starred: bool) -> Vec<Effect> {
    let stars = &mut Arc::make_mut(&mut model.shared.personal).stars;
    stars.retain(|star| !refs.contains(star));
    if starred {
        stars.extend(refs.iter().cloned());
    }
    let save = |it: &EntityRef| Effect::SaveStar(it.clone(), starred);
    refs.iter().map(save).collect()
}
