//! Requests that templates make to the API of a running Backstage.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use stagedoor::scaffolder::outside::{InstanceAnswer, InstanceCall, Outside, OutsideError};
use stagedoor::sync::outside::Hosts;

use super::super::Desk;
use super::super::instance::{Door, Fault, Instance};
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

/// A notification as `input` says, sent to `instance` by the real program: how that ends, and what arrives.
async fn notified(instance: &Instance, input: Value) -> (Option<i32>, String, Vec<Value>) {
    let desk = Desk::new();
    let url = instance.url();
    desk.write(
        "app-config.yaml",
        &format!("stagedoor: {{ backstage: [{{ name: hq, baseUrl: '{url}', token: {TOKEN} }}] }}\ncatalog: {{ locations: [] }}\n"),
    );
    let template = json!({
        "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": {"name": "t"},
        "spec": {"type": "x", "steps": [{"action": "notification:send", "input": input}]},
    });
    desk.write("template.yaml", &template.to_string());
    let ended = desk.run("new template.yaml --yes").await;
    (ended.code, ended.err, instance.sent())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_is_sent_by_the_instance() {
    let instance = Instance::start(Vec::new(), Door::Token(TOKEN)).await;
    instance.run_templates(json!([]), Vec::new());
    let input = json!({
        "recipients": "entity", "entityRefs": ["user:default/ada"], "title": "Lit", "info": "The lamp is on",
        "severity": "high", "scope": "lamp",
    });
    let (code, said, sent) = notified(&instance, input).await;
    assert_eq!(code, Some(0), "{said}");
    let payload = json!({"title": "Lit", "description": "The lamp is on", "severity": "high", "scope": "lamp"});
    let recipients = json!({"type": "entity", "entityRef": ["user:default/ada"]});
    assert_eq!(
        sent,
        [json!({"recipients": recipients, "payload": payload})]
    );

    let all = json!({"recipients": "broadcast", "title": "Lit"});
    let (_, _, sent) = notified(&instance, all.clone()).await;
    assert_eq!(sent[0]["recipients"], json!({"type": "broadcast"}));

    let nobody = json!({"recipients": "entity", "title": "Lit"});
    let (code, said, sent) = notified(&instance, nobody).await;
    assert_eq!((code, sent.len()), (Some(1), 0), "{said}");
    assert!(
        said.contains("Entity references must be provided"),
        "{said}"
    );

    instance.fail(0, u32::MAX, Fault::Status(503, None));
    let (code, said, _) = notified(&instance, all.clone()).await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("the notification is not sent: 503"), "{said}");
    let mut optional = all;
    optional["optional"] = true.into();
    let (code, said, _) = notified(&instance, optional).await;
    assert_eq!(code, Some(0), "{said}");
}
