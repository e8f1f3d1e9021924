//! Whether a value fits where an action takes it, as far as that can be told before the run.

use serde_json::Value as Json;

use super::Shape;

impl Shape {
    /// Whether `value` may stand here. What an expression gives is not known before the run: it fits everywhere.
    pub fn fits(&self, value: &Json) -> bool {
        if let Json::String(text) = value
            && (text.contains("${{") || text.contains("{%"))
        {
            return true;
        }
        match (self, value) {
            (Self::Any, _)
            | (Self::Null, Json::Null)
            | (Self::Boolean, Json::Bool(_))
            | (Self::Number, Json::Number(_))
            | (Self::Text, Json::String(_))
            | (Self::Mapping | Self::Object(_), Json::Object(_))
            | (Self::List(_), Json::Array(_)) => true,
            (Self::Literal(wanted), Json::String(text)) => wanted == text,
            (Self::OneOf(shapes), value) => shapes.iter().any(|shape| shape.fits(value)),
            _ => false,
        }
    }

    /// What it is, in words: `a list of texts`.
    pub fn in_words(&self) -> String {
        match self {
            Self::Any => "anything".to_owned(),
            Self::Null => "empty".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Literal(text) => format!("'{text}'"),
            Self::List(item) => match &**item {
                Self::Text => "a list of texts".to_owned(),
                Self::Number => "a list of numbers".to_owned(),
                Self::Mapping | Self::Object(_) => "a list of mappings".to_owned(),
                _ => "a list".to_owned(),
            },
            Self::Mapping | Self::Object(_) => "a mapping".to_owned(),
            Self::OneOf(shapes) => {
                let words: Vec<String> = shapes.iter().map(Self::in_words).collect();
                words.join(" or ")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::scaffolder::known;

    #[test]
    fn values_fit_or_not() {
        let fits = |action: &str, key: &str, value: serde_json::Value| {
            known::find(action)
                .and_then(|known| known.field(key))
                .is_some_and(|field| field.shape.fits(&value))
        };
        assert!(fits("publish:github", "repoVisibility", json!("public")));
        assert!(!fits("publish:github", "repoVisibility", json!("publick")));
        assert!(fits(
            "publish:github",
            "repoVisibility",
            json!("${{ parameters.v }}")
        ));
        assert!(!fits(
            "publish:github",
            "protectDefaultBranch",
            json!("yes")
        ));
        assert!(fits("debug:log", "listWorkspace", json!("with-contents")));
        assert!(
            fits("fs:delete", "files", json!(["a"])) && !fits("fs:delete", "files", json!("a"))
        );
    }
}
