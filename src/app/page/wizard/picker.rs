//! Picking entities of the catalog: a text that finds them, and the best of what it finds.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::message::Edit;
use crate::app::text_field::TextField;
use crate::catalog::{EntityRef, Index};
use crate::scaffolder::form::{EntityPick, FieldKind, Whose};
use crate::search::{self, Context, Found, Query};

use super::editor::LIST_ROWS;

/// How many entities a picker lists.
pub(super) const PICKS: usize = 200;

/// A picker of one entity, or of any number of them.
#[derive(Debug)]
pub struct Picker {
    /// What is looked for, or a reference in full.
    pub field: TextField,
    /// What was found.
    pub found: Arc<Found>,
    /// Which of it the cursor is on.
    pub cursor: Cursor,
    /// What was picked so far; only of a picker of many.
    pub picked: Vec<String>,
    /// Whether any number can be picked.
    pub many: bool,
    pick: EntityPick,
    /// Whether the text is an answer as it stands, so that the list must not offer to replace it.
    settled: bool,
    /// Whether the answer is taken as a whole: a letter begins another one.
    is_token: bool,
    /// The last question.
    pub generation: u64,
    /// The question whose answer is listed.
    answered: u64,
    /// What the cursor was put on; `None` on top.
    on: Option<EntityRef>,
}

impl Picker {
    /// A picker of one entity that holds `text`.
    pub fn one(pick: &EntityPick, text: &str) -> Self {
        Self::new(pick, text, Vec::new(), false)
    }

    /// A picker of any number of entities that holds those of `value`.
    pub fn many(pick: &EntityPick, value: Option<&Json>) -> Self {
        let picked = value.and_then(Json::as_array).into_iter().flatten();
        let picked = picked.filter_map(Json::as_str).map(str::to_owned).collect();
        Self::new(pick, "", picked, true)
    }

    fn new(pick: &EntityPick, text: &str, picked: Vec<String>, many: bool) -> Self {
        Self {
            field: TextField::new(text),
            found: Arc::default(),
            cursor: Cursor::default(),
            picked,
            many,
            pick: pick.clone(),
            settled: !text.is_empty(),
            is_token: !text.is_empty(),
            generation: 0,
            answered: 0,
            on: None,
        }
    }

    /// The query that finds what `me` may pick: what is typed, within what the template's author allows.
    pub fn query(&self, me: Option<&EntityRef>) -> String {
        let mut query = String::new();
        if !self.settled {
            // A reference in full is looked for by its name; the field itself keeps it whole.
            let text = self.field.text().trim();
            query.push_str(text.rsplit(['/', ':']).next().unwrap_or(text));
        }
        match (self.pick.whose, me) {
            (Whose::Anybodys, _) => {}
            (Whose::MyGroups, Some(me)) => {
                let _ = write!(query, " relations.hasMember={me}");
            }
            // Of a stranger nothing is found, and the search says that it does not know who that is.
            (Whose::Mine, _) | (Whose::MyGroups, None) => query.push_str(" owner:mine"),
        }
        let alternatives: Vec<String> = self.pick.filter.iter().map(conditions).collect();
        if !alternatives.iter().any(String::is_empty) {
            match &alternatives[..] {
                [] => {}
                [only] => query.push_str(only),
                several => {
                    let _ = write!(query, " (({}))", several.join(") OR ("));
                }
            }
        }
        query
    }

    /// Changes the text; whether it did.
    pub fn edit(&mut self, edit: &Edit) -> bool {
        if *edit == Edit::Backspace && self.field.text().is_empty() && self.picked.pop().is_some() {
            return true;
        }
        if self.is_token && matches!(edit, Edit::Insert(_) | Edit::Paste(_)) {
            self.field = TextField::default();
        }
        self.is_token = false;
        self.on = None;
        let changed = self.field.apply(edit);
        if changed {
            self.settled = false;
        }
        changed
    }

    /// Takes what was found.
    pub fn found(&mut self, found: &Arc<Found>) {
        // Whoever was quicker than the answer has moved the cursor already.
        if self.answered != self.generation {
            self.cursor = Cursor::default();
        }
        self.answered = self.generation;
        self.found = found.clone();
    }

    /// Forgets what was found: rows of an old index name other entities in a new one.
    pub fn forget(&mut self) {
        self.found = Arc::default();
        self.answered = 0;
    }

