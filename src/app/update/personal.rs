//! What is known of the user: read on a worker whenever the catalog is another one, while they go on starring and visiting.
//! What was read before they did so is old when it comes.

use crate::app::cx::Request;
use crate::app::effect::Effect;
use crate::app::model::Model;

/// The readings that are on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readings {
    /// How many readings are; they come in the order in which they were asked for.
    due: usize,
    /// Whether something was kept since the last of them was asked for.
    is_old: bool,
}

/// Notes what of `effects` has to do with it. What is kept is kept before what is asked for later is read.
pub(super) fn note(model: &mut Model, effects: &mut Vec<Effect>) {
    let saves_query = |effect: &Effect| matches!(effect, Effect::SaveQuery { .. });
    if effects.iter().any(saves_query) {
        effects.push(Effect::LoadPersonal);
    }
    let readings = &mut model.readings;
    for effect in effects {
        match effect {
            Effect::LoadPersonal => {
                readings.due += 1;
                readings.is_old = false;
            }
            Effect::SaveStar(..) | Effect::SaveVisit(_) | Effect::SaveQuery { .. } => {
                readings.is_old = readings.due > 0;
            }
            _ => {}
        }
    }
}

/// A reading has come: whether it is the one to be taken. One that is old is asked for again.
pub(super) fn came(model: &mut Model, requests: &mut Vec<Request>) -> bool {
    let readings = &mut model.readings;
    readings.due = readings.due.saturating_sub(1);
    let is_last = readings.due == 0;
    if is_last && readings.is_old {
        requests.push(Request::Effect(Effect::LoadPersonal));
    }
    is_last && !readings.is_old
}
