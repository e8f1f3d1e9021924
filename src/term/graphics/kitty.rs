//! Kitty's graphics protocol: an image is sent once under a number, and stands wherever cells name that number and a part
//! of it. Such cells are text: they scroll and are written by difference as any others.
//!
//! See <https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders>.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ratatui::buffer::Cell;
use ratatui::style::Color;

/// The most base64 in one sequence.
const CHUNK: usize = 4_096;

/// The character of a cell that shows a part of an image.
pub(crate) const PLACEHOLDER: char = '\u{10eeee}';

/// The most rows and columns that can be numbered.
pub(super) const MOST: u16 = 127;

/// The marks over it that number rows and columns, in the protocol's order.
const MARKS: [u16; MOST as usize] = [
    0x0305, 0x030d, 0x030e, 0x0310, 0x0312, 0x033d, 0x033e, 0x033f, 0x0346, 0x034a, 0x034b, 0x034c,
    0x0350, 0x0351, 0x0352, 0x0357, 0x035b, 0x0363, 0x0364, 0x0365, 0x0366, 0x0367, 0x0368, 0x0369,
    0x036a, 0x036b, 0x036c, 0x036d, 0x036e, 0x036f, 0x0483, 0x0484, 0x0485, 0x0486, 0x0487, 0x0592,
    0x0593, 0x0594, 0x0595, 0x0597, 0x0598, 0x0599, 0x059c, 0x059d, 0x059e, 0x059f, 0x05a0, 0x05a1,
    0x05a8, 0x05a9, 0x05ab, 0x05ac, 0x05af, 0x05c4, 0x0610, 0x0611, 0x0612, 0x0613, 0x0614, 0x0615,
    0x0616, 0x0617, 0x0657, 0x0658, 0x0659, 0x065a, 0x065b, 0x065d, 0x065e, 0x06d6, 0x06d7, 0x06d8,
    0x06d9, 0x06da, 0x06db, 0x06dc, 0x06df, 0x06e0, 0x06e1, 0x06e2, 0x06e4, 0x06e7, 0x06e8, 0x06eb,
    0x06ec, 0x0730, 0x0732, 0x0733, 0x0735, 0x0736, 0x073a, 0x073d, 0x073f, 0x0740, 0x0741, 0x0743,
    0x0745, 0x0747, 0x0749, 0x074a, 0x07eb, 0x07ec, 0x07ed, 0x07ee, 0x07ef, 0x07f0, 0x07f1, 0x07f3,
    0x0816, 0x0817, 0x0818, 0x0819, 0x081b, 0x081c, 0x081d, 0x081e, 0x081f, 0x0820, 0x0821, 0x0822,
    0x0823, 0x0825, 0x0826, 0x0827, 0x0829, 0x082a, 0x082b,
];

/// Sends a PNG under the number `id`, to be shown in so many columns and rows.
pub(super) fn send(id: u8, png: &[u8], (columns, rows): (u16, u16), out: &mut Vec<u8>) {
    let encoded = STANDARD.encode(png);
    let mut chunks = encoded.as_bytes().chunks(CHUNK).peekable();
    let mut keys = format!("a=T,U=1,f=100,i={id},c={columns},r={rows},q=2,");
    while let Some(chunk) = chunks.next() {
        let more = u8::from(chunks.peek().is_some());
        let mut sequence = format!("\x1b_G{keys}m={more};").into_bytes();
        sequence.extend_from_slice(chunk);
        sequence.extend_from_slice(b"\x1b\\");
        super::pass(&sequence, out);
        keys.clear();
    }
}

/// Forgets the image with this number.
pub(super) fn forget(id: u8, out: &mut Vec<u8>) {
    super::pass(format!("\x1b_Ga=d,d=I,i={id},q=2\x1b\\").as_bytes(), out);
}

/// Makes a cell show a part of the image with this number.
pub(super) fn show(id: u8, row: u16, column: u16, cell: &mut Cell) {
    let mark = |at: u16| {
        let mark = MARKS.get(usize::from(at)).copied().unwrap_or(MARKS[0]);
        char::from_u32(u32::from(mark)).unwrap_or_default()
    };
    let symbol: String = [PLACEHOLDER, mark(row), mark(column)].iter().collect();
    cell.reset();
    cell.set_symbol(&symbol).set_fg(Color::Indexed(id));
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn an_image_is_sent_in_pieces_that_terminals_take() {
        let mut out = Vec::new();
        send(7, &[0; 7_000], (30, 4), &mut out);
        let text = String::from_utf8_lossy(&out);
        let pieces: Vec<&str> = text.split_terminator("\x1b\\").collect();
        assert_eq!(pieces.len(), 3);
        assert!(pieces.first().is_some_and(|piece| {
            piece.starts_with("\x1b_Ga=T,U=1,f=100,i=7,c=30,r=4,q=2,m=1;AAAA")
        }));
        assert!(pieces.iter().all(|piece| piece.len() <= CHUNK + 64));
        assert!(
            pieces
                .last()
                .is_some_and(|piece| piece.starts_with("\x1b_Gm=0;AA"))
        );
    }

    #[test]
    fn each_cell_is_one_column_and_names_its_part() {
        let mut cell = Cell::EMPTY;
        for at in 0..MOST {
            show(200, 3, at, &mut cell);
            assert_eq!(cell.symbol().width(), 1, "{at}");
        }
        show(200, 0, 2, &mut cell);
        assert_eq!(cell.symbol(), "\u{10eeee}\u{305}\u{30e}");
        assert_eq!(cell.fg, Color::Indexed(200));
    }
}
