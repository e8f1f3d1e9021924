//! What the terminals that are known by name understand beyond what all do. Nothing is asked, so that no late answer leaks;
//! a terminal that nobody knows is not told what it may show as garbage.

/// What a terminal understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// Links (OSC 8).
    pub links: bool,
    /// Kitty's keyboard protocol: keys that are otherwise the same are told apart.
    pub keys: bool,
    /// A title, and a stack of those before.
    pub title: bool,
}

/// How a terminal tells its name.
enum By {
    /// `TERM` begins so.
    Term(&'static str),
    /// `TERM_PROGRAM`, or what iTerm2 sends along over SSH.
    Program(&'static str),
    /// This variable is there.
    Is(&'static str),
    /// This variable is a number, and at least so much.
    AtLeast(&'static str, u32),
}

/// The terminals, each with whether it has links and keys.
const TERMINALS: [(By, bool, bool); 19] = [
    (By::Term("xterm-kitty"), true, true),
    (By::Is("KITTY_WINDOW_ID"), true, true),
    (By::Term("xterm-ghostty"), true, true),
    (By::Program("ghostty"), true, true),
    (By::Program("WezTerm"), true, true),
    (By::Term("wezterm"), true, true),
    (By::Term("foot"), true, true),
    (By::Term("alacritty"), true, true),
    (By::Is("ALACRITTY_WINDOW_ID"), true, true),
    (By::Program("iTerm"), true, true),
    (By::Program("rio"), true, true),
    (By::Term("rio"), true, true),
    (By::Term("contour"), true, false),
    (By::Program("vscode"), true, false),
    (By::Program("mintty"), true, false),
    (By::Is("WT_SESSION"), true, false),
    // From GNOME Terminal 3.26 and from Konsole 20.12 on.
    (By::AtLeast("VTE_VERSION", 5_000), true, false),
    (By::AtLeast("KONSOLE_VERSION", 201_200), true, false),
    (By::Program("Apple_Terminal"), false, false),
];

/// What `TERM` begins with where there is no title, and where what is not known may be shown.
const PLAIN: [&str; 5] = ["dumb", "linux", "vt", "ansi", "sun"];

/// The first tmux that hands links on.
const TMUX: (u32, u32) = (3, 4);

impl Known {
    /// What the terminal understands that the environment tells of.
    pub fn here() -> Self {
        Self::told_by(&|name| std::env::var(name).ok())
    }

    fn told_by(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let term = variable("TERM").unwrap_or_default();
        let is_plain = PLAIN.iter().any(|name| term.starts_with(name));
        let title = !term.is_empty() && !is_plain;
        let program = variable("TERM_PROGRAM").unwrap_or_default();
        // What multiplexers do not know they do not pass on, whatever is around them.
        if variable("TMUX").is_some() {
            let version = variable("TERM_PROGRAM_VERSION").filter(|_| program == "tmux");
            let links = version.is_some_and(|version| number(&version) >= TMUX);
            return Self {
                links,
                keys: false,
                title,
            };
        }
        if variable("STY").is_some() || term.starts_with("screen") {
            return Self {
                title,
                ..Self::default()
            };
        }
        let sent = variable("LC_TERMINAL").unwrap_or_default();
        let is = |by: &By| match by {
            By::Term(name) => term.starts_with(name),
            By::Program(name) => program.starts_with(name) || sent.starts_with(name),
            By::Is(name) => variable(name).is_some(),
            By::AtLeast(name, least) => variable(name)
                .and_then(|value| value.parse::<u32>().ok())
                .is_some_and(|number| number >= *least),
        };
        let found = TERMINALS.iter().find(|(by, ..)| is(by));
        let (links, keys) = found.map_or((false, false), |(_, links, keys)| (*links, *keys));
        Self { links, keys, title }
    }
}

/// The first two numbers of a version such as `3.4a` or `next-3.5`.
fn number(version: &str) -> (u32, u32) {
    let mut numbers = version
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| digits.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variables: &[(&str, &str)]) -> (bool, bool, bool) {
        let variable = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let known = Known::told_by(&variable);
        (known.links, known.keys, known.title)
    }

    #[test]
    fn only_what_is_known_is_told() {
        assert_eq!(told(&[("TERM", "xterm-256color")]), (false, false, true));
        assert_eq!(told(&[("TERM", "linux")]), (false, false, false));
        assert_eq!(told(&[("TERM", "xterm-kitty")]), (true, true, true));
        let vte = |version| told(&[("TERM", "xterm-256color"), ("VTE_VERSION", version)]);
        assert_eq!(vte("6003"), (true, false, true));
        assert_eq!(vte("4800"), (false, false, true));
        let over_ssh = [("TERM", "xterm-256color"), ("LC_TERMINAL", "iTerm2")];
        assert_eq!(told(&over_ssh), (true, true, true));
    }

    #[test]
    fn a_multiplexer_is_asked_for_itself_and_not_for_what_is_around_it() {
        let tmux = |version| {
            told(&[
                ("TERM", "tmux-256color"),
                ("TMUX", "/tmp/tmux-0/default,1,0"),
                ("TERM_PROGRAM", "tmux"),
                ("TERM_PROGRAM_VERSION", version),
                ("KITTY_WINDOW_ID", "1"),
            ])
        };
        assert_eq!(tmux("3.3a"), (false, false, true));
        assert_eq!(tmux("3.4"), (true, false, true));
        assert_eq!(tmux("next-3.6"), (true, false, true));
        let screen = [("TERM", "screen-256color"), ("KITTY_WINDOW_ID", "1")];
        assert_eq!(told(&screen), (false, false, true));
    }
}
