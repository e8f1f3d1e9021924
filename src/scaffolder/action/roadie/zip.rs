//! A folder or a file as a ZIP archive.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::scaffolder::workspace::Workspace;

use super::{ActionError, Input, Result, Task, output};

/// What the archive was made by: version 2.0, on Unix.
const MADE_BY: u16 = 0x0314;
/// The version that is needed to read it.
const NEEDED: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 0x0800;
const DEFLATED: u16 = 8;
/// The first day that the format knows, 1 January 1980: the same input gives the same bytes.
const DATE: u16 = 0x21;
/// Beyond this a longer form would be needed, which is refused.
const MAX_SIZE: usize = 0xffff_0000;
const MAX_ENTRIES: usize = 0xfff0;

pub(in crate::scaffolder::action) fn zip(task: &mut Task<'_>, input: &Input<'_>) -> Result {
    let (path, target) = (input.needed("path")?, input.needed("outputPath")?);
    let place = task.workspace.resolve(path)?;
    if !place.exists() {
        return Err(ActionError::Failed(format!(
            "File {path} does not exist. Can't zip it."
        )));
    }
    let mut archive = Archive::default();
    if place.is_dir() {
        for entry in Workspace::tree_of(&place) {
            task.go_on()?;
            let name = format!("{}/{}", path.trim_end_matches('/'), entry.path);
            let is_folder = entry.path.ends_with('/');
            let bytes = if is_folder {
                Vec::new()
            } else {
                task.workspace.read(&name)?
            };
            // A link is packed as the file that it leads to, as Roadie's action does.
            let mode = if is_folder || entry.target.is_none() {
                entry.mode
            } else {
                mode_of(&task.workspace.resolve(&name)?)
            };
            archive.add(&entry.path, &bytes, mode)?;
        }
    } else {
        let name = path.rsplit('/').next().unwrap_or(path);
        archive.add(name, &task.workspace.read(path)?, mode_of(&place))?;
    }
    task.workspace.write(target, archive.finish())?;
    Ok(output("outputPath", target.into()))
}

/// What may be done with the file at `place`.
fn mode_of(place: &Path) -> u32 {
    let metadata = std::fs::metadata(place);
    metadata.map_or(0o644, |metadata| metadata.permissions().mode() & 0o777)
}

#[derive(Default)]
struct Archive {
    bytes: Vec<u8>,
    index: Vec<u8>,
    count: u16,
}

impl Archive {
    /// Adds `bytes` as `name`; folders end with `/`.
    fn add(&mut self, name: &str, bytes: &[u8], mode: u32) -> std::result::Result<(), ActionError> {
        let too_large = || ActionError::Failed("too much for a ZIP archive".to_owned());
        let folder = name.ends_with('/');
        let packed = if folder {
            Vec::new()
        } else {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
            packed.map_err(|error| ActionError::Failed(format!("{name}: {error}")))?
        };
        let room = self
            .bytes
            .len()
            .saturating_add(packed.len())
            .saturating_add(self.index.len());
        if room > MAX_SIZE || bytes.len() > MAX_SIZE || usize::from(self.count) >= MAX_ENTRIES {
            return Err(too_large());
        }
        let long = |length: usize| u32::try_from(length).map_err(|_| too_large());
        let at = long(self.bytes.len())?;
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut head = Vec::new();
        shorts(
            &mut head,
            &[NEEDED, UTF8, if folder { 0 } else { DEFLATED }, 0, DATE],
        );
        longs(
            &mut head,
            &[crc.sum(), long(packed.len())?, long(bytes.len())?],
        );
        let name_length = u16::try_from(name.len()).map_err(|_| too_large())?;
        shorts(&mut head, &[name_length, 0]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&head);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(packed);
        self.index.extend(b"PK\x01\x02");
        shorts(&mut self.index, &[MADE_BY]);
        self.index.extend(&head);
        shorts(&mut self.index, &[0, 0, 0]);
        let kind = if folder { 0o040_755 } else { 0o100_000 | mode };
        longs(
            &mut self.index,
            &[(kind << 16) | if folder { 0x10 } else { 0 }, at],
        );
        self.index.extend(name.as_bytes());
        self.count += 1;
        Ok(())
    }

    fn finish(mut self) -> Vec<u8> {
        let (at, length) = (self.bytes.len(), self.index.len());
        self.bytes.append(&mut self.index);
        self.bytes.extend(b"PK\x05\x06");
        shorts(&mut self.bytes, &[0, 0, self.count, self.count]);
        // Both were kept within the format's bounds while entries were added.
        let long = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        longs(&mut self.bytes, &[long(length), long(at)]);
        shorts(&mut self.bytes, &[0]);
        self.bytes
    }
}

fn shorts(out: &mut Vec<u8>, numbers: &[u16]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}

fn longs(out: &mut Vec<u8>, numbers: &[u32]) {
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
}
