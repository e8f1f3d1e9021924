//! Usage, configuration, and what the program says about itself.

use std::fmt::Write;

use super::sandbox::Sandbox;

/// Help of every command: the reference of the command line. A change here is a change for scripts and their authors.
#[test]
fn the_reference() {
    let mut text = String::new();
    let mut stack = vec![stagedoor::cli::command()];
    while let Some(mut command) = stack.pop() {
        // The width is fixed so that the terminal of whoever runs the test does not matter.
        let help = command.clone().term_width(100).render_long_help();
        writeln!(text, "{help}\n{}", "=".repeat(100)).unwrap();
        let mut below: Vec<_> = command
            .get_subcommands_mut()
            .filter(|command| command.get_name() != "help")
            .map(|command| command.clone())
            .collect();
        below.reverse();
        stack.extend(below);
    }
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("command-line-reference", text);
    });
}

#[test]
fn wrong_usage_ends_with_2_and_says_why() {
    let sandbox = Sandbox::new();
    for (arguments, part) in [
        ("--nonsense", "--nonsense"),
        ("frobnicate", "frobnicate"),
        ("list --output xml", "xml"),
        ("list -o dot", "cannot print as dot"),
        ("list colour:red", "colour: is not known"),
        ("show", "<REF>"),
        ("find", "<QUERY>"),
        ("docs", "<REF>"),
        ("list --source nowhere.yaml", "nowhere.yaml"),
        ("sync --source github:", "github:"),
        ("completions tcsh", "tcsh"),
        ("man frobnicate", "frobnicate"),
        ("list -q -v", "--verbose"),
    ] {
        let ended = sandbox.run(arguments).code(2);
        assert!(ended.err.contains(part), "{arguments}: {}", ended.err);
        assert_eq!(ended.out, "", "{arguments}");
    }
}

#[test]
fn global_options_stand_anywhere() {
    let sandbox = Sandbox::new();
    let before = sandbox.run("--source demo -o name list kind=user").code(0);
    let after = sandbox.run("list kind=user --source demo -o name").code(0);
    assert_eq!(before.out, after.out);
    assert!(before.lines().contains(&"user:default/jane"));
}

#[test]
fn a_config_that_cannot_be_read_ends_with_2() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.yaml", "catalog: [\n");
    let ended = sandbox.run("list --config bad.yaml").code(2);
    assert!(ended.err.contains("bad.yaml:"), "{}", ended.err);
    assert!(!ended.err.contains("RUST_BACKTRACE"), "{}", ended.err);
    let missing = sandbox.run("--config nowhere.yaml config show").code(2);
    assert!(missing.err.contains("nowhere.yaml"), "{}", missing.err);
}

#[test]
fn config_shows_what_was_understood_without_secrets() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a.yaml",
        "organization: { name: Acme }\nintegrations: { github: [{ host: github.com, token: ghp_x1y2 }] }\n",
    );
    sandbox.write("b.yaml", "organization: { name: \"${COMPANY}\" }\n");
    let mut command = sandbox.command("config show --config a.yaml --config b.yaml");
    command.env("COMPANY", "Shop");
    let ended = super::sandbox::run(command).code(0);
    assert!(
        ended.out.contains("Shop") && !ended.out.contains("ghp_x1y2"),
        "{}",
        ended.out
    );
    let schema = sandbox.run("config schema").code(0).json();
    assert!(schema["properties"]["stagedoor"].is_object());
    assert!(
        sandbox
            .run("config path")
            .code(0)
            .out
            .contains("app-config.yaml")
    );
}

#[test]
fn everything_kept_lies_below_the_cache_folder() {
    let sandbox = Sandbox::new();
    sandbox.shop("list --cache-dir kept").code(0);
    assert!(sandbox.path().join("kept").is_dir());
    assert!(!sandbox.path().join(".cache").exists());
}

#[test]
fn init_writes_a_config_that_is_read_and_never_overwrites() {
    let sandbox = Sandbox::new();
    let ended = sandbox.run("init --github acme").code(0);
    let file = ended.out.trim().to_owned();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("organization: acme"), "{text}");
    let path = sandbox.run("config path").code(0);
    assert!(
        path.out.contains(&file) && !path.out.contains("not there"),
        "{path:?}"
    );
    let again = sandbox.run("init").code(2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn doctor_looks_at_everything_and_tells_no_token() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "c.yaml",
        "integrations: { github: [{ host: github.com, token: ghp_x1y2 }] }\n",
    );
    let ended = sandbox
        .run("doctor --config c.yaml --source demo --offline")
        .code(0);
    for part in [
        "config",
        "git version",
        "cache",
        "demo",
        "token from the configuration",
    ] {
        assert!(ended.out.contains(part), "{part}: {}", ended.out);
    }
    assert!(!ended.out.contains("ghp_x1y2"));
    sandbox.run("doctor --source demo -o json").code(0).json();
}

#[test]
fn without_a_command_and_a_terminal_the_way_on_is_told() {
    let ended = Sandbox::new().run("--source demo").code(2);
    assert!(
        ended.err.contains("terminal") && ended.err.contains("stagedoor list"),
        "{}",
        ended.err
    );
}

#[test]
fn a_host_never_read_is_told_from_an_empty_catalog() {
    let ended = Sandbox::new()
        .run("list --source github:acme --offline")
        .code(4);
    assert!(ended.err.contains("stagedoor sync"), "{}", ended.err);
}

#[test]
fn completions_and_man_are_made_from_the_same_definitions() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.run(&format!("completions {shell}")).code(0).out;
        assert!(script.contains("lint"), "{shell}");
    }
    assert!(sandbox.run("man").code(0).out.contains(".TH"));
    assert!(sandbox.run("man lint").code(0).out.contains("sarif"));
    assert_eq!(sandbox.run("--version").code(0).lines().len(), 1);
}

#[test]
fn color_always_colours_and_never_does_not() {
    let sandbox = Sandbox::new();
    assert!(
        sandbox
            .shop("list --color always")
            .code(0)
            .out
            .contains("\u{1b}[")
    );
    assert!(
        !sandbox
            .shop("list --color never")
            .code(0)
            .out
            .contains('\u{1b}')
    );
}
