//! Every kind of host of repositories as data: how it is configured and how its requests look; and a company that lives
//! on one.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use stagedoor::sync::{Class, SyncReport};

use super::forge::tls::Identity;
use super::forge::{EMAIL, Fault, Forge, Repositories, Rule, TOKEN};
use super::{Desk, component, swept, synced};

/// A kind of host.
#[derive(Debug)]
pub(super) struct Engine {
    /// What its sources are called.
    pub(super) name: &'static str,
    /// What the names of its repositories begin with.
    pub(super) owner: &'static str,
    /// What requests for lists of repositories have in common, and those for what repositories hold.
    pub(super) list: &'static str,
    pub(super) files: &'static str,
    /// Its part of `integrations:`, and of `catalog.providers:`; `HOST`, `URL` and `MORE` stand for what differs.
    integration: &'static str,
    provider: &'static str,
}

pub(super) const GITHUB: Engine = Engine {
    name: "github",
    owner: "acme",
    list: "Sweep",
    files: "Texts",
    integration: "github: [{ host: 'HOST', apiBaseUrl: 'URL/api/v3', token: 'TOKEN' }]",
    provider: "github: { acme: { host: 'HOST', organization: acme, MORE } }",
};
pub(super) const GITLAB: Engine = Engine {
    name: "gitlab",
    owner: "acme",
    list: "Sweep",
    files: "Texts",
    integration: "gitlab: [{ host: 'HOST', apiBaseUrl: 'URL/gitlab/api/v4', token: 'TOKEN' }]",
    provider: "gitlab: { acme: { host: 'HOST', group: acme, MORE } }",
};
pub(super) const GITEA: Engine = Engine {
    name: "gitea",
    owner: "acme",
    list: "search",
    files: "trees",
    integration: "gitea: [{ host: 'HOST', baseUrl: 'URL', password: 'TOKEN' }]",
    provider: "gitea: { acme: { host: 'HOST', organization: acme, MORE } }",
};
pub(super) const BITBUCKET_CLOUD: Engine = Engine {
    name: "bitbucketCloud",
    owner: "acme",
    list: " List",
    files: "/src/",
    integration: "bitbucketCloud: [{ host: 'HOST', apiBaseUrl: 'URL/2.0', username: 'EMAIL', token: 'TOKEN' }]",
    provider: "bitbucketCloud: { acme: { host: 'HOST', workspace: acme, pagelen: 20, MORE } }",
};
pub(super) const BITBUCKET_SERVER: Engine = Engine {
    name: "bitbucketServer",
    owner: "SHOP",
    list: " List",
    files: "/raw/",
    integration: "bitbucketServer: [{ host: 'HOST', apiBaseUrl: 'URL/rest/api/1.0', token: 'TOKEN' }]",
    provider: "bitbucketServer: { hq: { host: 'HOST', MORE } }",
};
pub(super) const AZURE: Engine = Engine {
    name: "azure",
    owner: "acme/shop",
    list: "AzureList",
    files: "/items",
    integration: "azure: [{ host: 'HOST', credentials: [{ personalAccessToken: 'TOKEN' }] }]",
    provider: "azureDevOps: { acme: { host: 'HOST', organization: acme, project: shop, MORE } }",
};
pub(super) const GERRIT: Engine = Engine {
    name: "gerrit",
    owner: "acme",
    list: "GerritList",
    files: "/content",
    integration: "gerrit: [{ host: 'HOST', baseUrl: 'URL/gerrit', gitilesBaseUrl: 'URL/gerrit/plugins/gitiles', username: oauth2, password: 'TOKEN' }]",
    provider: "gerrit: { acme: { host: 'HOST', query: 'state=ACTIVE&prefix=acme/', MORE } }",
};
/// Plain Git: what the configuration lists, asked where each is.
pub(super) const GIT: Engine = Engine {
    name: "git",
    owner: "acme",
    list: "git-upload-pack",
    files: "info/refs",
    integration: "github: [{ host: 'HOST', token: 'TOKEN' }]",
    provider: "",
};

impl Engine {
    /// A desk whose configuration names the repositories of a forge, with `more` keys for the provider.
    pub(super) fn desk(&self, forge: &Forge, more: &str) -> Desk {
        let desk = Desk::new();
        self.configure(forge, more, &desk);
        desk
    }

    fn configure(&self, forge: &Forge, more: &str, desk: &Desk) {
        let fill = |text: &str| {
            text.replace("HOST", &forge.host())
                .replace("URL", &forge.url())
                .replace("TOKEN", TOKEN)
                .replace("EMAIL", EMAIL)
                .replace("MORE", more)
        };
        let sources = if self.is_list() {
            let all = forge.shared.repositories.of(self.owner);
            let all: Vec<String> = all
                .iter()
                .map(|it| format!("'{}/{}.git'", forge.url(), it.name))
                .collect();
            let all = all.join(", ");
            format!("stagedoor: {{ git: [{{ name: infra, repositories: [{all}] }}] }}")
        } else {
            format!("catalog: {{ providers: {{ {} }} }}", fill(self.provider))
        };
        let integration = fill(self.integration);
        desk.write(
            "app-config.yaml",
            &format!("integrations: {{ {integration} }}\n{sources}\n"),
        );
    }

    /// Whether the configuration itself lists the repositories: none is renamed or gone while it stands there.
    pub(super) fn is_list(&self) -> bool {
        self.name == "git"
    }

    /// Pushes `files` as the whole content of the repository `name`.
    pub(super) fn push(&self, forge: &Forge, name: &str, files: &[(&str, &str)]) {
        let name = format!("{}/{name}", self.owner);
        if self.is_list() {
            forge.commit(&name, files);
        } else {
            forge.push_light(&name, files);
        }
    }

