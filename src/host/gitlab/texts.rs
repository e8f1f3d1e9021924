//! Texts of files: one path of many projects, or many paths of one, in one request.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Api, gid, number};
use crate::host::{HostError, Wanted};

const TEXTS: &str = include_str!("texts.graphql");
/// How many paths of one project are asked for at once: each is a call of the server to its storage, and counts so.
const PATHS: usize = 10;

/// Texts by project and path.
pub(super) type Texts = BTreeMap<(String, String), String>;

/// What one request asks for.
#[derive(Debug, PartialEq, Eq)]
struct Request<'a> {
    ids: Vec<&'a str>,
    paths: Vec<&'a str>,
}

/// The texts of `wanted` as they are at `reference` now; those are left out that are not there, or not text.
pub(super) async fn texts(
    api: &Api,
    reference: &str,
    wanted: &[&Wanted],
) -> Result<Texts, HostError> {
    let mut texts = Texts::new();
    for Request { ids, paths } in requests(wanted) {
        let gids: Vec<String> = ids.iter().map(|id| gid(id)).collect();
        let variables =
            json!({ "ids": gids, "first": ids.len(), "paths": paths, "ref": reference });
        let answer = api.query(TEXTS, &variables).await?;
        let nodes = answer.data["projects"]["nodes"].as_array();
        for node in nodes.into_iter().flatten() {
            let Some(id) = node["id"].as_str().map(number) else {
                continue;
            };
            let blobs = node
                .pointer("/repository/blobs/nodes")
                .and_then(Value::as_array);
            for blob in blobs.into_iter().flatten() {
                if let (Some(path), Some(text)) =
                    (blob["path"].as_str(), blob["rawTextBlob"].as_str())
                {
                    texts.insert((id.to_owned(), path.to_owned()), text.to_owned());
                }
            }
        }
    }
    Ok(texts)
}

/// The requests that bring `wanted`: by path where several projects have it, else by project.
fn requests<'a>(wanted: &[&'a Wanted]) -> Vec<Request<'a>> {
    let mut by_path: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for wanted in wanted {
        let ids = by_path.entry(&wanted.path).or_default();
        ids.insert(&wanted.repository);
    }
    let mut requests = Vec::new();
    let mut by_project: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, ids) in by_path {
        match ids.first() {
            Some(id) if ids.len() == 1 => by_project.entry(id).or_default().push(path),
            _ => requests.push(Request {
                ids: ids.into_iter().collect(),
                paths: vec![path],
            }),
        }
    }
    for (id, paths) in by_project {
        requests.extend(paths.chunks(PATHS).map(|paths| Request {
            ids: vec![id],
            paths: paths.to_vec(),
        }));
    }
    requests
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_many_projects_and_the_paths_of_one_are_one_request_each() {
        let wanted = |repository: &str, path: &str| Wanted {
            blob: String::new(),
            commit: None,
            repository: repository.to_owned(),
            name: String::new(),
            path: path.to_owned(),
        };
        let all = [
            wanted("1", "c.yaml"),
            wanted("2", "c.yaml"),
            wanted("3", "a/c.yaml"),
            wanted("3", "b/c.yaml"),
        ];
        let all: Vec<&Wanted> = all.iter().collect();
        let expected = [
            Request {
                ids: vec!["1", "2"],
                paths: vec!["c.yaml"],
            },
            Request {
                ids: vec!["3"],
                paths: vec!["a/c.yaml", "b/c.yaml"],
            },
        ];
        assert_eq!(requests(&all), expected);
    }
}
