//! How a picture is taken, kept and compared.

use std::fs;
use std::path::{Path, PathBuf};

use crate::pty::{Portal, Pty};
use crate::svg::{self, DARK, Ground};

/// How the folder begins in which the portal is started, and how many letters of chance follow.
const FOLDER: &str = "/pelican-";
const LETTERS: usize = 4;

/// How often a screen is looked at that is not as it was.
const PATIENCE: usize = 12;

/// A picture to be taken.
pub(crate) struct Camera {
    /// The text of the configuration; none, nor any word of what to show, on the first run.
    config: Option<String>,
    arguments: Vec<&'static str>,
    size: (u16, u16),
    ground: &'static Ground,
}

/// A picture of the demo, at the size of the pictures in the guide.
pub(crate) fn demo() -> Camera {
    Camera {
        config: Some("stagedoor: { theme: dark }".to_owned()),
        arguments: Vec::new(),
        size: (100, 30),
        ground: &DARK,
    }
}

impl Camera {
    /// At this place, as `stagedoor open` takes it.
    pub(crate) fn at(self, place: &'static str) -> Self {
        self.asked(&["open", place])
    }

    /// Of this command.
    pub(crate) fn asked(mut self, arguments: &[&'static str]) -> Self {
        self.arguments = arguments.to_vec();
        self
    }

    /// Of this many columns and rows.
    pub(crate) fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// With this below `stagedoor:` in the configuration.
    pub(crate) fn config(mut self, ours: &str) -> Self {
        self.config = Some(format!("stagedoor: {{ {ours} }}"));
        self
    }

    /// Of the first run, when nothing was said yet.
    pub(crate) fn first_run(mut self) -> Self {
        self.config = None;
        self
    }

    /// On this ground.
    pub(crate) fn on(mut self, ground: &'static Ground) -> Self {
        self.ground = ground;
        self
    }

    /// Opens the portal, goes where `walk` goes, and takes the picture: `docs/pictures/NAME.svg`, which shows `title`.
    pub(crate) fn take(self, name: &str, title: &str, walk: impl FnOnce(&mut Portal)) {
        let folder = tempfile::Builder::new()
            .prefix(FOLDER.trim_start_matches('/'))
            .rand_bytes(LETTERS)
            .tempdir()
            .unwrap();
        let settings = tempfile::tempdir().unwrap();
        let config = settings.path().join("app-config.yaml");
        let mut pty = Pty::portal(&self.arguments);
        if let Some(text) = &self.config {
            fs::write(&config, text).unwrap();
            pty = Pty::portal(self.arguments.iter().copied().chain(["--offline"]))
                .env("STAGEDOOR_CONFIG", config.to_str().unwrap());
        }
        let mut portal = pty
            .folder(folder.path())
            .env("COLORTERM", "truecolor")
            .size(self.size.0, self.size.1)
            .open();
        walk(&mut portal);
        let file = file(name);
        let kept = fs::read_to_string(&file).unwrap_or_default();
        let mut picture = String::new();
        // A busy machine may pause before the last frame.
        for _ in 0..PATIENCE {
            portal.settle();
            picture = portal.look(|screen| svg::picture(screen, title, self.ground));
            if same(&kept, &picture) {
                return;
            }
        }
        keep(&file, &kept, &picture);
    }
}

/// Where the picture of this name is.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/pictures")
        .join(name)
        .with_extension("svg")
}

/// Keeps a picture that is not as the one that was kept, or says so.
fn keep(file: &Path, kept: &str, picture: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, picture).unwrap();
        return;
    }
    panic!(
        "{} is out of date; run UPDATE_DOCS=1 cargo test --test pictures\n{:#?}\nis now\n{:#?}",
        file.display(),
        svg::texts(kept),
        svg::texts(picture)
    );
}

/// Whether two pictures show the same but for the time it was and the folder it was in.
fn same(one: &str, other: &str) -> bool {
    timeless(one) == timeless(other)
}

/// A picture without what comes of the moment: a `0` stands for each number, nothing for the folder's random letters.
fn timeless(picture: &str) -> String {
    let mut told = String::new();
    let mut letters = picture.chars();
    while let Some(c) = letters.next() {
        match c.is_ascii_digit() {
            false => told.push(c),
            true if !told.ends_with('0') => told.push('0'),
            true => {}
        }
        if told.ends_with(FOLDER) {
            letters.by_ref().take(LETTERS).for_each(drop);
        }
    }
    told
}
