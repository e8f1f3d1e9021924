//! The table of findings: what each is called, how bad it is, why, and what to do.

use super::{Level, RuleInfo, Theme};

rules! {
    YamlSyntax {
        code: "yaml-syntax",
        level: Level::Error,
        theme: Theme::Yaml,
        title: "not YAML",
        backstage: "Backstage refuses the whole file, the good documents beside the bad one too.",
        why: "What follows a mistake in the YAML cannot be told with certainty.",
        remedy: "Correct the YAML at this place.",
        fix: None,
    }
    NotAnObject {
        code: "not-an-object",
        level: Level::Error,
        theme: Theme::Yaml,
        title: "a document that is no mapping",
        backstage: "Backstage refuses the whole file: “Expected object at root”.",
        why: "An entity is a mapping; a list or a single value describes none.",
        remedy: "Write the entity as a mapping with apiVersion, kind and metadata.",
        fix: None,
    }
    Envelope {
        code: "envelope",
        level: Level::Error,
        theme: Theme::Entity,
        title: "no apiVersion, kind or name",
        backstage: "Backstage refuses the whole file, the other entities in it too.",
        why: "Without all three Backstage cannot tell which entity it is.",
        remedy: "Give the entity an apiVersion, a kind and a metadata.name, each a non-empty text.",
        fix: None,
    }
    Schema {
        code: "schema",
        level: Level::Error,
        theme: Theme::Entity,
        title: "a field of the wrong type",
        backstage: "Backstage refuses the entity, or goes on showing what it was before.",
        why: "The schema of all entities fixes which fields there are and what they hold.",
        remedy: "Write the field as Backstage's schema has it.",
        fix: Some("takes out a list or mapping that is written without a value"),
    }
    UnquotedValue {
        code: "unquoted-value",
        level: Level::Error,
        theme: Theme::Entity,
        title: "a text that YAML reads as something else",
        backstage: "Backstage refuses the entity, or the whole file where it is the name.",
        why: "YAML reads bare digits, true and false as numbers and booleans, and only a text may stand here.",
        remedy: "Put the value in quotes.",
        fix: Some("puts the value in quotes, as it is written"),
    }
    FieldFormat {
        code: "field-format",
        level: Level::Error,
        theme: Theme::Entity,
        title: "characters that are not allowed here",
        backstage: "Backstage refuses the entity, or goes on showing what it was before.",
        why: "Names, labels and tags are parts of addresses and filters, so few characters are allowed in them.",
        remedy: "Use only the characters that are allowed here.",
        fix: Some("writes tags in lower case, with - for what is not allowed"),
    }
    UnknownField {
        code: "unknown-field",
        level: Level::Warning,
        theme: Theme::Entity,
        title: "a field that looks mistyped",
        backstage: "Backstage keeps the field and never looks at it.",
        why: "No field of this name means anything here, but one of nearly the same name does.",
        remedy: "Correct the field's name.",
        fix: None,
    }
    MistypedAnnotation {
        code: "mistyped-annotation",
        level: Level::Warning,
        theme: Theme::Entity,
        title: "an annotation that looks mistyped",
        backstage: "Backstage keeps the annotation, and no plugin looks at it.",
        why: "Plugins find their annotations by the exact key, and a well-known one has nearly the same.",
        remedy: "Correct the annotation's key.",
        fix: None,
    }
    UnknownKind {
        code: "unknown-kind",
        level: Level::Error,
        theme: Theme::Kind,
        title: "an unknown kind or apiVersion",
        backstage: "Backstage refuses the entity: “No processor recognized the entity”.",
        why: "Kinds are told apart by their exact name and apiVersion, capital letters included.",
        remedy: "Use a kind and apiVersion that Backstage knows, or teach it yours with a plugin.",
        fix: Some("writes a known kind with its capital letters"),
    }
    KindSchema {
        code: "kind-schema",
        level: Level::Error,
        theme: Theme::Kind,
        title: "a required field that is missing or wrong",
        backstage: "Backstage refuses the entity, or goes on showing what it was before.",
        why: "Each kind has fields that it needs, each of a fixed type.",
        remedy: "Give the kind's required fields, with the right types.",
        fix: Some("gives a Group its children and a User its memberOf, as empty lists"),
    }
    BadReference {
        code: "bad-reference",
        level: Level::Error,
        theme: Theme::Reference,
        title: "a reference that cannot be read",
        backstage: "Backstage refuses the entity that holds the reference.",
        why: "A reference needs a name, and a kind where the field does not say which is meant.",
        remedy: "Write the reference as `[<kind>:][<namespace>/]<name>`.",
        fix: None,
    }
    DanglingReference {
        code: "dangling-reference",
        level: Level::Warning,
        theme: Theme::Reference,
        title: "a reference to nothing",
        backstage: "Backstage takes it in silence and shows a link that leads to an error.",
        why: "Nothing in the catalog has this name.",
        remedy: "Correct the name, or add the entity that is meant.",
        fix: None,
    }
    WrongKindReference {
        code: "wrong-kind-reference",
        level: Level::Warning,
        theme: Theme::Reference,
        title: "a reference to the wrong kind",
        backstage: "Backstage takes it in silence; lists and graphs that look for the right kind leave it out.",
        why: "The field means entities of another kind.",
        remedy: "Refer to an entity of the kind that the field means, or use another field.",
        fix: None,
    }
    OwnerKind {
        code: "owner-kind",
        level: Level::Warning,
        theme: Theme::Reference,
        title: "an owner that is neither group nor user",
        backstage: "Backstage takes it in silence; the entity is on no one's list of what they own.",
        why: "Only groups and users can own anything.",
        remedy: "Name a group or a user as the owner.",
        fix: None,
    }
    SelfReference {
        code: "self-reference",
        level: Level::Warning,
        theme: Theme::Reference,
        title: "an entity that refers to itself",
        backstage: "Backstage takes it in silence and draws a loop.",
        why: "Nothing can be its own part, dependency or parent.",
        remedy: "Name the entity that is meant, or take the reference out.",
        fix: None,
    }
    ReferenceCycle {
        code: "reference-cycle",
        level: Level::Warning,
        theme: Theme::Reference,
        title: "parents that go round in a circle",
        backstage: "Backstage takes it in silence; what walks up to the root never gets there.",
        why: "A group, domain or component cannot be above and below another at once.",
        remedy: "Take out one of the references of the circle.",
        fix: None,
    }
    DuplicateEntity {
        code: "duplicate-entity",
        level: Level::Warning,
        theme: Theme::Reference,
        title: "an entity that is described twice",
        backstage: "Backstage shows one of the two, in no fixed order, and drops the other in silence.",
        why: "Kind, namespace and name tell entities apart, whatever the case of their letters.",
        remedy: "Keep one of the two descriptions, or give one another name.",
        fix: None,
    }
    UnreachableTarget {
        code: "unreachable-target",
        level: Level::Warning,
        theme: Theme::Location,
        title: "a target that cannot be read",
        backstage: "Backstage refuses the Location with all its targets, the good ones too.",
        why: "What a Location names must be there when Backstage reads it, which cannot always be seen from here.",
        remedy: "Correct the target, or mark the Location's presence as optional.",
        fix: None,
    }
    Placeholder {
        code: "placeholder",
        level: Level::Warning,
        theme: Theme::Location,
        title: "a placeholder that cannot be read",
        backstage: "Backstage refuses the entity that holds the placeholder.",
        why: "What $text, $json or $yaml names takes its place, so it must be there when Backstage reads it.",
        remedy: "Correct the path behind the placeholder.",
        fix: None,
    }
    PlaceholderInFile {
        code: "placeholder-in-file",
        level: Level::Info,
        theme: Theme::Location,
        title: "a placeholder in a file location",
        backstage: "Backstage refuses the entity if it reads it as a file, and takes it from a repository.",
        why: "We read it, but Backstage does so only for url locations.",
        remedy: "Serve this file to Backstage from a repository.",
        fix: None,
    }
    NotAllowed {
        code: "not-allowed",
        level: Level::Error,
        theme: Theme::Location,
        title: "a kind that the location may not hold",
        backstage: "Backstage refuses the location with all that it holds.",
        why: "The rules in catalog.rules fix which kinds may come from where.",
        remedy: "Allow the kind in catalog.rules, or move the entity to a location that may hold it.",
        fix: None,
    }
    Limit {
        code: "limit",
        level: Level::Error,
        theme: Theme::Location,
        title: "too large, too deep or too many",
        backstage: "Backstage has other limits, and may run out of memory or time.",
        why: "Files are read only up to limits on size, depth and number, so that none can stop the rest.",
        remedy: "Split the file, or make it smaller.",
        fix: None,
    }
    Template {
        code: "template",
        level: Level::Warning,
        theme: Theme::Template,
        title: "a template that will not run as meant",
        backstage: "Backstage lists the template and fails once someone runs it.",
        why: "The parameters or steps are not as the scaffolder wants them.",
        remedy: "Correct the template's parameters or steps.",
        fix: None,
    }
    TemplateSchema {
        code: "template-schema",
        level: Level::Warning,
        theme: Theme::Template,
        title: "parameters that are no schema",
        backstage: "Backstage lists the template and shows a broken form, or none.",
        why: "The form is made from the parameters, which must be JSON Schema.",
        remedy: "Correct the schema of the parameters.",
        fix: None,
    }
    TemplateParameters {
        code: "template-parameters",
        level: Level::Warning,
        theme: Theme::Template,
        title: "a parameter that no one asks for",
        backstage: "Backstage runs the step with nothing in the parameter's place.",
        why: "An expression uses a parameter that the form does not have.",
        remedy: "Add the parameter to the form, or correct its name.",
        fix: None,
    }
    TemplateUnknownAction {
        code: "template-unknown-action",
        level: Level::Warning,
        theme: Theme::Template,
        title: "an unknown action",
        backstage: "Backstage fails the run with “Template action with ID … is not registered”.",
        why: "No action of this name comes with the scaffolder or its well-known modules.",
        remedy: "Correct the action's name, or see that your Backstage has the module that brings it.",
        fix: None,
    }
    TemplateActionInput {
        code: "template-action-input",
        level: Level::Warning,
        theme: Theme::Template,
        title: "input that the action does not take",
        backstage: "Backstage fails the run at this step: “Invalid input passed to action”.",
        why: "An action checks its input against its schema before it begins.",
        remedy: "Give the action the input that its schema asks for.",
        fix: None,
    }
    TemplateStepOrder {
        code: "template-step-order",
        level: Level::Warning,
        theme: Theme::Template,
        title: "an output that is used before it is there",
        backstage: "Backstage runs the step with nothing in the output's place.",
        why: "Steps run in the order in which they stand, and a later one has no output yet.",
        remedy: "Move the step behind the one whose output it uses.",
        fix: None,
    }
    TemplateStepId {
        code: "template-step-id",
        level: Level::Warning,
        theme: Theme::Template,
        title: "an id that two steps or none has",
        backstage: "Backstage lets the later of two steps replace the other's output, and puts nothing for an unknown id.",
        why: "Outputs are found by the id of their step.",
        remedy: "Give each step an id of its own, and use that one.",
        fix: None,
    }
    TemplateExpression {
        code: "template-expression",
        level: Level::Warning,
        theme: Theme::Template,
        title: "an expression that cannot be read",
        backstage: "Backstage leaves the text as it is, or fails the run at this step.",
        why: "What stands between ${{ and }} must be an expression of the template language.",
        remedy: "Correct the expression.",
        fix: None,
    }
    TemplateCondition {
        code: "template-condition",
        level: Level::Warning,
        theme: Theme::Template,
        title: "a condition that is always true",
        backstage: "Backstage runs the step whatever the parameters are.",
        why: "A condition that is more than one expression is a text, and every text but the empty one counts as true.",
        remedy: "Write the condition as one expression: ${{ … }} and nothing around it.",
        fix: None,
    }
    TemplateMissingSource {
        code: "template-missing-source",
        level: Level::Warning,
        theme: Theme::Template,
        title: "a skeleton that is not there",
        backstage: "Backstage fails the run at this step.",
        why: "The step fetches from a path beside the template, and nothing is there.",
        remedy: "Correct the path, or add the skeleton.",
        fix: None,
    }
    Docs {
        code: "docs",
        level: Level::Warning,
        theme: Theme::Docs,
        title: "a docs site that will not build as meant",
        backstage: "Backstage shows no docs, or the docs of the last build that worked.",
        why: "The docs are not where the entity says, or their settings are not as MkDocs wants them.",
        remedy: "Correct mkdocs.yml or the techdocs-ref annotation.",
        fix: None,
    }
    DocsMissingPage {
        code: "docs-missing-page",
        level: Level::Warning,
        theme: Theme::Docs,
        title: "a page of the nav that is not there",
        backstage: "Backstage builds the site with a menu entry that leads to an error.",
        why: "The nav names a file that is not below docs_dir.",
        remedy: "Correct the path, or add the page.",
        fix: None,
    }
    DocsBrokenLink {
        code: "docs-broken-link",
        level: Level::Warning,
        theme: Theme::Docs,
        title: "a link that leads nowhere",
        backstage: "Backstage shows the link, and whoever follows it finds an error.",
        why: "There is no page or file at the path that the link names.",
        remedy: "Correct the link, or add what it names.",
        fix: None,
    }
    DocsMissingImage {
        code: "docs-missing-image",
        level: Level::Warning,
        theme: Theme::Docs,
        title: "an image that is not there",
        backstage: "Backstage shows the image's words, if it has any, beside a broken picture.",
        why: "There is no file at the path that the image names.",
        remedy: "Correct the path, or add the file.",
        fix: None,
    }
    DocsMissingAnchor {
        code: "docs-missing-anchor",
        level: Level::Warning,
        theme: Theme::Docs,
        title: "a link to a heading that is not there",
        backstage: "Backstage opens the page at its top.",
        why: "The page has no heading with this anchor.",
        remedy: "Correct the part behind #, or add the heading.",
        fix: None,
    }
    DocsMissingInclude {
        code: "docs-missing-include",
        level: Level::Warning,
        theme: Theme::Docs,
        title: "a page that includes a file that is not there",
        backstage: "Backstage builds the page without what it should include, or builds nothing where the site says so.",
        why: "There is no file, or no section of it, at the path that the page includes.",
        remedy: "Correct the path, or add the file.",
        fix: None,
    }
    DocsUnlistedPage {
        code: "docs-unlisted-page",
        level: Level::Info,
        theme: Theme::Docs,
        title: "a page that no menu shows",
        backstage: "Backstage builds the page, and only a link or the search leads to it.",
        why: "The site has a nav, and this page is not in it.",
        remedy: "Add the page to the nav, or delete it.",
        fix: None,
    }
    DocsOutdated {
        code: "docs-outdated",
        level: Level::Info,
        theme: Theme::Docs,
        title: "docs that were left behind by what they describe",
        backstage: "Backstage shows the docs as if they were new.",
        why: "The code beside the docs was changed half a year or more after they were.",
        remedy: "Read the docs against the code, and correct what is not so any more.",
        fix: None,
    }
    ApiDefinition {
        code: "api-definition",
        level: Level::Warning,
        theme: Theme::Kind,
        title: "a definition that is not what the API's type says",
        backstage: "Backstage takes the API, and its page shows an error or nothing in place of the operations.",
        why: "A definition of type openapi, asyncapi, graphql or grpc must be readable as that.",
        remedy: "Correct the definition at this place, or give the API the type that its definition is.",
        fix: None,
    }
    Processing {
        code: "processing",
        level: Level::Error,
        theme: Theme::Instance,
        title: "what Backstage could not process",
        backstage: "Backstage goes on showing the entity as it was when it was last processed well.",
        why: "What is shown may be old, and it stays so until the cause is gone.",
        remedy: "Correct the file it comes from, or see in the log of that Backstage what it could not reach.",
        fix: None,
    }
    Orphan {
        code: "orphan",
        level: Level::Warning,
        theme: Theme::Instance,
        title: "an entity without a location",
        backstage: "Backstage goes on showing an entity to which no location leads any more, until somebody removes it.",
        why: "Its file was moved or taken out of the catalog, so nothing keeps the entity up to date.",
        remedy: "Register its file again, or unregister the entity in that Backstage.",
        fix: None,
    }
}
