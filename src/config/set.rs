//! The set of sources that make up one catalog, and the folder in which it is kept.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{Config, Env, Instance, People, Provider, Source, SourceError};

/// The file in a set's folder that says which sources it holds.
const SET_FILE: &str = "set.json";

/// The names under which a repository describes itself.
const DESCRIPTORS: [&str; 2] = ["catalog-info.yaml", "catalog-info.yml"];

/// The sources of one catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSet {
    /// The sources, each once, in their order.
    pub sources: Vec<Source>,
    /// Whether they are those of the configuration, for which its rules hold even where it says nothing of rules.
    pub configured: bool,
    /// What to tell a user who named no source: what is shown instead, and how to add their own.
    pub hint: Option<String>,
}

/// What a set's folder says about itself.
#[derive(Serialize, Deserialize)]
struct SetFile {
    sources: Vec<Source>,
}

impl SourceSet {
    /// The sources that are `named` on the command line, else those of `config`, else the one set that is kept below
    /// `cache_dir` where that was named, else the repository around the current folder where that describes itself,
    /// else the demo.
    pub fn resolve(
        named: &[String],
        config: &Config,
        env: &Env,
        cache_dir: Option<&Path>,
    ) -> Result<Self, SourceError> {
        let mut sources = if named.is_empty() {
            configured(config, env)
        } else {
            named
                .iter()
                .map(|text| named_source(text, config, env))
                .collect::<Result<_, _>>()?
        };
        let configured = named.is_empty() && !sources.is_empty();
        if sources.is_empty() {
            sources.extend(cache_dir.and_then(only_set).unwrap_or_default());
        }
        let mut hint = None;
        if sources.is_empty() {
            let (source, what) = match own_descriptor(env.cwd()) {
                Some(file) => (Source::File(file), "the repository you stand in"),
                None => (Source::Demo, "the built-in demo company"),
            };
            sources.push(source);
            hint = Some(format!(
                "This is {what}. Add your own with --source github:ORG or --source FOLDER, or run `stagedoor init`."
            ));
        }
        let mut kept: Vec<Source> = Vec::with_capacity(sources.len());
        for source in sources {
            if !kept.contains(&source) {
                kept.push(source);
            }
        }
        name_apart(&mut kept);
        Ok(Self {
            sources: kept,
            configured,
            hint,
        })
    }

    /// Whether every source can be read without a network.
    pub fn is_local(&self) -> bool {
        self.sources.iter().all(Source::is_local)
    }

    /// The folder below `cache` in which this set is kept: the same sources always have the same one.
    pub fn dir(&self, cache: &Path) -> PathBuf {
        let mut texts: Vec<String> = self
            .sources
            .iter()
            .map(|source| serde_json::to_string(source).unwrap_or_else(|_| source.to_string()))
            .collect();
        texts.sort_unstable();
        cache.join(format!("{:016x}", xxh3_64(texts.join("\n").as_bytes())))
    }

    /// Writes into `dir` what the set is, for [`SourceSet::resolve`] and for people who look.
    pub fn describe(&self, dir: &Path) -> std::io::Result<()> {
        let file = SetFile {
            sources: self.sources.clone(),
        };
        let text = serde_json::to_string_pretty(&file)?;
        let path = dir.join(SET_FILE);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(());
        }
        let mut new = tempfile::NamedTempFile::new_in(dir)?;
        std::io::Write::write_all(&mut new, text.as_bytes())?;
        new.persist(&path)?;
        Ok(())
    }
}

fn configured(config: &Config, env: &Env) -> Vec<Source> {
    // Backstage resolves paths against the folder it runs in: the current one, or `packages/backend` of its repository.
    let mut bases = vec![env.cwd().to_owned()];
    for dir in config.files.iter().filter_map(|file| file.parent()) {
        bases.push(dir.to_owned());
        bases.push(dir.join("packages/backend"));
    }
    let bases: Vec<&Path> = bases.iter().map(PathBuf::as_path).collect();
    let locations = config
        .locations
        .iter()
        .map(|location| Source::of_location(location, &bases));
    locations
        .chain(
            config
                .providers
                .iter()
                .cloned()
                .map(|it| Source::Provider(Box::new(it))),
        )
        .chain(
            config
                .people
                .iter()
                .cloned()
                .map(|it| Source::People(Box::new(it))),
        )
        .chain(
            config
                .backstage
                .iter()
                .map(|it| Source::Backstage(it.instance.clone())),
        )
        .collect()
}

