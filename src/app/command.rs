//! The one table of commands. Keymap, footer hints, help, palette and the key reference in the docs come from it.

/// Where a command applies. Keys are looked up in the context of what has the focus, then in [`Context::List`], then in
/// [`Context::Global`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere.
    Global,
    /// Wherever something can be walked: lists, tables, pages of text.
    List,
    /// The home page.
    Home,
    /// The catalog page.
    Catalog,
    /// A text that is typed on the catalog page.
    Query,
    /// The entity page.
    Entity,
    /// The API tab of the entity page; what is not its own is the entity page's.
    Api,
    /// The relations tab of the entity page; what is not its own is the entity page's.
    Relations,
    /// The repository tab of the entity page; what is not its own is the entity page's.
    Repository,
    /// The docs reader.
    Docs,
    /// The template gallery.
    Templates,
    /// The repositories that came from a template.
    Generated,
    /// A template's form.
    Wizard,
    /// A template's run.
    Run,
    /// The page of runs.
    Runs,
    /// The problems page.
    Problems,
    /// The page of activity.
    Activity,
    /// The finder.
    Finder,
    /// The help overlay.
    Help,
    /// The question whether something is to be done.
    Confirm,
}

impl Context {
    /// The context around it, whose keys apply where it has none of its own.
    pub fn outer(self) -> Option<Self> {
        matches!(self, Self::Api | Self::Relations | Self::Repository).then_some(Self::Entity)
    }

    /// What to call it in help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::List => "Moving",
            Self::Home => "Home",
            Self::Catalog => "Catalog",
            Self::Query => "Query of the catalog",
            Self::Entity => "Entity",
            Self::Api => "API",
            Self::Relations => "Relations",
            Self::Repository => "Repository",
            Self::Docs => "Docs",
            Self::Templates => "Templates",
            Self::Generated => "Repositories of a template",
            Self::Wizard => "Template form",
            Self::Run => "Template run",
            Self::Runs => "Runs",
            Self::Problems => "Problems",
            Self::Activity => "Activity",
            Self::Finder => "Finder",
            Self::Help => "Help",
            Self::Confirm => "Question",
        }
    }
}

/// What a command does that is not easily made good again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// Nothing: it shows something, or [`Command::Undo`] takes it back.
    None,
    /// The portal asks this first.
    Asks(&'static str),
    /// The same, but only while a template is being run.
    AsksWhileRunning(&'static str),
    /// It goes to the terminal, which shows what exactly would be done, and asks there.
    AsksInTerminal,
}

impl Danger {
    /// What to say of it to somebody who wants to know before; nothing where there is none.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Asks(_) => "asks first",
            Self::AsksWhileRunning(_) => "asks first while a template is being run",
            Self::AsksInTerminal => "shows what it would do, and asks first",
        }
    }
}

/// What is asked before the portal is left.
const LEAVE: Danger = Danger::AsksWhileRunning(
    "A template is being run. Leave? The run stops, and can go on from the page of runs.",
);

/// What the table says of one command.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// The command.
    pub command: Command,
    /// Its name in configuration: `catalog.sort`.
    pub id: &'static str,
    /// One or two words for the footer; empty where it is not hinted at.
    pub short: &'static str,
    /// One sentence for help and palette.
    pub help: &'static str,
    /// Where it applies.
    pub context: Context,
    /// The keys it has unless configured otherwise; the first is the one shown.
    pub keys: &'static [&'static str],
    /// What it does that is not easily made good again.
    pub danger: Danger,
}

macro_rules! danger {
    () => {
        Danger::None
    };
    ($danger:expr) => {
        $danger
    };
}

macro_rules! commands {
    ($($context:ident { $($name:ident $id:literal $short:literal $help:literal [$($key:literal)*] $($danger:expr)?;)* })*) => {
        /// Something a user can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Command { $($(#[doc = $help] $name,)*)* }

        /// Every command, in the order in which help shows them.
        pub const COMMANDS: &[Info] = &[$($(Info {
            command: Command::$name,
            id: $id,
            short: $short,
            help: $help,
            context: Context::$context,
            keys: &[$($key),*],
            danger: danger!($($danger)?),
        },)*)*];
    };
}

