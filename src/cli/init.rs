//! `stagedoor init`: a starter configuration.

use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use color_eyre::eyre::{Result, WrapErr};

use super::args::Global;
use super::console::Console;
use super::exit::{Exit, Failure};
use crate::app::welcome::Want;
use crate::config::{Env, Instance};

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where to write; without it where stagedoor looks by itself, in your config folder
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    /// The GitHub organization to read
    #[arg(long, value_name = "NAME")]
    github: Option<String>,
}

pub(crate) fn run(args: &InitArgs, _global: &Global, console: &mut Console) -> Result<Exit> {
    let env = Env::process();
    let file = file(args, &env)?;
    if file.exists() {
        return Err(
            Failure::usage(format!("{} is there already", file.display()))
                .help("edit it, or name another file: stagedoor init FILE")
                .into(),
        );
    }
    let found = args.github.clone();
    let found = found.or_else(|| owner(&origin(&env)?, "github.com"));
    let github = if args.github.is_none() && io::stdin().is_terminal() && io::stderr().is_terminal()
    {
        ask(found.as_deref())?
    } else {
        found
    };
    let want = github.map_or_else(
        || {
            let folder = env.cwd().join("**/catalog-info.yaml");
            Want::Files(folder.to_string_lossy().into_owned())
        },
        Want::GitHub,
    );
    is_sound(&want).map_err(Failure::usage)?;
    write(&file, &starter(&want, &env))?;
    writeln!(console.out, "{}", file.display())?;
    console.note("edit it as you like, then run `stagedoor sync`");
    Ok(Exit::Done)
}

/// Writes a configuration where none is yet.
pub(super) fn write(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .wrap_err_with(|| format!("{} cannot be made", folder.display()))?;
    }
    // Made anew, so that a file that appeared in between is not overwritten either.
    std::fs::File::create_new(file)
        .and_then(|mut created| created.write_all(text.as_bytes()))
        .wrap_err_with(|| format!("{} cannot be written", file.display()))
}

fn file(args: &InitArgs, env: &Env) -> Result<PathBuf, Failure> {
    if let Some(file) = &args.file {
        return Ok(env.cwd().join(file));
    }
    if let Some(file) = env.get("STAGEDOOR_CONFIG") {
        return Ok(env.cwd().join(file));
    }
    default_file(env)
}

/// The configuration in the user's folder, where stagedoor looks by itself.
pub(super) fn default_file(env: &Env) -> Result<PathBuf, Failure> {
    env.config_dir()
        .map(|dir| dir.join("app-config.yaml"))
        .ok_or_else(|| {
            Failure::usage("there is no config folder for this user").help("stagedoor init FILE")
        })
}

/// Asks for the organization; the one found is taken with Enter.
fn ask(found: Option<&str>) -> Result<Option<String>> {
    let mut stderr = io::stderr().lock();
    write!(
        stderr,
        "GitHub organization [{}]: ",
        found.unwrap_or("none")
    )?;
    stderr.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(match answer.trim() {
        "" => found.map(str::to_owned),
        "none" | "-" => None,
        name => Some(name.to_owned()),
    })
}

/// Whether `name` can be an organization or group at a host, so that it can stand in YAML as it is.
fn is_name(name: &str, more: &str) -> bool {
    !name.is_empty()
        && name.len() <= 200
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c) || more.contains(c))
}

/// Whether what is wanted can be written down as it is; else why not.
pub(super) fn is_sound(want: &Want) -> Result<(), String> {
    match want {
        Want::GitHub(name) if !is_name(name, "") => {
            Err(format!("{name:?} is no name of a GitHub organization"))
        }
        Want::GitLab(name) if !is_name(name, "./") => {
            Err(format!("{name:?} is no path of a GitLab group"))
        }
        Want::Backstage(url) => Instance::at(url)
            .map(drop)
            .map_err(|reason| format!("{url:?} {reason}")),
        _ => Ok(()),
    }
}

/// Where the repository around the current folder came from.
pub(super) fn origin(env: &Env) -> Option<String> {
    let output = Command::new("git")
        .args(["remote", "get-url", "origin"])
        .current_dir(env.cwd())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let url = String::from_utf8(output.stdout).ok()?;
    Some(url.trim().to_owned())
}

