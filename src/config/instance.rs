//! A running Backstage as a source: `stagedoor.backstage`, and `--source backstage:URL`.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::section::Section;
use super::source::web_address;
use super::{ConfigError, Secret};

/// A running Backstage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    /// What the configuration calls it, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its address, below which `/api` is; without a slash at the end.
    pub base_url: String,
}

/// One of `stagedoor.backstage`.
#[derive(Debug, Clone)]
pub struct Backstage {
    /// Which one.
    pub instance: Instance,
    /// The token, where one is needed.
    pub token: Option<Secret>,
}

impl Instance {
    /// The instance at the address `text`: `https`, or `http` on this machine, with a path where it has one.
    pub fn at(text: &str) -> Result<Self, String> {
        let url = web_address(text)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(
                "is no address of a Backstage; leave out what begins with ? or #".to_owned(),
            );
        }
        Ok(Self {
            name: None,
            base_url: url.as_str().trim_end_matches('/').to_owned(),
        })
    }

    /// Its host, with a port where it has one.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.base_url).ok();
        let host = url.as_ref().and_then(|url| {
            let host = url.host_str()?;
            Some(
                url.port()
                    .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            )
        });
        host.unwrap_or_else(|| self.base_url.clone())
    }
}

/// As `--source` names it.
impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_ref().unwrap_or(&self.base_url);
        write!(f, "backstage:{name}")
    }
}

/// The instances in `section`, which names each but once.
pub(super) fn read(section: Option<&Section<'_>>) -> Result<Vec<Backstage>, ConfigError> {
    let Some(section) = section else {
        return Ok(Vec::new());
    };
    let mut all: Vec<Backstage> = Vec::new();
    for entry in section.items()? {
        let base_url = entry.required("baseUrl")?;
        let instance =
            Instance::at(&base_url).map_err(|reason| entry.error(format!("baseUrl {reason}")))?;
        let name = entry.optional("name")?;
        let is_known = |known: &Backstage| {
            known.instance.base_url == instance.base_url
                || (name.is_some() && known.instance.name == name)
        };
        if all.iter().any(is_known) {
            return Err(
                entry.error("is there twice; give each instance an address and a name of its own")
            );
        }
        all.push(Backstage {
            instance: Instance { name, ..instance },
            token: entry.optional("token")?.map(Secret::new),
        });
    }
    Ok(all)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{Config, Env, Source, SourceSet};

    fn config(text: &str) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        std::fs::write(&file, text).unwrap();
        let env = Env::fixed(dir.path(), &[]);
        Config::load(&[file], &env)
    }

    #[test]
    fn an_instance_is_named_by_its_name_or_its_address() {
        let config = config(
            "stagedoor: { backstage: [{ name: hq, baseUrl: 'https://B.acme.dev/portal/', token: secret }] }",
        )
        .unwrap();
        let env = Env::fixed(Path::new("/"), &[]);
        let resolve = |named: &[&str]| {
            let named: Vec<String> = named.iter().map(|&text| text.to_owned()).collect();
            SourceSet::resolve(&named, &config, &env, None)
                .unwrap()
                .sources
        };
        let hq = Source::Backstage(Instance {
            name: Some("hq".to_owned()),
            base_url: "https://b.acme.dev/portal".to_owned(),
        });
        assert_eq!(hq.to_string(), "backstage:hq");
        assert_eq!(resolve(&[]), std::slice::from_ref(&hq));
        assert_eq!(resolve(&["backstage:hq"]), std::slice::from_ref(&hq));
        assert_eq!(resolve(&["backstage:https://b.acme.dev/portal/"]), [hq]);
        let other = &resolve(&["backstage:https://other.dev/"])[0];
        assert_eq!(other.to_string(), "backstage:https://other.dev");
        assert!(!serde_json::to_string(other).unwrap().contains("secret"));
    }

    #[test]
    fn what_is_no_address_of_an_instance_is_refused() {
        let cases = [
            ("{ name: hq }", "baseUrl is missing"),
            ("{ baseUrl: 'http://acme.dev' }", "use https://"),
            ("{ baseUrl: 'https://me:pw@acme.dev' }", "user or password"),
            ("{ baseUrl: 'https://acme.dev/?x=1' }", "leave out"),
            (
                "{ baseUrl: 'https://a.dev' }, { baseUrl: 'https://a.dev/' }",
                "twice",
            ),
            (
                "{ name: a, baseUrl: 'https://a.dev' }, { name: a, baseUrl: 'https://b.dev' }",
                "twice",
            ),
        ];
        for (entries, expected) in cases {
            let error = config(&format!("stagedoor: {{ backstage: [{entries}] }}")).unwrap_err();
            assert!(error.to_string().contains(expected), "{entries}: {error}");
            assert!(!error.to_string().contains("pw@"), "{error}");
        }
        assert!(Instance::at("http://127.0.0.1:7007").is_ok());
    }
}
