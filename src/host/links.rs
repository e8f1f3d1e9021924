//! Links in repositories, where a host does not follow them by itself.

/// The most links that are followed from one file.
pub(super) const LINKS: usize = 8;

/// Where the link at `path` leads that says `target`; `None` where that is outside of the repository.
pub(super) fn linked(path: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.trim_end().split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_in_their_repository() {
        let cases = [
            ("a/b.yaml", "c.yaml", Some("a/c.yaml")),
            ("a/b.yaml", "../c/./d.yaml", Some("c/d.yaml")),
            ("b.yaml", "../c.yaml", None),
            ("b.yaml", "/etc/passwd", None),
            ("a/b.yaml", "..", None),
        ];
        for (path, target, expected) in cases {
            assert_eq!(linked(path, target).as_deref(), expected, "{path} {target}");
        }
    }
}
