//! Images on the terminal: which of them it holds, and where they stand.
//!
//! Kitty's images are sent once and then stand in cells like text ([`kitty`]). Those of iTerm2 and sixels are drawn over
//! cells after the frame: only where they stand whole on the screen, and again only where they were not already. A frame
//! in which nothing changed writes nothing of them.

mod kitty;
mod probe;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

pub(super) use kitty::PLACEHOLDER;
pub use probe::{Graphics, ask, hear_out};

/// How many images a terminal is left to keep at most, beside those in sight.
const KEPT: usize = 32;
/// How many bytes of them.
const KEPT_BYTES: usize = 16 << 20;

/// The numbers of images that the terminal holds: what a panic or a signal has to take away.
static HELD: [AtomicU64; 4] = [const { AtomicU64::new(0) }; 4];
/// Whether sequences go through tmux to the terminal around it.
static THROUGH_TMUX: AtomicBool = AtomicBool::new(false);

/// How a terminal takes images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As PNG, by kitty's protocol.
    Kitty,
    /// As PNG, by iTerm2's.
    Iterm,
    /// As sixels.
    Sixel,
}

/// An image of a frame.
#[derive(Debug, Clone)]
pub struct Image {
    /// What tells it, at its size, from others.
    pub key: u64,
    /// How the terminal takes it.
    pub form: Form,
    /// PNG or sixels.
    pub data: Arc<[u8]>,
    /// Its columns and rows.
    pub size: (u16, u16),
    /// The cells of it that are in sight.
    pub at: Rect,
    /// How many of its rows lie above them.
    pub above: u16,
}

impl Image {
    fn is_whole(&self) -> bool {
        (self.at.width, self.at.height) == self.size
    }
}

/// An image that the terminal holds.
#[derive(Debug)]
struct Held {
    key: u64,
    id: u8,
    bytes: usize,
}

/// The images of one terminal.
#[derive(Debug, Default)]
pub(super) struct Gallery {
    /// Those that it holds, the one seen last at the end.
    held: Vec<Held>,
    /// Those that are drawn over cells, and where.
    laid: Vec<(u64, Rect)>,
    /// The number given last.
    last: u8,
}

impl Gallery {
    /// Forgets what stands on the terminal: it was cleared, or given to another program.
    pub(super) fn forget(&mut self, out: &mut Vec<u8>) {
        for held in self.held.drain(..) {
            let_go(held.id, out);
        }
        self.laid.clear();
    }

    /// Puts the images of a frame into its cells. What the terminal must be told before the frame goes to `before`, what is
    /// drawn over it to `over`. Returns whether rows may be moved: images that lie over cells would not move with them.
    pub(super) fn hang(
        &mut self,
        images: &[Image],
        (shown, next): (&mut Buffer, &mut Buffer),
        before: &mut Vec<u8>,
        over: &mut Vec<u8>,
    ) -> bool {
        for image in images.iter().filter(|image| image.form == Form::Kitty) {
            self.show(image, images, next, before);
        }
        let laid = |image: &&Image| image.form != Form::Kitty && image.is_whole();
        let wanted: Vec<&Image> = images.iter().filter(laid).collect();
        let may_move = self.laid.is_empty() && wanted.is_empty();
        for (key, at) in &self.laid {
            if !wanted
                .iter()
                .any(|image| (image.key, image.at) == (*key, *at))
            {
                // Whatever stands there in the next frame is written, and with it the image goes.
                each_cell(shown, *at, |cell| {
                    cell.set_symbol("\u{fffd}");
                });
            }
        }
        for image in &wanted {
            each_cell(next, image.at, |cell| {
                cell.reset();
                // Blanks of a kind of their own, so that no end of a row is erased through them.
                cell.modifier = Modifier::HIDDEN;
            });
            if !self.laid.contains(&(image.key, image.at)) {
                draw(image, over);
            }
        }
        self.laid = wanted.iter().map(|image| (image.key, image.at)).collect();
        may_move
    }

