//! Where a Location entity leads (`LocationEntityProcessor`).

use serde_json::Value;

use super::LocationType;
use crate::catalog::yaml::Mark;

/// Where a Location leads.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// The targets as written, in their order.
    pub(super) requests: Vec<(String, Mark)>,
    /// Whether they are paths or URLs.
    pub(super) own: Option<LocationType>,
    /// Whether each must be there.
    pub(super) required: bool,
    /// Whether Backstage would give the whole Location up, for one target.
    pub(super) refused: bool,
}

/// The targets of the Location `body`, which stands in a location of type `containing`, and what is refused, with its
/// place.
pub(super) fn targets(
    body: &Value,
    containing: LocationType,
    mark: impl Fn(&str) -> Mark,
) -> (Targets, Vec<(Mark, String)>) {
    let spec = body.get("spec").unwrap_or(&Value::Null);
    let text = |key| spec.get(key).and_then(Value::as_str);
    let mut targets = Targets {
        required: text("presence") != Some("optional"),
        ..Targets::default()
    };
    let mut refusals = Vec::new();
    let own = text("type").unwrap_or(containing.as_str());
    if own != containing.as_str() && own != LocationType::Url.as_str() {
        let message = format!(
            "a Location of type {own} is not read from a {} location; use type url or none",
            containing.as_str()
        );
        refusals.push((mark("/spec/type"), message));
        targets.refused = true;
        return (targets, refusals);
    }
    targets.own = Some(if own == LocationType::File.as_str() {
        LocationType::File
    } else {
        LocationType::Url
    });
    let list = spec.get("targets").and_then(Value::as_array);
    let listed = list
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(n, item)| (format!("/spec/targets/{n}"), item.as_str()));
    for (pointer, target) in
        std::iter::once(("/spec/target".to_owned(), text("target"))).chain(listed)
    {
        let Some(target) = target.filter(|target| !target.is_empty()) else {
            continue;
        };
        if own == LocationType::File.as_str() && target.ends_with('/') {
            refusals.push((mark(&pointer), format!("the target {target} is a folder; name a file, or use a glob like {target}*.yaml")));
            targets.refused = true;
        } else {
            targets.requests.push((target.to_owned(), mark(&pointer)));
        }
    }
    (targets, refusals)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(spec: &Value, containing: LocationType) -> (Vec<String>, bool, bool) {
        let (targets, refusals) =
            targets(&json!({ "spec": spec }), containing, |_| Mark::default());
        assert_eq!(targets.refused, !refusals.is_empty());
        (
            targets.requests.into_iter().map(|r| r.0).collect(),
            targets.required,
            targets.refused,
        )
    }

    #[test]
    fn target_comes_before_targets() {
        let spec = json!({"targets": ["./b", "./c"], "target": "./a", "presence": "optional"});
        assert_eq!(
            read(&spec, LocationType::Url),
            (vec!["./a".into(), "./b".into(), "./c".into()], false, false)
        );
        assert_eq!(read(&json!({}), LocationType::File), (vec![], true, false));
    }

    #[test]
    fn a_url_may_stand_in_a_file_but_not_a_file_behind_a_url() {
        assert!(
            !read(
                &json!({"type": "url", "target": "https://x"}),
                LocationType::File
            )
            .2
        );
        assert!(read(&json!({"type": "file", "target": "./x"}), LocationType::Url).2);
        assert!(read(&json!({"target": "./x/"}), LocationType::File).2);
        assert!(!read(&json!({"target": "./x/"}), LocationType::Url).2);
    }
}
