//! The template of a run and the world it runs in.

use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::Result;
use serde_json::{Map, Value, json};

use super::SharedSession;
use crate::catalog::{Entity, EntityRef, Kind, Provenance};
use crate::cli::args::Global;
use crate::cli::console::Console;
use crate::cli::exit::Failure;
use crate::cli::open::{self, Catalog};
use crate::cli::{reference, work};
use crate::config::Env;
use crate::scaffolder::Template;
use crate::scaffolder::memory::Revision;
use crate::scaffolder::outside::{
    Access, Files, GitLogin, InstanceAnswer, InstanceCall, Outside, OutsideError, ProgramCall,
    Request, Response,
};
use crate::sync::outside::Hosts;
use crate::sync::{self, Options, Session};

/// A template, and the session whose catalog and hosts it sees.
pub(in crate::cli) struct Chosen {
    pub(in crate::cli) template: Template,
    pub(in crate::cli) session: SharedSession,
}

impl Chosen {
    /// The template that `text` means: a file, else an entity of the catalog.
    pub(in crate::cli) fn open(text: &str, global: &Global, console: &Console) -> Result<Self> {
        let is_file = Path::new(text).is_file();
        if is_file {
            let session = Session::open(&open::options(global), Env::process())?;
            return Ok(Self {
                template: in_file(text, None, global)?,
                session: Arc::new(session),
            });
        }
        let catalog = Catalog::open(global, console)?;
        let (_, entity_ref) = reference::resolve(&catalog.index, text, "template", |row| {
            Kind::parse(row.kind) == Kind::Template
        })?;
        let stored = catalog.store.entity(&entity_ref)?.ok_or_else(|| {
            Failure::work(format!("{entity_ref} is no longer kept")).help("stagedoor sync")
        })?;
        let session = Arc::clone(&catalog.session);
        let entity = work::run(async |_| sync::runs::asked(&session, stored.entity).await)?;
        Ok(Self {
            template: Template::read(&entity)?,
            session: catalog.session,
        })
    }

    /// The template called `name` in the file at `path`.
    pub(in crate::cli) fn named(path: &str, name: &str, global: &Global) -> Result<Self> {
        let session = Session::open(&open::options(global), Env::process())?;
        Ok(Self {
            template: in_file(path, Some(name), global)?,
            session: Arc::new(session),
        })
    }

    /// `{ref, entity}` of who runs it; `null` if nobody is known.
    pub(in crate::cli) fn user(&self) -> Value {
        let Some(me) = self.session.me() else {
            return Value::Null;
        };
        let stored = self.session.store.entity(&me).ok().flatten();
        json!({ "ref": me.to_string(), "entity": stored.map(|stored| stored.entity.body) })
    }

    /// The world of a run; `entities` stand before those of the catalog.
    pub(in crate::cli) fn outside(&self, entities: Vec<Value>) -> World {
        World {
            entities: entities.into_iter().filter_map(entity).collect(),
            hosts: Hosts::new(Arc::clone(&self.session), Arc::clone(&self.session.store)),
        }
    }
}

/// The template called `name` in the file at `path`, or the first one.
fn in_file(path: &str, name: Option<&str>, global: &Global) -> Result<Template> {
    let options = Options {
        sources: vec![path.to_owned()],
        ..open::options(global)
    };
    let session = Session::open(&options, Env::process())?;
    if session.set.sources.is_empty() {
        return Err(Failure::usage(format!("{path} is no file")).into());
    }
    let sources = &session.set.sources;
    let ingested = work::run(async |cancel| sync::read(&session, sources, &cancel).await)??;
    let found = ingested
        .entities
        .iter()
        .map(|ingested| &ingested.entity)
        .filter(|entity| Kind::parse(entity.entity_ref.kind()) == Kind::Template)
        .find(|entity| name.is_none_or(|name| entity.entity_ref.to_string() == name));
    if let Some(entity) = found {
        return Ok(Template::read(&entity.unpack())?);
    }
    let why = ingested
        .problems
        .first()
        .map(|problem| format!(": {} ({})", problem.message, problem.place))
        .unwrap_or_default();
    Err(Failure::work(format!("{path} holds no template{why}")).into())
}

/// An entity from its body alone; `None` if it is none.
fn entity(body: Value) -> Option<Entity> {
    let text = |path: &str| body.pointer(path).and_then(Value::as_str);
    let entity_ref = EntityRef::new(
        text("/kind")?,
        text("/metadata/namespace").unwrap_or("default"),
        text("/metadata/name")?,
    );
    Some(Entity {
        entity_ref,
        body,
        provenance: Provenance::default(),
    })
}

/// The hosts and the catalog, with the entities that the values add.
pub(in crate::cli) struct World {
    entities: Vec<Entity>,
    hosts: Hosts,
}

impl World {
    /// The entity that the values add.
    pub(in crate::cli) fn named(&self, entity_ref: &EntityRef) -> Option<Entity> {
        let mut entities = self.entities.iter();
        entities.find(|it| it.entity_ref == *entity_ref).cloned()
    }
}

impl Outside for World {
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError> {
        self.hosts.tree(location, url)
    }

    fn file(&self, location: &str, url: &str) -> Result<Vec<u8>, OutsideError> {
        self.hosts.file(location, url)
    }

    fn revision(&self, location: &str, url: Option<&str>) -> Result<Revision, OutsideError> {
        self.hosts.revision(location, url)
    }

    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity> {
        self.entities
            .iter()
            .find(|entity| entity.entity_ref == *entity_ref)
            .cloned()
            .or_else(|| self.hosts.entity(entity_ref))
    }

    fn http(&self, request: &Request) -> Result<Response, OutsideError> {
        self.hosts.http(request)
    }

    fn git_login(&self, host: &str) -> Option<GitLogin> {
        self.hosts.git_login(host)
    }

    fn host_type(&self, host: &str) -> Option<String> {
        self.hosts.host_type(host)
    }

    fn has_program(&self, id: &str) -> bool {
        self.hosts.has_program(id)
    }

    fn program(&self, call: &mut ProgramCall<'_>) -> Result<Map<String, Value>, OutsideError> {
        self.hosts.program(call)
    }

    fn instance(&self, call: &InstanceCall) -> Result<InstanceAnswer, OutsideError> {
        self.hosts.instance(call)
    }

    fn has_instance(&self) -> bool {
        self.hosts.has_instance()
    }

    fn access(&self, host: &str) -> Access {
        self.hosts.access(host)
    }

    fn api(&self, host: &str) -> String {
        self.hosts.api(host)
    }

    fn pages(&self, host: &str) -> (String, String) {
        self.hosts.pages(host)
    }
}
