//! An image for a terminal that shows pixels: as PNG for the protocols of kitty and iTerm2, as sixels for the others.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::png::{CompressionType, FilterType as RowFilter, PngEncoder};
use image::imageops::{self, FilterType};
use image::{ExtendedColorType, ImageEncoder, RgbaImage};
use xxhash_rust::xxh3::Xxh3;

use super::{Picture, sixel};

/// How a terminal takes images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Kitty's graphics protocol.
    Kitty,
    /// iTerm2's inline images.
    Iterm,
    /// Sixels, as a VT340 takes them.
    Sixel,
}

/// What a terminal shows images with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    /// How it takes them.
    pub protocol: Protocol,
    /// The width and height of a cell in pixels.
    pub cell: (u16, u16),
}

/// An image at a size in cells, as a terminal takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graphic {
    /// How the terminal takes it.
    pub protocol: Protocol,
    /// Its columns and rows.
    pub cells: (u16, u16),
    /// PNG or sixels.
    pub data: Arc<[u8]>,
    /// A digest of all that: the same image at the same size has the same.
    pub digest: u64,
}

impl Picture {
    /// The image for a terminal that shows pixels, or for one that does not.
    #[must_use]
    pub fn on(self, canvas: Option<Canvas>) -> Self {
        Self { canvas, ..self }
    }

    /// The image in `columns` columns and `rows` rows, where the terminal shows pixels. It keeps its proportions, and has
    /// no more pixels than are seen.
    pub fn graphic(&self, columns: usize, rows: usize) -> Option<Graphic> {
        let canvas = self.canvas?;
        let cells = (u16::try_from(columns).ok()?, u16::try_from(rows).ok()?);
        let side = |cells: u16, pixels: u16| u32::from(cells) * u32::from(pixels.max(1));
        let room = (side(cells.0, canvas.cell.0), side(cells.1, canvas.cell.1));
        let (width, height) = fitting((self.width, self.height), room);
        let image = RgbaImage::from_raw(self.width, self.height, self.pixels.clone())?;
        // Where the terminal makes images larger by itself, it gets them as they are.
        let is_kept = canvas.protocol != Protocol::Sixel && width >= self.width;
        let image = if is_kept || (width, height) == (self.width, self.height) {
            image
        } else {
            imageops::resize(&image, width, height, FilterType::Triangle)
        };
        let data = match canvas.protocol {
            Protocol::Kitty | Protocol::Iterm => png(&image)?,
            Protocol::Sixel => sixel::encode(&image),
        };
        let mut digest = Xxh3::new();
        digest.update(&data);
        digest.update(&cells.0.to_le_bytes());
        digest.update(&cells.1.to_le_bytes());
        Some(Graphic {
            protocol: canvas.protocol,
            cells,
            data: data.into(),
            digest: digest.digest(),
        })
    }
}

/// The largest size within `room` that has the proportions of `size`.
fn fitting(size: (u32, u32), room: (u32, u32)) -> (u32, u32) {
    let ((width, height), (columns, rows)) = (size, room);
    let scaled = |side: u32, by: u32, of: u32| {
        let scaled = u64::from(side) * u64::from(by) / u64::from(of.max(1));
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    let by_width = (columns, scaled(height, columns, width));
    if by_width.1 <= rows {
        by_width
    } else {
        (scaled(width, rows, height), rows)
    }
}

fn png(image: &RgbaImage) -> Option<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, RowFilter::Adaptive);
    let (width, height) = image.dimensions();
    let written = encoder.write_image(image.as_raw(), width, height, ExtendedColorType::Rgba8);
    written.ok().map(|()| bytes.into_inner())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const SVG: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" width="800" height="320"><rect width="400" height="320" fill="#f00"/></svg>"##;

    fn graphic(protocol: Protocol, columns: usize, rows: usize) -> Graphic {
        let cell = (10, 20);
        let picture = Picture::read(SVG).unwrap();
        let picture = picture.on(Some(Canvas { protocol, cell }));
        picture.graphic(columns, rows).unwrap()
    }

    #[test]
    fn an_image_has_no_more_pixels_than_are_seen_and_keeps_its_proportions() {
        let small = graphic(Protocol::Kitty, 20, 4);
        let read = image::load_from_memory(&small.data).unwrap();
        assert_eq!((read.width(), read.height()), (200, 80));
        let large = graphic(Protocol::Iterm, 200, 40);
        let read = image::load_from_memory(&large.data).unwrap();
        assert_eq!(
            (read.width(), read.height()),
            (1_200, 480),
            "as it was drawn"
        );
        assert_eq!(fitting((100, 10), (50, 50)), (50, 5));
        assert_eq!(fitting((10, 100), (50, 50)), (5, 50));
        assert_eq!(fitting((1, 4_000_000), (1, 1)), (1, 1));
    }

    #[test]
    fn the_digest_tells_images_and_sizes_apart() {
        let digest = |columns| graphic(Protocol::Kitty, columns, 40).digest;
        assert_eq!(digest(100), digest(100));
        assert_ne!(digest(100), digest(101));
        assert!(Picture::read(SVG).unwrap().graphic(10, 2).is_none());
    }
}
