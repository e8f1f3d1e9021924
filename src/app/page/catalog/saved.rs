//! Saved views: a query with the order, the columns and the groups in which it was shown, under the name of the query.

use super::{Catalog, Order, Typed, View};
use crate::app::TextField;
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::notice::Notice;
use crate::app::undo::Before;
use crate::search::saved_name;

impl Catalog {
    /// Asks for a name for what is on the screen.
    pub(super) fn name_view(&mut self) {
        let name = self.opened.as_ref().map_or("", |(name, _)| name);
        self.field = Some((TextField::new(name), Typed::Name));
    }

    /// Saves query, order, columns and groups under the name that was typed; a name that is none is typed on.
    pub(super) fn save_view(&mut self, field: TextField, cx: &mut Cx<'_>) {
        let Some(name) = saved_name(field.text()) else {
            cx.say(Notice::info(
                "A name is one word of letters, digits, - _ and .",
            ));
            self.field = Some((field, Typed::Name));
            return;
        };
        let query = self.filter.text();
        let view = View {
            sort: match self.order {
                Order::By(column) => Some((column, self.reversed)),
                Order::Match => None,
            },
            ..cx.shared.view.clone()
        };
        self.opened = Some((name.clone(), query.clone()));
        cx.undoable(
            format!("@{name} saved"),
            Before::Saved(name.clone(), saved(&name, cx)),
        );
        let text = Some((query, view.to_string()));
        cx.effect(Effect::SaveQuery { name, text });
    }

    /// Shows what is saved under a name, as it was shown then.
    pub(super) fn open_view(&mut self, name: &str, cx: &mut Cx<'_>) {
        let Some(query) = cx.shared.personal.saved.get(name) else {
            return;
        };
        self.ask(query, cx);
        self.opened = Some((name.to_owned(), self.filter.text()));
        let Some(view) = cx.shared.own.get(name).and_then(Option::as_deref) else {
            return;
        };
        let mut view = View::parse(view);
        if let Some((column, reversed)) = view.sort.take() {
            self.order = Order::By(column);
            self.reversed = reversed;
        }
        self.folded.clear();
        self.start_over(cx);
        if view != cx.shared.view {
            cx.requests.push(Request::SetView(view));
        }
    }
}

/// Forgets a saved view, unless it is not the user's own.
pub(super) fn forget_view(name: &str, cx: &mut Cx<'_>) {
    if cx.shared.own.contains_key(name) {
        let name = name.to_owned();
        let before = Before::Saved(name.clone(), saved(&name, cx));
        cx.undoable(format!("@{name} forgotten"), before);
        cx.effect(Effect::SaveQuery { name, text: None });
    } else {
        let why = format!("@{name} stands in app-config.yaml, under stagedoor.queries.");
        cx.say(Notice::info(why));
    }
}

/// What is saved under a name by the user, as it is saved.
fn saved(name: &str, cx: &Cx<'_>) -> Option<(String, String)> {
    let view = cx.shared.own.get(name)?;
    let query = cx.shared.personal.saved.get(name)?;
    Some((query.clone(), view.clone().unwrap_or_default()))
}