    /// Whether what is found is on its way, or not asked for yet.
    pub fn is_awaited(&self) -> bool {
        self.answered != self.generation
    }

    /// Whether what is found decides what is answered.
    pub fn is_sought(&self) -> bool {
        !self.settled && !self.field.text().trim().is_empty()
    }

    /// The cursor was moved.
    pub fn put_cursor(&mut self, index: &Index) {
        let hit = self.found.hits.get(self.cursor.selected);
        let hit = hit.filter(|_| self.cursor.selected > 0);
        self.on = hit.and_then(|hit| index.entity_ref(hit.row));
    }

    /// Puts the cursor on what it was on before rows were new.
    pub fn find_again(&mut self, index: &Index) {
        let hits = &self.found.hits;
        let is_on = |hit: &search::Hit| self.on.is_some() && index.entity_ref(hit.row) == self.on;
        if let Some(at) = hits.iter().position(is_on) {
            self.cursor.select(at, hits.len(), LIST_ROWS);
        }
    }

    /// Keys can outrun the answer: a whole line may arrive at once. What is taken must be what the text asks for, so it
    /// is found now.
    pub fn catch_up(&mut self, index: &Index, context: &Context) {
        if self.answered != self.generation {
            let query = Query::parse(&self.query(context.identity.me.as_ref()));
            self.found(&Arc::new(search::find(
                index,
                &query,
                context,
                PICKS,
                &|| false,
            )));
            self.find_again(index);
        }
    }

    /// Moves in the list; `false` at its ends.
    pub fn walk(&mut self, command: Command) -> bool {
        let before = self.cursor.selected;
        let moved = self.cursor.apply(command, self.found.hits.len(), LIST_ROWS)
            && self.cursor.selected != before;
        if moved {
            self.settled = false;
        }
        moved
    }

    /// Takes what the cursor is on as the answer; whether there was something to take.
    pub fn take(&mut self, index: &Index) -> bool {
        if self.settled {
            return false;
        }
        // Free text stays what it is unless something was found for it.
        let looked = !self.field.text().trim().is_empty() || self.cursor.selected > 0;
        let hit = self.found.hits.get(self.cursor.selected);
        let Some(entity_ref) = hit
            .filter(|_| looked)
            .and_then(|hit| index.entity_ref(hit.row))
        else {
            return false;
        };
        self.put(&entity_ref);
        true
    }

    /// Takes the one that was clicked.
    pub fn pick(&mut self, at: usize, index: &Index) {
        let hit = self.found.hits.get(at);
        if let Some(entity_ref) = hit.and_then(|hit| index.entity_ref(hit.row)) {
            self.put(&entity_ref);
        }
    }

    fn put(&mut self, entity_ref: &EntityRef) {
        let text = entity_ref.to_string();
        self.on = None;
        if self.many {
            if !self.picked.contains(&text) {
                self.picked.push(text);
            }
            self.field = TextField::default();
        } else {
            self.field = TextField::new(&text);
            (self.settled, self.is_token) = (true, true);
        }
    }

    /// Whether the text is an answer as it stands.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// Takes the only entity there is to pick, where the author lets nothing else be an answer; whether it did.
    pub fn take_only(&mut self, index: &Index) -> bool {
        let only = self.pick.auto && !self.pick.free_text && !self.many && self.found.total == 1;
        let hit = self.found.hits.first();
        let hit = hit.filter(|_| only && !self.settled && self.field.text().is_empty());
        let Some(entity_ref) = hit.and_then(|hit| index.entity_ref(hit.row)) else {
            return false;
        };
        self.put(&entity_ref);
        true
    }

    /// The answer: what is typed itself only where the author allows that.
    pub fn value(&self, kind: &FieldKind) -> Result<Option<Json>, String> {
        let typed = self.field.text().trim();
        if !self.pick.free_text && !self.settled && !typed.is_empty() {
            if !self.is_awaited() && self.found.hits.is_empty() {
                return Err("Nothing that can be picked here is called so".to_owned());
            }
            if !self.many {
                return Ok(None);
            }
        }
        if !self.many {
            return kind.parse(self.field.text());
        }
        let mut all = self.picked.clone();
        let is_unknown = !self.is_awaited() && self.found.hits.is_empty();
        if self.pick.free_text && !typed.is_empty() && is_unknown {
            all.push(self.pick.reference(typed));
        }
        Ok((!all.is_empty()).then(|| all.into()))
    }
}

