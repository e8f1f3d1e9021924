//! What is found in small templates, and what is not.

use serde_json::{Value as Json, json};

use super::*;

/// The findings in a template with this `spec`: place, message and suggestion.
fn found(spec: &Json) -> Vec<String> {
    let findings = check(&json!({ "spec": spec }));
    let line = |finding: Finding| {
        let at = match finding.spot {
            Spot::Node(pointer) => pointer,
            Spot::Key(pointer) => format!("{pointer}:"),
            Spot::Inside(pointer, at) => format!("{pointer}@{at}"),
        };
        let at = at.trim_start_matches("/spec/").to_owned();
        let meant = finding.suggestion.map(|meant| format!(" → {meant}"));
        format!("{at} {}{}", finding.message, meant.unwrap_or_default())
    };
    findings.into_iter().map(line).collect()
}

/// The findings in a template with these steps, whose form asks for `name` and `my-name`.
fn in_steps(steps: &Json) -> Vec<String> {
    let page =
        json!({ "properties": { "name": { "type": "string" }, "my-name": { "type": "string" } } });
    found(&json!({ "parameters": page, "steps": steps }))
}

/// The findings in a template with this form and one harmless step.
fn in_form(page: &Json) -> Vec<String> {
    found(&json!({ "parameters": [page], "steps": [{ "action": "debug:log" }] }))
}

const NOTHING: [&str; 0] = [];

#[test]
fn templates_as_people_write_them_are_fine() {
    let spec = json!({
        "parameters": [
            {
                "required": ["name", "repoUrl", "host"],
                "properties": {
                    "name": { "type": "string", "pattern": "^[a-z]+$", "ui:autofocus": true },
                    "kind": { "type": "string", "enum": ["a", "b"], "enumNames": ["A", "B"], "default": "a" },
                    "db": { "type": "object", "properties": { "size": { "type": ["integer", "null"], "default": 3 } } },
                },
                "dependencies": { "kind": { "oneOf": [
                    { "properties": { "kind": { "const": "b" }, "host": { "type": "string" } }, "required": ["host"] },
                ] } },
                "ui:order": ["name", "*"],
            },
            { "properties": { "repoUrl": { "type": "string", "ui:field": "RepoUrlPicker" } } },
        ],
        "steps": [
            { "id": "fetch-it", "action": "fetch:template", "if": "${{ parameters.kind === 'b' }}", "input": {
                "url": "./skeleton",
                "values": { "any": "${{ parameters.host | upper }}", "x": "${{ (parameters.repoUrl | parseRepoUrl).owner }}" },
            } },
            { "action": "debug:log", "each": ["a"], "input": { "message": "${{ each.value }} ${{ secrets.TOKEN }}" } },
            { "id": "register", "action": "catalog:register", "if": "${{ always() }}", "input": {
                "repoContentsUrl": "${{ steps['fetch-it'].output.x }}", "catalogInfoPath": "/a.yaml" } },
            { "id": "own", "action": "acme:own", "input": { "x": 1 } },
            { "action": "debug:log", "input": { "message": "{{ .Values.x }} ${{ steps.own.output.whatever }} ${{ steps['step-2'].output }}" } },
            { "action": "debug:log", "input": { "message": "{% raw %}${{ github.ref }}{% endraw %} ${{ parameters.gone | default('x') }}" } },
        ],
        "output": { "links": [{ "title": "x", "url": "${{ steps.register.output.catalogInfoUrl }}" }] },
    });
    let findings = found(&spec);
    assert_eq!(
        findings,
        [
            "steps/3/action No action is known as 'acme:own', unless your Backstage has one of its own."
        ]
    );
}

