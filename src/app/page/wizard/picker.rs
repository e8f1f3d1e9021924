//! Picking entities of the catalog: a text that finds them, and the best of what it finds.

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::message::Edit;
use crate::app::text_field::TextField;
use crate::catalog::{EntityRef, Index};
use crate::scaffolder::form::{EntityPick, FieldKind};
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
    /// The last question.
    pub generation: u64,
    /// The question whose answer is listed.
    answered: u64,
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
            generation: 0,
            answered: 0,
        }
    }

    /// The query that finds what may be picked: what is typed, within what the template's author allows.
    pub fn query(&self) -> String {
        let mut query = String::new();
        if !self.settled {
            // A reference in full is looked for by its name; the field itself keeps it whole.
            let text = self.field.text().trim();
            query.push_str(text.rsplit(['/', ':']).next().unwrap_or(text));
        }
        if self.pick.owned {
            query.push_str(" owner:mine");
        }
        for (key, values) in self.narrowings() {
            let _ = write!(query, " {key}:{}", values.join(","));
        }
        query
    }

    /// The columns by which the author's filter narrows. Alternatives that differ in a column are offered together;
    /// a column that only some of them name does not narrow.
    fn narrowings(&self) -> Vec<(&'static str, Vec<String>)> {
        if self.pick.my_groups {
            return vec![("kind", vec!["group".to_owned()])];
        }
        let columns = [
            ("kind", "kind"),
            ("spec.type", "type"),
            ("spec.lifecycle", "lifecycle"),
            ("metadata.namespace", "namespace"),
            ("metadata.tags", "tag"),
        ];
        let mut narrowings = Vec::new();
        for (key, column) in columns {
            let of = |filter: &Json| -> Vec<String> {
                let plain = |value: &Json| value.as_str().map(str::to_owned);
                match filter.get(key) {
                    Some(Json::Array(values)) => values.iter().filter_map(plain).collect(),
                    Some(value) => plain(value).into_iter().collect(),
                    None => Vec::new(),
                }
            };
            let all: Vec<Vec<String>> = self.pick.filter.iter().map(of).collect();
            if !all.is_empty() && all.iter().all(|values| !values.is_empty()) {
                let values: Vec<String> = all
                    .concat()
                    .into_iter()
                    .filter(|value| !value.contains(' '))
                    .collect();
                narrowings.push((column, values));
            }
        }
        narrowings
    }

    /// Changes the text; whether it did.
    pub fn edit(&mut self, edit: &Edit) -> bool {
        if *edit == Edit::Backspace && self.field.text().is_empty() && self.picked.pop().is_some() {
            return true;
        }
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

    /// Keys can outrun the answer: a whole line may arrive at once. What is taken must be what the text asks for, so it
    /// is found now.
    pub fn catch_up(&mut self, index: &Index, context: &Context) {
        if self.answered != self.generation {
            let query = Query::parse(&self.query());
            self.found(&Arc::new(search::find(
                index,
                &query,
                context,
                PICKS,
                &|| false,
            )));
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

    fn put(&mut self, entity_ref: &EntityRef) {
        let text = entity_ref.to_string();
        if self.many {
            if !self.picked.contains(&text) {
                self.picked.push(text);
            }
            self.field = TextField::default();
        } else {
            self.field = TextField::new(&text);
            self.settled = true;
        }
    }

    /// Whether the text is an answer as it stands.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// The answer.
    pub fn value(&self, kind: &FieldKind) -> Result<Option<Json>, String> {
        if !self.many {
            return kind.parse(self.field.text());
        }
        let mut all = self.picked.clone();
        let typed = self.field.text().trim();
        if self.pick.free_text && !typed.is_empty() && self.found.hits.is_empty() {
            all.push(self.pick.reference(typed));
        }
        Ok((!all.is_empty()).then(|| all.into()))
    }
}

#[cfg(test)]
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
    fn the_authors_filter_narrows_where_every_alternative_does() {
        let both = pick(vec![
            json!({"kind": "Group"}),
            json!({"kind": ["User"], "spec.type": "x"}),
        ]);
        assert_eq!(Picker::one(&both, "").query(), " kind:Group,User");
        let typed = pick(vec![json!({"kind": "Component", "spec.type": "service"})]);
        let mut picker = Picker::one(&typed, "");
        picker.edit(&Edit::Paste("group:default/pay".into()));
        assert_eq!(picker.query(), "pay kind:Component type:service");
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
