//! SVG → pixels. Nothing outside the file is read: no other files, no addresses.

use std::sync::{Arc, OnceLock};

use image::{DynamicImage, RgbaImage};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, ImageHrefResolver, Options, Tree, fontdb, roxmltree};

use super::{LONGEST, Picture, PictureError, cost};

/// Larger files are not drawn, in bytes.
const MAX_SVG: usize = 2 << 20;
/// The most nodes of a file.
const MAX_NODES: u32 = 100_000;

/// Whether the file is an SVG by how it begins.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    let start = String::from_utf8_lossy(start);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("<svg") || (start.starts_with('<') && start.contains("<svg"))
}

/// Draws an SVG.
pub(super) fn draw(bytes: &[u8]) -> Result<Picture, PictureError> {
    if bytes.len() > MAX_SVG {
        return Err(PictureError::Bytes);
    }
    let broken = |error: &dyn std::fmt::Display| PictureError::Broken(error.to_string());
    let text = std::str::from_utf8(bytes).map_err(|error| broken(&error))?;
    if text.contains("<!ENTITY") {
        return Err(broken(&"it defines entities"));
    }
    let parsing = roxmltree::ParsingOptions {
        // A document type is named by many programs that write SVG.
        allow_dtd: true,
        nodes_limit: MAX_NODES,
        ..roxmltree::ParsingOptions::default()
    };
    let document =
        roxmltree::Document::parse_with_options(text, parsing).map_err(|error| broken(&error))?;
    if !cost::is_bearable(&document) {
        return Err(PictureError::Cost);
    }
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        fontdb: fonts(),
        ..Options::default()
    };
    let tree = Tree::from_xmltree(&document, &options).map_err(|error| broken(&error))?;
    let size = tree.size();
    let longest = size.width().max(size.height()).max(1.0);
    // A small drawing is made large enough for its lines to be seen when it is made smaller again.
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let scale = (LONGEST as f32 / longest).min(4.0);
    let side = |side: f32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 1 and the longest side"
        )]
        let side = (side * scale).ceil().max(1.0) as u32;
        side.min(LONGEST)
    };
    let mut map = Pixmap::new(side(size.width()), side(size.height()))
        .ok_or_else(|| broken(&"it has no size"))?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut map.as_mut(),
    );
    let pixels: Vec<u8> = map
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let pixel = pixel.demultiply();
            [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
        })
        .collect();
    let image = RgbaImage::from_raw(map.width(), map.height(), pixels)
        .ok_or_else(|| broken(&"it has no size"))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size in pixels; what is larger counts as the largest"
    )]
    let natural = (size.width().ceil() as u32, size.height().ceil() as u32);
    Ok(Picture::of(&DynamicImage::ImageRgba8(image), natural))
}

/// The fonts of this machine, looked for once.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = usvg::fontdb::Database::new();
        fonts.load_system_fonts();
        Arc::new(fonts)
    };
    FONTS.get_or_init(load).clone()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn drawings_are_drawn() {
        let svg = br##"<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="80" height="32">
            <rect width="80" height="32" fill="#102030"/></svg>"##;
        assert!(is_svg(svg) && !is_svg(b"# svg <svg"));
        let picture = Picture::read(svg).unwrap();
        assert_eq!(picture.cells, (10, 2));
        assert_eq!(picture.at(10, 2).row(1)[9], [Some([0x10, 0x20, 0x30]); 2]);
    }

    #[test]
    fn nothing_outside_the_file_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let outside = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="8" height="16">
            <image width="8" height="16" xlink:href="{}"/><image width="8" height="16" href="https://acme.invalid/x.png"/></svg>"#,
            file.path().display()
        );
        let picture = Picture::read(outside.as_bytes()).unwrap();
        assert_eq!(picture.at(1, 1).cells, [[None, None]]);
    }

    #[test]
    fn bombs_are_refused() {
        let entities = br#"<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>"#;
        assert!(matches!(draw(entities), Err(PictureError::Broken(_))));
        let mut uses = String::from(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a0"><path d="M0 0h9"/></g>"#,
        );
        for level in 1..12 {
            let inner = format!(r##"<use href="#a{}"/>"##, level - 1).repeat(10);
            uses = format!(r#"{uses}<g id="a{level}">{inner}</g>"#);
        }
        uses += "</svg>";
        assert_eq!(draw(uses.as_bytes()), Err(PictureError::Cost));
        let deep = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg">{}{}</svg>"#,
            "<g>".repeat(5_000),
            "</g>".repeat(5_000)
        );
        assert!(draw(deep.as_bytes()).is_err());
        let huge = r#"<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"><rect width="5" height="5"/></svg>"#;
        assert!(
            draw(huge.as_bytes()).is_ok_and(|picture| picture.pixels.len() <= 1_200 * 1_200 * 4)
        );
    }
}
