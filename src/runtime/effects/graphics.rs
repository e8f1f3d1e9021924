//! What images are shown on: found out when the first one is wanted.

use super::Effects;
use crate::app::Effect;
use crate::app::effect::WantedImages;
use crate::runtime::look::Pictures;
use crate::techdocs::picture::{Canvas, Protocol};
use crate::term::{Form, Graphics};

/// What the terminal shows.
#[derive(Debug, Clone, Copy, Default)]
enum Sight {
    /// It was not asked yet.
    #[default]
    Unknown,
    /// Pixels; half blocks where that is nothing.
    Known(Option<Canvas>),
}

/// What images are shown on.
#[derive(Debug, Default)]
pub(super) struct Easel {
    /// How the user wants them.
    pictures: Pictures,
    sight: Sight,
    /// What waits until that is known.
    waiting: Vec<WantedImages>,
}

impl Easel {
    /// The images with what they are shown on; where that is not known yet, they wait.
    pub(super) fn canvas_for(
        &mut self,
        wanted: WantedImages,
    ) -> Option<(WantedImages, Option<Canvas>)> {
        let Sight::Known(canvas) = self.sight else {
            self.waiting.push(wanted);
            return None;
        };
        Some((wanted, canvas))
    }
}

impl Effects {
    /// Shows images so from now on.
    pub(in crate::runtime) fn show_pictures(&mut self, pictures: Pictures) {
        let is_plain = matches!(pictures, Pictures::Blocks | Pictures::Off);
        if self.easel.pictures != pictures || is_plain {
            self.easel.pictures = pictures;
            self.easel.sight = if is_plain {
                Sight::Known(None)
            } else {
                Sight::Unknown
            };
        }
    }

    /// Whether images wait for the terminal to be asked what it shows.
    pub(in crate::runtime) fn asks_for_graphics(&self) -> bool {
        !self.easel.waiting.is_empty()
    }

    /// The terminal has answered; returns what waited for that.
    pub(in crate::runtime) fn got_graphics(&mut self, graphics: Option<Graphics>) -> Vec<Effect> {
        self.easel.sight = Sight::Known(graphics.map(|graphics| Canvas {
            protocol: match graphics.form {
                Form::Kitty => Protocol::Kitty,
                Form::Iterm => Protocol::Iterm,
                Form::Sixel => Protocol::Sixel,
            },
            cell: graphics.cell,
        }));
        let waiting = std::mem::take(&mut self.easel.waiting);
        waiting.into_iter().map(Effect::LoadImages).collect()
    }
}