#[test]
fn input_is_held_against_the_action() {
    let step = |input: Json| json!([{ "action": "catalog:register", "input": input }]);
    assert_eq!(
        in_steps(&step(
            json!({ "catalogInfoUrl": "https://a.dev/x", "catalogInfoPath": "/x" })
        )),
        [
            "steps/0/input/catalogInfoPath: catalog:register takes no 'catalogInfoPath' together with 'catalogInfoUrl'."
        ]
    );
    assert_eq!(
        in_steps(&step(json!({ "optional": true }))),
        ["steps/0/input: catalog:register needs 'catalogInfoUrl' or 'repoContentsUrl'."]
    );
    let steps = json!([
        { "action": "fetch:plain" },
        { "action": "debug:log", "input": { "mesage": "x", "listWorkspace": "with-content" } },
        { "action": "fs:rename", "input": { "files": [{ "from": "a", "too": 1 }] } },
        { "action": "github:issues:label", "input": "${{ parameters.name }}" },
    ]);
    assert_eq!(
        in_steps(&steps),
        [
            "steps/0/action fetch:plain needs 'url'.",
            "steps/1/input/mesage: debug:log takes no 'mesage'. → message",
            "steps/1/input/listWorkspace 'listWorkspace' of debug:log must be true or false or 'with-filenames' or 'with-contents', but is 'with-content'. → with-contents",
            "steps/2/input/files/0: 'files' of fs:rename needs 'to'.",
            "steps/2/input/files/0/too: 'files' of fs:rename takes no 'too'. → to",
        ]
    );
}

#[test]
fn names_that_are_not_there_are_told_with_what_was_meant() {
    let log = |message: &str| {
        json!([{ "id": "a-b", "action": "debug:log", "input": { "message": "x" } },
        { "id": "c", "action": "debug:log", "input": { "message": message } }])
    };
    for (message, finding) in [
        (
            "${{ parameters.nam }}",
            "@15 No page of the form asks for 'nam'. → name",
        ),
        (
            "${{ parameters.my-name }}",
            "@15 'parameters.my-name' is read as 'parameters.my' minus something. → parameters['my-name']",
        ),
        (
            "${{ steps.a-b.output }}",
            "@10 'steps.a-b' is read as 'steps.a' minus something. → steps['a-b']",
        ),
        (
            "${{ parameters.my-nam }}",
            "@15 'parameters.my-nam' is read as 'parameters.my' minus something. → parameters['my-name']",
        ),
        ("${{ steps.d.output }}", "@10 No step has the id 'd'."),
        (
            "${{ steps.c.output.x }}",
            "@10 The step 'c' cannot use its own output.",
        ),
        (
            "${{ steps['a-b'].outputs.x }}",
            "@17 A step gives nothing but its output; there is no 'outputs'. → output",
        ),
        (
            "${{ each.value }}",
            "@4 There is nothing to go through: the step has no 'each'.",
        ),
        (
            "${{ values.name }}",
            "@4 There is no 'values' in a step; that name is for the files of a skeleton.",
        ),
        (
            "${{ paramters.name }}",
            "@4 There is no 'paramters' here, unless your Backstage has it as a global. → parameters",
        ),
        (
            "on ${{ github.ref }}",
            "@7 'github' is not there, and the expression becomes nothing; write {% raw %}…{% endraw %} around what GitHub shall read.",
        ),
        (
            "{{ parameters.name }}",
            "@0 '{{ parameters.name }}' is left as it stands: expressions begin with ${{. → ${{ parameters.name }}",
        ),
        (
            "${{ a || b }}",
            "@7 The expression cannot be read: expected name, received \"|\"; write 'or'.",
        ),
    ] {
        assert_eq!(
            in_steps(&log(message)),
            [format!("steps/1/input/message{finding}")],
            "{message}"
        );
    }
}

#[test]
fn outputs_that_an_action_does_not_give_are_told() {
    let spec = json!({
        "steps": [{ "id": "pr", "action": "publish:github:pull-request", "input": {
            "repoUrl": "x", "title": "x", "branchName": "x", "description": "x" } }],
        "output": { "links": [{ "title": "x", "url": "${{ steps.pr.output.remoteURL }}" }, { "title": "y" }] },
    });
    assert_eq!(
        found(&spec),
        [
            "output/links/0/url@20 publish:github:pull-request gives no 'remoteURL'. → remoteUrl",
            "output/links/1 The link is not shown: it has neither a url nor an entityRef.",
        ]
    );
}