/// What an alternative of the author's filter asks for, as a query; a value that a query cannot hold does not narrow.
fn conditions(filter: &Json) -> String {
    let mut text = String::new();
    for (key, value) in filter.as_object().into_iter().flatten() {
        let values = match value {
            Json::Array(values) => values.as_slice(),
            Json::Object(options) if options.get("exists") == Some(&Json::Bool(true)) => {
                if key.contains('.') {
                    let _ = write!(text, " {key}");
                }
                continue;
            }
            one => std::slice::from_ref(one),
        };
        for value in values {
            let value = match value {
                Json::String(text) => text.clone(),
                Json::Bool(_) | Json::Number(_) => value.to_string(),
                _ => continue,
            };
            if !value.contains(['"', ',']) {
                let _ = write!(text, " {key}=\"{value}\"");
            }
        }
    }
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn pick(filter: Vec<Json>) -> EntityPick {
        EntityPick {
            filter,
            free_text: true,
            default_kind: Some("group".into()),
            ..EntityPick::default()
        }
    }

    #[test]
    fn the_authors_filter_narrows_whole() {
        let both = pick(vec![
            json!({"kind": "Group", "metadata.annotations.acme.dev/team": {"exists": true}}),
            json!({"kind": ["User", "Group"], "spec.type": "on call"}),
        ]);
        assert_eq!(
            Picker::one(&both, "").query(None),
            " (( kind=\"Group\" metadata.annotations.acme.dev/team) OR \
             ( kind=\"User\" kind=\"Group\" spec.type=\"on call\"))"
        );
        let typed = pick(vec![json!({"kind": "Component", "spec.type": "service"})]);
        let mut picker = Picker::one(&typed, "");
        picker.edit(&Edit::Paste("group:default/pay".into()));
        let query = picker.query(None);
        assert_eq!(query, "pay kind=\"Component\" spec.type=\"service\"");
        assert!(Query::parse(&query).issues.is_empty());
        assert_eq!(
            Picker::one(&pick(vec![json!({"kind": "Group"}), json!({})]), "").query(None),
            ""
        );
    }

    #[test]
    fn my_groups_are_those_that_have_me_as_a_member() {
        let mine = EntityPick {
            whose: Whose::MyGroups,
            ..pick(vec![json!({"kind": "Group"})])
        };
        let me: EntityRef = "user:default/jane".parse().unwrap();
        assert_eq!(
            Picker::one(&mine, "").query(Some(&me)),
            " relations.hasMember=user:default/jane kind=\"Group\""
        );
    }

    #[test]
    fn what_cannot_be_picked_is_no_answer_where_free_text_is_none() {
        let strict = EntityPick {
            free_text: false,
            ..pick(Vec::new())
        };
        let kind = FieldKind::Entity(strict.clone());
        let mut picker = Picker::one(&strict, "");
        picker.edit(&Edit::Paste("nobody".into()));
        picker.generation = 1;
        assert_eq!(picker.value(&kind), Ok(None));
        picker.found(&Arc::default());
        assert!(picker.value(&kind).is_err());
        let given = Picker::one(&strict, "group:default/a");
        assert_eq!(given.value(&kind), Ok(Some(json!("group:default/a"))));
    }

    #[test]
    fn a_letter_begins_another_answer_and_a_correction_does_not() {
        let pick = pick(Vec::new());
        let mut picker = Picker::one(&pick, "group:default/pay");
        picker.edit(&Edit::Insert('d'));
        picker.edit(&Edit::Insert('e'));
        assert_eq!(picker.field.text(), "de");
        let mut picker = Picker::one(&pick, "group:default/pay");
        picker.edit(&Edit::Backspace);
        picker.edit(&Edit::Insert('d'));
        assert_eq!(picker.field.text(), "group:default/pad");
    }

    #[test]
    fn backspace_in_an_empty_field_takes_the_last_pick_back() {
        let value = json!(["group:default/a", "group:default/b"]);
        let mut picker = Picker::many(&pick(Vec::new()), Some(&value));
        assert!(picker.edit(&Edit::Backspace));
        let kind = FieldKind::Entities(pick(Vec::new()));
        assert_eq!(picker.value(&kind), Ok(Some(json!(["group:default/a"]))));
    }
}
