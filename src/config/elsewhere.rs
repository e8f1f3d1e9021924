//! What is searched beside the catalog: `stagedoor.search`, and the keys of Backstage's collators for Confluence and Stack
//! Overflow, which are taken as they are.

use url::Url;

use super::section::Section;
use super::source::web_address;
use super::{ConfigError, Secret};

/// Where Stack Overflow's API is, unless the configuration says otherwise.
const STACK_OVERFLOW: &str = "https://api.stackexchange.com/2.3";

/// A source of pages beside the catalog.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// What the finder calls it.
    pub name: String,
    /// What it is.
    pub kind: ElsewhereKind,
}

/// What a source of pages is.
#[derive(Debug, Clone)]
pub enum ElsewhereKind {
    /// The search index of a site that `MkDocs` made.
    MkDocs {
        /// Where `search_index.json` is.
        index: Url,
        /// The address of the site.
        site: Url,
    },
    /// A Confluence: `confluence.*`.
    Confluence {
        /// Its address, without a slash at the end; in the cloud it ends in `/wiki`.
        base: Url,
        /// Who asks.
        account: Account,
        /// The pages that are searched, in Confluence's query language.
        query: String,
    },
    /// A Stack Overflow, of all or for a team: `stackoverflow.*`.
    StackOverflow {
        /// The address of its API, without a slash at the end.
        base: Url,
        /// The key, where one is used.
        key: Option<Secret>,
        /// The token, where one is used.
        token: Option<Secret>,
        /// What is asked for, by parameter.
        parameters: Vec<(String, String)>,
    },
}

/// Who asks a Confluence.
#[derive(Debug, Clone)]
pub enum Account {
    /// A token by itself.
    Bearer(Secret),
    /// A user with a password, or an address with a token.
    Basic(String, Secret),
}

/// All that is searched beside the catalog, each with a name of its own.
pub(super) fn read(
    root: &Section<'_>,
    ours: Option<&Section<'_>>,
) -> Result<Vec<Elsewhere>, ConfigError> {
    let mut all = Vec::new();
    if let Some(section) = ours {
        for entry in section.items()? {
            all.push(mkdocs(&entry)?);
        }
    }
    if let Some(section) = root.get("confluence") {
        all.push(confluence(&section)?);
    }
    if let Some(section) = root.get("stackoverflow") {
        all.push(stack_overflow(&section)?);
    }
    for (at, source) in all.iter().enumerate() {
        if all
            .iter()
            .skip(at + 1)
            .any(|other| other.name == source.name)
        {
            return Err(root.error(format!(
                "two sources of the search are called {}; give one of stagedoor.search another name",
                source.name
            )));
        }
    }
    Ok(all)
}

fn mkdocs(entry: &Section<'_>) -> Result<Elsewhere, ConfigError> {
    let url = address(entry, "url", &entry.required("url")?)?;
    let is_index = url.path().to_ascii_lowercase().ends_with(".json");
    let below = |url: &Url, path: &str| {
        url.join(path)
            .map_err(|error| entry.error(error.to_string()))
    };
    let (index, site) = if is_index {
        // The index lies in the folder `search` of its site.
        let up = if url.path().ends_with("/search/search_index.json") {
            ".."
        } else {
            "."
        };
        (url.clone(), below(&url, up)?)
    } else {
        let mut site = url.clone();
        if !site.path().ends_with('/') {
            site.set_path(&format!("{}/", url.path()));
        }
        (below(&site, "search/search_index.json")?, site)
    };
    let name = match entry.optional("name")? {
        Some(name) => name,
        None => url.host_str().unwrap_or("docs").to_owned(),
    };
    Ok(Elsewhere {
        name,
        kind: ElsewhereKind::MkDocs { index, site },
    })
}

fn confluence(section: &Section<'_>) -> Result<Elsewhere, ConfigError> {
    let base = address(section, "baseUrl", &section.required("baseUrl")?)?;
    let auth = section
        .get("auth")
        .ok_or_else(|| section.error("auth is missing"))?;
    let secret = |key: &str| auth.required(key).map(Secret::new);
    let account = match auth.optional("type")?.as_deref() {
        None | Some("bearer") => Account::Bearer(secret("token")?),
        Some("basic") => Account::Basic(auth.required("email")?, secret("token")?),
        Some("userpass") => Account::Basic(auth.required("username")?, secret("password")?),
        Some(other) => {
            return Err(auth.error(format!(
                "type {other} is not known; there are bearer, basic and userpass"
            )));
        }
    };
    let spaces: Vec<String> = section
        .texts("spaces")?
        .iter()
        .map(|space| format!("space=\"{}\"", space.replace(['"', '\\'], "")))
        .collect();
    let spaces = spaces.join(" or ");
    // As Backstage's collator joins them.
    let query = match (spaces.is_empty(), section.optional("query")?) {
        (true, Some(query)) => query,
        (false, Some(query)) => format!("({spaces}) and ({query})"),
        (false, None) => spaces,
        (true, None) => "type IN (page, blogpost, comment, attachment)".to_owned(),
    };
    Ok(Elsewhere {
        name: "confluence".to_owned(),
        kind: ElsewhereKind::Confluence {
            base,
            account,
            query,
        },
    })
}

