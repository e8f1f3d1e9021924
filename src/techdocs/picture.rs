//! Images of a page → pixels, and pixels → cells of a terminal.
//!
//! An image comes from outside: its size is read before anything is made for it, and what is too large, or would take
//! too long, is refused with a reason. Slow (milliseconds to some hundred): call it in a worker.

mod cost;
mod graphic;
mod sixel;
mod svg;

use std::io::Cursor;

use image::imageops::FilterType;
use image::{DynamicImage, ImageReader, Limits};

pub use graphic::{Canvas, Graphic, Protocol};

/// Larger files are not read, in bytes.
pub const MAX_BYTES: usize = 8 << 20;
/// Images with more pixels are not unpacked.
const MAX_PIXELS: u64 = 40_000_000;
/// The most memory that unpacking may take, in bytes.
const MAX_MEMORY: u64 = 256 << 20;
/// The longest side that is kept, in pixels: more than a page shows.
const LONGEST: u32 = 1_200;
/// How many pixels of an image make a column; a row is twice as high.
const PIXELS: u32 = 8;
/// The most rows that an image takes.
const MOST_ROWS: u64 = 20;

/// An image, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    /// Red, green, blue and how opaque, pixel by pixel, row by row.
    pixels: Vec<u8>,
    /// The columns and rows that it would like.
    pub cells: (u16, u16),
    /// What it is shown on, where that shows pixels.
    canvas: Option<Canvas>,
}

/// Why an image is not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The file is too large.
    #[error("its file is larger than {} MiB", MAX_BYTES >> 20)]
    Bytes,
    /// It has too many pixels.
    #[error("it has {0} × {1} pixels")]
    Pixels(u32, u32),
    /// It would take too long to draw.
    #[error("it would take too long to draw")]
    Cost,
    /// It is damaged, or of a kind that is not known.
    #[error("it cannot be read: {0}")]
    Broken(String),
}

/// A cell of an image: the colours of its upper and lower half; `None` where one sees through it.
pub type Cell = [Option<[u8; 3]>; 2];

/// An image at a size in cells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cells {
    /// Its columns.
    pub columns: usize,
    /// Its cells, row by row.
    pub cells: Vec<Cell>,
}

impl Picture {
    /// Unpacks the image in `bytes`: PNG, JPEG, GIF (its first frame), WebP or SVG.
    pub fn read(bytes: &[u8]) -> Result<Self, PictureError> {
        if bytes.len() > MAX_BYTES {
            return Err(PictureError::Bytes);
        }
        if svg::is_svg(bytes) {
            return svg::draw(bytes);
        }
        let broken = |error: image::ImageError| PictureError::Broken(error.to_string());
        let reader = || {
            let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
            reader.map_err(|error| PictureError::Broken(error.to_string()))
        };
        let (width, height) = reader()?.into_dimensions().map_err(broken)?;
        if u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(PictureError::Pixels(width, height));
        }
        let mut reader = reader()?;
        let mut limits = Limits::default();
        limits.max_alloc = Some(MAX_MEMORY);
        reader.limits(limits);
        let image = reader.decode().map_err(broken)?;
        Ok(Self::of(&image, (width, height)))
    }

    /// The image at a size that a page can show; `natural` is its own size in pixels.
    fn of(image: &DynamicImage, natural: (u32, u32)) -> Self {
        let kept = if image.width().max(image.height()) > LONGEST {
            image.resize(LONGEST, LONGEST, FilterType::Triangle)
        } else {
            image.clone()
        };
        let kept = kept.into_rgba8();
        Self {
            width: kept.width(),
            height: kept.height(),
            pixels: kept.into_raw(),
            cells: cells(natural),
            canvas: None,
        }
    }

    /// The image in `columns` columns and `rows` rows.
    pub fn at(&self, columns: usize, rows: usize) -> Cells {
        let (columns, halves) = (columns.max(1), rows.max(1) * 2);
        let pixel = |column: usize, half: usize| {
            let side = |at: usize, parts: usize, whole: u32| {
                let whole = whole as usize;
                let from = at * whole / parts;
                from..((at + 1) * whole / parts).max(from + 1).min(whole.max(1))
            };
            self.mean(
                side(column, columns, self.width),
                side(half, halves, self.height),
            )
        };
        let rows = (0..halves).step_by(2);
        let cells = rows
            .flat_map(|half| (0..columns).map(move |column| [(column, half), (column, half + 1)]));
        Cells {
            columns,
            cells: cells
                .map(|halves| halves.map(|(column, half)| pixel(column, half)))
                .collect(),
        }
    }

    /// The mean colour of some pixels; `None` where most of them can be seen through.
    fn mean(
        &self,
        columns: std::ops::Range<usize>,
        rows: std::ops::Range<usize>,
    ) -> Option<[u8; 3]> {
        let mut sum = [0_u64; 3];
        let (mut opaque, mut count) = (0_u64, 0_u64);
        for row in rows {
            let start = (row * self.width as usize + columns.start) * 4;
            let pixels = self.pixels.get(start..start + columns.len() * 4)?;
            for pixel in pixels.chunks_exact(4) {
                let &[red, green, blue, alpha] = pixel else {
                    continue;
                };
                for (sum, part) in sum.iter_mut().zip([red, green, blue]) {
                    *sum += u64::from(part) * u64::from(alpha);
                }
                opaque += u64::from(alpha);
                count += 1;
            }
        }
        let is_seen = count > 0 && opaque * 2 >= count * 255;
        is_seen.then(|| sum.map(|part| u8::try_from(part / opaque.max(1)).unwrap_or(u8::MAX)))
    }
}

