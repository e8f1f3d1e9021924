//! `fetch:*` and `workspace:template`: files from elsewhere into the workspace.

use crate::scaffolder::outside::{Content, File, Files};

use crate::scaffolder::workspace::Workspace;

use super::skeleton::{Skeleton, join};
use super::{ActionError, Input, Outputs, Task};

type Result = std::result::Result<Outputs, ActionError>;

pub(super) fn template(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let skeleton = Skeleton::new(input, task)?;
    let tree = tree(task, input)?;
    let target = input.text("targetPath")?.unwrap_or("./");
    skeleton.write(tree, target, task)?;
    Ok(Outputs::new())
}

pub(super) fn template_file(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let skeleton = Skeleton::new(input, task)?;
    let (url, target) = (input.needed("url")?, input.needed("targetPath")?);
    if skeleton.keeps(target, task)? {
        return Ok(Outputs::new());
    }
    let bytes = task.outside.file(&task.template.location, url)?;
    skeleton.write_file(&bytes, url, target, task)?;
    Ok(Outputs::new())
}

/// `workspace:template:file`: like `fetch:template:file`, from a file of the workspace.
pub(super) fn workspace_template_file(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let skeleton = Skeleton::new(input, task)?;
    let (source, target) = (input.needed("sourcePath")?, input.needed("targetPath")?);
    if skeleton.keeps(target, task)? {
        return Ok(Outputs::new());
    }
    let bytes = task.workspace.read(source)?;
    skeleton.write_file(&bytes, source, target, task)?;
    Ok(Outputs::new())
}

pub(super) fn plain(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let target = input.text("targetPath")?.unwrap_or("./");
    let mut tree = tree(task, input)?;
    tree.sort_by(|a, b| a.path.cmp(&b.path));
    task.workspace.make_folder(target)?;
    for file in tree {
        task.go_on()?;
        task.workspace
            .copy(&join(target, &file.path), &file.content)?;
    }
    Ok(Outputs::new())
}

pub(super) fn plain_file(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let (url, target) = (input.needed("url")?, input.needed("targetPath")?);
    let bytes = task.outside.file(&task.template.location, url)?;
    let content = Content::File { bytes, mode: 0o644 };
    task.workspace.put(target, &content)?;
    Ok(Outputs::new())
}

/// `workspace:template`: like `fetch:template`, from a folder of the workspace.
pub(super) fn workspace_template(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let skeleton = Skeleton::new(input, task)?;
    let (source, target) = (input.needed("sourcePath")?, input.needed("targetPath")?);
    let from = task.workspace.resolve(source)?;
    let to = task.workspace.resolve(target)?;
    if to.starts_with(&from) {
        return Err(ActionError::Failed(
            "targetPath must not be within template path".to_owned(),
        ));
    }
    let mut tree = Files::new();
    for entry in Workspace::tree_of(&from) {
        let place = join(source, &entry.path);
        let content = match entry.target {
            Some(target) => Content::Link(target),
            None if entry.path.ends_with('/') => Content::Folder,
            None => Content::File {
                bytes: task.workspace.read(&place)?,
                mode: entry.mode,
            },
        };
        tree.push(File {
            path: entry.path,
            content,
        });
    }
    skeleton.write(tree, target, task)?;
    Ok(Outputs::new())
}

fn tree(task: &mut Task<'_>, input: &Input<'_>) -> std::result::Result<Files, ActionError> {
    let url = input.needed("url")?;
    (task.log)(
        super::LogLevel::Info,
        &format!("Fetching template content from {url}"),
    );
    Ok(task.outside.tree(&task.template.location, url)?)
}
