//! What becomes of repositories in owners of several pages, told by the next sync, with what that costs; on a GitHub and
//! on a GitLab alike.

use stagedoor::config::Env;
use stagedoor::sync::{self, SyncReport, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::forge::{Fault, Forge, Repositories, Rule, TOKEN};
use super::{Desk, component};

/// How many repositories there are: three pages of a GitHub, five of a GitLab.
const COUNT: usize = 250;
/// A year in seconds.
const YEAR: u64 = 365 * 86400;

/// A host of `COUNT` repositories, somebody who reads them, and what they should see.
struct Company {
    kind: &'static str,
    forge: Forge,
    desk: Desk,
    names: Vec<String>,
}

impl Company {
    async fn of(kind: &'static str) -> Option<Self> {
        let forge = Forge::start().await?;
        let names: Vec<String> = (0..COUNT)
            .map(|number| format!("svc-{number:03}"))
            .collect();
        for name in &names {
            let text = component(name);
            forge.push_light(&format!("acme/{name}"), &[("catalog-info.yaml", &text)]);
        }
        let (host, url) = (forge.host(), forge.url());
        let (api, owner) = match kind {
            "github" => ("api/v3", "organization"),
            _ => ("gitlab/api/v4", "group"),
        };
        let desk = Desk::new();
        let text = format!(
            "integrations: {{ {kind}: [{{ host: '{host}', apiBaseUrl: '{url}/{api}', token: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ {kind}: {{ all: {{ host: '{host}', {owner}: acme }} }} }} }}\n"
        );
        desk.write("app-config.yaml", &text);
        Some(Self {
            kind,
            forge,
            desk,
            names,
        })
    }

    fn repositories(&self) -> &Repositories {
        &self.forge.shared.repositories
    }

    /// One sync, which must show what should be seen; how many requests it took.
    async fn sync(&self, what: &str) -> usize {
        self.forge.take_requests();
        let options = sync::Options {
            config: vec![self.desk.path().join("app-config.yaml")],
            cache_dir: Some(self.desk.path().join("cache")),
            ..sync::Options::default()
        };
        let session = sync::Session::open(&options, Env::fixed(self.desk.path(), &[])).unwrap();
        let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
        let report: SyncReport = sync::sync(&session, &request, &|_| {}, &cancel)
            .await
            .unwrap();
        assert_eq!(report.class(), None, "{} {what}: {report:?}", self.kind);
        let entities = session.store.entities().unwrap();
        let mut names: Vec<String> = entities
            .iter()
            .map(|it| it.entity.name().to_owned())
            .collect();
        names.sort();
        assert_eq!(names, self.names, "{} {what}", self.kind);
        self.forge.take_requests().len()
    }

    /// Nobody sees `name` any more.
    fn without(&mut self, name: &str) {
        self.names.retain(|it| it != name);
    }
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
    for (number, kind) in ["github", "gitlab"].into_iter().enumerate() {
        let Some(mut company) = Company::of(kind).await else {
            return;
        };
        company.sync("cold").await;
        for (what, happen, gone, most) in CHANGES {
            happen(company.repositories());
            if let Some(gone) = gone {
                company.without(gone);
            }
            let requests = company.sync(what).await;
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
        company.names.insert(0, "new".to_owned());
        let requests = company.sync("taken over").await;
        assert!(
            requests <= [3, 4][number],
            "{kind} taken over: {requests} requests"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_goes_while_another_comes_is_missed_by_no_count() {
    for kind in ["github", "gitlab"] {
        let Some(mut company) = Company::of(kind).await else {
            return;
        };
        company.sync("cold").await;
        company.repositories().remove("acme/svc-100");
        company
            .forge
            .push_light("acme/aaa", &[("catalog-info.yaml", &component("aaa"))]);
        company.repositories().set("acme/aaa", |it| {
            (it.pushed, it.updated, it.active) = (now(), now(), now());
        });
        company.without("svc-100");
        company.names.insert(0, "aaa".to_owned());
        company.sync("one for another").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_whose_clock_is_a_year_off_misses_no_push() {
    for kind in ["github", "gitlab"] {
        let Some(mut company) = Company::of(kind).await else {
            return;
        };
        for name in &company.names {
            company.repositories().set(&format!("acme/{name}"), |it| {
                (it.pushed, it.updated) = (it.pushed - YEAR, it.updated - YEAR);
                it.active -= YEAR;
            });
        }
        company.forge.rule(Rule::always("", Fault::Late(YEAR)));
        company.sync("cold").await;
        let idle = company.sync("nothing").await;
        company.forge.push_light(
            "acme/svc-150",
            &[("catalog-info.yaml", &component("svc-999"))],
        );
        company.repositories().set("acme/svc-150", |it| {
            (it.pushed, it.active) = (now() - YEAR, now() - YEAR);
        });
        company.without("svc-150");
        company.names.push("svc-999".to_owned());
        let pushed = company.sync("a push").await;
        assert!(
            idle <= 3 && pushed <= 5,
            "{kind}: {idle} and {pushed} requests"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_files_of_a_gitlab_are_read_as_what_they_are() {
    let Some(mut company) = Company::of("gitlab").await else {
        return;
    };
    let repositories = company.repositories();
    repositories.create("acme/empty");
    repositories.commit_tree("acme/linked", |dir| {
        std::fs::create_dir(dir.join("docs")).unwrap();
        std::fs::write(dir.join("docs/about.yaml"), component("linked")).unwrap();
        std::os::unix::fs::symlink("docs/about.yaml", dir.join("catalog-info.yaml")).unwrap();
    });
    let comment = "x".repeat(1 << 20);
    let large = format!("{}  # {comment}\n", component("large").trim_end());
    company
        .forge
        .commit("acme/large", &[("catalog-info.yaml", &large)]);
    company
        .names
        .splice(0..0, ["large".to_owned(), "linked".to_owned()]);
    company.sync("odd files").await;
    // The empty one gets its first commit, and another its branch.
    let (first, trunk) = (component("first"), component("trunk"));
    company
        .forge
        .commit("acme/empty", &[("catalog-info.yaml", &first)]);
    company
        .repositories()
        .switch("acme/large", "trunk", &[("catalog-info.yaml", &trunk)]);
    company.names[0] = "first".to_owned();
    company.names.push("trunk".to_owned());
    company.names.sort();
    company.sync("later").await;
}
