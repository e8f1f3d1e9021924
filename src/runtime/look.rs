//! How the portal looks and which keys it has: what the configuration asks for, fitted to what the terminal can do.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use termprofile::TermProfile;

use crate::app::Keymap;
use crate::app::keymap::Asked;
use crate::app::model::Images;
use crate::config::look::{Look as Wanted, ThemeChoice, place_of, theme_file};
use crate::config::{Config, Env};
use crate::term::Form;
use crate::ui::theme::BUILT_IN;
use crate::ui::{Glyphs, Theme, glyphs};

/// The colours to use on a terminal that understands those of `known`, where they are `wanted` or not.
pub fn profile(wanted: Option<bool>, known: TermProfile) -> TermProfile {
    match wanted {
        None => known,
        Some(true) => known.max(TermProfile::Ansi16),
        Some(false) => TermProfile::NoColor,
    }
}

/// How the user wants images shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pictures {
    /// As well as the terminal can; over SSH on demand.
    #[default]
    Auto,
    /// Not at all.
    Off,
    /// As half blocks.
    Blocks,
    /// By this protocol, whatever the terminal says.
    As(Form),
}

/// The ways to show images by name, as configuration has them.
const PICTURES: &[(&str, Pictures)] = &[
    ("blocks", Pictures::Blocks),
    ("kitty", Pictures::As(Form::Kitty)),
    ("iterm", Pictures::As(Form::Iterm)),
    ("sixel", Pictures::As(Form::Sixel)),
    ("off", Pictures::Off),
];

impl Pictures {
    /// The protocol that the user wants, whatever the terminal says.
    pub(super) fn form(self) -> Option<Form> {
        match self {
            Self::As(form) => Some(form),
            Self::Auto | Self::Off | Self::Blocks => None,
        }
    }

    /// Whether images are seen, on a terminal with such colours, here or at the other end of a network.
    pub(super) fn seen(self, profile: TermProfile, is_remote: bool) -> Images {
        match self {
            Self::Off => Images::Off,
            Self::As(_) => Images::Always,
            _ if profile < TermProfile::Ansi256 => Images::Never,
            Self::Auto if is_remote => Images::OnDemand,
            Self::Auto | Self::Blocks => Images::Always,
        }
    }
}

/// How the portal looks and which keys it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The colours and signs.
    pub theme: Theme,
    /// The keys.
    pub keymap: Keymap,
    /// How images are shown.
    pub pictures: Pictures,
    /// Whether links are told to the terminal; `None` where that is for it to say.
    pub links: Option<bool>,
    /// Whether the mouse is taken; `None` where that depends on where the terminal is.
    pub mouse: Option<bool>,
    /// What of the configuration could not be followed, each with its place and what to do.
    pub faults: Vec<String>,
}

impl Look {
    /// The same for somebody who hears the screen, where that is asked for.
    #[must_use]
    pub fn heard(self, is_heard: bool) -> Self {
        if is_heard {
            let theme = self.theme.with_glyphs(Glyphs::Words);
            Self { theme, ..self }
        } else {
            self
        }
    }

    /// What `config` asks for, on a terminal that shows colours as `profile` says, on a background that is light or dark.
    pub fn of(config: &Config, env: &Env, profile: TermProfile, is_light: bool) -> Self {
        let wanted = &config.look;
        let mut faults = Vec::new();
        let mut fault =
            |path: &[&str], text: String| faults.push(placed(&config.files, path, &text));
        let asked = Asked {
            preset: wanted.preset.clone(),
            own: wanted.keys.clone(),
        };
        let (keymap, wrong) = Keymap::configured(&asked);
        for one in &wrong {
            fault(&["stagedoor", "keys", &one.key], one.to_string());
        }
        let theme = match theme(wanted, env, profile, is_light) {
            Ok(theme) => theme,
            Err(text) => {
                fault(&["stagedoor", "theme"], text);
                Theme::terminal()
            }
        };
        let signs = match wanted
            .glyphs
            .as_deref()
            .map(|name| (name, Glyphs::named(name)))
        {
            Some((_, Some(signs))) => signs,
            other => {
                if let Some((name, None)) = other {
                    let names: Vec<&str> = glyphs::NAMES.iter().map(|(name, _)| *name).collect();
                    fault(
                        &["stagedoor", "glyphs"],
                        format!(
                            "stagedoor.glyphs: no set is called {name:?}; there are auto, {}",
                            names.join(", ")
                        ),
                    );
                }
                glyphs_of_locale(env)
            }
        };
        let signs = match env.get("STAGEDOOR_ACCESSIBLE") {
            Some(wish) if wish != "0" => Glyphs::Words,
            None if wanted.accessible => Glyphs::Words,
            _ => signs,
        };
        let way = |name: &str| PICTURES.iter().find(|(known, _)| *known == name);
        let pictures = match wanted.images.as_deref().map(|name| (name, way(name))) {
            None => Pictures::Auto,
            Some((_, Some((_, pictures)))) => *pictures,
            Some((name, None)) => {
                let names: Vec<&str> = PICTURES.iter().map(|(name, _)| *name).collect();
                fault(
                    &["stagedoor", "images"],
                    format!(
                        "stagedoor.images: no way to show images is called {name:?}; there are auto, {}",
                        names.join(", ")
                    ),
                );
                Pictures::Auto
            }
        };
        let mut switch = |key: &'static str, wanted: Option<&str>| match wanted {
            None => None,
            Some("on") => Some(true),
            Some("off") => Some(false),
            Some(other) => {
                let text = format!("stagedoor.{key}: {other:?} is none of auto, on, off");
                fault(&["stagedoor", key], text);
                None
            }
        };
        let links = switch("links", wanted.links.as_deref());
        let mouse = switch("mouse", wanted.mouse.as_deref());
        let theme = theme
            .adapted(|style| profile.adapt_style(style))
            .with_palette(profile < TermProfile::TrueColor)
            .with_glyphs(signs);
        Self {
            theme,
            keymap,
            pictures,
            links,
            mouse,
            faults,
        }
    }

    /// The files that it was made from and may change.
    pub(super) fn files(config: &Config, env: &Env) -> Vec<PathBuf> {
        let names: Vec<&str> = match &config.look.theme {
            ThemeChoice::Auto => Vec::new(),
            ThemeChoice::One(name) => vec![name],
            ThemeChoice::Either { dark, light } => vec![dark, light],
        };
        let own = env
            .config_dir()
            .into_iter()
            .flat_map(|dir| names.iter().map(|name| theme_file(dir, name)));
        config.files.iter().cloned().chain(own).collect()
    }
}

