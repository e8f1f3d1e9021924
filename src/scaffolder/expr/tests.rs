//! The language by table: a template and what it prints.

use serde_json::{Value as Json, json};

use super::{Context, Engine, ExprError, Options, render_string, render_value};

fn context() -> Context {
    Context::new(&json!({
        "name": "post",
        "n": 3,
        "yes": true,
        "list": ["b", "a", "C"],
        "people": [{"name": "Ada", "team": "x"}, {"name": "Bob", "team": "y"}],
        "map": {"one": 1, "two": 2, "10": "ten", "2": "zwei"},
        "repo": "github.com?owner=acme&repo=svc",
    }))
}

fn string(text: &str) -> Result<String, ExprError> {
    render_string(text, &context(), Options::default())
}

fn value(text: &str) -> Option<Json> {
    render_value(&text.into(), &context(), Options::default())
}

fn check(cases: &[(&str, &str)]) {
    for (template, wanted) in cases {
        assert_eq!(string(template).as_deref(), Ok(*wanted), "{template}");
    }
}

#[test]
fn expressions_follow_javascript() {
    check(&[
        ("${{ 1 + 2 * 3 }}", "7"),
        ("${{ 2 ** 3 ** 2 }}", "64"),
        ("${{ -7 // 2 }} ${{ 7 % -4 }}", "-4 3"),
        ("${{ '1' + 1 }} ${{ '3' * '4' }}", "11 12"),
        ("${{ [1, [2, none]] + '!' }}", "1,2,!"),
        ("${{ 3 > 2 > 1 }}", "false"),
        ("${{ not n == 3 }}", "false"),
        ("${{ not (n == 4) }}", "true"),
        ("${{ 'x' not in name and 'p' in name }}", "true"),
        ("${{ missing.deep.down or 'default' }}", "default"),
        ("${{ 'a' if n is odd else 'b' }}", "a"),
        ("${{ list[1:] }} ${{ list[::-1] }}", "a,C C,a,b"),
        (
            "${{ map | dump }}",
            r#"{"2":"zwei","10":"ten","one":1,"two":2}"#,
        ),
        ("${{ {a: n, 'b': [n]} | dump }}", r#"{"a":3,"b":[3]}"#),
    ]);
}

#[test]
fn statements_keep_their_scopes() {
    check(&[
        (
            "{% set x = 1 %}{% for i in [1,2] %}{% set x = x + i %}{% endfor %}${{ x }}",
            "4",
        ),
        (
            "{% for i in [1] %}{% set y = i %}{% endfor %}[${{ y }}]",
            "[]",
        ),
        ("{% set z %}a${{ n }}{% endset %}${{ z }}", "a3"),
        (
            "{% macro m(a, b='x') %}${{ a }}${{ b }}${{ n }}{% endmacro %}${{ m(1) }} ${{ m(1, b=2) }}",
            "1x3 123",
        ),
        (
            "{% macro box() %}[${{ caller(1) }}]{% endmacro %}{% call(i) box() %}${{ i }}${{ name }}{% endcall %}",
            "[1post]",
        ),
        (
            "{% switch n %}{% case 1 %}a{% case 3 %}{% case 4 %}b{% default %}c{% endswitch %}",
            "b",
        ),
        (
            "{% for k, v in map %}${{ k }}=${{ v }} {% endfor %}",
            "2=zwei 10=ten one=1 two=2 ",
        ),
        ("{% filter upper %}a${{ name }}{% endfilter %}", "APOST"),
        (
            "{% raw %}${{ x }}{% raw %}{% endraw %}{% endraw %}!",
            "${{ x }}{% raw %}{% endraw %}!",
        ),
        ("a  {%- if yes -%}  b  {%- endif %} c", "ab c"),
        ("{% raw %}a  {% endraw %} ${{- n }}", "a3"),
        (
            "{% for i in [1, 2] %}${{ loop.index }}/${{ loop.length }} {% endfor %}",
            "1/2 2/2 ",
        ),
        (
            "{% set loop = 1 %}{% for i in [1] %}{% set loop = 2 %}{% endfor %}${{ loop }}",
            "1",
        ),
    ]);
}

#[test]
fn operators_bind_as_tightly_as_in_the_javascript_that_is_written_for_them() {
    check(&[
        ("${{ 1 + 2 ~ 3 - 1 }}", "32"),
        ("${{ 7 // 2 * 2 - 1 }}", "5"),
        ("${{ false and false or true }}", "true"),
        ("${{ not n == 3 and yes }}", "false"),
        ("${{ 1 < 2 == true }}", "true"),
        ("${{ not 'q' in name and n is odd }}", "true"),
        ("${{ -n | abs }}", "3"),
        ("${{ 1 if yes and not yes else 2 or n }}", "2"),
    ]);
    for text in [
        "n is odd is even",
        "not n is odd is even",
        "1 in list is odd is even",
    ] {
        let error = string(&format!("${{{{ {text} }}}}")).map_err(|error| error.message);
        let wanted = "Expected eof, received \"is\"".to_owned();
        assert_eq!(error, Err(wanted), "{text}");
    }
}

#[test]
fn long_lines_and_unclosed_blocks_are_read_once() {
    let tags = "{%".repeat(200_000);
    let raw = format!("{{% raw %}}{tags}{{% endraw %}}");
    assert_eq!(string(&raw), Ok(tags));
    let options = Options {
        lstrip_blocks: true,
        ..Options::default()
    };
    let line = "a{% if yes %}b{% endif %}".repeat(20_000);
    let rendered = render_string(&line, &context(), options);
    assert_eq!(rendered, Ok("ab".repeat(20_000)));
}

#[test]
fn filters_and_methods() {
    check(&[
        (
            "${{ people | groupby('team') | dump }}",
            r#"{"x":[{"name":"Ada","team":"x"}],"y":[{"name":"Bob","team":"y"}]}"#,
        ),
        (
            "${{ people | sort(attribute='name', reverse=true) | join(',', 'name') }}",
            "Bob,Ada",
        ),
        ("${{ 'a-b_c' | replace(r/[-_]/g, '$&$&') }}", "a--b__c"),
        ("${{ 'Hello World'.split(' ')[1].toLowerCase() }}", "world"),
        (
            "${{ (repo | parseRepoUrl).owner }} ${{ repo | projectSlug }}",
            "acme acme/svc",
        ),
        ("${{ 'é😀'.length }} ${{ 'é😀' | length }}", "3 3"),
        ("${{ 2.5.toFixed(0) }} ${{ (255).toString(16) }}", "3 ff"),
        ("${{ range(3) }} ${{ range(5, 1, -2) }}", "0,1,2 5,3"),
        (
            "${{ [1,2,3,4] | batch(3, 0) | dump }} ${{ [1,2,3] | batch(2, 'x') | dump }}",
            r#"[[1,2,3],[4]] [[1,2],[3,"x"]]"#,
        ),
    ]);
}

#[test]
fn a_single_expression_keeps_its_type() {
    assert_eq!(value("${{ n }}"), Some(json!(3)));
    assert_eq!(value(" ${{ n }}"), Some(json!(" 3")));
    assert_eq!(value("${{ list }}"), Some(json!(["b", "a", "C"])));
    assert_eq!(value("${{ missing }}"), None);
    assert_eq!(value("${{ always() }}"), Some(json!(true)));
    assert_eq!(value("${{ a && b }}"), Some(json!("${{ a && b }}")));
    let kept = render_value(
        &json!({"a": "${{ missing }}", "b": ["${{ missing }}"]}),
        &context(),
        Options::default(),
    );
    assert_eq!(kept, Some(json!({"b": [null]})));
}

#[test]
fn errors_name_their_place() {
    for (template, line, column, part) in [
        ("a\n  ${{ n ? 1 : 2 }}", 2, 9, "Unexpected character"),
        ("${{ n | nope }}", 1, 9, "Unknown template filter"),
        ("{% if yes %}", 1, 1, "Missing endif"),
        ("${{ name.nope() }}", 1, 10, "cannot be called"),
        ("${{ name.constructor }}", 1, 10, "reserved"),
        ("x {% include 'y' %}", 1, 3, "Unsupported"),
        ("${{ 'open }}", 1, 1, "Unterminated"),
    ] {
        let error = string(template).err();
        let found = error.as_ref().map(|e| (e.line, e.column));
        assert_eq!(found, Some((line, column)), "{template}: {error:?}");
        assert!(
            error.is_some_and(|e| e.message.contains(part)),
            "{template}"
        );
    }
}

#[test]
fn a_template_cannot_run_or_grow_for_ever() {
    let doubling = format!(
        "{{% set x = 'xxxxxxxx' %}}{}",
        "{% set x = x ~ x %}".repeat(64)
    );
    let chain = format!("${{{{ 'a'{} }}}}", " ~ 'b'".repeat(280));
    assert!(string(&chain).is_ok());
    let nested = format!("${{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    let tags = "{% if yes %}".repeat(5000);
    let [members, sums, filters, calls] = [".b", " + 1", " | upper", "()"]
        .map(|link| format!("${{{{ a{} }}}}", link.repeat(100_000)));
    let large = "{% set x = x ~ x %}".repeat(22);
    let work = format!(
        "{{% set x = 'e' %}}{large}{{% set y = x ~ '' %}}{{% for i in range(1000000) %}}${{{{ x == y }}}}{{% endfor %}}"
    );
    for template in [
        members.as_str(),
        sums.as_str(),
        filters.as_str(),
        calls.as_str(),
        work.as_str(),
        "{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}",
        "${{ range(100000000000) }}",
        "${{ list.push(list) }}${{ list }}",
        doubling.as_str(),
        nested.as_str(),
        tags.as_str(),
    ] {
        let start: String = template.chars().take(60).collect();
        assert!(string(template).is_err(), "{start}");
    }
}

#[test]
fn lists_of_the_context_are_not_changed_for_others() {
    let context = context();
    let push = |text| render_string(text, &context, Options::default());
    assert_eq!(
        push("${{ list.push('d') }}${{ list }}").as_deref(),
        Ok("4b,a,C,d")
    );
    assert_eq!(push("${{ list }}").as_deref(), Ok("b,a,C"));
}

#[test]
fn cookiecutter_speaks_python() {
    let options = Options {
        cookiecutter: true,
        ..Options::default()
    };
    let text = "{{ True }} {{ map.items() | length }} {{ map.get('x', 'y') }} ${{ n }} {{ map | jsonify }}";
    assert_eq!(
        render_string(text, &context(), options).as_deref(),
        Ok(r#"true 4 y $3 {"2":"zwei","10":"ten","one":1,"two":2}"#)
    );
}

#[test]
fn the_older_engine_reads_a_single_tag_as_json() {
    let options = Options {
        engine: Engine::Legacy,
        ..Options::default()
    };
    let old = |text: &str| render_value(&text.into(), &context(), options);
    assert_eq!(old("{% if yes %}true{% endif %}"), Some(json!(true)));
    assert_eq!(old(""), None);
    assert_eq!(old("${{ name.replaceAll('p', 'h') }}"), Some(json!("host")));
}
