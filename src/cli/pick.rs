//! `stagedoor pick`: the finder's list below the prompt, for shells: what is chosen is printed.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use color_eyre::eyre::{Result, eyre};

use super::args::Global;
use super::console::Console;
use super::exit::{Exit, Failure};
use super::open::Catalog;
use super::portal;
use crate::catalog::EntityRef;
use crate::runtime::personal::Answers;
use crate::runtime::pick::{self, Picked, Wanted};
use crate::search::{self, Query};
use crate::sync::checkout::{self, NoCheckout};
use crate::sync::facts;

/// How many entities can be walked through.
const LIMIT: usize = 500;

#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is printed where it is left with esc, so that a shell can tell:
  d=$(stagedoor pick repo) && cd \"$d\"
  stagedoor docs \"$(stagedoor pick entity has:docs)\"
Repositories are looked for below the folders of stagedoor.checkouts.")]
pub(crate) struct PickArgs {
    /// What of the chosen entity is printed
    #[arg(value_name = "WHAT", default_value = "entity")]
    what: What,

    /// What stands in the field at first
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
}

/// What of an entity is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Its reference
    Entity,
    /// The folder in which its repository is checked out
    Repo,
    /// The address of its repository
    Url,
}

impl What {
    /// What choosing does, for the footer.
    fn takes(self) -> &'static str {
        match self {
            Self::Entity => "take its reference",
            Self::Repo => "take its folder",
            Self::Url => "take its address",
        }
    }
}

pub(crate) fn run(args: &PickArgs, global: &Global, console: &mut Console) -> Result<ExitCode> {
    let catalog = Catalog::open(global, console)?;
    let row = match pick(args, global, &catalog)? {
        Picked::Entity(row) => row,
        Picked::Nothing(code) => return Ok(ExitCode::from(code)),
    };
    let entity_ref = catalog.index.entity_ref(row);
    let entity_ref = entity_ref.ok_or_else(|| eyre!("the catalog has changed; pick again"))?;
    let printed = told(args.what, &entity_ref, &catalog)?;
    writeln!(console.out, "{printed}")?;
    Ok(Exit::Done.into())
}

/// Shows the picker until something is chosen.
fn pick(args: &PickArgs, global: &Global, catalog: &Catalog) -> Result<Picked> {
    let known = catalog.context(&Query::default())?;
    let answers = Answers::default();
    let ask = |text: &str| {
        let query = Query::parse(text);
        let (store, index) = (&catalog.store, &catalog.index);
        let known = answers.with(store, index, &query, &known, &|| false);
        search::find(index, &query, &known, LIMIT, &|| false)
    };
    let wanted = Wanted {
        session: &catalog.session,
        index: &catalog.index,
        known: &known,
        query: &args.query.join(" "),
        takes: args.what.takes(),
        colors: portal::colors(global),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(pick::run(&wanted, ask));
    runtime.shutdown_background();
    portal::told(ended)
}

/// What is printed of the entity.
fn told(what: What, entity_ref: &EntityRef, catalog: &Catalog) -> Result<String> {
    if what == What::Entity {
        return Ok(entity_ref.to_string());
    }
    let stored = catalog.store.entity(entity_ref)?.ok_or_else(|| {
        eyre!("{entity_ref} is in the list but no longer kept; run `stagedoor sync`")
    })?;
    let entity = &stored.entity;
    if what == What::Url {
        let at = facts::repository(&catalog.session, entity);
        let at = at.map_err(|why| Failure::work(format!("{entity_ref}: {why}")))?;
        return Ok(format!("https://{at}"));
    }
    match checkout::find(&catalog.session, entity) {
        Ok(folder) => Ok(folder.display().to_string()),
        Err(why) => {
            let help = match &why {
                NoCheckout::Nowhere(_) => "pick another",
                NoCheckout::Unasked(_) => {
                    "name the folders of your clones in the configuration: stagedoor: { checkouts: [~/src] }"
                }
                NoCheckout::Missing { .. } => {
                    "clone it there: stagedoor pick url prints its address"
                }
            };
            Err(Failure::work(format!("{entity_ref}: {why}"))
                .help(help)
                .into())
        }
    }
}
