//! Organisations in GitHub's GraphQL.

use serde_json::{Map, Value, json};

use super::super::github::time;
use super::super::graphql::failed;
use super::{Account, People, Team};

/// The value of a field that has to do with people; `None` for others.
pub(in crate::forge) fn field(
    people: &People,
    on: &str,
    object: &Value,
    field: &str,
    arguments: &Map<String, Value>,
) -> Option<Value> {
    let all = people.all();
    let owner = || object["login"].as_str().unwrap_or_default();
    Some(match (on, field) {
        ("Query", "organization") => {
            let login = arguments["login"].as_str()?;
            organization(&all.organizations, login).unwrap_or_else(|| {
                let message =
                    format!("Could not resolve to an Organization with the login of '{login}'.");
                failed("NOT_FOUND", &message)
            })
        }
        ("Organization", "membersWithRole") => {
            let members = all.organizations.get(owner())?;
            let accounts = members.iter().map(|id| user(*id, &all.accounts[id]));
            page(accounts.collect(), arguments)
        }
        ("Organization", "teams") => {
            let teams = all.teams_of(owner());
            page(
                teams.iter().map(|(id, it)| team(*id, it)).collect(),
                arguments,
            )
        }
        ("Team", "members") => {
            let team = &all.teams[&number(object)];
            let accounts = team.members.iter();
            page(
                accounts.map(|id| user(*id, &all.accounts[id])).collect(),
                arguments,
            )
        }
        ("Team", "organization") => {
            let team = &all.teams[&number(object)];
            organization(&all.organizations, &team.organization)?
        }
        ("User", "organization") => {
            let login = arguments["login"].as_str()?;
            let members = all.organizations.get(login);
            let is_member = members.is_some_and(|members| members.contains(&number(object)));
            let found = organization(&all.organizations, login);
            found.filter(|_| is_member).unwrap_or(Value::Null)
        }
        ("User", "organizationVerifiedDomainEmails") => {
            json!([format!("{}+git@acme.dev", object["login"].as_str()?)])
        }
        _ => return None,
    })
}

/// The person or team with this id.
pub(in crate::forge) fn node(people: &People, id: &str) -> Option<Value> {
    let all = people.all();
    let number: u64 = id.get(2..)?.parse().ok()?;
    match id.get(..2)? {
        "U_" => all.accounts.get(&number).map(|it| user(number, it)),
        "T_" => all.teams.get(&number).map(|it| team(number, it)),
        _ => None,
    }
}

fn organization(all: &std::collections::BTreeMap<String, Vec<u64>>, login: &str) -> Option<Value> {
    all.contains_key(login)
        .then(|| json!({ "__typename": "Organization", "login": login }))
}

fn number(object: &Value) -> u64 {
    let (_, number) = object["id"].as_str().unwrap().split_once('_').unwrap();
    number.parse().unwrap()
}

fn user(id: u64, account: &Account) -> Value {
    let login = &account.login;
    json!({
        "__typename": "User",
        "id": format!("U_{id}"),
        "login": login,
        "name": format!("{login} of the forge"),
        "bio": "",
        "avatarUrl": format!("https://avatars.example/{id}"),
        "email": format!("{login}@acme.dev"),
    })
}

fn team(id: u64, team: &Team) -> Value {
    let Team {
        organization,
        path,
        parent,
        description,
        changes,
        ..
    } = team;
    json!({
        "__typename": "Team",
        "id": format!("T_{id}"),
        "slug": path,
        "combinedSlug": format!("{organization}/{path}"),
        "name": format!("Team {path}"),
        "description": description,
        "avatarUrl": null,
        "editTeamUrl": format!("https://forge.example/orgs/{organization}/teams/{path}/edit"),
        "updatedAt": time(1_700_000_000 + changes),
        "parentTeam": parent.as_ref().map(|slug| json!({ "__typename": "Team", "slug": slug })),
    })
}

/// A page; its cursors are numbers. One without `first` only counts.
fn page(all: Vec<Value>, arguments: &Map<String, Value>) -> Value {
    let first = arguments.get("first").and_then(Value::as_u64).unwrap_or(0);
    let after = arguments.get("after").and_then(Value::as_str);
    let start: usize = after.map_or(0, |after| after.parse().unwrap());
    let total = all.len();
    let first = usize::try_from(first.min(100)).unwrap();
    let nodes: Vec<Value> = all.into_iter().skip(start).take(first).collect();
    let end = start + nodes.len();
    json!({
        "totalCount": total,
        "pageInfo": { "hasNextPage": end < total, "endCursor": (!nodes.is_empty()).then(|| end.to_string()) },
        "nodes": nodes,
    })
}
