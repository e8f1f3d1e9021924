//! Every screen, once.

use crate::camera::demo;
use crate::svg::LIGHT;

#[test]
fn home() {
    demo().take("home", "Home: what is yours, what needs a look", |portal| {
        portal.wait_for("payment-gateway").wait_for("synced");
    });
}

#[test]
fn welcome() {
    demo()
        .first_run()
        .take("welcome", "The first run asks what to show", |portal| {
            portal.wait_for("Welcome to Stagedoor");
        });
}

#[test]
fn accessible() {
    demo().config("theme: dark, accessible: true").take(
        "accessible",
        "Home for those who hear it",
        |portal| {
            portal.wait_for("payment-gateway").press("down");
        },
    );
}

#[test]
fn catalog() {
    demo().at("catalog?kind:component").take(
        "catalog",
        "The catalog page with its preview",
        |portal| {
            portal.wait_for("fraud-rules").press("down").press("down");
        },
    );
    demo().at("catalog").take(
        "catalog-filters",
        "The catalog page with its filters",
        |portal| {
            portal.wait_for("NAME").settle();
            portal.press("f").press("down").press("space");
        },
    );
}

#[test]
fn finder() {
    demo().take("finder", "The finder over the home page", |portal| {
        portal.wait_for("payment-gateway").settle();
        portal.press("/").type_text("owner:mine pay");
        portal.wait_for("payment-ledger");
    });
    demo().take("palette", "All commands by name", |portal| {
        portal.wait_for("payment-gateway").settle();
        portal.press(":").type_text("go").wait_for("Go to the");
    });
}

#[test]
fn entity() {
    let gateway = "component:default/payment-gateway";
    demo().at(gateway).take("entity", "An entity", |portal| {
        portal.wait_for("Takes card and wallet payments");
    });
    demo()
        .at("component:default/payment-gateway/relations")
        .take("relations", "The relations of an entity", |portal| {
            portal.wait_for("payments-v2");
        });
    demo()
        .at("component:default/payment-gateway/repository")
        .take("repository", "What a repository's host tells", |portal| {
            portal.wait_for("ISO 20022");
        });
    demo()
        .at("api:default/payments-v2/api")
        .take("api", "The operations of an API", |portal| {
            portal.wait_for("payments");
        });
}

#[test]
fn docs() {
    demo().at("component:default/payment-gateway/docs").take(
        "docs",
        "The docs of a service",
        |portal| {
            portal.wait_for("In one minute");
        },
    );
}

#[test]
fn templates() {
    demo()
        .at("templates")
        .take("templates", "The templates", |portal| {
            portal.wait_for("Go service");
        });
    let form = "template:default/go-service/new";
    demo()
        .at(form)
        .take("wizard", "The form of a template", |portal| {
            portal.wait_for("step 1 of 4");
            portal.type_text("tide-table").press("enter");
            portal
                .type_text("Says when the water is high")
                .press("enter");
            portal.type_text("deliv").wait_for("team-delivery");
        });
    let walk = |portal: &mut crate::pty::Portal| {
        portal.wait_for("step 1 of 4");
        portal.type_text("tide-table").press("enter");
        portal
            .type_text("Says when the water is high")
            .press("enter");
        portal.type_text("deliv").wait_for("team-delivery");
        portal.press("enter");
        portal
            .type_text("dispa")
            .wait_for("dispatch")
            .press("enter");
        portal.wait_for("step 2 of 4").press("ctrl-n");
        portal.wait_for("step 3 of 4").press("down").press("down");
        portal.type_text("tide-table").press("ctrl-n");
        portal.wait_for("step 4 of 4").wait_for("8 files");
    };
    demo()
        .at(form)
        .take("review", "What a template would make, before it does", walk);
    demo()
        .at(form)
        .take("run", "The run of a template", |portal| {
            walk(portal);
            portal.press("enter").wait_for("Repository");
        });
    demo()
        .at(form)
        .take("runs", "What became of runs", |portal| {
            walk(portal);
            portal.press("enter").wait_for("✓ Done");
            portal.press("U").wait_for("completed").settle();
        });
}

#[test]
fn pick() {
    demo()
        .asked(&["pick", "entity", "pay", "--quiet"])
        .size(80, 16)
        .take("pick", "Choosing below the prompt of a shell", |portal| {
            portal.wait_for("take its reference").settle();
            portal.press("down");
        });
}

#[test]
fn problems() {
    demo()
        .at("problems")
        .take("problems", "What is wrong", |portal| {
            portal.wait_for("By cause");
        });
}

#[test]
fn activity() {
    demo().take("activity", "What goes on and what was said", |portal| {
        portal.wait_for("payment-gateway").settle();
        portal.press("c").wait_for("NAME").settle();
        portal.press("y").wait_for("Copied");
        portal.press("A").wait_for("Activity");
    });
}

#[test]
fn help() {
    demo().take("help", "The keys of where one is", |portal| {
        portal.wait_for("payment-gateway").settle();
        portal.press("?");
    });
    demo().config("theme: dark, keys: { preset: vim }").take(
        "chord",
        "What can follow the first key of a chord",
        |portal| {
            portal.wait_for("payment-gateway").settle();
            portal.press("g").wait_for("g …");
        },
    );
}

#[test]
fn themes() {
    for name in [
        "terminal",
        "high-contrast",
        "colour-blind",
        "monochrome",
        "light",
    ] {
        let camera = demo().config(&format!("theme: {name}")).size(80, 24);
        let camera = if name == "light" {
            camera.on(&LIGHT)
        } else {
            camera
        };
        camera.at("catalog?kind:component").take(
            &format!("theme-{name}"),
            &format!("The catalog page in the theme {name}"),
            |portal| {
                portal.wait_for("fraud-rules").press("down").press("down");
            },
        );
    }
}
