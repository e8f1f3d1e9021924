//! Names of keys and emoji, as pymdownx has them; the common ones.

/// What is written on the key of this name.
pub(super) fn key(name: &str) -> String {
    let known = match name.to_ascii_lowercase().as_str() {
        "ctrl" | "control" | "ctl" => "Ctrl",
        "cmd" | "command" | "meta" => "⌘ Cmd",
        "opt" | "option" => "⌥ Option",
        "alt" => "Alt",
        "shift" => "Shift",
        "win" | "windows" | "super" => "Win",
        "enter" | "return" => "Enter",
        "esc" | "escape" => "Esc",
        "tab" => "Tab",
        "space" | "spacebar" => "Space",
        "backspace" | "bksp" => "Backspace",
        "del" | "delete" => "Del",
        "ins" | "insert" => "Ins",
        "home" => "Home",
        "end" => "End",
        "page-up" | "pg-up" => "Page Up",
        "page-down" | "pg-dn" => "Page Down",
        "arrow-up" | "up" => "↑",
        "arrow-down" | "down" => "↓",
        "arrow-left" | "left" => "←",
        "arrow-right" | "right" => "→",
        "plus" => "+",
        "minus" => "-",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let words = name.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The emoji of this name.
pub(super) fn emoji(name: &str) -> Option<&'static str> {
    let at = EMOJI.binary_search_by_key(&name, |(name, _)| name).ok()?;
    EMOJI.get(at).map(|(_, emoji)| *emoji)
}

/// Sorted by name.
const EMOJI: &[(&str, &str)] = &[
    ("+1", "👍"),
    ("-1", "👎"),
    ("100", "💯"),
    ("arrow_down", "⬇"),
    ("arrow_left", "⬅"),
    ("arrow_right", "➡"),
    ("arrow_up", "⬆"),
    ("bell", "🔔"),
    ("book", "📖"),
    ("books", "📚"),
    ("boom", "💥"),
    ("bug", "🐛"),
    ("bulb", "💡"),
    ("calendar", "📅"),
    ("chart_with_upwards_trend", "📈"),
    ("clap", "👏"),
    ("clipboard", "📋"),
    ("closed_book", "📕"),
    ("cloud", "☁"),
    ("construction", "🚧"),
    ("credit_card", "💳"),
    ("email", "✉"),
    ("exclamation", "❗"),
    ("eyes", "👀"),
    ("file_folder", "📁"),
    ("fire", "🔥"),
    ("gear", "⚙"),
    ("gem", "💎"),
    ("globe_with_meridians", "🌐"),
    ("grin", "😁"),
    ("hammer", "🔨"),
    ("heart", "❤"),
    ("heavy_check_mark", "✔"),
    ("heavy_plus_sign", "➕"),
    ("hourglass", "⌛"),
    ("information_source", "ℹ"),
    ("key", "🔑"),
    ("link", "🔗"),
    ("lock", "🔒"),
    ("mag", "🔍"),
    ("mailbox", "📫"),
    ("megaphone", "📣"),
    ("memo", "📝"),
    ("moneybag", "💰"),
    ("no_entry", "⛔"),
    ("octocat", "🐙"),
    ("octopus", "🐙"),
    ("ok", "🆗"),
    ("ok_hand", "👌"),
    ("package", "📦"),
    ("paperclip", "📎"),
    ("pencil", "📝"),
    ("pencil2", "✏"),
    ("point_right", "👉"),
    ("pushpin", "📌"),
    ("question", "❓"),
    ("raised_hands", "🙌"),
    ("recycle", "♻"),
    ("red_circle", "🔴"),
    ("rocket", "🚀"),
    ("rotating_light", "🚨"),
    ("shield", "🛡"),
    ("ship", "🚢"),
    ("skull", "💀"),
    ("slightly_smiling_face", "🙂"),
    ("smile", "😄"),
    ("smiley", "😃"),
    ("sos", "🆘"),
    ("sparkles", "✨"),
    ("star", "⭐"),
    ("stop_sign", "🛑"),
    ("stopwatch", "⏱"),
    ("tada", "🎉"),
    ("thinking", "🤔"),
    ("thumbsdown", "👎"),
    ("thumbsup", "👍"),
    ("trophy", "🏆"),
    ("truck", "🚚"),
    ("unlock", "🔓"),
    ("warning", "⚠"),
    ("wastebasket", "🗑"),
    ("wave", "👋"),
    ("white_check_mark", "✅"),
    ("wink", "😉"),
    ("wrench", "🔧"),
    ("x", "❌"),
    ("zap", "⚡"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(EMOJI.is_sorted_by_key(|(name, _)| name));
        assert_eq!(emoji("zap"), Some("⚡"));
        assert_eq!(key("num-lock"), "Num lock");
    }
}