/// The source that `text` names: an instance by its name or address in the configuration, or any other.
fn named_source(text: &str, config: &Config, env: &Env) -> Result<Source, SourceError> {
    if let Some(name) = text.trim().strip_prefix("backstage:") {
        let address = Instance::at(name).ok();
        let known = config
            .backstage
            .iter()
            .map(|it| &it.instance)
            .find(|known| {
                known.name.as_deref() == Some(name)
                    || address
                        .as_ref()
                        .is_some_and(|at| at.base_url == known.base_url)
            });
        if let Some(known) = known {
            return Ok(Source::Backstage(known.clone()));
        }
    }
    Source::parse(text, env.cwd())
}

/// Leaves the configuration's name only to those providers that would be called like another source without it.
fn name_apart(sources: &mut [Source]) {
    let bare: Vec<String> = sources
        .iter()
        .map(|source| match source {
            Source::Provider(provider) => Provider {
                id: None,
                ..Provider::clone(provider)
            }
            .to_string(),
            Source::People(people) => People {
                id: None,
                ..People::clone(people)
            }
            .to_string(),
            other => other.to_string(),
        })
        .collect();
    for (number, source) in sources.iter_mut().enumerate() {
        let alone = bare
            .iter()
            .filter(|name| bare.get(number) == Some(name))
            .count()
            == 1;
        match source {
            Source::Provider(provider) if alone => provider.id = None,
            Source::People(people) if alone => people.id = None,
            _ => {}
        }
    }
}

/// The sources of the one set that is kept below `cache`.
fn only_set(cache: &Path) -> Option<Vec<Source>> {
    let mut found = std::fs::read_dir(cache)
        .ok()?
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join(SET_FILE)).ok())
        .filter_map(|text| serde_json::from_str::<SetFile>(&text).ok());
    let only = found.next()?;
    found.next().is_none().then_some(only.sources)
}

/// The nearest descriptor from `cwd` up to the root of the work tree around it.
fn own_descriptor(cwd: &Path) -> Option<PathBuf> {
    let root = cwd.ancestors().find(|dir| dir.join(".git").exists());
    cwd.ancestors()
        .take_while(|dir| root.map_or(*dir == cwd, |root| dir.starts_with(root)))
        .flat_map(|dir| DESCRIPTORS.map(|name| dir.join(name)))
        .find(|file| file.is_file())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn resolve(named: &[&str], cwd: &Path, cache: Option<&Path>) -> SourceSet {
        let env = Env::fixed(cwd, &[]);
        let config = Config::load(&[], &env).unwrap();
        let named: Vec<String> = named.iter().map(|&text| text.to_owned()).collect();
        SourceSet::resolve(&named, &config, &env, cache).unwrap()
    }

    #[test]
    fn with_nothing_named_it_is_the_repository_around_or_the_demo() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("repo/src/deep");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(dir.path().join("repo/catalog-info.yaml"), "").unwrap();
        let demo = resolve(&[], &inner, None);
        assert_eq!(demo.sources, [Source::Demo]);
        assert!(demo.hint.unwrap().contains("--source"));
        std::fs::create_dir(dir.path().join("repo/.git")).unwrap();
        let own = resolve(&[], &inner, None);
        let file = dir.path().join("repo/catalog-info.yaml");
        assert_eq!(own.sources, [Source::File(file)]);
    }

    #[test]
    fn two_providers_of_one_owner_have_names_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("c.yaml");
        let text = "catalog: { providers: { github: { a: { organization: acme }, b: { organization: acme, catalogPath: /b.yaml }, c: { organization: other } } } }";
        std::fs::write(&file, text).unwrap();
        let env = Env::fixed(dir.path(), &[]);
        let config = Config::load(&[file], &env).unwrap();
        let set = SourceSet::resolve(&[], &config, &env, None).unwrap();
        let names: Vec<String> = set.sources.iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            ["github:acme (a)", "github:acme (b)", "github:other"]
        );
    }

    #[test]
    fn a_named_cache_with_one_set_is_that_set() {
        let dir = tempfile::tempdir().unwrap();
        let cache = dir.path().join("cache");
        let set = resolve(&["github:acme", "demo", "demo"], dir.path(), None);
        assert_eq!(set.sources.len(), 2);
        let folder = set.dir(&cache);
        std::fs::create_dir_all(&folder).unwrap();
        set.describe(&folder).unwrap();
        let again = resolve(&[], dir.path(), Some(&cache));
        assert_eq!(again, set);
        assert_eq!(again.dir(&cache), folder);
        let second = resolve(&["demo"], dir.path(), None);
        std::fs::create_dir_all(second.dir(&cache)).unwrap();
        second.describe(&second.dir(&cache)).unwrap();
        assert_eq!(
            resolve(&[], dir.path(), Some(&cache)).sources,
            [Source::Demo]
        );
        assert!(resolve(&[], dir.path(), Some(&cache)).hint.is_some());
    }
}