commands! {
    Home {
        HomeCatalog "home.catalog" "catalog" "Browse the catalog." ["c"];
        HomeDocs "home.docs" "docs" "List everything that has docs." ["d"];
        HomeTemplates "home.templates" "templates" "Start something new from a template." ["t"];
        HomeRuns "home.runs" "" "See what became of runs of templates." ["r"];
        HomeProblems "home.problems" "problems" "See what is wrong, yours first." ["!"];
        HomeLeave "home.leave" "quit" "Leave the portal." ["q" "esc"] LEAVE;
    }
    Catalog {
        CatalogFacets "catalog.facets" "filter" "Move to the facets; there and in menus, narrow them." ["f"];
        CatalogToggle "catalog.toggle" "mark" "Mark the row, fold the group, or choose the facet." ["space"];
        CatalogMarkAll "catalog.mark-all" "" "Mark all that is listed, or take the marks away." ["a"];
        CatalogQuery "catalog.query" "query" "Type the query that the table answers." ["i"];
        CatalogSort "catalog.sort" "sort" "Sort by the next column." ["s"];
        CatalogReverse "catalog.reverse" "" "Reverse the order." ["S"];
        CatalogColumns "catalog.columns" "columns" "Choose the columns; in the choice, s sorts by one." ["c"];
        CatalogGroup "catalog.group" "group" "Group by owner, by system, by domain, or not at all." ["b"];
        CatalogViews "catalog.views" "views" "Save this view, open a saved one, or forget it." ["v"];
        CatalogFoldAll "catalog.fold-all" "" "Fold all groups, or unfold them." ["z"];
        CatalogExport "catalog.export" "export" "Write what is listed or marked to a file, or copy it." ["e"];
        CatalogPreview "catalog.preview" "preview" "Show or hide the preview." ["p"];
        CatalogClear "catalog.clear" "clear" "Remove all filters." ["x"];
        CatalogStar "catalog.star" "star" "Star it or all that is marked, or take stars away." ["*"];
        CatalogProblems "catalog.broken" "" "Show only entities with problems." ["!"];
        CatalogCopy "catalog.copy" "" "Copy its reference, or those of all that is marked." ["y"];
    }
    Query {
        QueryComplete "query.complete" "complete" "Take what is offered behind the text, or move right." ["right"];
    }
    Entity {
        EntityDocs "entity.docs" "docs" "Read its docs." ["d"];
        EntityStar "entity.star" "star" "Star the entity, or take its star away." ["*"];
        EntityCopy "entity.copy" "copy ref" "Copy its reference, or the path of the operation." ["y"];
        EntityOpenLink "entity.open" "open link" "Open the link under the cursor in a browser." ["o"];
        EntityEdit "entity.edit" "edit" "Open its descriptor in your editor." ["e"];
        EntityRepository "entity.repository" "" "Show what the host of its repository tells." ["v"];
        EntityRaw "entity.raw" "" "Show its YAML." ["r"];
        EntityProblems "entity.problems" "problems" "See what is wrong with it, and what to do." ["!"];
        EntityUse "entity.use" "" "Use it: for a template, fill in its form." ["u"];
    }
    Api {
        ApiFind "api.find" "find here" "Find among the API's operations, or in its source." ["f"];
        ApiSource "api.source" "source" "Show the API's definition as it is, or what it offers." ["s"];
        ApiFold "api.fold" "" "Open or close what is under the cursor." ["space"];
        ApiCurl "api.curl" "" "Copy a curl command for the operation." ["Y"];
    }
    Relations {
        RelationsDeeper "relations.deeper" "deeper" "Go one step deeper." ["+" "="];
        RelationsShallower "relations.shallower" "less" "Go one step less deep." ["-"];
        RelationsImpact "relations.impact" "impact" "Show what is hit if it goes, or its relations again." ["i"];
        RelationsPath "relations.path" "path to" "Show the shortest way to another entity." ["p"];
        RelationsFilter "relations.filter" "relations" "Choose which relations are drawn." ["c"];
        RelationsDirection "relations.direction" "way" "Draw both ways, what it stands on, or what needs it." ["w"];
        RelationsOwnership "relations.ownership" "ownership" "Show who owns it, or what a group or person owns." ["o"];
        RelationsToggle "relations.toggle" "" "Draw the relation under the cursor, or leave it out." ["space"];
    }
    Repository {
        RepositoryAgain "repository.again" "ask again" "Ask the host again." ["a"];
    }
    Docs {
        DocsNextLink "docs.next-link" "link" "Move to the next link." ["tab"];
        DocsPrevLink "docs.prev-link" "" "Move to the link before." ["shift-tab"];
        DocsFind "docs.find" "find here" "Find in this page." ["f"];
        DocsCopy "docs.copy" "copy code" "Copy the code block in view, or the focused link." ["y"];
        DocsNextPage "docs.next-page" "next page" "Read the next page, or go to the next mark." ["n"];
        DocsPrevPage "docs.prev-page" "" "Read the page before." ["p"];
        DocsPrevMatch "docs.prev-match" "mark before" "Go to the marked words before." ["N"];
        DocsNav "docs.nav" "nav" "Show the site's pages, or move to them." ["s"];
        DocsOutline "docs.outline" "outline" "Show the page's headings, or move to them." ["o"];
        DocsFold "docs.fold" "" "Open or close the fold in sight, else the section." ["space"];
        DocsSection "docs.section" "" "Close the section that is read, or open it." ["c"];
        DocsSections "docs.sections" "" "Close all sections, or open them." ["z"];
        DocsWide "docs.wide" "" "Show tables as wide as they are, or fitted." ["t"];
        DocsWrap "docs.wrap" "" "Break long lines of code, or cut them." ["x"];
        DocsSource "docs.source" "" "Show diagrams and formulas as their source, or drawn." ["v"];
        DocsImages "docs.images" "" "Show images, or their words." ["i"];
        DocsEdit "docs.edit" "" "Edit the page's source, here or on its host." ["e"];
        DocsRevision "docs.revision" "" "Read another branch, tag, commit or pull request." ["r"];
        DocsEntity "docs.entity" "" "Go to the entity these docs belong to." ["u"];
    }
    Templates {
        TemplatesUse "templates.use" "" "Fill in the template's form." ["u"];
        TemplatesShow "templates.show" "show" "Look at the template as an entity." ["s"];
        TemplatesMade "templates.made" "made from it" "See what came from the template, and what is behind." ["m"];
    }
    Generated {
        GeneratedUpdate "generated.update" "update" "Bring it up to date with the template, after a look." ["u"] Danger::AsksInTerminal;
        GeneratedUpdateAll "generated.update-all" "update all" "Bring all of them up to date, one after the other." ["a"] Danger::AsksInTerminal;
        GeneratedOpen "generated.open" "request" "Open the request to merge its update." ["o"];
        GeneratedAgain "generated.again" "" "Ask the hosts again how the repositories stand." ["e"];
    }
    Wizard {
        WizardAccept "wizard.accept" "next field" "Take the answer and go on." ["enter"];
        WizardNext "wizard.next" "next step" "Go to the next step." ["ctrl-n"];
        WizardPrev "wizard.prev" "step before" "Go to the step before." ["ctrl-p"];
        WizardToggle "wizard.toggle" "" "Choose the value under the cursor, or let it go." ["space"];
        WizardEditor "wizard.editor" "editor" "Edit the text in your editor." ["ctrl-e"];
        WizardReset "wizard.reset" "" "Put the field back to its default." ["ctrl-r"];
        WizardTakeOut "wizard.take-out" "" "Take the item of the list out that the field is of." ["ctrl-x"];
        WizardSingle "wizard.single" "one by one" "Ask one question at a time, or show the whole page." ["ctrl-g"];
        WizardLast "wizard.last" "" "Fill in what the template's last run was given." ["ctrl-y"];
        WizardAfresh "wizard.afresh" "" "Forget all answers and begin afresh." ["ctrl-o"];
        WizardElsewhere "wizard.elsewhere" "" "On the review: run it at the Backstage that knows how." ["f2"];
        WizardRemember "wizard.remember" "" "On the review: have what is made remember the answers." ["ctrl-t"];
        WizardHelp "wizard.help" "help" "Show the keys." ["f1"];
    }
    Run {
        RunCancel "run.cancel" "cancel" "Stop the run after the current step." ["x"]
            Danger::Asks("Stop the run after its current step? What it made so far stays.");
        RunOpen "run.open" "" "Open the result under the cursor." ["o"];
        RunCopy "run.copy" "copy" "Copy the result or the log." ["y"];
        RunRetry "run.retry" "again" "Fill in the form again with the same answers." ["u"];
    }
    Runs {
        RunsResume "runs.resume" "go on" "Go on where the run ended; answers may be changed." ["u"];
        RunsRemove "runs.remove" "remove" "Remove what the failed run made, after asking." ["x"] Danger::AsksInTerminal;
        RunsWhole "runs.whole" "whole page" "Give the run the whole page, or show the list again." ["p"];
        RunsOpen "runs.open" "result" "Open its first result." ["o"];
        RunsCopy "runs.copy" "copy log" "Copy its log." ["y"];
    }
    Problems {
        ProblemsFilter "problems.filter" "filter" "Filter by words: message, cause, entity, owner, file." ["f"];
        ProblemsEdit "problems.edit" "edit" "Open the file at the line in your editor." ["e"];
        ProblemsGroup "problems.group" "group" "Group by cause, by file or by owner." ["tab"];
        ProblemsMine "problems.mine" "mine" "Show only what is yours." ["m"];
        ProblemsLevel "problems.level" "level" "Show errors alone, warnings too, or all." ["v"];
        ProblemsWhole "problems.whole" "" "Give it the whole page, or show the list again." ["p"];
        ProblemsFold "problems.fold" "" "Fold the group, or unfold it." ["space"];
        ProblemsFoldAll "problems.fold-all" "" "Fold all groups, or unfold them." ["z"];
        ProblemsOpen "problems.open" "" "Open a remote file on its host in a browser." ["o"];
        ProblemsCopy "problems.copy" "copy place" "Copy file, line and column." ["y"];
        ProblemsClear "problems.clear" "" "Remove all filters." ["x"];
    }
    Activity {
        ActivityCancel "activity.cancel" "cancel" "Cancel the work under the cursor." ["x"];
        ActivityCopy "activity.copy" "copy" "Copy what was said." ["y"];
    }
    Finder {
        FinderPreview "finder.preview" "preview" "Show or hide the preview." ["ctrl-t"];
        FinderComplete "finder.complete" "" "Take what is offered behind the text, or move right." ["right"];
        FinderNarrow "finder.narrow" "narrow" "Show one kind of result alone: the next one." ["tab"];
        FinderNarrowBack "finder.narrow-back" "" "Show the kind of result before." ["shift-tab"];
    }
    Help {}
    Confirm {
        ConfirmYes "confirm.yes" "yes" "Do it." ["enter" "y"];
        ConfirmNo "confirm.no" "no" "Leave it." ["n"];
    }
    List {
        Open "list.open" "open" "Open what is under the cursor." ["enter"];
        Filter "list.filter" "filter" "Narrow the list to what is typed." ["f"];
        Up "list.up" "" "Move up." ["up" "k" "ctrl-k"];
        Down "list.down" "" "Move down." ["down" "j" "ctrl-j"];
        Left "list.left" "" "Move left, or to the pane on the left." ["left" "h"];
        Right "list.right" "" "Move right, or to the pane on the right." ["right" "l"];
        PageUp "list.page-up" "" "Move up by a page." ["pgup" "ctrl-u"];
        PageDown "list.page-down" "" "Move down by a page." ["pgdn" "ctrl-d"];
        Top "list.top" "" "Move to the first." ["home" "g"];
        Bottom "list.bottom" "" "Move to the last." ["end" "G"];
        NextTab "list.next" "next" "Move to the next tab or pane." ["tab"];
        PrevTab "list.prev" "" "Move to the tab or pane before." ["shift-tab"];
    }
    Global {
        Find "app.find" "find" "Find anything." ["/"];
        Palette "app.commands" "commands" "Find what the portal can do." [":" "ctrl-p"];
        Help "app.help" "help" "Show the keys that work here." ["?" "f1"];
        Back "app.back" "back" "Go one level out; from home, leave." ["esc" "q"];
        Previous "app.previous" "" "Go back to where you came from, as in a browser." ["backspace" "b"];
        Forward "app.forward" "" "Go forward again, to where you came back from." ["F" "w"];
        GoHome "app.home" "" "Go home." ["H"];
        GoCatalog "app.catalog" "" "Go to the catalog." ["C"];
        GoTemplates "app.templates" "" "Go to the templates." ["T"];
        GoRuns "app.runs" "" "Go to the runs of templates." ["U"];
        GoProblems "app.problems" "" "Go to the problems." ["P"];
        GoActivity "app.activity" "" "See what goes on, and read again what was said." ["A"];
        Undo "app.undo" "" "Undo the last change of stars, views, filters, marks." ["Z"];
        CopyPlace "app.copy-place" "" "Copy the command that opens the portal here." ["Y"];
        Sync "app.sync" "" "Refresh from the sources." ["R"];
        CancelTask "app.cancel" "" "Cancel the latest work in the background." ["X"];
        Pager "app.pager" "" "Read it in your pager: docs, YAML, the log of a run." ["V"];
        Mouse "app.mouse" "" "Take the mouse, or leave it to select text with." ["M"];
        Redraw "app.redraw" "" "Draw the screen anew." ["ctrl-l"];
        Suspend "app.suspend" "" "Put the portal to sleep; fg wakes it." ["ctrl-z"];
        Quit "app.quit" "" "Leave the portal." ["Q"] LEAVE;
        Interrupt "app.interrupt" "" "Leave the portal at once." ["ctrl-c"];
    }
}

