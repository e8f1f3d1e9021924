//! What is mended, what is left alone, and that nothing else changes.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

/// A descriptor with these lines in its metadata and spec.
fn entity(kind: &str, metadata: &str, spec: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: a # the name\n{metadata}spec:\n{spec}"
    )
}

const COMPONENT: &str = "  type: service\n  lifecycle: production\n  owner: g\n";

/// `text` mended, which leaves nothing more to mend.
fn mended(text: &str) -> String {
    let after = apply(text, &mends(text));
    assert_eq!(mends(&after), [], "{after}");
    after
}

#[test]
fn tags_get_the_form_that_is_wanted() {
    let text = |tags| entity("Component", &format!("  tags: {tags}\n"), COMPONENT);
    assert_eq!(
        mended(&text("[Spring Boot, 'my_tag', \"C++\", ok, Node.JS] # x")),
        text("[spring-boot, 'my-tag', \"c++\", ok, node-js] # x")
    );
    assert_eq!(
        mended(&text("[1_2, 1E_3, ---]")),
        text("[1-2, \"1e-3\", ---]")
    );
    let list = "\r\n    - Java # one\r\n    - go";
    assert_eq!(mended(&text(list)), text(list).replace("Java", "java"));
}

#[test]
fn collections_without_a_value_are_empty() {
    let text = |tags, labels, depends| {
        let metadata = format!("  tags:{tags} # none\n  labels:{labels}\n");
        let spec = format!("{COMPONENT}  dependsOn:{depends}\n");
        entity("Component", &metadata, &spec)
    };
    let empty = text(" []", " {}", " []");
    assert_eq!(mended(&text("", "", "")), empty);
    assert_eq!(mended(&text(" null", " ~", " null")), empty);
}

#[test]
fn groups_and_users_get_the_lists_that_they_need() {
    let group = |spec| entity("Group", "", spec);
    assert_eq!(
        mended(&group(
            "  # what it is\n  type: team # a team\n  profile:\n    displayName: A\n"
        )),
        group(
            "  # what it is\n  type: team # a team\n  children: []\n  profile:\n    displayName: A\n"
        )
    );
    assert_eq!(
        mended(&group("  type: team")),
        group("  type: team\n  children: []"),
        "without an end of line"
    );
    assert_eq!(
        mended(&group("  type: team\n  children:\n")),
        group("  type: team\n  children: []\n")
    );
    let flow = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: a}\nspec: {profile: {email: a@b}}\n";
    assert_eq!(
        mended(flow),
        flow.replace("{profile", "{memberOf: [], profile")
    );
}

#[test]
fn bare_numbers_become_the_texts_they_look_like() {
    let text = |version, enabled| {
        entity(
            "component",
            &format!("  labels: {{v: {version}}}\n  annotations:\n    a/b: {enabled}\n"),
            COMPONENT,
        )
    };
    assert_eq!(
        mended(&text("0777", "yes")),
        text("\"0777\"", "yes").replace("component", "Component")
    );
    assert_eq!(
        mended(&text("1.10", "true # on")),
        text("\"1.10\"", "\"true\" # on").replace("component", "Component")
    );
}

#[test]
fn what_could_mean_many_things_is_left_alone() {
    for text in [
        entity("Componet", "", COMPONENT),
        entity("Component", "  namespace: My Team\n", COMPONENT),
        entity("Component", "  links:\n    - url: example.com\n", COMPONENT),
        entity("Component", "  tags: a b\n", COMPONENT),
        entity("Component", "  title: &t 7\n  labels: {a: *t}\n", COMPONENT),
        entity("Component", "", "  type: service\n"),
        entity("Group", "", "  type: ${{ values.type }}\n").replace("name: a", "name: ${{ x }}"),
        "kind: Component\n".to_owned(),
        "a: [\n".to_owned(),
    ] {
        assert_eq!(mended(&text), text);
    }
}

#[test]
fn a_bare_number_becomes_a_text_that_is_allowed_there() {
    let tagged = |tag: &str| {
        entity(
            "Group",
            &format!("  tags: [{tag}]\n"),
            "  type: team\n  children: []\n",
        )
    };
    assert_eq!(mended(&tagged("0.")), tagged("\"0\""));
    assert_eq!(mended(&tagged("0x1F")), tagged("\"0x1f\""));
    let labelled = entity("Component", "  labels: {a: 1.}\n", COMPONENT);
    assert_eq!(mended(&labelled), labelled);
}

proptest! {
    #[test]
    fn only_what_was_wrong_changes(
        tags in prop::collection::vec("[A-Za-z0-9_ .:+#-]{1,8}", 0..4),
        quote in prop::sample::select(vec!["", "'", "\""]),
        label in prop::sample::select(vec!["1", "true", "0x1f", "1e3", "x", "\"2\"", "1.50", "-1", "1."]),
        kind in prop::sample::select(vec!["Group", "group", "GROUP", "User", "API"]),
        list in prop::sample::select(vec!["", "  children:\n", "  children: null # x\n", "  children: [a]\n"]),
        end in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        let mut metadata = "  tags:\n".to_owned();
        for tag in &tags {
            writeln!(metadata, "    - {quote}{tag}{quote}  # a tag").ok();
        }
        writeln!(
            metadata,
            "  labels:\n    a.b/c:   {label} # a label\n  more: {{x: [1, 2], y: null}}"
        )
        .ok();
        let text = entity(kind, &metadata, &format!("  type: team\n{list}  # the end\n")).replace('\n', end);
        let found = mends(&text);
        let after = apply(&text, &found);
        let bounds = Bounds::default();
        prop_assert_eq!(expected(&values(&text, &bounds), &found), Some(values(&after, &bounds)));
        prop_assert!(mends(&after).is_empty(), "{}", after);
        let comments = |text: &str| text.matches('#').count();
        prop_assert!(comments(&after) >= comments(&text) - tags.concat().matches('#').count());
    }
}
