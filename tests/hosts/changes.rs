//! What becomes of repositories in owners of several pages, told by the next sync, with what that costs; on a GitHub and
//! on a GitLab alike.

use super::component;
use super::engines::{Company, Engine, GITHUB, GITLAB};
use super::forge::{Fault, Repositories, Rule};

/// How many repositories there are: three pages of a GitHub, five of a GitLab.
const COUNT: usize = 250;
/// A year in seconds.
const YEAR: u64 = 365 * 86400;

/// A company on a host of this kind, with pages as large as they usually are.
async fn company(engine: &'static Engine) -> Option<Company> {
    let mut company = Company::of(engine, COUNT).await?;
    company.desk = engine.desk(&company.forge, "");
    Some(company)
}

/// One sync, which must show what should be seen; how many requests it took.
async fn requests(company: &Company, what: &str) -> usize {
    company.forge.take_requests();
    company.settles(what).await;
    company.forge.take_requests().len()
}

/// What happens to a repository, whose component goes with it, and how many requests that may cost at a GitHub and at a
/// GitLab: what a list tells, one or two and the text; what only the count tells, all pages and a look at what is missing.
type Change = (
    &'static str,
    fn(&Repositories),
    Option<&'static str>,
    [usize; 2],
);

const CHANGES: [Change; 8] = [
    (
        "renamed",
        |it| it.rename("acme/svc-001", "acme/zzz"),
        None,
        [1, 3],
    ),
    (
        "archived",
        |it| {
            it.set("acme/svc-002", |it| {
                (it.archived, it.updated) = (true, now());
            });
        },
        Some("svc-002"),
        [1, 3],
    ),
    (
        "another default branch",
        |it| {
            it.set("acme/svc-003", |it| {
                "trunk".clone_into(&mut it.branch);
                (it.pushed, it.updated, it.active) = (now(), now(), now());
            });
        },
        None,
        [1, 3],
    ),
    (
        "without its descriptor",
        |it| it.push_light("acme/svc-004", &[("README.md", "gone")]),
        Some("svc-004"),
        [1, 3],
    ),
    (
        "made private",
        |it| it.set("acme/svc-005", |it| it.hidden = true),
        Some("svc-005"),
        [5, 11],
    ),
    (
        "deleted",
        |it| it.remove("acme/svc-006"),
        Some("svc-006"),
        [5, 11],
    ),
    (
        "given away",
        |it| it.rename("acme/svc-007", "other/svc-007"),
        Some("svc-007"),
        [5, 11],
    ),
    ("nothing", |_| {}, None, [1, 3]),
];

fn now() -> u64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
    since.unwrap().as_secs()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_a_repository_is_told_by_the_next_sync_at_a_known_cost() {
    for (number, engine) in [&GITHUB, &GITLAB].into_iter().enumerate() {
        let kind = engine.name;
        let Some(mut company) = company(engine).await else {
            return;
        };
        company.settles("cold").await;
        for (what, happen, gone, most) in CHANGES {
            happen(company.repositories());
            if let Some(gone) = gone {
                company.without(gone);
            }
            let requests = requests(&company, what).await;
            assert!(
                requests <= most[number],
                "{kind} {what}: {requests} requests"
            );
        }
        // One that comes from elsewhere is new, and nothing is known of it.
        company
            .repositories()
            .push_light("other/new", &[("catalog-info.yaml", &component("new"))]);
        company.repositories().rename("other/new", "acme/new");
        company.expect("new", "new");
        let requests = requests(&company, "taken over").await;
        assert!(
            requests <= [3, 4][number],
            "{kind} taken over: {requests} requests"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_goes_while_another_comes_is_missed_by_no_count() {
    for engine in [&GITHUB, &GITLAB] {
        let Some(mut company) = company(engine).await else {
            return;
        };
        company.settles("cold").await;
        company.repositories().remove("acme/svc-100");
        company.push("aaa", "aaa");
        company.repositories().set("acme/aaa", |it| {
            (it.pushed, it.updated, it.active) = (now(), now(), now());
        });
        company.without("svc-100");
        company.settles("one for another").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_whose_clock_is_a_year_off_misses_no_push() {
    for engine in [&GITHUB, &GITLAB] {
        let Some(mut company) = company(engine).await else {
            return;
        };
        for name in company.names() {
            company.repositories().set(&company.full(&name), |it| {
                (it.pushed, it.updated) = (it.pushed - YEAR, it.updated - YEAR);
                it.active -= YEAR;
            });
        }
        company
            .forge
            .rule(Rule::always("", Fault::Late(YEAR.cast_signed())));
        company.settles("cold").await;
        let idle = requests(&company, "nothing").await;
        company.push("svc-150", "svc-999");
        company.repositories().set("acme/svc-150", |it| {
            (it.pushed, it.active) = (now() - YEAR, now() - YEAR);
        });
        let pushed = requests(&company, "a push").await;
        assert!(
            idle <= 3 && pushed <= 5,
            "{}: {idle} and {pushed} requests",
            engine.name
        );
    }
}
