//! From a wish to an update that can be carried out: the repository, its template at two revisions, and the answers.

use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::Result;
use serde_json::{Value, json};
use url::Url;

use super::super::super::args::{Format, Global};
use super::super::super::console::Console;
use super::super::super::exit::Failure;
use super::super::super::new::{Chosen, Values, ask, complete_but};
use super::super::super::open::Catalog;
use super::super::super::reference;
use super::Desk;
use crate::catalog::EntityRef;
use crate::scaffolder::memory::Revision;
use crate::scaffolder::update::{Checkout, Target, Update, UpdateError, Wish};
use crate::scaffolder::{Answers, Template};
use crate::sync::facts;
use crate::sync::update::{Origin, target};

/// What came of looking at a repository.
pub(super) enum Prepared {
    /// It was made from the newest revision with the same answers.
    Current {
        template: EntityRef,
        revision: Revision,
    },
    /// There is something to do, so many revisions behind.
    Update(Box<Update>, usize),
}

impl<'a> Desk<'a> {
    /// Opens the catalog, or where `template` is a file the set of sources alone.
    pub(super) fn open(
        template: Option<&str>,
        global: &'a Global,
        format: Format,
        console: &Console,
    ) -> Result<Self> {
        if let Some(file) = template.filter(|template| is_file(template)) {
            let chosen = Chosen::open(file, global, console)?;
            return Ok(Self {
                session: chosen.session,
                catalog: None,
                global,
                format,
            });
        }
        let catalog = Catalog::open(global, console)?;
        Ok(Self {
            session: Arc::clone(&catalog.session),
            catalog: Some(catalog),
            global,
            format,
        })
    }

    /// The repository that `text` means; the folder one stands in without it.
    pub(super) fn target(&self, text: Option<&str>) -> Result<Target> {
        let text = text.unwrap_or(".");
        if Path::new(text).is_dir() {
            return folder(Path::new(text));
        }
        let address = if text.contains("://") {
            Url::parse(text).ok()
        } else {
            let host = text.split('/').next().unwrap_or_default();
            let is_host = host.contains(['.', ':']) && text.contains('/');
            let url = is_host.then(|| Url::parse(&format!("https://{text}")).ok());
            url.flatten()
                .filter(|url| facts::repository_at(&self.session, url).is_some())
        };
        if let Some(url) = address {
            let at = facts::repository_at(&self.session, &url).ok_or_else(|| {
                Failure::usage(format!("{text} is no repository at a host that is known"))
                    .help("name its host under integrations:, or clone it and name its folder")
            })?;
            return Ok(target(&at));
        }
        let Some(catalog) = &self.catalog else {
            return Err(Failure::usage(format!("{text} is no folder and no address")).into());
        };
        let (_, entity_ref) = reference::resolve(&catalog.index, text, "entity", |_| true)?;
        let stored = catalog.store.entity(&entity_ref)?;
        let stored =
            stored.ok_or_else(|| Failure::work(format!("{entity_ref} is no longer kept")))?;
        match facts::repository(&self.session, &stored.entity) {
            Ok(at) => Ok(target(&at)),
            Err(why) => facts::work_tree(&stored.entity)
                .map(Target::Folder)
                .ok_or_else(|| Failure::work(format!("{entity_ref}: {why}")).into()),
        }
    }

    /// The template that `text` names.
    pub(super) fn template(&self, text: &str) -> Result<Template> {
        let catalog = match &self.catalog {
            Some(catalog) if !is_file(text) => catalog,
            _ => {
                let console = Console::new(self.global);
                return Ok(Chosen::open(text, self.global, &console)?.template);
            }
        };
        let (_, entity_ref) = reference::resolve(&catalog.index, text, "template", |row| {
            row.kind.eq_ignore_ascii_case("template")
        })?;
        let stored = catalog.store.entity(&entity_ref)?;
        let stored =
            stored.ok_or_else(|| Failure::work(format!("{entity_ref} is no longer kept")))?;
        Ok(Template::read(&stored.entity)?)
    }

    /// Who sits here.
    pub(super) fn user(&self) -> Value {
        let Some(me) = self.session.me() else {
            return Value::Null;
        };
        let stored = self.session.store.entity(&me).ok().flatten();
        json!({ "ref": me.to_string(), "entity": stored.map(|stored| stored.entity.body) })
    }

    /// Looks at the repository and the template. `given` are answers beside or instead of those that are remembered; `again`
    /// says that they are all of a run that goes on.
    pub(super) fn prepare(
        &self,
        mut wish: Wish,
        given: Values,
        again: bool,
        console: &Console,
    ) -> Result<Prepared> {
        let hosts = self.hosts();
        let checkout = self.blocking(|stop| Checkout::fetch(&wish.target, &hosts, stop))??;
        let memory = checkout.memory()?;
        if wish.template.is_empty() {
            wish.template.clone_from(&memory.template);
        }
        let known = self.template(&wish.template).map_err(|error| {
            error.wrap_err(format!(
                "{} was made from {}; a template that is not in your catalog is not rendered unless --template names it",
                wish.target, memory.template
            ))
        })?;
        let session = &self.session;
        let origin = self.blocking(|_| Origin::find(session, &known))??;
        let (since, behind) = self.blocking(|_| origin.since(&memory, wish.from.as_deref()))??;
        let next = match &wish.to {
            Some(commit) => Revision {
                commit: commit.clone(),
                ..origin.now.clone()
            },
            None => origin.now.clone(),
        };
        let is_plain = given.answers == Answers::new();
        if since.commit == next.commit && is_plain && !again {
            return Ok(Prepared::Current {
                template: known.entity_ref,
                revision: next,
            });
        }
        console.detail(&format!("rendering {} and {}", since.short(), next.short()));
        let (base, theirs) = self.blocking(|_| {
            Ok::<_, UpdateError>((origin.version(&since)?, origin.version(&next)?))
        })??;
        let mut old = Answers::new();
        old.parameters.clone_from(&memory.parameters);
        // What was withheld goes into both, so that it makes no difference of its own.
        for name in &memory.withheld {
            if let Some(path) = name.strip_prefix('/') {
                if let Some(value) = given.answers.parameters.get(path) {
                    old.parameters.insert(path.to_owned(), value.clone());
                }
            } else if let Some(secret) = given.answers.secrets.get(name) {
                old.secrets.set(name, secret.to_owned());
            }
        }
        let mut values = Values {
            answers: old.clone(),
            ..Values::default()
        };
        values.add(given);
        complete_but(
            &theirs.template,
            &mut values.answers,
            &memory.withheld,
            ask::can(),
        )?;
        let base = origin.side(base, old, &memory, &memory.sources);
        let theirs = origin.side(theirs, values.answers, &memory, &[]);
        let update = Update::new(wish, checkout, memory, (since, base), (next, theirs));
        Ok(Prepared::Update(Box::new(update), behind))
    }
}

/// Whether `text` is the file of a template. What a repository remembers is a reference, and never is.
fn is_file(text: &str) -> bool {
    !text.starts_with("template:") && Path::new(text).is_file()
}

/// The repository around `folder`.
fn folder(folder: &Path) -> Result<Target> {
    let folder = folder.canonicalize()?;
    Ok(Target::Folder(facts::work_tree_around(&folder)))
}
