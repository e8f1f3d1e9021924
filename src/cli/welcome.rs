//! The first run: what is found near is offered, tried, and written down, before the portal opens.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use color_eyre::eyre::Result;
use tokio_util::sync::CancellationToken;

use super::args::Global;
use super::init;
use super::portal;
use crate::app::welcome::{Offer, Told, Want, Welcome};
use crate::catalog::text::counted;
use crate::config::{Env, HostKind};
use crate::runtime::welcome::{self, Chosen};
use crate::sync::{self, Options, Session, SyncRequest, signin};

/// The file in the cache that says that the question was answered.
const ANSWERED: &str = "welcomed";
/// The configuration's usual name.
const CONFIG: &str = "app-config.yaml";
/// Folders above the current one that are looked through for a configuration.
const ABOVE: usize = 4;

/// What the first run leads to.
pub(super) enum Way {
    /// The portal, with other options where something was chosen.
    Portal(Option<Box<Global>>),
    /// Out, with this exit code.
    Out(u8),
}

/// Asks what shall be shown, where nobody said so yet: nothing is configured and named, and it was not asked before.
pub(super) fn ask(session: &Session, global: &Global) -> Result<Way> {
    let env = &session.env;
    let asked = env.cache_dir().join(ANSWERED);
    let is_first = session.set.hint.is_some()
        && session.config.files.is_empty()
        && global.source.is_empty()
        && global.cache_dir.is_none()
        && !global.offline
        && !asked.exists();
    if !is_first || !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Ok(Way::Portal(None));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let chosen = runtime.block_on(async {
        let offers = offers(session).await;
        let looks = (&*session.config, &**env);
        let attempt = async |want, cancel| attempt(&want, session, cancel).await;
        welcome::run(Welcome::new(offers), looks, portal::colors(global), attempt).await
    });
    // A task that waits for a host must not hold up the portal.
    runtime.shutdown_background();
    let want = match portal::told(chosen)? {
        Chosen::Nothing(code) => return Ok(Way::Out(code)),
        Chosen::This(want) => want,
    };
    // Whoever cannot have it remembered is asked again.
    let _ = std::fs::create_dir_all(env.cache_dir()).and_then(|()| std::fs::write(&asked, ""));
    let mut global = global.clone();
    match want {
        Want::Demo => global.source.push("demo".to_owned()),
        Want::Config(file) => global.config.push(PathBuf::from(file)),
        want => {
            let file = init::default_file(env)?;
            init::write(&file, &init::starter(&want, env))?;
        }
    }
    Ok(Way::Portal(Some(Box::new(global))))
}

/// What is found near, and what can be named.
async fn offers(session: &Session) -> Vec<Offer> {
    let env = &session.env;
    let cwd = env.cwd();
    let mut offers = Vec::new();
    let mut offer = |title, note: String, want| offers.push(Offer { title, note, want });
    if let Some(file) = config_near(cwd) {
        let file = file.display().to_string();
        offer(
            "The configuration near here",
            file.clone(),
            Want::Config(file),
        );
    }
    if let Some((target, note)) = descriptors(cwd) {
        offer("The files in this folder", note, Want::Files(target));
    }
    let origin = init::origin(env).unwrap_or_default();
    for (title, host, kind) in [
        ("A GitHub organization", "github.com", HostKind::Github),
        ("A GitLab group", "gitlab.com", HostKind::Gitlab),
    ] {
        let name = init::owner(&origin, host).unwrap_or_default();
        let login = signin::origin(host, Some(kind), &session.config, env).await;
        let login = match login {
            Some(origin) => format!("signed in by {origin}"),
            None => format!("not signed in: stagedoor login {host}, or its own tool"),
        };
        let note = match name.as_str() {
            "" => login,
            name => format!("{name}; {login}"),
        };
        let want = match kind {
            HostKind::Github => Want::GitHub(name),
            _ => Want::GitLab(name),
        };
        offer(title, note, want);
    }
    let what = "its catalog, docs and templates".to_owned();
    offer("A running Backstage", what, Want::Backstage(String::new()));
    offer(
        "The built-in demo company",
        "to look around".to_owned(),
        Want::Demo,
    );
    offers
}

/// The nearest configuration above the current folder: one in it would have been read.
fn config_near(cwd: &Path) -> Option<PathBuf> {
    let above = cwd.ancestors().take(ABOVE);
    let files = above.map(|folder| folder.join(CONFIG));
    files.into_iter().find(|file| file.is_file())
}

/// The descriptors in the current folder, and in those right below it.
fn descriptors(cwd: &Path) -> Option<(String, String)> {
    let is_there = |folder: &Path| folder.join("catalog-info.yaml").is_file();
    let below = std::fs::read_dir(cwd).ok()?;
    let below = below.filter_map(|entry| Some(entry.ok()?.path()));
    let below = below.filter(|folder| is_there(folder)).count();
    let count = below + usize::from(is_there(cwd));
    let target = if below == 0 {
        cwd.join("catalog-info.yaml")
    } else {
        cwd.join("**/catalog-info.yaml")
    };
    let note = format!("{} of {}", counted(count, "descriptor"), cwd.display());
    (count > 0).then(|| (target.to_string_lossy().into_owned(), note))
}

/// Reads what is wanted as it would be read from then on; what was read is kept, so that the portal has it at once.
async fn attempt(
    want: &Want,
    session: &Session,
    cancel: CancellationToken,
) -> Result<Told, String> {
    let env = &session.env;
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let folder = tempfile::tempdir().map_err(|error| said(&error))?;
    let (file, written) = match want {
        Want::Config(file) => (PathBuf::from(file), None),
        want => {
            init::is_sound(want)?;
            let file = folder.path().join(CONFIG);
            std::fs::write(&file, init::starter(want, env)).map_err(|error| said(&error))?;
            let kept = init::default_file(env).map_err(|error| said(&error))?;
            (file, Some(kept.display().to_string()))
        }
    };
    let options = Options {
        config: vec![file],
        sources: Vec::new(),
        cache_dir: None,
        offline: session.offline,
        heal: true,
    };
    let tried = Session::open(&options, Env::process()).map_err(|error| said(&error))?;
    let report = sync::sync(&tried, &SyncRequest::default(), &|_| {}, &cancel).await;
    let report = report.map_err(|error| said(&error))?;
    let failed = report.sources.iter().find_map(|it| it.failure.as_ref());
    if report.entities == 0 {
        return Err(match failed {
            Some(failure) => failure.message.clone(),
            None => {
                "Nothing is there that describes itself: no catalog-info.yaml was found.".to_owned()
            }
        });
    }
    let problems: usize = report.sources.iter().map(|it| it.problems).sum();
    let mut found = format!("{} found", counted(report.entities, "entity"));
    if problems > 0 {
        found = format!("{found}, with {}", counted(problems, "problem"));
    }
    let mut more: Vec<String> = failed.iter().map(|it| it.message.clone()).collect();
    if let Want::Config(file) = want {
        more.push(format!(
            "It is read where it lies: start stagedoor in its folder, or set STAGEDOOR_CONFIG={file}."
        ));
    }
    Ok(Told {
        found: format!("{found}."),
        more,
        file: written,
    })
}
