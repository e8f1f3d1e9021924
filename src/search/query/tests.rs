//! What is understood of a query's text, and what is not.

use proptest::prelude::*;

use super::*;

/// A query in the words of the test table: `~` for a word, quotes for a phrase, `&` and `|` with parentheses.
fn told(text: &str) -> String {
    let query = Query::parse(text);
    let mut told: Vec<String> = query.expr.iter().map(tell).collect();
    told.extend(query.issues.iter().map(|issue| {
        format!(
            "!{}",
            text.get(issue.span.clone()).unwrap_or("span off the text")
        )
    }));
    told.join(" ")
}

fn tell(expr: &Expr) -> String {
    let all = |parts: &[Expr], between: &str| {
        let parts: Vec<String> = parts.iter().map(tell).collect();
        format!("({})", parts.join(between))
    };
    match &expr.node {
        Node::And(parts) => all(parts, " "),
        Node::Or(parts) => all(parts, " | "),
        Node::Not(inner) => format!("-{}", tell(inner)),
        Node::Term(term) => match term {
            Term::Word(word) => format!("~{word}"),
            Term::Phrase(phrase) => format!("{phrase:?}"),
            Term::Column(column, values) => format!("{}:{}", column.name(), values.join("|")),
            Term::Flag(flag) => format!("{flag:?}"),
            Term::Link(link, values) => format!("{}:{}", link.name(), values.join("|")),
            Term::Field(field) if field.values.is_empty() => format!("[{}]", field.key),
            Term::Field(field) => format!("[{}={}]", field.key, field.values.join("|")),
            Term::Updated(updated) => {
                format!(
                    "{}{}h",
                    if updated.since { "<" } else { ">" },
                    updated.seconds / 3600
                )
            }
            Term::Saved(name) => format!("@{name}"),
        },
    }
}

