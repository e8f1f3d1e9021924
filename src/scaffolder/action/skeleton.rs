//! Renders a skeleton: names and contents of a tree, as `fetch:template` does.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::expr::{Context, Options, render_string};
use crate::scaffolder::outside::{Content, File, Files};
use crate::scaffolder::workspace::{Workspace, inner_path};

use super::binary::is_binary;
use super::glob::Patterns;
use super::{ActionError, Input, LogLevel, Task};

/// How a skeleton is rendered.
pub(super) struct Skeleton {
    context: Context,
    options: Options,
    /// Contents of what matches are copied as they are.
    plain: Vec<String>,
    /// Only files with this extension are rendered, and lose it.
    extension: Option<String>,
    replace: bool,
}

impl Skeleton {
    /// Reads the options from `input`.
    pub(super) fn new(input: &Input<'_>, task: &Task<'_>) -> Result<Self, ActionError> {
        let cookiecutter = input.flag("cookiecutterCompat", false)?;
        let values = input
            .get("values")
            .cloned()
            .unwrap_or_else(|| Map::new().into());
        let root = if cookiecutter {
            "cookiecutter"
        } else {
            "values"
        };
        let plain = input.texts("copyWithoutTemplating")?;
        let extension = match input.get("templateFileExtension") {
            Some(Json::Bool(true)) => Some(".njk".to_owned()),
            Some(Json::String(text)) if !text.is_empty() => {
                Some(format!(".{}", text.trim_start_matches('.')))
            }
            _ => None,
        };
        if extension.is_some() && (cookiecutter || input.get("copyWithoutTemplating").is_some()) {
            return Err(ActionError::Failed(
                "Fetch action input extension incompatible with copyWithoutTemplating and cookiecutterCompat"
                    .to_owned(),
            ));
        }
        Ok(Self {
            context: Context::new(&json!({ root: values })),
            options: Options {
                engine: task.engine,
                cookiecutter,
                trim_blocks: input.flag("trimBlocks", false)?,
                lstrip_blocks: input.flag("lstripBlocks", false)?,
            },
            plain: plain.into_iter().map(str::to_owned).collect(),
            extension,
            replace: input.flag("replace", false)?,
        })
    }

    /// Renders `tree` into the folder `target` of the workspace.
    pub(super) fn write(
        &self,
        tree: Files,
        target: &str,
        task: &mut Task<'_>,
    ) -> Result<(), ActionError> {
        let target = task.workspace.inner(target)?;
        let tree = with_folders(tree);
        let folders: BTreeSet<&str> = tree
            .iter()
            .filter(|file| file.content == Content::Folder)
            .map(|file| file.path.as_str())
            .collect();
        let plain: Vec<&str> = self.plain.iter().map(String::as_str).collect();
        let plain =
            Patterns::new(&plain, |path| folders.contains(path)).map_err(ActionError::Failed)?;
        for file in &tree {
            task.go_on()?;
            let mut path = file.path.as_str();
            let mut render = !plain.matches(path);
            if let Some(extension) = &self.extension {
                let shorter = path
                    .strip_suffix(extension.as_str())
                    .filter(|rest| !rest.is_empty() && !rest.ends_with('/'));
                render = shorter.is_some();
                path = shorter.unwrap_or(path);
            }
            let cut = self.cut_folder(file);
            let name = self.render(cut.as_deref().unwrap_or(path), &file.path)?;
            if name.is_empty() || name.starts_with('/') || name.contains("//") {
                continue;
            }
            let Some(inner) = inner_path(&name) else {
                return Err(Workspace::outside(&name).into());
            };
            let place = join(&target, &inner);
            if !self.replace && task.workspace.exists(&place)? {
                continue;
            }
            match &file.content {
                Content::File { bytes, mode } if !is_binary(bytes) => {
                    // What is no UTF-8 is replaced, as Node does it when it reads a file as text.
                    let text = String::from_utf8_lossy(bytes);
                    let text = if render {
                        self.render(&text, &file.path)?
                    } else {
                        text.into_owned()
                    };
                    let content = Content::File {
                        bytes: text.into_bytes(),
                        mode: *mode,
                    };
                    task.workspace.put(&place, &content)?;
                }
                other => task.workspace.copy(&place, other)?,
            }
        }
        Ok(())
    }

    /// The name of a folder that has the extension of templates: Backstage takes as many characters off as the extension
    /// has, the `/` at its end included.
    fn cut_folder(&self, file: &File) -> Option<String> {
        let extension = self.extension.as_deref()?;
        let stem = file.path.strip_suffix(extension)?;
        let named = file.content == Content::Folder && !stem.is_empty() && !stem.ends_with('/');
        let first = extension.chars().next()?;
        named.then(|| format!("{stem}{first}"))
    }

    /// Whether what is at `target` stays.
    pub(super) fn keeps(&self, target: &str, task: &mut Task<'_>) -> Result<bool, ActionError> {
        let keeps = !self.replace && task.workspace.exists(target)?;
        if keeps {
            let line = format!("File {target} already exists in workspace, not replacing.");
            (task.log)(LogLevel::Info, &line);
        }
        Ok(keeps)
    }

    /// Renders one file into `target`.
    pub(super) fn write_file(
        &self,
        bytes: &[u8],
        source: &str,
        target: &str,
        task: &mut Task<'_>,
    ) -> Result<(), ActionError> {
        let text = self.render(&String::from_utf8_lossy(bytes), source)?;
        Ok(task.workspace.write(target, text.into_bytes())?)
    }

    fn render(&self, text: &str, path: &str) -> Result<String, ActionError> {
        if !text.contains('{') && !text.contains('#') {
            return Ok(text.to_owned());
        }
        render_string(text, &self.context, self.options).map_err(|error| ActionError::Render {
            path: path.to_owned(),
            error,
        })
    }
}

/// `target/name` without needless dots.
pub(super) fn join(target: &str, name: &str) -> String {
    let target = target.trim_end_matches('/');
    match target.strip_prefix("./").unwrap_or(target) {
        "" | "." => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// The tree with every folder named, those nearer to the root first.
pub(super) fn with_folders(mut tree: Files) -> Files {
    let named: BTreeSet<String> = tree
        .iter()
        .filter(|file| file.content == Content::Folder)
        .map(|file| file.path.trim_end_matches('/').to_owned())
        .collect();
    let mut folders = BTreeSet::new();
    for file in &tree {
        let mut path = file.path.trim_end_matches('/');
        while let Some((parent, _)) = path.rsplit_once('/') {
            if !named.contains(parent) && !folders.insert(parent.to_owned()) {
                break;
            }
            path = parent;
        }
    }
    tree.extend(folders.into_iter().map(|path| File {
        path,
        content: Content::Folder,
    }));
    for file in &mut tree {
        file.path.truncate(file.path.trim_end_matches('/').len());
    }
    tree.sort_by(|a, b| {
        let depth = |file: &File| file.path.matches('/').count();
        (depth(a), &a.path).cmp(&(depth(b), &b.path))
    });
    tree
}
