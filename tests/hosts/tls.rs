//! Encrypted connections: authorities of a company's own, certificates that are no good, proxies, compressed answers.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::header;
use axum::routing::get;
use stagedoor::config::Env;
use stagedoor::sync::{self, Class, Options, Session, SyncReport, SyncRequest};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::forge::tls::Authority;
use super::forge::{Forge, TOKEN};
use super::{Desk, component};

/// A sync of what the configuration `text`, in the folder `dir`, names.
async fn sync_of(desk: &Desk, dir: &Path, text: &str) -> SyncReport {
    let config = dir.join("app-config.yaml");
    std::fs::write(&config, text).unwrap();
    let options = Options {
        config: vec![config],
        cache_dir: Some(desk.path().join("cache")),
        ..Options::default()
    };
    let session = Session::open(&options, Env::fixed(desk.path(), &[])).unwrap();
    let (request, cancel) = (SyncRequest::default(), CancellationToken::new());
    sync::sync(&session, &request, &|_| {}, &cancel)
        .await
        .unwrap()
}

/// What went wrong with the first source.
fn told(report: &SyncReport) -> String {
    format!("{:?}", report.sources[0])
}

/// The forge's organisation by the API and a repository of it by `git`, with `more` said of the host.
fn configured(forge: &Forge, more: &str) -> [String; 2] {
    let (host, url) = (forge.host(), forge.url());
    let of_host = format!("stagedoor: {{ hosts: [{{ host: '{host}'{more} }}] }}\n");
    let github = format!(
        "integrations: {{ github: [{{ host: '{host}', apiBaseUrl: '{url}/api/v3', token: '{TOKEN}' }}] }}\n"
    );
    [
        format!(
            "{of_host}{github}catalog: {{ providers: {{ github: {{ host: '{host}', organization: acme }} }} }}\n"
        ),
        format!(
            "{of_host}{github}catalog: {{ locations: [{{ type: url, target: '{url}/acme/shop/blob/main/*.yaml' }}] }}\n"
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_companys_own_authority_is_trusted_where_its_certificate_is_named() {
    let authority = Authority::new();
    let identity = authority.identity("localhost", 2090);
    let Some(forge) = Forge::start_tls(&identity).await else {
        return;
    };
    forge.commit("acme/shop", &[("catalog-info.yaml", &component("shop"))]);
    for text in configured(&forge, "") {
        let desk = Desk::new();
        let report = sync_of(&desk, desk.path(), &text).await;
        assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
        let told = told(&report);
        assert!(
            told.contains("not trusted") && told.contains("caBundle of localhost"),
            "{told}"
        );
    }
    assert_eq!(
        forge.take_requests(),
        [""; 0],
        "nothing was said to a stranger"
    );
    // Beside the configuration, by a path of its own.
    for text in configured(&forge, ", caBundle: acme.pem") {
        let desk = Desk::new();
        let report = sync_of(&desk, authority.dir(), &text).await;
        assert_eq!((report.class(), report.entities), (None, 1), "{report:?}");
    }
    assert!(
        forge.protocols().contains(&"h2".to_owned()),
        "{:?}",
        forge.protocols()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_certificate_is_said() {
    let authority = Authority::new();
    let stranger = Authority::new();
    let cases = [
        (authority.identity("localhost", 2020), "it has expired"),
        (
            authority.identity("git.acme.dev", 2090),
            "it is for git.acme.dev",
        ),
        (
            stranger.identity("localhost", 2090),
            "no authority that is trusted here",
        ),
    ];
    for (identity, expected) in cases {
        let Some(forge) = Forge::start_tls(&identity).await else {
            return;
        };
        forge.commit("acme/shop", &[("catalog-info.yaml", &component("shop"))]);
        let [api, git] = configured(&forge, ", caBundle: acme.pem");
        let desk = Desk::new();
        let report = sync_of(&desk, authority.dir(), &api).await;
        assert_eq!(report.class(), Some(Class::Unreachable), "{report:?}");
        assert!(told(&report).contains(expected), "{expected}: {report:?}");
        let report = sync_of(&desk, authority.dir(), &git).await;
        assert!(
            told(&report).contains("not trusted"),
            "{expected}: {report:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_cannot_be_read_is_named() {
    let authority = Authority::new();
    let identity = authority.identity("localhost", 2090);
    let Some(forge) = Forge::start_tls(&identity).await else {
        return;
    };
    forge.commit("acme/shop", &[("catalog-info.yaml", &component("shop"))]);
    let desk = Desk::new();
    desk.write("empty.pem", "no certificate\n");
    for (file, expected) in [
        ("gone.pem", "cannot be read"),
        ("empty.pem", "holds no certificate"),
    ] {
        let [api, _] = configured(&forge, &format!(", caBundle: {file}"));
        let report = sync_of(&desk, desk.path(), &api).await;
        assert!(
            told(&report).contains(file) && told(&report).contains(expected),
            "{report:?}"
        );
    }
}

/// A proxy that leads every connection to `target`, and remembers what was asked of it.
async fn proxy(target: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let note = Arc::clone(&note);
            tokio::spawn(async move {
                let mut client = BufReader::new(stream);
                let mut first = String::new();
                client.read_line(&mut first).await.unwrap();
                note.lock().unwrap().push(first.trim().to_owned());
                let mut line = String::new();
                while client.read_line(&mut line).await.unwrap() > 2 {
                    line.clear();
                }
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let mut server = TcpStream::connect(target).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (address, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environments_proxy_and_certificates_are_used() {
    let authority = Authority::new();
    let identity = authority.identity("portal.acme.test", 2090);
    let Some(forge) = Forge::start_tls(&identity).await else {
        return;
    };
    forge.put_file("all.yaml", &component("shop"));
    let port = forge.host().rsplit_once(':').unwrap().1.parse().unwrap();
    let (proxy, asked) = proxy(SocketAddr::from(([127, 0, 0, 1], port))).await;
    // The name is known to the proxy alone.
    let source = "https://portal.acme.test/files/all.yaml";
    let run = async |no_proxy: &str| {
        let desk = Desk::new();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_stagedoor"));
        command
            .args(["sync", "--source", source, "--cache-dir", "cache"])
            .current_dir(desk.path())
            .env("HOME", desk.path())
            .env("SSL_CERT_FILE", authority.file())
            .env("HTTPS_PROXY", format!("http://{proxy}"))
            .env("NO_PROXY", no_proxy);
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        let output = output.unwrap().unwrap();
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told).into_owned();
        (output.status.code(), told)
    };
    let (code, told) = run("").await;
    // Its owner is unknown to the catalog; nothing else is wrong.
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("1 entities, 1 problems"), "{told}");
    assert_eq!(
        *asked.lock().unwrap(),
        ["CONNECT portal.acme.test:443 HTTP/1.1"]
    );
    let (code, told) = run("acme.test").await;
    assert_eq!(code, Some(4), "{told}");
    assert_eq!(asked.lock().unwrap().len(), 1, "it was passed by: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_answers_are_read_and_bounded() {
    let packed = |text: &[u8]| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(text).unwrap();
        packed.finish().unwrap()
    };
    let good = packed(component("shop").as_bytes());
    let bomb = packed(&vec![b'#'; 65 << 20]);
    assert!(bomb.len() < 100 << 10);
    let gzip =
        |body: Vec<u8>| get(move || async move { ([(header::CONTENT_ENCODING, "gzip")], body) });
    let router = Router::new()
        .route("/good.yaml", gzip(good))
        .route("/bomb.yaml", gzip(bomb));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let desk = Desk::new();
    let report = desk.sync(&format!("{url}/good.yaml")).await;
    assert_eq!((report.class(), report.entities), (None, 1), "{report:?}");
    let report = desk.sync(&format!("{url}/bomb.yaml")).await;
    assert!(
        format!("{report:?}").contains("is larger than"),
        "{report:?}"
    );
}