fn stack_overflow(section: &Section<'_>) -> Result<Elsewhere, ConfigError> {
    let base = section.optional("baseUrl")?;
    let base = address(
        section,
        "baseUrl",
        base.as_deref().unwrap_or(STACK_OVERFLOW),
    )?;
    let key = section.optional("apiKey")?.map(Secret::new);
    let mut parameters = Vec::new();
    match section.get("requestParams") {
        Some(given) => {
            for (name, value) in given.entries()? {
                // The key is told apart, so that it is in no message.
                if name != "key" {
                    parameters.push((
                        name.to_owned(),
                        given
                            .texts(name)
                            .or_else(|_| value.text().map(|text| vec![text]))?
                            .join(","),
                    ));
                }
            }
        }
        None => {
            for (name, value) in [
                ("order", "desc"),
                ("sort", "activity"),
                ("site", "stackoverflow"),
            ] {
                parameters.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    // As in Backstage, a team is asked for by its name only where there is no key.
    if let (None, Some(team)) = (&key, section.optional("teamName")?) {
        parameters.push(("team".to_owned(), team));
    }
    Ok(Elsewhere {
        name: "stack overflow".to_owned(),
        kind: ElsewhereKind::StackOverflow {
            base,
            key,
            token: section.optional("apiAccessToken")?.map(Secret::new),
            parameters,
        },
    })
}

/// The web address `text`, without a slash at the end of its path.
fn address(section: &Section<'_>, key: &str, text: &str) -> Result<Url, ConfigError> {
    let mut url = web_address(text).map_err(|reason| section.error(format!("{key} {reason}")))?;
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;
    use crate::config::{Config, Env};

    fn config(text: &str) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        std::fs::write(&file, text).unwrap();
        Config::load(&[file], &Env::fixed(dir.path(), &[]))
    }

    #[test]
    fn a_site_is_named_by_its_address_or_that_of_its_index() {
        let config = config(
            "stagedoor:\n  search:\n    - { name: handbook, url: 'https://docs.acme.dev/handbook' }\n    \
             - { url: 'https://wiki.dev/a/search/search_index.json' }",
        )
        .unwrap();
        let told: Vec<String> = config
            .elsewhere
            .iter()
            .map(|source| match &source.kind {
                ElsewhereKind::MkDocs { index, site } => format!("{} {index} {site}", source.name),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            told,
            [
                "handbook https://docs.acme.dev/handbook/search/search_index.json https://docs.acme.dev/handbook/",
                "wiki.dev https://wiki.dev/a/search/search_index.json https://wiki.dev/a/",
            ]
        );
    }

    #[test]
    fn the_keys_of_backstage_s_collators_are_taken_as_they_are() {
        let config = config(
            "confluence:\n  baseUrl: https://acme.atlassian.net/wiki/\n  auth: { type: basic, email: a@acme.dev, token: geheim }\n  \
             spaces: [OPS, \"X\\\"Y\"]\n  query: type = page\nstackoverflow:\n  teamName: acme\n  apiAccessToken: geheim\n  \
             requestParams: { tagged: [go, rust], pagesize: 50, key: geheim }",
        )
        .unwrap();
        let [wiki, answers] = &config.elsewhere[..] else {
            panic!("{:?}", config.elsewhere)
        };
        let ElsewhereKind::Confluence {
            base,
            query,
            account: Account::Basic(user, _),
        } = &wiki.kind
        else {
            panic!("{wiki:?}")
        };
        assert_eq!(base.as_str(), "https://acme.atlassian.net/wiki");
        assert_eq!(query, "(space=\"OPS\" or space=\"XY\") and (type = page)");
        assert_eq!(user, "a@acme.dev");
        let ElsewhereKind::StackOverflow {
            base, parameters, ..
        } = &answers.kind
        else {
            panic!("{answers:?}")
        };
        assert_eq!(base.as_str(), STACK_OVERFLOW);
        let mut parameters = parameters.clone();
        parameters.sort();
        let expected = [("pagesize", "50"), ("tagged", "go,rust"), ("team", "acme")];
        assert_eq!(
            parameters,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert!(!format!("{:?}", config.elsewhere).contains("geheim"));
        assert!(!config.redacted.to_string().contains("geheim"));
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        for (text, expected) in [
            (
                "confluence: { baseUrl: 'https://a.dev', auth: { type: magic } }",
                "magic",
            ),
            (
                "confluence: { baseUrl: 'https://a.dev', auth: { type: basic, token: x } }",
                "email is missing",
            ),
            (
                "confluence: { baseUrl: 'http://a.dev', auth: { token: x } }",
                "use https://",
            ),
            ("stagedoor: { search: [{ name: x }] }", "url is missing"),
            (
                "stagedoor: { search: [{ name: x, url: 'https://a.dev' }, { name: x, url: 'https://b.dev' }] }",
                "two sources",
            ),
        ] {
            let error = config(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