impl Command {
    /// Whether it changes the text in the field that has the focus, and may therefore have a key that edits.
    pub fn edits(self) -> bool {
        matches!(self, Self::FinderComplete | Self::QueryComplete)
    }

    /// What the table says of it.
    pub fn info(self) -> &'static Info {
        // Each variant has a row, made by the same macro; the first row stands in for a row that cannot be missing.
        COMMANDS
            .iter()
            .find(|info| info.command == self)
            .unwrap_or(&COMMANDS[0])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_every_command_has_a_row() {
        let ids: HashSet<_> = COMMANDS.iter().map(|info| info.id).collect();
        assert_eq!(ids.len(), COMMANDS.len());
        for info in COMMANDS {
            assert_eq!(info.command.info().id, info.id);
            assert!(info.help.ends_with('.'), "{}", info.id);
        }
    }

    #[test]
    fn what_is_dangerous_asks_a_question() {
        let asked = COMMANDS.iter().filter(|it| it.danger != Danger::None);
        assert!(asked.clone().count() > 3);
        for info in asked {
            if let Danger::Asks(question) | Danger::AsksWhileRunning(question) = info.danger {
                assert!(question.contains('?'), "{}: {question}", info.id);
            }
        }
    }

    #[test]
    fn what_help_says_fits_beside_the_keys_at_80_columns() {
        for info in COMMANDS {
            assert!(
                info.help.chars().count() <= 54,
                "{}: {}",
                info.id,
                info.help
            );
        }
    }
}