#[test]
fn conditions_that_are_always_true_are_told() {
    let told = |condition: Json| in_steps(&json!([{ "action": "debug:log", "if": condition }]));
    for fine in [
        json!(true),
        json!("${{ parameters.name }}"),
        json!("true"),
        json!(""),
        json!("{% if parameters.name %}x{% endif %}"),
    ] {
        assert_eq!(told(fine), NOTHING);
    }
    let plain = "This condition is plain text, and text is always true: the step always runs.";
    assert_eq!(told(json!("false")), [format!("steps/0/if {plain}")]);
    assert_eq!(
        told(json!("parameters.name == 'x'")),
        [format!(
            "steps/0/if {plain} → ${{{{ parameters.name == 'x' }}}}"
        )]
    );
    assert!(told(json!("${{ parameters.name }}\n"))[0].ends_with("runs. → ${{ parameters.name }}"));
    assert_eq!(
        told(json!("${{ secrets.TOKEN }}")),
        ["steps/0/if@4 Secrets are not there in a condition."]
    );
}

#[test]
fn forms_that_cannot_be_filled_in_are_told() {
    assert_eq!(
        in_form(&json!({ "required": ["nam"], "properties": { "name": { "type": "string" } } })),
        [
            "parameters/0/required/0 'nam' is required, but no field asks for it: the form can never be sent. → name"
        ]
    );
    assert_eq!(
        in_form(
            &json!({ "properties": { "a": { "type": "String" }, "b": { "type": "bool" }, "c": "x", "required": ["a"] } })
        ),
        [
            "parameters/0/properties/a/type 'String' is no type of JSON Schema. → string",
            "parameters/0/properties/b/type 'bool' is no type of JSON Schema. → boolean",
            "parameters/0/properties/c The field 'c' must be a mapping, but is a text.",
            "parameters/0/properties/required 'required' stands among the fields, where it is taken for one; move it out of 'properties'.",
        ]
    );
    assert_eq!(
        in_form(
            &json!({ "properties": { "a": {}, "b": {} }, "ui:order": ["a"], "dependencies": { "c": ["b", "d"] } })
        ),
        [
            "parameters/0/dependencies/c: Something depends on 'c', but no field asks for it.",
            "parameters/0/dependencies/c/1 With 'c' 'd' is required, but no field asks for it.",
            "parameters/0/ui:order: The order leaves out 'b' and has no '*' for the rest: the page is not shown.",
        ]
    );
    // A mistake within the items of a list is told where it is.
    assert_eq!(
        in_form(
            &json!({ "properties": { "a": { "type": "array", "items": { "properties": { "b": 3 } } } } })
        ),
        [
            "parameters/0/properties/a/items/properties/b The field 'b' must be a mapping, but is a number."
        ]
    );
}

#[test]
fn values_that_do_not_fit_their_field_are_told() {
    let field = |schema: Json| in_form(&json!({ "properties": { "a": schema } }));
    for fine in [
        json!({ "type": "integer", "default": 3.0 }),
        json!({ "type": "string", "default": "", "enum": ["x"] }),
        json!({ "type": "string", "default": null }),
        json!({ "enum": [1, "x"], "default": "x" }),
        json!({ "type": "array", "items": { "enum": ["a"] }, "default": ["a"] }),
        json!({ "type": "string", "pattern": "^(?!x)[\\w-]+$" }),
    ] {
        assert_eq!(field(fine), NOTHING);
    }
    let at = "parameters/0/properties/a";
    assert_eq!(
        field(
            json!({ "type": "string", "enum": ["1.20", 1.3], "default": "1.2", "enumNames": [] })
        ),
        [
            format!(
                "{at}/enum/1 The choice '1.3' is a number, but the field takes string. → \"1.3\""
            ),
            format!("{at}/default The default '1.2' is none of the choices. → 1.20"),
            format!("{at}/enumNames: enumNames has 0 names for 2 values."),
        ]
    );
    assert_eq!(
        field(json!({ "type": "string", "ui:field": "EntityPiker", "pattern": "(" })).len(),
        2
    );
}

#[test]
fn sources_beside_the_template_are_named() {
    let body = json!({ "spec": { "steps": [
        { "action": "fetch:template", "input": { "url": "./skeleton" } },
        { "action": "fetch:plain", "input": { "url": "https://a.dev/x" } },
        { "action": "fetch:plain", "input": { "url": "./${{ parameters.kind }}" } },
        { "action": "http:backstage:request", "input": { "url": "x" } },
    ] } });
    let named: Vec<String> = sources(&body)
        .into_iter()
        .map(|source| source.path)
        .collect();
    assert_eq!(named, ["./skeleton"]);
}
