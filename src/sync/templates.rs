//! What is wrong with templates beyond what the catalog's own rules say: whether they could run.

use super::docs::place;
use crate::catalog::{Kind, Packed, Problem, Rule};
use crate::scaffolder::Template;
use crate::scaffolder::template::Step;

/// The findings about the templates among `entities`.
pub(super) fn check(entities: &[&Packed]) -> Vec<Problem> {
    let templates = entities
        .iter()
        .filter(|packed| Kind::parse(packed.entity_ref.kind()) == Kind::Template)
        .map(|packed| packed.unpack());
    templates
        .flat_map(|entity| {
            let found = match Template::read(&entity) {
                Ok(template) => template.steps.iter().filter_map(without_action).collect(),
                Err(_) => vec!["It cannot be run: spec.steps must be a list of steps.".to_owned()],
            };
            found.into_iter().map(move |message| {
                Problem::new(Rule::Template, place(&entity), message)
                    .about(entity.entity_ref.clone())
            })
        })
        .collect()
}

fn without_action(step: &Step) -> Option<String> {
    let message = || format!("The step '{}' names no action.", step.id);
    step.action.is_empty().then(message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::entity::Provenance;
    use crate::catalog::{Entity, EntityRef};

    #[test]
    fn templates_that_cannot_run_are_named() {
        let found = |spec: serde_json::Value| -> Vec<String> {
            let body = json!({
                "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template",
                "metadata": { "name": "t" }, "spec": spec,
            });
            let entity = Entity {
                entity_ref: EntityRef::new("template", "default", "t"),
                body,
                provenance: Provenance::default(),
            };
            let problems = check(&[&entity.into()]);
            problems
                .into_iter()
                .map(|problem| problem.message)
                .collect()
        };
        let sound = json!({ "steps": [{ "action": "debug:log" }] });
        assert_eq!(found(sound), [""; 0]);
        let forgotten = json!({ "steps": [{ "id": "go" }] });
        assert_eq!(found(forgotten), ["The step 'go' names no action."]);
        let nothing = found(json!({}));
        assert!(
            nothing[0].contains("spec.steps must be a list"),
            "{nothing:?}"
        );
    }
}