/// The owner of the repository at `url`, if that is on `host`.
pub(super) fn owner(url: &str, host: &str) -> Option<String> {
    let (_, path) = url.split_once(host)?;
    let owner = path.trim_start_matches([':', '/']).split('/').next()?;
    is_name(owner, "").then(|| owner.to_owned())
}

/// A configuration that reads what is wanted.
pub(super) fn starter(want: &Want, env: &Env) -> String {
    let name = match want {
        Want::GitHub(name) | Want::GitLab(name) => name.as_str(),
        _ => "My company",
    };
    let (kind, host, variable, tool) = match want {
        Want::GitLab(_) => (
            "gitlab",
            "gitlab.com",
            "GITLAB_TOKEN",
            "GitLab's own tool, glab",
        ),
        _ => (
            "github",
            "github.com",
            "GITHUB_TOKEN",
            "GitHub's own tool, gh",
        ),
    };
    let mut text = format!(
        "# Read by stagedoor. It is a Backstage app-config.yaml: the keys mean the same there.\n\
         # `stagedoor config schema` prints all keys that are read.\n\
         organization:\n  name: {name}\n\n\
         integrations:\n  {kind}:\n    - host: {host}\n      \
         # Without a token the login of {tool}, is used.\n      \
         # token: ${{{variable}}}\n\n\
         catalog:\n"
    );
    let places = match want {
        Want::GitHub(name) => format!(
            "  providers:\n    github:\n      organization: {name}\n      catalogPath: /catalog-info.yaml\n  \
             # Further places:\n  # locations:\n  #   - type: file\n  #     target: ./catalog/**/*.yaml\n"
        ),
        Want::GitLab(group) => format!(
            "  providers:\n    gitlab:\n      {}:\n        host: gitlab.com\n        group: {group}\n",
            group.replace(['/', '.'], "-")
        ),
        Want::Files(target) | Want::Config(target) => format!(
            "  locations:\n    - type: file\n      target: {}\n  \
             # A GitHub organization:\n  # providers:\n  #   github:\n  #     organization: acme\n",
            serde_json::Value::from(env.cwd().join(target).to_string_lossy().as_ref())
        ),
        Want::Backstage(_) | Want::Demo => "  locations: []\n".to_owned(),
    };
    text.push_str(&places);
    text.push_str(
        "\nstagedoor:\n  # Your own entity, for what is yours on the home page and in owner:mine.\n  \
         # me: user:default/jane\n  refresh: 15m\n",
    );
    if let Want::Backstage(url) = want {
        let url = serde_json::Value::from(url.as_str());
        let _ = write!(
            text,
            "  backstage:\n    - name: backstage\n      baseUrl: {url}\n      \
             # token: ${{BACKSTAGE_TOKEN}}\n"
        );
    }
    text
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::config::{Config, SourceSet};

    #[test]
    fn the_owner_is_read_from_any_form_of_a_remote() {
        for (url, expected) in [
            ("git@github.com:acme/shop.git", Some("acme")),
            ("https://github.com/acme/shop", Some("acme")),
            ("ssh://git@github.com/acme/shop.git", Some("acme")),
            ("https://gitlab.com/acme/shop", None),
            ("", None),
        ] {
            assert_eq!(owner(url, "github.com").as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn starters_are_yaml_that_is_read() {
        let env = Env::fixed(std::path::Path::new("/tmp"), &[]);
        for want in [
            Want::Files("**/catalog-info.yaml".into()),
            Want::GitHub("acme".into()),
            Want::GitLab("acme/platform".into()),
            Want::Backstage("https://backstage.acme.dev".into()),
        ] {
            let text = starter(&want, &env);
            let value: serde_json::Value = serde_yaml::from_str(&text).unwrap_or_default();
            assert!(
                value
                    .pointer("/catalog")
                    .is_some_and(serde_json::Value::is_object),
                "{value}"
            );
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("c.yaml");
            std::fs::write(&file, text).unwrap();
            let config = Config::load(&[file], &env).unwrap();
            let set = SourceSet::resolve(&[], &config, &env, None).unwrap();
            assert!(
                set.configured && set.sources.len() == 1,
                "{want:?}: {set:?}"
            );
        }
    }
}