#[test]
fn queries_are_read_part_by_part() {
    for (text, expected) in [
        ("", ""),
        ("  \n ", ""),
        ("Payment gateway", "(~payment ~gateway)"),
        ("pasted\nlines\there", "(~pasted ~lines ~here)"),
        ("\"card payments\" x", "(\"card payments\" ~x)"),
        ("“card payments”", "\"card payments\""),
        ("\"card pay", "\"card pay\""),
        ("owner:team-a", "owner:team-a"),
        ("tag:go,java -tag:legacy", "(tag:go|java -tag:legacy)"),
        ("Kind:API", "kind:api"),
        ("owner:\"team a\"", "owner:team a"),
        (
            "has:docs,owner is:broken -is:starred",
            "((Docs Value(Owner)) Broken -Starred)",
        ),
        (
            "domain:shop depends-on:db used-by:web,app",
            "(domain:shop depends-on:db used-by:web|app)",
        ),
        ("api:orders", "(kind:api ~orders)"),
        (
            "component:shop/cart",
            "(kind:component namespace:shop ~cart)",
        ),
        ("-", "~-"),
        ("a-b", "~a-b"),
        ("\u{2212}tag:go", "-tag:go"),
        ("updated:<7d", "<168h"),
        ("@mine pay", "(@mine ~pay)"),
        ("label:tier=", "[metadata.labels.tier]"),
        ("@", "~@"),
        ("@techdocs/cli", "~@techdocs/cli"),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn or_binds_less_than_standing_side_by_side() {
    for (text, expected) in [
        ("a OR b", "(~a | ~b)"),
        ("a or b", "(~a ~or ~b)"),
        ("a b OR c", "((~a ~b) | ~c)"),
        ("a (b OR c)", "(~a (~b | ~c))"),
        ("a AND b", "(~a ~b)"),
        ("NOT a b", "(-~a ~b)"),
        ("-(a OR kind:api)", "-(~a | kind:api)"),
        ("-(-a)", "--~a"),
        ("(tag:go) (tag:pci)", "((tag:go) (tag:pci))"),
        ("f(x) (f(y))", "(~f(x) (~f(y)))"),
        ("(a OR b", "(~a | ~b)"),
        ("((((a", "(~a)"),
        ("()", ""),
        ("a () b", "(~a ~b)"),
        ("\"OR\"", "\"or\""),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn backstages_filters_are_taken_for_any_field() {
    for (text, expected) in [
        (
            "kind=component spec.owner=team-a",
            "([kind=component] [spec.owner=team-a])",
        ),
        (
            "kind=component,spec.type=a,spec.type=b",
            "([kind=component] [spec.type=a|b])",
        ),
        ("metadata.annotations.a/b", "[metadata.annotations.a/b]"),
        (
            "Metadata.Annotations.a/b,kind=api",
            "([metadata.annotations.a/b] [kind=api])",
        ),
        ("metadata.title=", "[metadata.title=]"),
        (
            "relations.ownedBy=group:default/a",
            "[relations.ownedby=group:default/a]",
        ),
        ("spec.type=\"my type\"", "[spec.type=my type]"),
        ("-spec.type=x", "-[spec.type=x]"),
        ("filter=kind=api,spec.type=x", "([kind=api] [spec.type=x])"),
        (
            "filter=kind=api filter=kind=system,metadata.title pay",
            "(~pay ([kind=api] | ([kind=system] [metadata.title])))",
        ),
        (
            "?filter=kind=api&filter=kind=user",
            "([kind=api] | [kind=user])",
        ),
        (
            "label:tier=gold,silver annotation:a.b/c",
            "([metadata.labels.tier=gold|silver] [metadata.annotations.a.b/c])",
        ),
        ("owner=team-a", "owner:team-a"),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_understood_is_reported_in_its_place() {
    for (text, expected) in [
        ("pay owner: x", "(~pay ~x) !owner:"),
        ("ADR-7: Pay", "(~adr-7 ~pay)"),
        ("pay colour:red", "~pay !colour:red"),
        ("is:lost", "!is:lost"),
        ("kind=api,=x pay", "~pay !kind=api,=x"),
        ("spec.type:x", "!spec.type:x"),
        ("updated:soon pay", "~pay !updated:soon"),
        ("pay ) x", "(~pay ~x) !)"),
        ("OR a", "~a !OR"),
        ("a OR", "~a !OR"),
        ("a OR OR b", "(~a | ~b) !OR"),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
    let query = Query::parse("onwer:me");
    assert!(
        query.issues[0].message.contains("did you mean owner:?"),
        "{query:?}"
    );
}

#[test]
fn saved_queries_take_the_place_of_their_names() {
    let saved: Saved = [
        ("go", "tag:go OR tag:golang"),
        ("mine", "owner:mine @go"),
        ("loop", "x @loop"),
        ("bad", "colour:red pay"),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    let expanded = |text: &str| {
        let query = Query::parse(text).expanded(&saved);
        let issues: Vec<String> = query
            .issues
            .iter()
            .map(|issue| format!("{:?}", issue.span))
            .collect();
        (
            query.expr.as_ref().map(tell).unwrap_or_default(),
            issues.join(" "),
        )
    };
    assert_eq!(
        expanded("-@mine pay").0,
        "(-(owner:mine (tag:go | tag:golang)) ~pay)"
    );
    assert_eq!(
        expanded("pay @gone"),
        ("(~pay)".to_owned(), "4..9".to_owned())
    );
    assert_eq!(expanded("@bad"), ("~pay".to_owned(), "0..4".to_owned()));
    assert_eq!(expanded("@loop").1, "0..5");
}

#[test]
fn saved_queries_that_name_each_other_many_times_end() {
    let mut saved: Saved = (1..8)
        .map(|at| (format!("q{at}"), format!("@q{} ", at + 1).repeat(60)))
        .collect();
    saved.insert("q8".to_owned(), "tag:go".to_owned());
    let query = Query::parse("@q1").expanded(&saved);
    assert!(query.expr.is_some_and(|expr| expr.terms().len() <= 32));
    assert_eq!(query.issues.len(), 1, "{:?}", query.issues);
}

#[test]
fn negated_filters_are_shielded_and_options_are_not() {
    for (argument, negated) in [
        ("-tag:go", true),
        ("-spec.owner=a", true),
        ("-kind=api", true),
        ("-is:broken", true),
        ("-(a OR b)", true),
        ("-depends-on:x", true),
        ("-@mine", true),
        ("-o", false),
        ("--limit=3", false),
        ("-ojson", false),
        ("tag:go", false),
    ] {
        let shielded = Query::shield(argument);
        assert_eq!(shielded.is_some(), negated, "{argument}");
        if let Some(shielded) = shielded {
            assert!(told(&shielded).starts_with('-'), "{shielded}");
        }
    }
}

#[test]
fn too_much_is_left_out_and_said() {
    let many = "word ".repeat(2_000);
    let query = Query::parse(&many);
    assert_eq!(query.conjuncts().len(), 16);
    assert_eq!(query.issues.len(), 1);
    let query = Query::parse(&"(".repeat(10_000));
    assert!(
        query.is_empty() && query.issues.len() == 1,
        "{:?}",
        query.issues.len()
    );
    let query = Query::parse(&"tag:x OR ".repeat(1_000));
    assert!(query.expr.is_some_and(|expr| expr.terms().len() == 64));
    let query = Query::parse(&format!("kind:api tag:{}", "a,".repeat(1_000)));
    assert_eq!((query.conjuncts().len(), query.issues.len()), (1, 1));
    assert_eq!(Query::parse(&"colour:red ".repeat(1_000)).issues.len(), 64);
}

proptest! {
    #[test]
    fn every_text_is_a_query(
        text in "\\PC{0,40}|[-a-z:=\",.() @ORNTAD&?\u{2212}\n]{0,40}|(\\(|-|OR |kind:|\"|\\)|x |filter=){0,30}"
    ) {
        let query = Query::parse(&text);
        let terms = query.expr.iter().flat_map(Expr::terms).map(|(span, _)| span);
        let spans = terms.chain(query.issues.iter().map(|issue| &issue.span));
        for span in spans {
            prop_assert!(text.get(span.clone()).is_some());
        }
    }
}
