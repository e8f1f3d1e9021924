//! Where a page is opened for editing: `repo_url`, `edit_uri` and `edit_uri_template` put together as MkDocs does.

use serde::{Deserialize, Serialize};

use crate::techdocs::{Config, path};

/// How the addresses are made that open pages for editing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Edit {
    /// What stands before a page's path.
    base: Option<String>,
    /// What has `{path}` or `{path_noext}` in it.
    template: Option<String>,
    /// What stands before the paths of pages below a folder, which another site brings.
    folders: Vec<(String, String)>,
}

impl Edit {
    /// As `config` has it.
    pub(super) fn new(config: &Config) -> Self {
        let template = config.edit_uri_template.as_ref();
        Self {
            base: edit_uri(config).and_then(|uri| based(config, &uri, true)),
            template: template.and_then(|template| based(config, template, false)),
            folders: config.edit_bases.clone(),
        }
    }

    /// The address that opens the page at `page`.
    pub(super) fn url(&self, page: &str) -> Option<String> {
        let within = self.folders.iter().find_map(|(folder, base)| {
            let below = path::below(folder, page)?;
            Some(format!("{base}{below}"))
        });
        if within.is_some() {
            return within;
        }
        let Some(template) = &self.template else {
            return Some(format!("{}{page}", self.base.as_ref()?));
        };
        let stem = path::stem(page);
        let mut url = template.clone();
        for (mark, value) in [("path_noext", stem), ("path", page)] {
            url = url.replace(&format!("{{{mark}}}"), value);
            let quoted = value
                .replace('%', "%25")
                .replace('/', "%2F")
                .replace(' ', "%20");
            url = url.replace(&format!("{{{mark}!q}}"), &quoted);
        }
        Some(url)
    }
}

/// `edit_uri`, or what MkDocs takes for a repository of a known host that has none.
pub(in crate::techdocs) fn edit_uri(config: &Config) -> Option<String> {
    if let Some(uri) = &config.edit_uri {
        return Some(uri.clone());
    }
    let repo = config.repo_url.as_ref()?;
    let docs = &config.docs_dir;
    if repo.contains("github.com/") || repo.contains("gitlab") {
        Some(format!("edit/master/{docs}/"))
    } else if repo.contains("bitbucket.org/") {
        Some(format!("src/default/{docs}/"))
    } else {
        None
    }
}

/// `uri` below `repo_url`, or as it stands where it is an address of its own; only addresses of the web count.
fn based(config: &Config, uri: &str, is_folder: bool) -> Option<String> {
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    let mut uri = uri.to_owned();
    if is_folder && !uri.ends_with('/') {
        uri.push('/');
    }
    if is_web(&&uri) {
        return Some(uri);
    }
    let repo = config.repo_url.as_ref().filter(is_web)?;
    if uri.starts_with(['?', '#']) {
        return Some(format!("{repo}{uri}"));
    }
    let repo = repo.trim_end_matches('/');
    Some(format!("{repo}/{}", uri.trim_start_matches('/')))
}
