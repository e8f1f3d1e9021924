//! Values as text.

use crate::scaffolder::action::yaml::{self as writer, Options};
use crate::scaffolder::js;

use super::{Input, Result, Task, output};

pub(in crate::scaffolder::action) fn json(_: &mut Task<'_>, input: &Input<'_>) -> Result {
    let data = input.values().get("data").cloned().unwrap_or_default();
    let indent = indent(input.text("space")?);
    let only = input.texts("replacer")?;
    let text = if only.is_empty() {
        js::stringify(&data, &indent)
    } else {
        js::stringify_only(&data, &only, &indent)
    };
    Ok(output("serialized", text.into()))
}

/// `JSON.stringify` takes no more than ten characters.
pub(super) fn indent(space: Option<&str>) -> String {
    space.unwrap_or_default().chars().take(10).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of every action")]
pub(in crate::scaffolder::action) fn yaml(_: &mut Task<'_>, input: &Input<'_>) -> Result {
    let data = input.values().get("data").cloned().unwrap_or_default();
    let text = writer::write(&data, &Options::new(input.get("options")));
    Ok(output("serialized", text.into()))
}
