//! Templates with actions that nobody here knows: offered where a running Backstage knows them.

use serde_json::{Value, json};

use super::super::Desk;
use super::super::instance::{Door, Instance};
use super::templates::{course, template};

/// The template in a file of the desk, as the instance has it too.
fn desk(instance: &Instance) -> Desk {
    let desk = Desk::new();
    let config = format!(
        "stagedoor: {{ backstage: [{{ name: hq, baseUrl: '{}' }}] }}\ncatalog: {{ locations: [] }}\n",
        instance.url()
    );
    desk.write("app-config.yaml", &config);
    let text = serde_json::to_string(&template()).unwrap();
    desk.write("template.yaml", &text);
    desk
}

async fn planned(desk: &Desk) -> Value {
    let ended = desk
        .run("new template.yaml --set name=x --dry-run -o json")
        .await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    report["plan"]["elsewhere"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_who_knows_the_actions_and_a_run_goes_there() {
    let instance = Instance::start(vec![template()], Door::Guests).await;
    instance.run_templates(json!([]), course());
    instance.have_actions(&["acme:make", "acme:tell", "debug:log"]);
    let desk = desk(&instance);
    let elsewhere = planned(&desk).await;
    assert_eq!(elsewhere["actions"], json!(["acme:make", "acme:tell"]));
    assert_eq!(elsewhere["offers"][0]["source"], "backstage:hq");
    assert_eq!(elsewhere["offers"][0]["differs"], false);

    let ended = desk.run("new template.yaml --set name=x --yes").await;
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(
        ended
            .err
            .contains("acme:make is no action that is known here")
            && ended.err.contains("`--at hq` runs it there"),
        "{}",
        ended.err
    );
    assert_eq!(instance.sent(), Vec::<Value>::new(), "nothing was begun");

    let ended = desk
        .run("new template.yaml --set name=x --yes --at hq")
        .await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(
        ended.out.contains("https://git.acme.dev/x"),
        "{}",
        ended.out
    );
    let sent = instance.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["templateRef"], "template:default/svc");
    let resumed = desk.run("runs resume last --yes").await;
    assert_ne!(resumed.code, Some(0), "what ran there is not taken up here");
    assert_eq!(instance.sent(), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_there_begins_no_task() {
    let instance = Instance::start(vec![template()], Door::Open).await;
    instance.run_templates(json!([]), course());
    instance.answer_dry_runs(json!({
        "log": [], "steps": [], "output": {},
        "directoryContents": [{"path": "a.txt", "executable": false, "base64Content": "YQ=="}],
    }));
    let desk = desk(&instance);
    let order = "new template.yaml --set name=x --dry-run --at hq -o json";
    let ended = desk.run(order).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["tree"][0]["path"], "a.txt");
    assert_eq!(instance.sent()[0]["template"]["metadata"]["name"], "svc");
    // An instance that lost the template does not run it by mistake.
    instance.show(Vec::new());
    let ended = desk.run(order).await;
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert_eq!(instance.sent(), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_cannot_run_it_says_why() {
    let instance = Instance::start(vec![template()], Door::Open).await;
    let desk = desk(&instance);
    let why = async |desk: &Desk| {
        planned(desk).await["without"][0]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(why(&desk).await.contains("does not exist"), "no scaffolder");
    instance.run_templates(json!([]), Vec::new());
    instance.have_actions(&["acme:make"]);
    assert!(why(&desk).await.ends_with("does not know acme:tell"));
    instance.have_actions(&["acme:make", "acme:tell"]);
    instance.show(Vec::new());
    assert!(
        why(&desk)
            .await
            .ends_with("does not have template:default/svc")
    );
    let mut other = template();
    other["spec"]["steps"].as_array_mut().unwrap().pop();
    instance.show(vec![other]);
    assert_eq!(planned(&desk).await["offers"][0]["differs"], true);

    let ended = desk
        .run("new template.yaml --set name=x --yes --at moon")
        .await;
    assert_eq!(ended.code, Some(2), "{}", ended.err);
    assert!(
        ended.err.contains("no running Backstage is called"),
        "{}",
        ended.err
    );
}
