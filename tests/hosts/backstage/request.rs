//! Requests that templates make to the API of a running Backstage.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use stagedoor::scaffolder::outside::{InstanceAnswer, InstanceCall, Outside, OutsideError};
use stagedoor::sync::outside::Hosts;

use super::super::Desk;
use super::super::instance::{Door, Instance};
use super::entities;

const TOKEN: &str = "instance-token-77";

fn call(path: &str, headers: &[(&str, &str)]) -> InstanceCall {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    InstanceCall {
        method: "GET".to_owned(),
        path: path.to_owned(),
        headers: headers.iter().map(pair).collect(),
        params: [("limit", "1"), ("orderField", "metadata.uid,asc")]
            .iter()
            .map(pair)
            .collect(),
        body: None,
        timeout: Duration::from_secs(30),
    }
}

/// What the instance that is configured answers.
async fn ask(config: &str, call: InstanceCall) -> Result<InstanceAnswer, OutsideError> {
    let desk = Desk::new();
    let session = Arc::new(desk.configured(config));
    let hosts = Hosts::new(Arc::clone(&session), Arc::clone(&session.store));
    tokio::task::spawn_blocking(move || hosts.instance(&call))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_bears_the_token_of_its_instance() {
    let instance = Instance::start(entities(2), Door::Token(TOKEN)).await;
    let named = |token: &str| {
        let url = instance.url();
        format!("stagedoor: {{ backstage: [{{ name: hq, baseUrl: '{url}', token: {token} }}] }}")
    };
    let path = "/catalog/entities/by-query";
    let answer = ask(&named(TOKEN), call(path, &[])).await.unwrap();
    assert_eq!(answer.status, 200);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer.headers["content-type"], "application/json");

    let refused = ask(&named("wrong"), call(path, &[])).await.unwrap();
    assert_eq!(refused.status, 401);
    let own = format!("Bearer {TOKEN}");
    let own = ask(&named("wrong"), call(path, &[("Authorization", &own)])).await;
    assert_eq!(own.unwrap().status, 200);

    let out = ask(&named(TOKEN), call("../../admin", &[])).await;
    assert!(
        out.unwrap_err()
            .to_string()
            .contains("leads out of its API")
    );
    let nowhere = ask("organization: { name: A }", call(path, &[])).await;
    assert!(
        nowhere
            .unwrap_err()
            .to_string()
            .contains("stagedoor.backstage")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_may_ask_where_guests_are_let_in() {
    let instance = Instance::start(entities(2), Door::Guests).await;
    let config = format!(
        "stagedoor: {{ backstage: [{{ name: hq, baseUrl: '{}' }}] }}",
        instance.url()
    );
    let answer = ask(&config, call("catalog/entities/by-query", &[])).await;
    assert_eq!(answer.unwrap().status, 200);
}
