//! The terminal: entered and left through one idempotent path, drawn to in whole frames, asked what it can do.
//!
//! Nothing here knows what is drawn.

mod capability;
mod clipboard;
mod events;
mod graphics;
mod inline;
mod known;
mod links;
mod paint;
mod panic;
mod screen;
mod scroll;
mod session;
mod writer;

pub use capability::{Capability, Refusal, is_light, is_remote, owes_an_answer};
pub use clipboard::copy_sequence;
pub use events::Events;
pub use graphics::{Form, Graphics, Image, ask as ask_graphics, hear_out};
pub use inline::Inline;
pub use known::Known;
pub use links::Link;
pub use panic::install_panic_hook;
pub use screen::{Beside, Screen};
pub use session::{Session, is_alive, suspend_process};
pub use writer::FrameWriter;