/// `text` with the place in front that the files have for the key at `path`.
fn placed(files: &[PathBuf], path: &[&str], text: &str) -> String {
    match (place_of(files, path), files.last()) {
        (Some((file, line)), _) => format!("{}:{line}: {text}", file.display()),
        (None, Some(file)) => format!("{}: {text}", file.display()),
        (None, None) => text.to_owned(),
    }
}

/// The theme asked for; without colours there is one.
fn theme(
    wanted: &Wanted,
    env: &Env,
    profile: TermProfile,
    is_light: bool,
) -> Result<Theme, String> {
    if profile < TermProfile::Ansi16 {
        return Ok(Theme::monochrome());
    }
    match &wanted.theme {
        ThemeChoice::Auto => Ok(Theme::terminal()),
        ThemeChoice::One(name) => named(name, env),
        ThemeChoice::Either { dark, light } => {
            let name = if is_light { light } else { dark };
            named(name, env)
        }
    }
}

/// The theme of this name: the user's own, or one that comes with the portal.
fn named(name: &str, env: &Env) -> Result<Theme, String> {
    let is_plain = !name.contains(['/', '\\']);
    let own = env
        .config_dir()
        .filter(|_| is_plain)
        .map(|dir| theme_file(dir, name));
    if let Some(file) = own
        && let Ok(text) = std::fs::read_to_string(&file)
    {
        return Theme::read(&text).map_err(|error| format!("{}: {error}", file.display()));
    }
    Theme::built_in(name).ok_or_else(|| {
        let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        let dir = env.config_dir().map(Path::to_owned).unwrap_or_default();
        format!(
            "stagedoor.theme: no theme is called {name:?}; there are {}, and your own in {}",
            names.join(", "),
            theme_file(&dir, "NAME").display()
        )
    })
}

/// ASCII where the locale is set and has no UTF-8.
fn glyphs_of_locale(env: &Env) -> Glyphs {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env.get(name));
    let is_utf8 = |locale: &str| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    };
    match locale {
        Some(locale) if !is_utf8(locale) => Glyphs::Ascii,
        _ => Glyphs::Unicode,
    }
}

/// Tells when one of the files a look was made from has changed.
#[derive(Debug)]
pub(super) struct Watched {
    files: Vec<(PathBuf, Option<SystemTime>)>,
}

impl Watched {
    /// Watches `files` from now on.
    pub(super) fn new(files: Vec<PathBuf>) -> Self {
        let files = files.into_iter().map(|file| {
            let time = changed_at(&file);
            (file, time)
        });
        Self {
            files: files.collect(),
        }
    }