impl Cells {
    /// The cells of a row.
    pub fn row(&self, at: usize) -> &[Cell] {
        let start = at * self.columns;
        self.cells
            .get(start..start + self.columns)
            .unwrap_or_default()
    }
}

/// The columns and rows of an image of so many pixels.
fn cells((width, height): (u32, u32)) -> (u16, u16) {
    // A drawing may say that it is as large as a number can be.
    let columns = u64::from(width.div_ceil(PIXELS).max(1));
    let rows = u64::from(height.div_ceil(2 * PIXELS).max(1));
    let (columns, rows) = if rows > MOST_ROWS {
        ((columns * MOST_ROWS).div_ceil(rows).max(1), MOST_ROWS)
    } else {
        (columns, rows)
    };
    let cells = |cells: u64| u16::try_from(cells).unwrap_or(u16::MAX);
    (cells(columns), cells(rows))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let image = image::RgbaImage::from_fn(width, height, |_, y| {
            let alpha = if y < height / 2 { 255 } else { 0 };
            image::Rgba([200, 100, 50, alpha])
        });
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn an_image_becomes_cells() {
        let picture = Picture::read(&png(80, 64)).unwrap();
        assert_eq!(picture.cells, (10, 4));
        let cells = picture.at(10, 4);
        assert_eq!(cells.row(0)[0], [Some([200, 100, 50]); 2]);
        assert_eq!(cells.row(3)[9], [None; 2]);
        assert_eq!(cells.row(4), &[] as &[Cell]);
    }

    #[test]
    fn large_images_are_made_smaller_and_tall_ones_fit_a_screen() {
        let picture = Picture::read(&png(3_000, 30)).unwrap();
        assert_eq!((picture.width, picture.height), (1_200, 12));
        assert_eq!(cells((160, 4_000)), (2, 20));
        assert_eq!(picture.at(1, 1).cells.len(), 1);
    }

    #[test]
    fn what_lies_about_its_size_is_refused_before_it_is_unpacked() {
        let mut bytes = png(8, 8);
        // The width and height of a PNG stand in its first chunk, whose checksum follows.
        bytes[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(Picture::read(&bytes).is_err());
        assert!(Picture::read(&[]).is_err());
        assert!(Picture::read(b"GIF89a\xff\xff\xff\xff").is_err());
        assert!(Picture::read(&png(8, 8)[..40]).is_err());
        assert_eq!(
            Picture::read(&vec![0; MAX_BYTES + 1]),
            Err(PictureError::Bytes)
        );
    }
}
