//! A site with the text of its pages: all that reading needs.

use std::collections::BTreeMap;

use super::markdown::{Files, Options};
use super::{Config, Document, Page, Site, page, path};

/// A site and its pages' texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    /// The site.
    pub site: Site,
    /// The text of each page, Markdown or HTML, by its path.
    pub texts: BTreeMap<String, String>,
    /// What its configuration says of Markdown.
    pub options: Options,
    /// Its folder of pages, from the folder of its configuration.
    docs_dir: String,
    /// The texts of other files that its pages include, by their path from the folder of its configuration.
    included: BTreeMap<String, String>,
}

impl Book {
    /// The site of the pages `texts`; `config` is the text that is kept of its configuration ([`super::Sources::kept`]),
    /// empty where there is none. A site without a name is called `name`.
    pub fn new(name: &str, config: &str, texts: BTreeMap<String, String>) -> Self {
        let options = Options::read(config);
        let mut config = if config.is_empty() {
            Config::absent(name)
        } else {
            Config::parse("mkdocs.yml", config).0
        };
        if config.site_name.is_empty() {
            name.clone_into(&mut config.site_name);
        }
        let pages = texts.iter().map(|(path, text)| Page {
            path: path.clone(),
            title: page::title(text).unwrap_or_default(),
        });
        let (site, _) = Site::build(&config, pages.collect());
        Self {
            site,
            texts,
            options,
            docs_dir: config.docs_dir,
            included: config.included,
        }
    }

    /// The page at `path`, read; pages may include each other.
    pub fn document(&self, path: &str) -> Option<Document> {
        let text = self.texts.get(path)?;
        Some(self.read(path, |files| page::parse_with(text, &self.options, files)))
    }

    /// The beginning of the page at `path`, where the page is so long that all of it takes noticeably longer.
    pub fn beginning(&self, path: &str) -> Option<Document> {
        let text = self.texts.get(path)?;
        self.read(path, |files| page::beginning(text, &self.options, files))
    }

    fn read<T>(&self, path: &str, read: impl FnOnce(Files<'_>) -> T) -> T {
        read(Files {
            page: &format!("{}/{path}", self.options.docs_dir),
            read: &|file| self.file(file),
        })
    }

    /// The address that `href` on the page at `from` has once the site is built, each page a file of HTML; as it stands
    /// where it leads to no page.
    pub fn built_href(&self, from: &str, href: &str) -> String {
        let (target, anchor) = href.split_at(href.find(['#', '?']).unwrap_or(href.len()));
        let folder = path::folder(from);
        let known = path::normal(folder, &path::percent_decoded(target))
            .filter(|target| path::is_markdown(target) && self.texts.contains_key(target));
        let Some(known) = known.filter(|_| !target.is_empty() && !path::is_url(href)) else {
            return href.to_owned();
        };
        let built = if path::is_index(&known) {
            let folder = path::folder(&known);
            format!(
                "{folder}{}index.html",
                if folder.is_empty() { "" } else { "/" }
            )
        } else {
            format!("{}.html", path::stem(&known))
        };
        let mut here: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        let mut there: Vec<&str> = built.split('/').collect();
        while there.len() > 1 && here.first() == there.first() {
            here.remove(0);
            there.remove(0);
        }
        format!("{}{}{anchor}", "../".repeat(here.len()), there.join("/"))
    }

    /// The text of a file that a page includes, by its path from the folder of the configuration.
    pub fn file(&self, file: &str) -> Option<String> {
        let page = path::below(&self.docs_dir, file).and_then(|page| self.texts.get(page));
        page.or_else(|| self.included.get(file)).cloned()
    }

    /// The page that is built at the address of `path`: a folder's `index.md` takes the place of its `README.md`.
    pub fn built<'p>(&'p self, path: &'p str) -> &'p str {
        let folder = path.strip_suffix(path::file_name(path)).unwrap_or_default();
        let index = self.texts.get_key_value(&format!("{folder}index.md"));
        match index {
            Some((index, _)) if path::is_index(path) => index,
            _ => path,
        }
    }

    /// What the page at `path` is called where the nav says nothing: by its front matter, else by its file.
    pub fn own_title(&self, path: &str) -> String {
        let own = self.texts.get(path).and_then(|text| page::title(text));
        own.unwrap_or_else(|| path::default_title(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_pages_lead_to_what_is_built_of_them() {
        let pages = ["index.md", "a/README.md", "a/b.md"];
        let texts = pages.map(|page| (page.to_owned(), String::new()));
        let book = Book::new("x", "", texts.into());
        assert_eq!(book.built_href("index.md", "a/b.md#c"), "a/b.html#c");
        assert_eq!(book.built_href("a/b.md", "README.md"), "index.html");
        assert_eq!(book.built_href("a/b.md", "../index.md"), "../index.html");
        assert_eq!(book.built_href("a/b.md", "gone.md"), "gone.md");
        assert_eq!(book.built_href("a/b.md", "#c"), "#c");
        assert_eq!(
            book.built_href("a/b.md", "https://acme.dev/b.md"),
            "https://acme.dev/b.md"
        );
    }
}
