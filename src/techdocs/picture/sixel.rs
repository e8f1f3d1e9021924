//! Pixels → sixels: columns of six pixels, written colour by colour.

use std::collections::BTreeMap;
use std::io::Write;

use color_quant::NeuQuant;
use image::RgbaImage;

/// The most colours; what is seen through needs none.
const COLORS: usize = 255;
/// The rows of a band.
const BAND: u32 = 6;
/// What is less opaque is not drawn.
const OPAQUE: u8 = 128;

/// An image in at most 255 colours: what each pixel is, row by row, `None` where one sees through it.
struct Indexed {
    palette: Vec<[u8; 3]>,
    pixels: Vec<Option<u8>>,
}

/// The sequence that draws `image` at the cursor.
pub(super) fn encode(image: &RgbaImage) -> Vec<u8> {
    let (width, height) = image.dimensions();
    let indexed = Indexed::of(image);
    let mut out = Vec::new();
    // What is not drawn stays as it is; pixels are square.
    put(&mut out, format_args!("\x1bP0;1;0q\"1;1;{width};{height}"));
    for (number, color) in indexed.palette.iter().enumerate() {
        let [red, green, blue] = color.map(|part| (u32::from(part) * 100 + 127) / 255);
        put(&mut out, format_args!("#{number};2;{red};{green};{blue}"));
    }
    let columns = width as usize;
    for band in indexed.pixels.chunks(columns.max(1) * BAND as usize) {
        write_band(band, columns, &mut out);
        out.push(b'-');
    }
    out.extend_from_slice(b"\x1b\\");
    out
}

/// Writes a band: for each of its colours, which of the six pixels of each column have it.
fn write_band(band: &[Option<u8>], columns: usize, out: &mut Vec<u8>) {
    let mut masks: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    for (row, pixels) in band.chunks(columns.max(1)).enumerate() {
        for (column, pixel) in pixels.iter().enumerate() {
            let Some(color) = pixel else { continue };
            let mask = masks.entry(*color).or_insert_with(|| vec![0; columns]);
            if let Some(sixel) = mask.get_mut(column) {
                *sixel |= 1 << row;
            }
        }
    }
    for (at, (color, mask)) in masks.iter().enumerate() {
        if at > 0 {
            out.push(b'$');
        }
        put(out, format_args!("#{color}"));
        let end = mask.iter().rposition(|sixel| *sixel != 0);
        for run in mask
            .get(..end.map_or(0, |end| end + 1))
            .unwrap_or_default()
            .chunk_by(|one, other| one == other)
        {
            let sign = run.first().copied().unwrap_or_default() + b'?';
            if run.len() > 3 {
                put(out, format_args!("!{}{}", run.len(), char::from(sign)));
            } else {
                out.extend(run.iter().map(|_| sign));
            }
        }
    }
}

impl Indexed {
    fn of(image: &RgbaImage) -> Self {
        let opaque = |pixel: &image::Rgba<u8>| {
            let [red, green, blue, alpha] = pixel.0;
            (alpha >= OPAQUE).then_some([red, green, blue])
        };
        // A drawing has few colours, which it keeps.
        let mut palette: BTreeMap<[u8; 3], u8> = BTreeMap::new();
        for color in image.pixels().filter_map(opaque) {
            let next = palette.len();
            palette
                .entry(color)
                .or_insert_with(|| u8::try_from(next).unwrap_or(u8::MAX));
            if palette.len() > COLORS {
                return Self::reduced(image, opaque);
            }
        }
        let of = |pixel| opaque(pixel).and_then(|color| palette.get(&color).copied());
        let mut colors = vec![[0; 3]; palette.len()];
        for (color, number) in &palette {
            if let Some(place) = colors.get_mut(usize::from(*number)) {
                *place = *color;
            }
        }
        Self {
            pixels: image.pixels().map(of).collect(),
            palette: colors,
        }
    }

    /// The same where there are more colours than a terminal takes: those that come nearest.
    fn reduced(image: &RgbaImage, opaque: impl Fn(&image::Rgba<u8>) -> Option<[u8; 3]>) -> Self {
        let quant = NeuQuant::new(10, COLORS, image.as_raw());
        let of = |pixel: &image::Rgba<u8>| {
            opaque(pixel).map(|_| u8::try_from(quant.index_of(&pixel.0)).unwrap_or(u8::MAX))
        };
        let map = quant.color_map_rgb();
        let colors = map.chunks_exact(3).map(|color| match *color {
            [red, green, blue] => [red, green, blue],
            _ => [0; 3],
        });
        Self {
            palette: colors.collect(),
            pixels: image.pixels().map(of).collect(),
        }
    }
}

/// Writing to memory cannot fail.
fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(image: &RgbaImage) -> String {
        String::from_utf8_lossy(&encode(image)).replace('\x1b', "^")
    }

    #[test]
    fn columns_of_six_pixels_are_written_colour_by_colour() {
        let red = image::Rgba([255, 0, 0, 255]);
        let clear = image::Rgba([0, 0, 0, 0]);
        let blue = image::Rgba([0, 0, 255, 255]);
        let image = RgbaImage::from_fn(5, 7, |x, y| match (x, y) {
            (_, 6) => blue,
            (4, _) => clear,
            _ => red,
        });
        assert_eq!(
            text(&image),
            "^P0;1;0q\"1;1;5;7#0;2;100;0;0#1;2;0;0;100#0!4~-#1!5@-^\\"
        );
    }

    #[test]
    fn photographs_are_reduced_to_the_colours_that_a_terminal_takes() {
        let image = RgbaImage::from_fn(40, 40, |x, y| {
            let part = |at: u32| u8::try_from(at * 6).unwrap_or(255);
            image::Rgba([part(x), part(y), part(u32::midpoint(x, y)), 255])
        });
        let text = text(&image);
        let definitions = text
            .split('#')
            .filter(|part| part.matches(';').count() == 4);
        let colors = definitions.count();
        assert!(colors <= COLORS, "{colors}");
        assert!(text.starts_with("^P0;1;0q\"1;1;40;40#0;2;") && text.ends_with("-^\\"));
    }
}
