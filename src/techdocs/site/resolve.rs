//! Where a link on a page leads.

use crate::techdocs::path::{self, normal};
use crate::techdocs::{LinkTarget, Site};

/// See [`Site::resolve`].
///
/// Tried in turn: the path as MkDocs reads it (relative to the page's file), and the paths that authors write for the
/// finished site: `guide/`, `guide`, `guide.html`, and `../guide/` seen from the page's own folder-like URL.
pub(super) fn resolve(site: &Site, from: &str, href: &str) -> LinkTarget {
    let href = href.trim();
    if path::is_url(href) {
        return LinkTarget::External(href.to_owned());
    }
    let (target, anchor) = href
        .split_once('#')
        .map_or((href, None), |(target, anchor)| (target, Some(anchor)));
    let anchor = anchor
        .filter(|anchor| !anchor.is_empty())
        .map(path::percent_decoded);
    let target = path::percent_decoded(target.split_once('?').map_or(target, |(target, _)| target));
    if target.is_empty() {
        return match anchor {
            Some(anchor) => LinkTarget::Heading(anchor),
            None => page(from.to_owned(), None),
        };
    }
    let (base, relative) = match target.strip_prefix('/') {
        Some(rooted) => ("", rooted),
        None => (path::folder(from), target.as_str()),
    };
    let as_folder = path::as_folder(from);
    let places = [
        normal(base, relative),
        normal(as_folder, relative).filter(|_| !target.starts_with('/')),
    ];
    let moved = places.iter().flatten().find_map(|place| moved(site, place));
    if let Some(to) = moved {
        return to;
    }
    for place in places.iter().flatten() {
        if let Some(found) = candidate(site, place) {
            return if found == from && anchor.is_some() {
                LinkTarget::Heading(anchor.unwrap_or_default())
            } else {
                page(found, anchor)
            };
        }
    }
    match &places[0] {
        Some(place) if is_file(place) => LinkTarget::File(place.clone()),
        _ => LinkTarget::Missing(target),
    }
}

/// Where a page that moved from `place` is now; one that is still there is not looked for.
fn moved(site: &Site, place: &str) -> Option<LinkTarget> {
    if site.redirects.is_empty() {
        return None;
    }
    let stem = place.strip_suffix(".html").unwrap_or(place);
    let forms = [
        place.to_owned(),
        format!("{stem}.md"),
        format!("{stem}/index.md"),
    ];
    let to = forms.iter().find_map(|form| site.redirects.get(form))?;
    if path::is_url(to) {
        return Some(LinkTarget::External(to.clone()));
    }
    let (path, anchor) = to
        .split_once('#')
        .map_or((to.as_str(), None), |(path, anchor)| {
            (path, Some(anchor.to_owned()))
        });
    let known = site.page(path)?;
    Some(page(known.path.clone(), anchor))
}

/// The page that is meant by `place`.
fn candidate(site: &Site, place: &str) -> Option<String> {
    let stem = place.strip_suffix(".html").unwrap_or(place);
    let below = |name: &str| {
        if stem.is_empty() {
            name.to_owned()
        } else {
            format!("{stem}/{name}")
        }
    };
    let forms = [
        place.to_owned(),
        format!("{stem}.md"),
        below("index.md"),
        below("README.md"),
        below("readme.md"),
        format!("{stem}.html"),
        below("index.html"),
    ];
    let known = |form: &String| site.page(form).map(|page| page.path.clone());
    forms.iter().find_map(known).or_else(|| {
        // `README.md` where the folder's index took its place.
        let folder = path::is_index(place).then(|| path::folder(place))?;
        let index = if folder.is_empty() {
            "index.md".to_owned()
        } else {
            format!("{folder}/index.md")
        };
        known(&index)
    })
}

/// Whether the path names a file that is no page.
fn is_file(place: &str) -> bool {
    let extension = path::file_name(place).rsplit_once('.');
    extension.is_some_and(|(_, extension)| extension != "html") && !path::is_markdown(place)
}

fn page(path: String, anchor: Option<String>) -> LinkTarget {
    LinkTarget::Page { path, anchor }
}

#[cfg(test)]
mod tests {
    use super::super::tests::site;
    use super::*;

    fn to(href: &str) -> String {
        let (site, _) = site(
            "",
            &["index.md", "guide/index.md", "guide/a.md", "ops/my page.md"],
        );
        match resolve(&site, "guide/a.md", href) {
            LinkTarget::Page { path, anchor: None } => path,
            LinkTarget::Page {
                path,
                anchor: Some(anchor),
            } => format!("{path}#{anchor}"),
            LinkTarget::Heading(anchor) => format!("#{anchor}"),
            LinkTarget::External(url) => format!("external {url}"),
            LinkTarget::File(path) => format!("file {path}"),
            LinkTarget::Missing(path) => format!("missing {path}"),
        }
    }

    #[test]
    fn links_are_read_as_mkdocs_and_as_authors_write_them() {
        assert_eq!(to("index.md#set-up"), "guide/index.md#set-up");
        assert_eq!(to("../ops/my%20page.md"), "ops/my page.md");
        assert_eq!(to("../"), "index.md");
        assert_eq!(to("../index.html"), "index.md");
        assert_eq!(to("/guide/a"), "guide/a.md");
        assert_eq!(to("../../guide/"), "guide/index.md");
        assert_eq!(to("#here"), "#here");
        assert_eq!(to("a.md?x=1#here"), "#here");
        assert_eq!(to(""), "guide/a.md");
        assert_eq!(to("README.md"), "guide/index.md");
    }

    #[test]
    fn pages_that_moved_are_found_where_they_are() {
        let (site, _) = site(
            "plugins:\n- redirects:\n    redirect_maps:\n      old.md: guide/a.md#b\n      gone/index.md: https://acme.dev\n",
            &["index.md", "guide/a.md"],
        );
        let to = |href| resolve(&site, "index.md", href);
        let moved = page("guide/a.md".to_owned(), Some("b".to_owned()));
        assert_eq!(to("old.md"), moved);
        assert_eq!(to("old/"), moved);
        assert_eq!(
            to("gone/"),
            LinkTarget::External("https://acme.dev".to_owned())
        );
    }

    #[test]
    fn links_never_leave_the_site() {
        assert_eq!(to("https://acme.dev/x"), "external https://acme.dev/x");
        assert_eq!(to("../../../etc/passwd"), "missing ../../../etc/passwd");
        assert_eq!(to("gone.md"), "missing gone.md");
        assert_eq!(to("../img/logo.png"), "file img/logo.png");
    }
}