    /// Whether one of them is another since the last call.
    pub(super) fn changed(&mut self) -> bool {
        let mut changed = false;
        for (file, time) in &mut self.files {
            let now = changed_at(file);
            changed |= std::mem::replace(time, now) != now;
        }
        changed
    }
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file)
        .and_then(|data| data.modified())
        .ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::ui::Role;

    fn look(config: &str, variables: &[(&str, &str)], profile: TermProfile) -> (Look, String) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("app-config.yaml");
        std::fs::write(&file, config).unwrap();
        let env = Env::fixed(dir.path(), variables);
        let themes = dir.path().join(".home/config/themes");
        std::fs::create_dir_all(&themes).unwrap();
        std::fs::write(themes.join("own.yaml"), "styles: { accent: '#ff0000' }").unwrap();
        std::fs::write(themes.join("bad.yaml"), "styles: { acent: red }").unwrap();
        let config = Config::load(&[file], &env).unwrap();
        let look = Look::of(&config, &env, profile, false);
        let faults = look
            .faults
            .join("\n")
            .replace(&dir.path().display().to_string(), "DIR");
        (look, faults)
    }

    #[test]
    fn themes_are_ours_or_the_users_and_fit_the_terminal() {
        let deep = TermProfile::TrueColor;
        let accent = |look: &Look| format!("{:?}", look.theme.style(Role::Accent).fg);
        let (own, faults) = look("stagedoor: { theme: own }", &[], deep);
        assert_eq!(
            (accent(&own).as_str(), faults.as_str()),
            ("Some(Rgb(255, 0, 0))", "")
        );
        let (own, _) = look("stagedoor: { theme: own }", &[], TermProfile::Ansi16);
        assert!(!accent(&own).contains("Rgb"), "{}", accent(&own));
        let (none, _) = look("stagedoor: { theme: own }", &[], TermProfile::NoColor);
        for (role, name) in Role::ALL {
            assert_eq!(
                none.theme.style(*role),
                Theme::monochrome().style(*role),
                "{name}"
            );
        }
        let (_, faults) = look("stagedoor:\n  theme: darc\n", &[], deep);
        assert!(
            faults
                .starts_with("DIR/app-config.yaml:2: stagedoor.theme: no theme is called \"darc\""),
            "{faults}"
        );
        let (_, faults) = look("stagedoor: { theme: bad }", &[], deep);
        assert!(
            faults.contains("themes/bad.yaml: styles.acent: no such role"),
            "{faults}"
        );
        let (_, faults) = look("stagedoor: { theme: ../own }", &[], deep);
        assert!(faults.contains("no theme is called"), "{faults}");
    }

    #[test]
    fn signs_go_by_the_locale_unless_they_are_chosen() {
        let deep = TermProfile::TrueColor;
        let signs = |config: &str, variables: &[(&str, &str)]| {
            look(config, variables, deep).0.theme.glyphs()
        };
        assert_eq!(signs("{}", &[]), Glyphs::Unicode);
        assert_eq!(signs("{}", &[("LANG", "de_DE.UTF-8")]), Glyphs::Unicode);
        assert_eq!(
            signs("{}", &[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")]),
            Glyphs::Ascii
        );
        assert_eq!(
            signs("stagedoor: { glyphs: nerd }", &[("LC_ALL", "C")]),
            Glyphs::Nerd
        );
        let (_, faults) = look("stagedoor: { glyphs: emoji }", &[], deep);
        assert!(
            faults.contains("stagedoor.glyphs: no set is called \"emoji\""),
            "{faults}"
        );
    }

    #[test]
    fn images_are_shown_as_asked_for() {
        let pictures = |config: &str| look(config, &[], TermProfile::TrueColor).0.pictures;
        assert_eq!(pictures("{}"), Pictures::Auto);
        assert_eq!(pictures("stagedoor: { images: auto }"), Pictures::Auto);
        assert_eq!(
            pictures("stagedoor: { images: sixel }"),
            Pictures::As(Form::Sixel)
        );
        let (_, faults) = look("stagedoor: { images: ascii }", &[], TermProfile::TrueColor);
        assert!(
            faults.contains("no way to show images is called \"ascii\"; there are auto, blocks"),
            "{faults}"
        );
        let seen = |pictures: Pictures, profile, remote| pictures.seen(profile, remote);
        let (few, many) = (TermProfile::Ansi16, TermProfile::Ansi256);
        assert_eq!(seen(Pictures::Auto, few, false), Images::Never);
        assert_eq!(seen(Pictures::Auto, many, false), Images::Always);
        assert_eq!(seen(Pictures::Auto, many, true), Images::OnDemand);
        assert_eq!(seen(Pictures::Blocks, many, true), Images::Always);
        assert_eq!(seen(Pictures::As(Form::Kitty), few, true), Images::Always);
        assert_eq!(seen(Pictures::Off, many, false), Images::Off);
    }

    #[test]
    fn links_and_mouse_are_as_asked_for_or_as_suits_the_terminal() {
        let deep = TermProfile::TrueColor;
        let (plain, _) = look("{}", &[], deep);
        assert_eq!((plain.links, plain.mouse), (None, None));
        let (asked, faults) = look("stagedoor: { links: on, mouse: off }", &[], deep);
        assert_eq!((asked.links, asked.mouse), (Some(true), Some(false)));
        assert_eq!(faults, "");
        let (_, faults) = look("stagedoor:\n  mouse: always\n", &[], deep);
        assert!(
            faults.contains("yaml:2: stagedoor.mouse: \"always\" is none of auto, on, off"),
            "{faults}"
        );
    }

    #[test]
    fn faults_of_keys_name_file_and_line() {
        let (_, faults) = look(
            "stagedoor:\n  keys:\n    app.fnd: x\n",
            &[],
            TermProfile::Ansi16,
        );
        assert!(
            faults.starts_with(
                "DIR/app-config.yaml:3: stagedoor.keys.app.fnd: there is no such command"
            ),
            "{faults}"
        );
    }
}