    /// A forge with `count` repositories that have a descriptor each, which are called like [`services`].
    pub(super) async fn filled(&self, count: usize) -> Option<Forge> {
        let forge = Forge::start().await?;
        self.fill(&forge, count);
        Some(forge)
    }

    fn fill(&self, forge: &Forge, count: usize) {
        for name in services(count) {
            let files = [("catalog-info.yaml", component(&name))];
            let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
            self.push(forge, &name, &files);
        }
    }
}

/// The names of `count` services, sorted.
pub(super) fn services(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("svc-{number:03}"))
        .collect()
}

/// `names` without `gone`, with `new`, sorted.
pub(super) fn changed(mut names: Vec<String>, gone: &[&str], new: &[&str]) -> Vec<String> {
    names.retain(|name| !gone.contains(&name.as_str()));
    names.extend(new.iter().map(|&name| name.to_owned()));
    names.sort();
    names
}

/// A host of several repositories with a descriptor each, and somebody who reads them.
pub(super) struct Company {
    pub(super) engine: &'static Engine,
    pub(super) forge: Forge,
    pub(super) desk: Desk,
    /// Which component each repository describes.
    holds: BTreeMap<String, String>,
}

impl Company {
    /// One of `count` repositories on a host of this kind; nothing was read yet.
    pub(super) async fn of(engine: &'static Engine, count: usize) -> Option<Self> {
        Some(Self::on(Forge::start().await?, engine, count))
    }

    /// The same where the host speaks TLS, showing `identity`.
    pub(super) async fn behind(
        identity: &Identity,
        engine: &'static Engine,
        count: usize,
    ) -> Option<Self> {
        Some(Self::on(Forge::start_tls(identity).await?, engine, count))
    }

    fn on(forge: Forge, engine: &'static Engine, count: usize) -> Self {
        engine.fill(&forge, count);
        // Several pages where a host has pages and is not asked for as many as these at once anyway.
        let more = match engine.name {
            "github" => "pageSizes: { repositories: 20 }",
            _ => "",
        };
        forge.shared.at_once.store(20, Ordering::Relaxed);
        Self {
            engine,
            desk: engine.desk(&forge, more),
            forge,
            holds: services(count)
                .into_iter()
                .map(|name| (name.clone(), name))
                .collect(),
        }
    }

    pub(super) fn repositories(&self) -> &Repositories {
        &self.forge.shared.repositories
    }

    /// The name of a repository at its host.
    pub(super) fn full(&self, name: &str) -> String {
        format!("{}/{name}", self.engine.owner)
    }

    /// What should be known once all is read.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.holds.values().cloned().collect();
        names.sort();
        names
    }

    /// Pushes the descriptor of `name` to `repository` instead of what it held.
    pub(super) fn push(&mut self, repository: &str, name: &str) {
        let text = component(name);
        let files = [("catalog-info.yaml", text.as_str())];
        self.engine.push(&self.forge, repository, &files);
        self.expect(repository, name);
    }

    /// `repository` was made to describe `name`.
    pub(super) fn expect(&mut self, repository: &str, name: &str) {
        self.holds.insert(repository.to_owned(), name.to_owned());
    }

    /// Nothing of `repository` should be known any more.
    pub(super) fn without(&mut self, repository: &str) {
        self.holds.remove(repository).unwrap();
    }

    /// A sync that ends well, after which all that should be known is known and nothing else.
    pub(super) async fn settles(&self, what: &str) {
        let (report, names) = synced(&self.desk).await;
        self.is_right(what, &report, &names);
    }

    /// The same of a sync of everything.
    pub(super) async fn settles_in_a_sweep(&self, what: &str) {
        let (report, names) = swept(&self.desk).await;
        self.is_right(what, &report, &names);
    }

    fn is_right(&self, what: &str, report: &SyncReport, names: &[String]) {
        let told = format!("{}, {what}: {report:?}", self.engine.name);
        assert_eq!(
            (report.class(), names),
            (None, self.names().as_slice()),
            "{told}"
        );
    }

    /// Lets each of `cases` go wrong in a sync of everything when something was pushed: it comes to what is expected, loses
    /// and doubles nothing and tells no secret; and the sync after it heals. How many syncs that were.
    pub(super) async fn withstands(&mut self, cases: Vec<Case>) -> usize {
        let count = self.holds.len();
        let syncs = 2 * cases.len();
        for (number, (what, rule, expected)) in cases.into_iter().enumerate() {
            let what = format!("{}: {what}", self.engine.name);
            let before = self.names();
            self.push(
                &format!("svc-{:03}", number * 7 % count),
                &format!("new-{number:03}"),
            );
            self.forge.rule(rule);
            let (report, names) = swept(&self.desk).await;
            let told = format!("{report:?}");
            assert_eq!(report.class(), expected, "{what}: {told}");
            assert!(!told.contains(TOKEN) && !told.contains(EMAIL), "{told}");
            // What is not told whole is as it was, or has what is new beside what only a whole sweep may take away.
            let new = format!("new-{number:03}");
            let beside = changed(before.clone(), &[], &[&new]);
            assert!(
                names == self.names()
                    || (expected.is_some() && (names == before || names == beside)),
                "{what}: {names:?} {told}"
            );
            self.forge.heal();
            self.settles(&format!("after {what}")).await;
        }
        syncs
    }
}

/// Something that goes wrong, and what a sync comes to in which it does.
pub(super) type Case = (&'static str, Rule, Option<Class>);

/// `fault`, so many times, once so many requests that hold `when` have passed.
pub(super) fn rule(when: &'static str, after: u32, times: u32, fault: Fault) -> Rule {
    Rule {
        after,
        times,
        ..Rule::once(when, fault)
    }
}
