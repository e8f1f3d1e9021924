//! `CODEOWNERS` beside descriptors: brought with them, hints and nothing more.

use std::sync::Arc;

use stagedoor::catalog::EntityRef;
use stagedoor::config::Env;
use stagedoor::store::ProblemFilter;
use stagedoor::sync::{self, SyncRequest};
use tokio_util::sync::CancellationToken;

use super::Desk;
use super::forge::{EMAIL, Forge, TOKEN};

/// A component whose owner is nobody.
fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{ name: {name} }}\nspec: {{ type: service, lifecycle: production, owner: nobody }}\n"
    )
}

fn hints(desk: &Desk, source: &str, name: &str) -> Vec<(String, Option<String>)> {
    let store = Arc::clone(&desk.session(source).store);
    hints_in(&store, name)
}

fn hints_in(store: &stagedoor::store::Store, name: &str) -> Vec<(String, Option<String>)> {
    let stored = store.entity(&EntityRef::new("component", "default", name));
    let hints = sync::codeowners::hints(store, &stored.unwrap().unwrap()).unwrap();
    let text =
        |(handle, meant): (String, Option<EntityRef>)| (handle, meant.map(|it| it.to_string()));
    hints.into_iter().map(text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_github_gives_them_along_with_descriptors_and_teams_are_known_by_their_slug() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge
        .shared
        .people
        .team("acme", "payments", None, &["jane"]);
    forge.push_light(
        "acme/shop",
        &[
            ("catalog-info.yaml", &component("shop")),
            (
                ".github/CODEOWNERS",
                "* @acme/payments jane@acme.dev @gone\n",
            ),
            ("CODEOWNERS", "* @other\n"),
        ],
    );
    forge.push_light("acme/lib", &[("CODEOWNERS", "* @acme/payments\n")]);
    let desk = Desk::signed_in();
    let source = format!("github:{}/acme", forge.host());
    desk.sync(&source).await;
    let asked = forge.take_requests();
    assert_eq!(asked.len(), 2, "a page and a batch of texts: {asked:?}");
    let unknown = |handle: &str| (handle.to_owned(), None);
    assert_eq!(
        hints(&desk, &source, "shop"),
        [
            unknown("@acme/payments"),
            unknown("jane@acme.dev"),
            unknown("@gone")
        ]
    );
    let options = sync::Options {
        sources: vec![source.clone(), format!("github-org:{}/acme", forge.host())],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    let session = sync::Session::open(&options, Env::fixed(desk.path(), &desk.variables)).unwrap();
    let cancel = CancellationToken::new();
    sync::sync(&session, &SyncRequest::default(), &|_| {}, &cancel)
        .await
        .unwrap();
    assert_eq!(
        hints_in(&session.store, "shop"),
        [
            (
                "@acme/payments".to_owned(),
                Some("group:default/payments".to_owned())
            ),
            (
                "jane@acme.dev".to_owned(),
                Some("user:default/jane".to_owned())
            ),
            unknown("@gone"),
        ]
    );
    let found = session.store.problems(&ProblemFilter::default()).unwrap();
    let told = found
        .iter()
        .find(|it| it.message.starts_with("spec.owner "))
        .unwrap();
    assert!(
        told.message
            .ends_with("CODEOWNERS names @acme/payments, jane@acme.dev, @gone"),
        "{told:?}"
    );
    let entity = session
        .store
        .entity(&EntityRef::new("component", "default", "shop"));
    let shown = stagedoor::catalog::backstage::entity(
        entity.unwrap().unwrap().entity,
        &[],
        &stagedoor::catalog::Integrations::default(),
    );
    assert!(
        !shown.to_string().contains("@acme"),
        "no Backstage knows of it: {shown}"
    );
    // A push that changes nothing else is seen.
    forge.push_light(
        "acme/shop",
        &[
            ("catalog-info.yaml", &component("shop")),
            ("docs/CODEOWNERS", "* @next\n"),
        ],
    );
    desk.sync(&source).await;
    assert_eq!(hints(&desk, &source, "shop"), [unknown("@next")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gitlab_gives_them_in_the_same_pages_and_reads_sections() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    forge.push_light(
        "acme/shop",
        &[
            ("catalog-info.yaml", &component("shop")),
            (".gitlab/CODEOWNERS", "* @acme\n[Data] @acme/data\n*\n"),
        ],
    );
    let desk = Desk::new();
    let (host, url) = (forge.host(), forge.url());
    let config = desk.write(
        "app-config.yaml",
        &format!(
            "integrations: {{ gitlab: [{{ host: '{host}', apiBaseUrl: '{url}/gitlab/api/v4', token: '{TOKEN}' }}] }}\n\
             catalog: {{ providers: {{ gitlab: {{ acme: {{ host: '{host}', group: acme }} }} }} }}\n"
        ),
    );
    let options = sync::Options {
        config: vec![config],
        cache_dir: Some(desk.path().join("cache")),
        ..sync::Options::default()
    };
    let session = sync::Session::open(&options, Env::fixed(desk.path(), &[])).unwrap();
    let cancel = CancellationToken::new();
    sync::sync(&session, &SyncRequest::default(), &|_| {}, &cancel)
        .await
        .unwrap();
    let named: Vec<String> = hints_in(&session.store, "shop")
        .into_iter()
        .map(|it| it.0)
        .collect();
    assert_eq!(named, ["@acme", "@acme/data"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_of_this_machine_and_of_git_are_read_where_they_lie() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let group = "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: { name: pay, annotations: { github.com/team-slug: acme/payments } }\nspec: { type: team, children: [] }\n";
    let desk = Desk::new();
    desk.write("repo/.git/HEAD", "ref: refs/heads/main\n");
    desk.write(
        "repo/CODEOWNERS",
        "* @all\n/services/shop/ @acme/payments\n",
    );
    desk.write(
        "repo/services/shop/catalog-info.yaml",
        &format!("{}{group}", component("shop")),
    );
    let source = desk.path().join("repo/services").display().to_string();
    desk.sync(&source).await;
    let expected = [(
        "@acme/payments".to_owned(),
        Some("group:default/pay".to_owned()),
    )];
    assert_eq!(hints(&desk, &source, "shop"), expected);
    let found = desk
        .session(&source)
        .store
        .problems(&ProblemFilter::default())
        .unwrap();
    let told = found
        .iter()
        .find(|it| it.message.starts_with("spec.owner "))
        .unwrap();
    assert_eq!(told.suggestion.as_deref(), Some("pay"), "{told:?}");
    desk.write(
        "repo/services/shop/catalog-info.yaml",
        &format!(
            "{}{group}",
            component("shop").replace(", owner: nobody", "")
        ),
    );
    desk.sync(&source).await;
    let found = desk
        .session(&source)
        .store
        .problems(&ProblemFilter::default())
        .unwrap();
    let told = found
        .iter()
        .find(|it| it.message.starts_with("spec.owner is missing"))
        .unwrap();
    assert_eq!(told.suggestion.as_deref(), Some("owner: pay"), "{told:?}");
    forge.commit(
        "acme/tool",
        &[
            ("catalog-info.yaml", &component("tool")),
            ("docs/CODEOWNERS", "* @tools\n"),
        ],
    );
    let source = format!("git+{}/acme/tool.git", forge.url());
    let desk = Desk::signed_in();
    let config = format!(
        "integrations: {{ github: [{{ host: '{}' }}] }}\n",
        forge.host()
    );
    desk.write(".home/config/app-config.yaml", &config);
    desk.sync(&source).await;
    assert_eq!(hints(&desk, &source, "tool"), [("@tools".to_owned(), None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_give_them_where_they_list_them_anyway() {
    let Some(forge) = Forge::start().await else {
        return;
    };
    let (host, url) = (forge.host(), forge.url());
    let login = format!("username: '{EMAIL}', token: '{TOKEN}'");
    let wild = "catalogPath: '**/catalog-info.yaml'";
    let gitea = format!(
        "integrations: {{ gitea: [{{ host: '{host}', baseUrl: '{url}', password: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ gitea: {{ x: {{ host: '{host}', organization: tea }} }} }} }}\n"
    );
    let azure = format!(
        "integrations: {{ azure: [{{ host: '{host}', credentials: [{{ personalAccessToken: '{TOKEN}' }}] }}] }}\n\
         catalog: {{ providers: {{ azureDevOps: {{ x: {{ host: '{host}', organization: az, project: shop }} }} }} }}\n"
    );
    let cloud = format!(
        "integrations: {{ bitbucketCloud: [{{ host: '{host}', apiBaseUrl: '{url}/2.0', {login} }}] }}\n\
         catalog: {{ providers: {{ bitbucketCloud: {{ x: {{ host: '{host}', workspace: ws, {wild} }} }} }} }}\n"
    );
    let server = format!(
        "integrations: {{ bitbucketServer: [{{ host: '{host}', apiBaseUrl: '{url}/rest/api/1.0', token: '{TOKEN}' }}] }}\n\
         catalog: {{ providers: {{ bitbucketServer: {{ x: {{ host: '{host}', projectKey: KEY, {wild} }} }} }} }}\n"
    );
    let at_gitea = "CODEOWNERS";
    let at_bitbucket = ".bitbucket/CODEOWNERS";
    for (config, repository, path, owner) in [
        (&gitea, "tea/shop", at_gitea, "tea"),
        (&azure, "az/shop/shop", "CODEOWNERS", "az/shop"),
        (&cloud, "ws/shop", at_bitbucket, "ws"),
        (&server, "KEY/shop", at_bitbucket, "KEY"),
    ] {
        let descriptor = component("shop");
        let files = [
            ("catalog-info.yaml", descriptor.as_str()),
            (path, "* @acme/payments jane@acme.dev\n"),
        ];
        forge.push_light(repository, &files);
        // Of one without a descriptor nobody wants to know it.
        forge.push_light(&format!("{owner}/lib"), &[files[1]]);
        let desk = Desk::new();
        let report = desk.sync_config(config).await;
        assert_eq!(report.class(), None, "{repository}: {report:?}");
        let store = Arc::clone(&desk.configured(config).store);
        let named: Vec<String> = hints_in(&store, "shop")
            .into_iter()
            .map(|it| it.0)
            .collect();
        assert_eq!(named, ["@acme/payments", "jane@acme.dev"], "{repository}");
        forge.take_requests();
        desk.sync_config(config).await;
        let again = forge.take_requests();
        let texts = again
            .iter()
            .filter(|it| it.contains("CODEOWNERS") || it.contains("/blobs/"));
        assert_eq!(texts.count(), 0, "{repository}: {again:?}");
    }
}