    /// Shows an image by kitty's protocol.
    fn show(&mut self, image: &Image, images: &[Image], next: &mut Buffer, before: &mut Vec<u8>) {
        if image.size.0 > kitty::MOST || image.size.1 > kitty::MOST {
            return;
        }
        let known = self.held.iter().position(|held| held.key == image.key);
        let held = if let Some(at) = known {
            self.held.remove(at)
        } else {
            self.make_room(image.data.len(), images, before);
            let Some(id) = self.free_number() else {
                return;
            };
            kitty::send(id, &image.data, image.size, before);
            mark_held(id);
            Held {
                key: image.key,
                id,
                bytes: image.data.len(),
            }
        };
        for (row, y) in (image.above..).zip(image.at.top()..image.at.bottom()) {
            for (column, x) in (0..).zip(image.at.left()..image.at.right()) {
                if let Some(cell) = next.cell_mut((x, y)) {
                    kitty::show(held.id, row, column, cell);
                }
            }
        }
        self.held.push(held);
    }

    /// Lets the terminal forget the images seen longest ago, until there is room for one more.
    fn make_room(&mut self, bytes: usize, images: &[Image], before: &mut Vec<u8>) {
        let in_sight = |held: &Held| images.iter().any(|image| image.key == held.key);
        let is_too_much = |held: &[Held]| {
            let all: usize = held.iter().map(|held| held.bytes).sum();
            held.len() >= KEPT || all + bytes > KEPT_BYTES
        };
        while is_too_much(&self.held) {
            let Some(oldest) = self.held.iter().position(|held| !in_sight(held)) else {
                return;
            };
            let gone = self.held.remove(oldest);
            let_go(gone.id, before);
        }
    }

    /// A number from 1 to 255 that no image has. Small numbers fit into the 256 colours, which pass everywhere.
    fn free_number(&mut self) -> Option<u8> {
        if self.last == 0 {
            // Another portal in the same window has another process, and so mostly other numbers.
            self.last = u8::try_from(std::process::id() % 255).unwrap_or_default();
        }
        let is_taken = |id: u8| self.held.iter().any(|held| held.id == id);
        let mut numbers = (0..255_u16)
            .filter_map(|step| u8::try_from((u16::from(self.last) + step) % 255 + 1).ok());
        let free = numbers.find(|id| !is_taken(*id))?;
        self.last = free;
        Some(free)
    }
}

fn each_cell(buffer: &mut Buffer, at: Rect, mut change: impl FnMut(&mut ratatui::buffer::Cell)) {
    for position in at.intersection(buffer.area).positions() {
        if let Some(cell) = buffer.cell_mut(position) {
            change(cell);
        }
    }
}

/// Draws an image over its cells.
fn draw(image: &Image, out: &mut Vec<u8>) {
    let Rect { x, y, .. } = image.at;
    out.extend_from_slice(format!("\x1b[{};{}H", y + 1, x + 1).as_bytes());
    if image.form == Form::Sixel {
        out.extend_from_slice(&image.data);
        return;
    }
    let (columns, rows) = image.size;
    let head = format!(
        "\x1b]1337;File=inline=1;size={};width={columns};height={rows};preserveAspectRatio=1;doNotMoveCursor=1:",
        image.data.len()
    );
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(STANDARD.encode(&image.data).as_bytes());
    out.push(0x07);
}

fn mark_held(id: u8) {
    if let Some(word) = HELD.get(usize::from(id / 64)) {
        word.fetch_or(1 << (id % 64), Ordering::SeqCst);
    }
}

fn let_go(id: u8, out: &mut Vec<u8>) {
    kitty::forget(id, out);
    if let Some(word) = HELD.get(usize::from(id / 64)) {
        word.fetch_and(!(1 << (id % 64)), Ordering::SeqCst);
    }
}

/// Lets the terminal forget every image that it holds.
pub(super) fn take_away(out: &mut Vec<u8>) {
    for (word, first) in HELD.iter().zip([0_u8, 64, 128, 192]) {
        let held = word.swap(0, Ordering::SeqCst);
        for bit in (0..64_u8).filter(|bit| held & (1 << bit) != 0) {
            kitty::forget(first + bit, out);
        }
    }
}

/// Writes a sequence for the terminal, through tmux where that stands in between.
fn pass(sequence: &[u8], out: &mut Vec<u8>) {
    if THROUGH_TMUX.load(Ordering::Relaxed) {
        wrap(sequence, out);
    } else {
        out.extend_from_slice(sequence);
    }
}

/// Puts a sequence into the envelope that tmux passes on.
fn wrap(sequence: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"\x1bPtmux;");
    for byte in sequence {
        if *byte == 0x1b {
            out.push(0x1b);
        }
        out.push(*byte);
    }
    out.extend_from_slice(b"\x1b\\");
}

#[cfg(test)]
mod tests;
