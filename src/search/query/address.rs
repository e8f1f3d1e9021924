//! Addresses that are pasted into a query: what they lead to is called as the repository, or the last part of the path.

/// What stands in addresses of forges between a repository and what of it is shown.
const WITHIN: [&str; 10] = [
    "-", "blob", "tree", "src", "raw", "edit", "commit", "commits", "pull", "issues",
];
/// Of how many parts the name of a repository is at least made.
const REPOSITORY: usize = 2;

/// What the address `text` leads to is called so; `None` where it is no address.
pub(super) fn called(text: &str) -> Option<&str> {
    let (host, path) = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest.split_once('/').unwrap_or((rest, "")),
        Some(_) => return None,
        None => text.strip_prefix("git@")?.split_once(':')?,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let within = parts
        .iter()
        .skip(REPOSITORY)
        .position(|part| WITHIN.contains(part));
    let end = within.map_or(parts.len(), |at| at + REPOSITORY);
    let name = parts.get(..end)?.last().unwrap_or(&host);
    let name = name.strip_suffix(".git").unwrap_or(name);
    Some(name).filter(|name| !name.is_empty())
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_what_it_leads_to() {
        for (text, name) in [
            (
                "https://github.com/acme/payment-gateway",
                Some("payment-gateway"),
            ),
            (
                "https://github.com/acme/payment-gateway.git",
                Some("payment-gateway"),
            ),
            (
                "https://github.com/acme/web/blob/main/a.yaml#l1",
                Some("web"),
            ),
            (
                "https://gitlab.acme.dev/a/b/web/-/tree/main/docs",
                Some("web"),
            ),
            ("https://github.com/acme/src", Some("src")),
            ("git@github.com:acme/web.git", Some("web")),
            ("ssh://git@host:22/acme/web.git", Some("web")),
            (
                "https://hub.acme.dev/catalog/default/component/web?x=y",
                Some("web"),
            ),
            ("https://shop.acme.dev/", Some("shop.acme.dev")),
            ("https://", None),
            ("://x", None),
            ("component:web", None),
            ("a b://c", None),
        ] {
            assert_eq!(called(text), name, "{text}");
        }
    }
}
