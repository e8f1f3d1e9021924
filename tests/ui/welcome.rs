//! The first run at every size: what is offered, the name that is asked for, what was found, why nothing was.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use stagedoor::app::Key;
use stagedoor::app::welcome::{Offer, Told, Want, Welcome};
use stagedoor::ui::{Theme, welcome};

use crate::looks::{self, SIZES};

fn offered() -> Welcome {
    let offer = |title, note: &str, want| Offer {
        title,
        note: note.to_owned(),
        want,
    };
    let away = "not signed in: stagedoor login gitlab.com, or its own tool";
    Welcome::new(vec![
        offer(
            "The files in this folder",
            "12 descriptors of /home/jane/work/acme/platform/services",
            Want::Files("/home/jane/work/acme/**/catalog-info.yaml".to_owned()),
        ),
        offer(
            "A GitHub organization",
            "acme; signed in by gh",
            Want::GitHub("acme".to_owned()),
        ),
        offer("A GitLab group", away, Want::GitLab(String::new())),
        offer(
            "A running Backstage",
            "its catalog, docs and templates",
            Want::Backstage(String::new()),
        ),
        offer("The built-in demo company", "to look around", Want::Demo),
    ])
}

fn press(welcome: &mut Welcome, keys: &str) {
    for key in keys.split(' ') {
        let key: Key = key.parse().unwrap();
        welcome.key(key);
    }
}

fn keep(name: &str, welcome: &Welcome) {
    for (columns, rows) in SIZES {
        let area = Rect::new(0, 0, columns, rows.min(welcome::ROWS));
        looks::keep_drawn(name, (columns, rows), &|theme: &Theme| {
            let mut buffer = Buffer::empty(area);
            welcome::draw(welcome, theme, area, &mut buffer);
            buffer
        });
    }
}

#[test]
fn the_first_run_at_every_size() {
    let mut welcome = offered();
    keep("welcome", &welcome);
    press(&mut welcome, "3");
    keep("welcome-name", &welcome);
    press(&mut welcome, "esc 2 enter");
    let mut failed = offered();
    press(&mut failed, "1");
    welcome.tried(Ok(Told {
        found: "214 entities found in 96 repositories".to_owned(),
        more: vec![
            "You are jane.doe there: user:default/jane.doe.".to_owned(),
            "3 descriptors could not be read; the portal says why.".to_owned(),
        ],
        file: Some("/home/jane/.config/stagedoor/app-config.yaml".to_owned()),
    }));
    keep("welcome-found", &welcome);
    failed.tried(Err(
        "Nothing is there that describes itself: no catalog-info.yaml was found.".to_owned(),
    ));
    keep("welcome-failed", &failed);
}
