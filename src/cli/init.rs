//! `stagedoor init`: a starter configuration.

use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::Args;
use color_eyre::eyre::{Result, WrapErr};

use super::args::Global;
use super::console::Console;
use super::exit::{Exit, Failure};
use crate::config::Env;

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
    let found = args.github.clone().or_else(|| owner_of_origin(&env));
    let github = if args.github.is_none() && io::stdin().is_terminal() && io::stderr().is_terminal()
    {
        ask(found.as_deref())?
    } else {
        found
    };
    if let Some(name) = github.as_deref().filter(|name| !is_organization(name)) {
        return Err(Failure::usage(format!("{name:?} is no name of a GitHub organization")).into());
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .wrap_err_with(|| format!("{} cannot be made", folder.display()))?;
    }
    // Made anew, so that a file that appeared in between is not overwritten either.
    std::fs::File::create_new(&file)
        .and_then(|mut created| created.write_all(starter(github.as_deref(), &env).as_bytes()))
        .wrap_err_with(|| format!("{} cannot be written", file.display()))?;
    writeln!(console.out, "{}", file.display())?;
    console.note("edit it as you like, then run `stagedoor sync`");
    Ok(Exit::Done)
}

fn file(args: &InitArgs, env: &Env) -> Result<PathBuf, Failure> {
    if let Some(file) = &args.file {
        return Ok(env.cwd().join(file));
    }
    if let Some(file) = env.get("STAGEDOOR_CONFIG") {
        return Ok(env.cwd().join(file));
    }
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

/// Whether `name` can be a GitHub organization or user, so that it can stand in YAML as it is.
fn is_organization(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 100
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// The owner of the repository around the current folder, if it came from GitHub.
fn owner_of_origin(env: &Env) -> Option<String> {
    let output = Command::new("git")
        .args(["remote", "get-url", "origin"])
        .current_dir(env.cwd())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let url = String::from_utf8(output.stdout).ok()?;
    owner(url.trim())
}

fn owner(url: &str) -> Option<String> {
    let (_, path) = url.split_once("github.com")?;
    let owner = path.trim_start_matches([':', '/']).split('/').next()?;
    is_organization(owner).then(|| owner.to_owned())
}

fn starter(github: Option<&str>, env: &Env) -> String {
    let mut text = String::from(
        "# Read by stagedoor. It is a Backstage app-config.yaml: the keys mean the same there.\n\
         # `stagedoor config schema` prints all keys that are read.\n",
    );
    let name = github.unwrap_or("My company");
    let _ = write!(
        text,
        "organization:\n  name: {name}\n\n\
         integrations:\n  github:\n    - host: github.com\n      \
         # Without a token the login of GitHub's own tool, gh, is used.\n      \
         # token: ${{GITHUB_TOKEN}}\n\n\
         catalog:\n"
    );
    if let Some(name) = github {
        let _ = write!(
            text,
            "  providers:\n    github:\n      organization: {name}\n      catalogPath: /catalog-info.yaml\n  \
             # Further places:\n  # locations:\n  #   - type: file\n  #     target: ./catalog/**/*.yaml\n"
        );
    } else {
        let folder = env.cwd().join("**/catalog-info.yaml");
        let target = serde_json::Value::from(folder.to_string_lossy().as_ref());
        let _ = write!(
            text,
            "  locations:\n    - type: file\n      target: {target}\n  \
             # A GitHub organization:\n  # providers:\n  #   github:\n  #     organization: acme\n"
        );
    }
    text.push_str(
        "\nstagedoor:\n  # Your own entity, for what is yours on the home page and in owner:mine.\n  \
         # me: user:default/jane\n  refresh: 15m\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_is_read_from_any_form_of_a_remote() {
        for (url, expected) in [
            ("git@github.com:acme/shop.git", Some("acme")),
            ("https://github.com/acme/shop", Some("acme")),
            ("ssh://git@github.com/acme/shop.git", Some("acme")),
            ("https://gitlab.com/acme/shop", None),
            ("", None),
        ] {
            assert_eq!(owner(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn starters_are_yaml_that_is_read() {
        let env = Env::fixed(std::path::Path::new("/tmp"), &[]);
        for github in [None, Some("acme")] {
            let value: serde_json::Value =
                serde_yaml::from_str(&starter(github, &env)).unwrap_or_default();
            assert!(
                value
                    .pointer("/catalog")
                    .is_some_and(serde_json::Value::is_object),
                "{value}"
            );
        }
    }
}
