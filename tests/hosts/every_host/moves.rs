//! What becomes of repositories, between syncs and in the middle of one.

use std::sync::Arc;

use rstest::rstest;

use super::super::engines::{
    AZURE, BITBUCKET_CLOUD, BITBUCKET_SERVER, Company, Engine, GERRIT, GIT, GITEA, GITHUB, GITLAB,
    changed, rule,
};
use super::super::forge::{Fault, Rule, Shared};
use super::super::{component, swept};
use super::count;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_repositories_is_seen_by_the_next_sync(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT)]
    engine: &'static Engine,
) {
    let Some(mut company) = Company::of(engine, count(engine)).await else {
        return;
    };
    company.settles("cold").await;
    let full = |name: &str| format!("{}/{name}", engine.owner);
    company
        .repositories()
        .rename(&full("svc-001"), &full("renamed"));
    company.settles("renamed").await;
    company.repositories().remove(&full("svc-002"));
    company.without("svc-002");
    company.settles("deleted").await;
    company
        .repositories()
        .set(&full("svc-003"), |it| it.hidden = true);
    company.without("svc-003");
    company.settles("made private").await;
    company
        .repositories()
        .rename(&full("svc-004"), "others/else/svc-004");
    company.without("svc-004");
    company.settles("given away").await;
    let nothing = [("README.md", "no descriptor any more")];
    engine.push(&company.forge, "svc-005", &nothing);
    company.without("svc-005");
    company.settles("without its descriptor").await;
    company.push("new", "new");
    company.settles("a new one").await;
    company
        .repositories()
        .set(&full("svc-003"), |it| it.hidden = false);
    company.push("svc-003", "back");
    company.settles("shown again").await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_mid_sweep_loses_nothing_and_is_seen_by_the_next_sync(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
    #[values(0, 1, 2, 5)] after: u32,
) {
    let Some(mut company) = Company::of(engine, count(engine)).await else {
        return;
    };
    company.settles("cold").await;
    // Something to be read in the sweep itself.
    company.push("svc-001", "new");
    let before = company.names();
    let happens: Arc<dyn Fn(&Shared) + Send + Sync> = Arc::new(move |shared: &Shared| {
        let repositories = &shared.repositories;
        let full = |name: &str| format!("{}/{name}", engine.owner);
        let text = component("pushed");
        let files = [("catalog-info.yaml", text.as_str())];
        if engine.is_list() {
            return repositories.commit(&full("svc-005"), &files);
        }
        repositories.push_light(&full("svc-005"), &files);
        repositories.remove(&full("svc-006"));
        repositories.rename(&full("svc-007"), &full("zzz"));
        repositories.rename(&full("svc-010"), &full("aaa"));
        repositories.set(&full("svc-008"), |it| it.hidden = true);
    });
    let meanwhile = Fault::Meanwhile(Arc::clone(&happens));
    company.forge.take_requests();
    company.forge.rule(rule("", after, 1, meanwhile));
    let (report, mut names) = swept(&company.desk).await;
    // Of each that was touched it is the state before or the one after that was met; of all others what they hold.
    let touched = ["svc-001", "new", "svc-005", "pushed", "svc-006", "svc-008"];
    let others = changed(before, &touched, &[]);
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all, "{}: something is doubled", engine.name);
    names.retain(|name| !touched.contains(&name.as_str()));
    assert_eq!(names, others, "{}, after {after}: {report:?}", engine.name);
    company.forge.heal();
    let requests = company.forge.take_requests();
    if !requests.iter().any(|it| it.contains("Meanwhile")) {
        // There were fewer requests: it happens behind the last.
        happens(&company.forge.shared);
    }
    company.expect("svc-005", "pushed");
    if !engine.is_list() {
        company.without("svc-006");
        company.without("svc-008");
    }
    company.settles("the next one").await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_host_whose_clock_is_a_year_off_misses_no_push(
    #[values(&GITHUB, &GITLAB, &GITEA, &BITBUCKET_CLOUD, &BITBUCKET_SERVER, &AZURE, &GERRIT, &GIT)]
    engine: &'static Engine,
    #[values(365 * 86_400, -365 * 86_400)] behind: i64,
) {
    let Some(mut company) = Company::of(engine, count(engine)).await else {
        return;
    };
    let at_host = |company: &Company, name: &str| {
        company.repositories().set(&company.full(name), |it| {
            for time in [&mut it.pushed, &mut it.updated, &mut it.active] {
                *time = time.saturating_add_signed(-behind);
            }
        });
    };
    for name in company.names() {
        at_host(&company, &name);
    }
    company.forge.rule(Rule::always("", Fault::Late(behind)));
    company.settles("cold").await;
    for number in 0..3 {
        let name = format!("svc-{:03}", number + 4);
        company.push(&name, &format!("pushed-{number}"));
        company.repositories().set(&company.full(&name), |it| {
            it.updated = it.pushed;
            it.active = it.pushed;
        });
        at_host(&company, &name);
        company.settles("a push").await;
    }
}
