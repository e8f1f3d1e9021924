//! Paths of pages: relative, parted by `/`, and never above their root.

/// `path` seen from the folder `base`, without `.` and `..`; `None` where it leaves the root or is absolute.
pub(super) fn normal(base: &str, path: &str) -> Option<String> {
    joined(base, path).filter(|path| path != ".." && !path.starts_with("../"))
}

/// `path` seen from the folder `base`, both counted from a folder within a repository: what leads above that folder keeps
/// its `..` in front. `None` where it is absolute.
pub(super) fn joined(base: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The way from the folder `from` to `path`: `../guide/a.md`.
pub(super) fn relative(from: &str, path: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let down = to.iter().skip(shared).copied();
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The part of `path` below `folder`; the whole where `folder` is the root.
pub(super) fn below<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    if folder.is_empty() {
        Some(path)
    } else {
        path.strip_prefix(folder)?.strip_prefix('/')
    }
}

/// The folder that holds `path`, empty at the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folder that a page becomes on the finished site.
pub(super) fn as_folder(page: &str) -> &str {
    if is_index(page) {
        folder(page)
    } else {
        stem(page)
    }
}

/// `path` without the extension of its last part.
pub(super) fn stem(path: &str) -> &str {
    let name = file_name(path);
    let length = name
        .rsplit_once('.')
        .map_or(0, |(stem, _)| name.len() - stem.len());
    path.get(..path.len() - length).unwrap_or(path)
}

/// The last part of `path`.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Whether MkDocs takes the file for a page.
pub(super) fn is_markdown(path: &str) -> bool {
    let extension = file_name(path)
        .rsplit_once('.')
        .map(|(_, extension)| extension);
    matches!(
        extension,
        Some("md" | "markdown" | "mdown" | "mkdn" | "mkd")
    )
}

/// Whether the file is a page of a finished site.
pub(super) fn is_html(path: &str) -> bool {
    let (_, extension) = file_name(path).rsplit_once('.').unwrap_or_default();
    extension.eq_ignore_ascii_case("html")
}

/// Whether the page stands for its folder.
pub(super) fn is_index(path: &str) -> bool {
    matches!(
        file_name(path),
        "index.md" | "README.md" | "readme.md" | "index.html"
    )
}

/// Whether `text` names a place of its own: it has a scheme, or a host.
pub(super) fn is_url(text: &str) -> bool {
    if text.starts_with("//") {
        return true;
    }
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
    })
}

/// A title made from a file's or folder's name, as MkDocs makes it: `getting-started` → `Getting started`.
pub(super) fn title(name: &str) -> String {
    let words = name.replace(['-', '_'], " ");
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if words.to_lowercase() == words => first.to_uppercase().chain(chars).collect(),
        _ => words,
    }
}

/// `text` with `%41` and the like resolved; as it stands where that gives no text.
pub(super) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let pair = (byte == b'%').then(|| (ahead.next(), ahead.next()));
        if let Some((Some(high), Some(low))) = pair
            && let (Some(high), Some(low)) = (hex(high), hex(low))
        {
            bytes.push(high * 16 + low);
            rest = ahead;
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// A title from the file's name; the index of the site is its home.
pub(super) fn default_title(page: &str) -> String {
    match page {
        "index.md" | "README.md" | "readme.md" | "index.html" => "Home".to_owned(),
        _ => {
            match stem(file_name(page)) {
                // A folder's README is its index.
                "README" | "readme" => "Index".to_owned(),
                stem => title(stem),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_never_leave_their_root() {
        assert_eq!(normal("guide", "../a/./b.md").as_deref(), Some("a/b.md"));
        assert_eq!(normal("guide", "../../a.md"), None);
        assert_eq!(normal("", "/etc/passwd"), None);
        assert_eq!(normal("", "..\\x"), None);
        assert_eq!(joined("a", "../../b/./c").as_deref(), Some("../b/c"));
        assert_eq!(joined("..", "../a").as_deref(), Some("../../a"));
        assert_eq!(relative("a/b", "a/c/d.md"), "../c/d.md");
        assert_eq!(relative("", "x.md"), "x.md");
    }

    #[test]
    fn names_become_titles_and_escapes_characters() {
        assert_eq!(title("getting-started_now"), "Getting started now");
        assert_eq!(title("FAQ"), "FAQ");
        assert_eq!(percent_decoded("a%20b%zz%"), "a b%zz%");
        assert!(is_url("mailto:x@y") && is_url("//host/x") && !is_url("a/b:c") && !is_url("c:x"));
    }
}
