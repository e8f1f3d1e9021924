//! Small docs sites that stand in one text file each, with what MkDocs makes of them.

use std::collections::BTreeMap;
use std::path::Path;

/// A site, and what is said of it.
pub(crate) struct Kept {
    pub(crate) name: String,
    /// Its files.
    pub(crate) files: BTreeMap<String, String>,
    /// The lines behind `-- @NAME --`, by that name.
    said: BTreeMap<String, Vec<String>>,
}

impl Kept {
    /// The sites of a folder of `tests/fixtures/techdocs`, sorted.
    pub(crate) fn all(folder: &str) -> Vec<Self> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/techdocs");
        let mut sites = Vec::new();
        for entry in std::fs::read_dir(fixtures.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "site") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                sites.push(Self::read(name, &std::fs::read_to_string(&path).unwrap()));
            }
        }
        sites.sort_by(|a, b| a.name.cmp(&b.name));
        sites
    }

    fn read(name: String, text: &str) -> Self {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut file = String::new();
        for line in text.split_inclusive('\n') {
            let mark = line.trim_end().strip_prefix("-- ");
            if let Some(next) = mark.and_then(|line| line.strip_suffix(" --")) {
                next.clone_into(&mut file);
                files.insert(file.clone(), String::new());
            } else if let Some(text) = files.get_mut(&file) {
                text.push_str(line);
            }
        }
        let said = files.extract_if(.., |file, _| file.starts_with('@'));
        let said = said.map(|(file, text)| {
            let lines = text.lines().map(str::to_owned).collect();
            (file.trim_start_matches('@').to_owned(), lines)
        });
        let said = said.collect();
        Self { name, files, said }
    }

    /// The lines behind `-- @NAME --`.
    pub(crate) fn said(&self, name: &str) -> &[String] {
        self.said.get(name).map(Vec::as_slice).unwrap_or_default()
    }
}
