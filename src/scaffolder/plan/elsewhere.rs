//! Where a template can run that cannot run here, because nobody here knows an action of it.

use serde::{Deserialize, Serialize};

/// A template with actions that nobody here knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The ids of those actions, each once.
    pub actions: Vec<String>,
    /// The running Backstages that have the template and all of its actions.
    pub offers: Vec<Offer>,
    /// Why the others that are configured cannot run it, in words.
    pub without: Vec<String>,
}

/// A running Backstage that can run a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// It as a source: `backstage:hq`.
    pub source: String,
    /// Its host.
    pub host: String,
    /// Whether the steps of the template are others there.
    pub differs: bool,
}

impl Offer {
    /// What `--at` calls it.
    pub fn name(&self) -> &str {
        self.source
            .strip_prefix("backstage:")
            .unwrap_or(&self.source)
    }

    /// What to know of it before one takes it up.
    pub fn words(&self) -> String {
        let host = &self.host;
        if self.differs {
            format!("{host} has all actions of the template; its version of it has other steps")
        } else {
            format!("{host} has all actions of the template")
        }
    }
}

impl Elsewhere {
    /// What to do about it, in words: where it can run, or why nowhere.
    pub fn advice(&self) -> String {
        if let Some(offer) = self.offers.first() {
            let (words, name) = (offer.words(), offer.name());
            return format!("{words}: `--at {name}` runs it there");
        }
        if self.without.is_empty() {
            return "no running Backstage is configured that could run it".to_owned();
        }
        self.without.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_the_place_or_the_reasons() {
        let mut elsewhere = Elsewhere::default();
        assert!(elsewhere.advice().starts_with("no running Backstage"));
        elsewhere.without = vec![
            "a.dev does not know acme:x".to_owned(),
            "b.dev: down".to_owned(),
        ];
        assert_eq!(
            elsewhere.advice(),
            "a.dev does not know acme:x; b.dev: down"
        );
        elsewhere.offers.push(Offer {
            source: "backstage:hq".to_owned(),
            host: "hq.acme.dev".to_owned(),
            differs: false,
        });
        assert_eq!(
            elsewhere.advice(),
            "hq.acme.dev has all actions of the template: `--at hq` runs it there"
        );
    }
}
