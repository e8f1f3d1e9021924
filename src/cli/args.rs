//! The command line as clap reads it: one definition for parsing, `--help`, shell completions and the manual page.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::{
    api, completions, config, docs, export, find, graph, init, keys, lint, list, login, logout,
    man, new, pick, place, query, repo, runs, show, sync, template,
};

/// The developer portal in the terminal: catalog, search, docs and templates from your Backstage files.
///
/// Without a command it opens the portal. With nothing configured it shows the repository you stand in, else the
/// built-in demo company.
#[derive(Debug, Parser)]
#[command(name = "stagedoor", version, propagate_version = false)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done, 1 problems found or the work failed, 2 wrong usage or config, 3 not signed in or not allowed,
4 a host could not be reached and nothing cached could serve, 130 interrupted.
The log goes to the user's folder for state, or below --cache-dir: STAGEDOOR_LOG=off|error|warn|info|debug|trace [warn].";

/// Options that stand before or after any command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Global {
    /// Read this app-config.yaml; give it again for more layers, later ones win
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Vec<PathBuf>,

    /// Read this instead of the configured locations: a folder, a file, a glob, https://…, git+https://…,
    /// git+ssh://…, github:ORG, gitlab:GROUP, gitea:HOST/ORG, bitbucket:WORKSPACE, bitbucketServer:HOST,
    /// azure:ORG, gerrit:HOST, github-org:ORG for its people, backstage:URL, demo; repeatable
    #[arg(long, value_name = "TARGET", global = true)]
    pub(crate) source: Vec<String>,

    /// Keep everything below this folder
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) cache_dir: Option<PathBuf>,

    /// Write the log to this file, and more of it
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) log: Option<PathBuf>,

    /// The portal for a screen reader: words for signs, no lines, one pane after the other
    #[arg(long, global = true)]
    pub(crate) accessible: bool,

    /// Ask no host; answer from what is kept
    #[arg(long, global = true)]
    pub(crate) offline: bool,

    /// How to print
    #[arg(short, long, value_name = "FORMAT", global = true)]
    pub(crate) output: Option<Format>,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: When,

    /// Print nothing but data and errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Say more on standard error, and in the log
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// What `-o` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people; `text` means the same.
    Table,
    Json,
    Yaml,
    /// One full reference a line.
    Name,
    /// A Mermaid flowchart; `graph` alone.
    Mermaid,
    /// A Graphviz graph; `graph` alone.
    Dot,
    /// Comma-separated values; `list` and `find` alone.
    Csv,
    /// A table of GitHub's Markdown; `list` and `find` alone.
    Markdown,
}

impl Format {
    /// What a list of entities can be printed as.
    pub(crate) const OF_LISTS: &[Self] = &[
        Self::Table,
        Self::Json,
        Self::Yaml,
        Self::Name,
        Self::Csv,
        Self::Markdown,
    ];
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Table,
            Self::Json,
            Self::Yaml,
            Self::Name,
            Self::Mermaid,
            Self::Dot,
            Self::Csv,
            Self::Markdown,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Table => PossibleValue::new("table").alias("text"),
            Self::Json => PossibleValue::new("json"),
            Self::Yaml => PossibleValue::new("yaml"),
            Self::Name => PossibleValue::new("name"),
            // Only `graph` knows the first two and only lists the others, and their help says so.
            Self::Mermaid => PossibleValue::new("mermaid").hide(true),
            Self::Dot => PossibleValue::new("dot").hide(true),
            Self::Csv => PossibleValue::new("csv").hide(true),
            Self::Markdown => PossibleValue::new("markdown").alias("md").hide(true),
        })
    }
}

impl Format {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Name => "name",
            Self::Mermaid => "mermaid",
            Self::Dot => "dot",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
        }
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal that can, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

/// The commands. Without one, the portal opens.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Refresh what is kept of the sources
    Sync(sync::SyncArgs),
    /// List entities by filters
    List(list::ListArgs),
    /// Search as the portal's finder does, best first
    Find(find::FindArgs),
    /// Choose an entity below the prompt and print it, or where it is checked out
    Pick(pick::PickArgs),
    /// Show, save or forget queries that are asked for as @name
    Query(query::QueryArgs),
    /// Show one entity with its relations, problems and origin
    Show(show::ShowArgs),
    /// Show what an entity is related to
    Graph(graph::GraphArgs),
    /// Show what an API offers, or find operations
    Api(api::ApiArgs),
    /// Show what the host of an entity's repository tells: pull requests, runs, issues, alerts, releases
    Repo(repo::RepoArgs),
    /// Read the docs of an entity
    Docs(docs::DocsArgs),
    /// Run a software template
    New(new::NewArgs),
    /// What became of runs of templates; go on with one that failed
    #[command(subcommand)]
    Runs(runs::RunsCommand),
    /// Tools for authors of templates
    #[command(subcommand)]
    Template(template::TemplateCommand),
    /// Check descriptors and say what Backstage would refuse
    Lint(lint::LintArgs),
    /// Print all entities as JSON
    Export(export::ExportArgs),
    /// Write a starter app-config.yaml
    Init(init::InitArgs),
    /// Check that everything the portal needs is there
    Doctor,
    /// Sign in at a host: ask for a token, try it there, and keep it
    Login(login::LoginArgs),
    /// Forget the token that login kept for a host
    Logout(logout::LogoutArgs),
    /// Show the configuration, its files, or its schema
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Open the portal at an entity, its docs, a query …
    Open(place::PlaceArgs),
    /// Show the keys of the portal, and check those of the configuration
    Keys(keys::KeysArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page
    Man(man::ManArgs),
}
