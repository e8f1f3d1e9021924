//! GitHub's GraphQL, resolved over the repositories.

use serde_json::{Map, Value, json};

use super::facts;
use super::graphql::{Resolve, Schema, failed};
use super::people::{self, People};
use super::repositories::{Repositories, Repository};

/// The most repositories of a page, and the most bytes of a text.
const MOST: u64 = 100;
const WHOLE: usize = 512 << 10;

/// The part of GitHub's schema that is served.
pub(super) fn schema() -> Schema {
    Schema::parse(include_str!("github.graphql"))
}

/// GitHub over the repositories of a forge.
pub(super) struct Github<'a> {
    pub(super) repositories: &'a Repositories,
    pub(super) people: &'a People,
}

impl Resolve for Github<'_> {
    fn field(
        &self,
        on: &str,
        object: &Value,
        field: &str,
        arguments: &Map<String, Value>,
    ) -> Option<Value> {
        let text = |key: &str| {
            arguments
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        Some(match (on, field) {
            ("Query", "rateLimit") => json!({
                "cost": 1, "limit": 5000, "remaining": 4999, "used": 1, "nodeCount": 1,
                "resetAt": "2030-01-01T00:00:00Z",
            }),
            ("Query", "repositoryOwner") => {
                if !self.repositories.has_owner(text("login")) {
                    return Some(Value::Null);
                }
                json!({ "__typename": "RepositoryOwner", "login": text("login") })
            }
            ("Query", "repository") => {
                let name = format!("{}/{}", text("owner"), text("name"));
                self.repositories.get(&name).map_or_else(
                    || not_found(&format!("a Repository with the name '{name}'")),
                    |repository| repository.facts.of(self.repository(&repository)),
                )
            }
            ("Query", "node") => self.node(text("id")),
            ("Query", "nodes") => {
                let ids = arguments["ids"].as_array().into_iter().flatten();
                ids.map(|id| self.node(id.as_str().unwrap_or_default()))
                    .collect()
            }
            ("RepositoryOwner", "repositories") => self.list(object["login"].as_str()?, arguments),
            ("Repository", "object") => {
                let name = object["nameWithOwner"].as_str()?;
                let repository = self.repositories.get(name)?;
                if let Some(kind) = repository.withheld {
                    return Some(failed(
                        kind,
                        "Something went wrong while executing your query.",
                    ));
                }
                let expression = arguments.get("expression").or(arguments.get("oid"));
                self.object(name, expression.and_then(Value::as_str)?)
            }
            ("Repository", "repositoryTopics") => {
                let repository = self.repositories.get(object["nameWithOwner"].as_str()?)?;
                let topics = repository
                    .topics
                    .iter()
                    .map(|name| json!({ "topic": { "name": name } }));
                json!({ "totalCount": repository.topics.len(), "nodes": topics.collect::<Vec<_>>() })
            }
            _ => return people::github::field(self.people, on, object, field, arguments),
        })
    }
}

