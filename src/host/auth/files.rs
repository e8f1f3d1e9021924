//! Tokens in files of other programs: netrc, and the logins of Gitea's command line.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use super::host_of;
use crate::config::{Env, Secret};

/// The largest file that is looked at, in bytes.
const MOST: u64 = 1 << 20;

/// The password and the user name for `host` in `$NETRC` or `~/.netrc`. The `default` entry is for no host in particular, and is not used.
pub(super) fn netrc(host: &str, env: &Env) -> Option<(Secret, Option<String>)> {
    let named = env.get("NETRC").map(|path| env.cwd().join(path));
    let path = named.or_else(|| Some(home(env)?.join(".netrc")))?;
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    password(&read(&path)?, name)
}

fn password(text: &str, name: &str) -> Option<(Secret, Option<String>)> {
    let mut machine = None;
    let mut login = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "machine" => (machine, login) = (words.next(), None),
                "default" => machine = None,
                "login" => login = words.next(),
                "password" if machine.is_some_and(|known| known.eq_ignore_ascii_case(name)) => {
                    let password = words.next().map(Secret::new)?;
                    return Some((password, login.map(str::to_owned)));
                }
                "account" | "password" => {
                    words.next();
                }
                // The text of a macro goes up to an empty line.
                "macdef" => {
                    lines.by_ref().find(|line| line.trim().is_empty());
                    break;
                }
                word if word.starts_with('#') => break,
                _ => {}
            }
        }
    }
    None
}

/// What `tea` keeps.
#[derive(Deserialize)]
struct Tea {
    #[serde(default)]
    logins: Vec<TeaLogin>,
}

#[derive(Deserialize)]
struct TeaLogin {
    #[serde(default)]
    url: String,
    #[serde(default)]
    token: String,
}

/// The token for `host` in the configuration of `tea`.
pub(super) fn tea(host: &str, env: &Env) -> Option<Secret> {
    let configured = env.get("XDG_CONFIG_HOME").map(PathBuf::from);
    let folder = configured.or_else(|| Some(home(env)?.join(".config")))?;
    let text = read(&folder.join("tea/config.yml"))?;
    let tea: Tea = serde_yaml::from_str(&text).ok()?;
    let mut logins = tea.logins.into_iter();
    let login = logins.find(|login| {
        let url = Url::parse(&login.url).ok();
        url.and_then(|url| host_of(&url)).as_deref() == Some(host)
    })?;
    Some(Secret::new(login.token))
}

fn home(env: &Env) -> Option<PathBuf> {
    env.get("HOME").map(PathBuf::from)
}

fn read(path: &Path) -> Option<String> {
    let is_small = std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= MOST);
    is_small.then(|| std::fs::read_to_string(path).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_netrc_file_gives_the_password_of_the_machine_alone() {
        let text = "# mine\nmacdef init\nmachine a.dev password macro\n\nmachine b.dev\n  login password\n  password two\nmachine a.dev login me password one default password any\n";
        let of = |name| {
            let (password, user) = password(text, name)?;
            Some((password.expose().to_owned(), user?))
        };
        let pair = |user: &str, password: &str| Some((password.to_owned(), user.to_owned()));
        assert_eq!(of("a.dev"), pair("me", "one"));
        assert_eq!(of("B.dev"), pair("password", "two"));
        assert_eq!(of("c.dev"), None);
    }
}
