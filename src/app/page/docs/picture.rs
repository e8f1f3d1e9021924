//! Images of the page: which are asked for, and whether they are seen.

use super::Docs;
use super::work::ReadImage;
use crate::app::cx::Cx;
use crate::app::effect::{Effect, WantedImages};
use crate::app::model::{Images, Shared};
use crate::app::notice::Notice;
use crate::techdocs::LinkTarget;

/// How many images are asked for at once.
const AT_ONCE: usize = 8;

impl Docs {
    /// Whether images are seen.
    fn sees_images(&self, shared: &Shared) -> bool {
        match shared.images {
            Images::Never | Images::Off => false,
            Images::OnDemand => self.images == Some(true),
            Images::Always => self.images != Some(false),
        }
    }

    /// Shows images, or their words.
    pub(super) fn turn_images(&mut self, cx: &mut Cx<'_>) {
        let why_not = match cx.shared.images {
            Images::Never => Some("This terminal has too few colours for images."),
            Images::Off => Some("Images are turned off: stagedoor.images in app-config.yaml."),
            Images::OnDemand | Images::Always => None,
        };
        if let Some(why_not) = why_not {
            cx.say(Notice::info(why_not));
            return;
        }
        let sees = !self.sees_images(cx.shared);
        self.images = Some(sees);
        cx.say(Notice::info(if sees {
            "Images are shown."
        } else {
            "Images are shown as their words."
        }));
        if let Some(sheet) = &mut self.sheet {
            sheet.forget_images();
            self.lay_out(cx);
        }
    }

    /// Asks for the images near the screen.
    pub(super) fn load_images(&mut self, cx: &mut Cx<'_>) {
        // Of another revision only the text is brought: an image of today might show what is not so there.
        if !self.sees_images(cx.shared) || self.revision.shown.is_some() {
            return;
        }
        let rows = cx.drawn.page_rows.max(usize::from(cx.shared.size.1));
        let (Some(sheet), super::State::Ready(book)) = (&mut self.sheet, &self.state) else {
            return;
        };
        let mut files = Vec::new();
        for image in sheet.unseen(rows, AT_ONCE) {
            let source = sheet
                .document
                .images
                .get(image)
                .map(|image| image.source.as_str());
            let target = source.map(|source| book.site.resolve(&self.path, source));
            // What lies elsewhere is never asked for: a page must not tell anybody that it is read.
            if let Some(LinkTarget::File(file)) = target {
                files.push((image, file));
            }
        }
        if !files.is_empty() {
            cx.effect(Effect::LoadImages(WantedImages {
                entity_ref: self.entity_ref.clone(),
                generation: sheet.generation,
                files,
            }));
        }
    }

    /// Takes images that were read.
    pub(super) fn seen(&mut self, generation: u64, images: &[ReadImage], cx: &mut Cx<'_>) {
        let sees = self.sees_images(cx.shared);
        let sheet = self
            .sheet
            .as_mut()
            .filter(|sheet| sheet.generation == generation);
        let Some(sheet) = sheet.filter(|_| sees) else {
            return;
        };
        let before = sheet.reading.images.len();
        for (image, read) in images {
            match read {
                Some(Ok(picture)) => {
                    sheet.reading.images.insert(*image, picture.clone());
                }
                Some(Err(reason)) => {
                    cx.say(Notice::info(format!("An image is not shown: {reason}.")));
                }
                None => {
                    let source = sheet.document.images.get(*image);
                    let source = source.map_or("", |image| image.source.as_str());
                    cx.say(Notice::info(format!(
                        "An image is not shown: there is no {source}."
                    )));
                }
            }
        }
        if sheet.reading.images.len() > before {
            self.lay_out(cx);
        }
    }
}