impl Github<'_> {
    fn node(&self, id: &str) -> Value {
        if let Some(found) = people::github::node(self.people, id) {
            return found;
        }
        self.repositories.by_id(id).map_or_else(
            || not_found(&format!("a node with the global id of '{id}'")),
            |repository| self.repository(&repository),
        )
    }

    fn repository(&self, repository: &Repository) -> Value {
        let Repository { name, branch, .. } = repository;
        let tip = self.repositories.oid(name, "HEAD");
        json!({
            "__typename": "Repository",
            "id": repository.id,
            "name": name.split('/').next_back(),
            "nameWithOwner": name,
            "isArchived": repository.archived,
            "isFork": repository.fork,
            "isTemplate": false,
            "isEmpty": tip.is_none(),
            "isPrivate": repository.visibility != "PUBLIC",
            "visibility": repository.visibility,
            "pushedAt": tip.as_ref().map(|_| time(repository.pushed)),
            "updatedAt": time(repository.updated),
            "url": format!("http://github.invalid/{name}"),
            "defaultBranchRef": tip.map(|oid| {
                let mut commit = json!({ "__typename": "Commit", "oid": oid });
                facts::merge(&mut commit, &repository.facts.commit);
                json!({ "name": branch, "target": commit })
            }),
        })
    }

    fn object(&self, name: &str, expression: &str) -> Value {
        let Some(oid) = self.repositories.oid(name, expression) else {
            return Value::Null;
        };
        match self.repositories.object(name, &oid) {
            Some((kind, content)) if kind == "blob" => {
                let text = String::from_utf8(content).ok();
                let cut = text.as_ref().is_some_and(|text| text.len() > WHOLE);
                json!({
                    "__typename": "Blob", "oid": oid,
                    "byteSize": text.as_ref().map(String::len),
                    "isBinary": text.is_none(),
                    "isTruncated": cut,
                    "text": text.map(|text| text.chars().take(WHOLE).collect::<String>()),
                })
            }
            Some((kind, _)) if kind == "tree" => json!({ "__typename": "Tree", "oid": oid }),
            Some(_) => json!({ "__typename": "Commit", "oid": oid }),
            // What a submodule points to is in another repository.
            None => Value::Null,
        }
    }

    fn list(&self, owner: &str, arguments: &Map<String, Value>) -> Value {
        let first = arguments["first"].as_u64().unwrap_or_default();
        if first == 0 || first > MOST {
            return failed(
                "EXCESSIVE_PAGINATION",
                "Requesting too many records on the connection.",
            );
        }
        let mut all = self.repositories.of(owner);
        let order = &arguments["orderBy"];
        match order["field"].as_str() {
            Some("PUSHED_AT") => all.sort_by_key(|it| (it.pushed, it.name.clone())),
            Some("UPDATED_AT") => all.sort_by_key(|it| (it.updated, it.name.clone())),
            _ => all.sort_by(|a, b| a.name.cmp(&b.name)),
        }
        if order["direction"] == "DESC" {
            all.reverse();
        }
        let total = all.len();
        // A cursor names the last that was given: what is removed before it moves nothing.
        let after = arguments.get("after").and_then(Value::as_str);
        let by_name = order["field"] == "NAME";
        let start = after.map_or(0, |after| {
            if by_name {
                all.iter()
                    .take_while(|it| it.name.as_str() <= after)
                    .count()
            } else {
                1 + all.iter().position(|it| it.name == after).unwrap_or(total)
            }
        });
        let page: Vec<&Repository> = all
            .iter()
            .skip(start)
            .take(usize::try_from(first).unwrap())
            .collect();
        let nodes = page.iter().map(|repository| match repository.withheld {
            Some("FORBIDDEN") => failed(
                "FORBIDDEN",
                "Resource protected by organization SAML enforcement.",
            ),
            _ => self.repository(repository),
        });
        json!({
            "totalCount": total,
            "pageInfo": {
                "hasNextPage": start + page.len() < total,
                "endCursor": page.last().map(|it| it.name.as_str()),
            },
            "nodes": nodes.collect::<Vec<_>>(),
        })
    }
}

fn not_found(what: &str) -> Value {
    failed("NOT_FOUND", &format!("Could not resolve to {what}."))
}

/// Seconds since 1970 as GraphQL writes a time. Good for the years of tests: no leap second, no year past 2099.
pub(super) fn time(seconds: u64) -> String {
    let (mut days, of_day) = (seconds / 86400, seconds % 86400);
    let mut year = 1970;
    let length = |year: u64| if year.is_multiple_of(4) { 366 } else { 365 };
    while days >= length(year) {
        days -= length(year);
        year += 1;
    }
    let mut month = 0;
    let months = [
        31,
        length(year) - 337,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    while days >= months[month] {
        days -= months[month];
        month += 1;
    }
    format!(
        "{year:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        month + 1,
        days + 1,
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}
