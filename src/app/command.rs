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
    /// The finder.
    Finder,
    /// The help overlay.
    Help,
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
            Self::Finder => "Finder",
            Self::Help => "Help",
        }
    }
}

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
}

macro_rules! commands {
    ($($context:ident { $($name:ident $id:literal $short:literal $help:literal [$($key:literal)*];)* })*) => {
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
        HomeLeave "home.leave" "quit" "Leave the portal." ["q" "esc"];
    }
    Catalog {
        CatalogFacets "catalog.facets" "filter" "Show the facets, or move to them." ["f"];
        CatalogToggle "catalog.toggle" "mark" "Mark the row under the cursor; fold a group; choose a value of the facets." ["space"];
        CatalogMarkAll "catalog.mark-all" "" "Mark all that is listed, or take the marks away." ["a"];
        CatalogQuery "catalog.query" "query" "Type the query that the table answers." ["i"];
        CatalogSort "catalog.sort" "sort" "Sort by the next column." ["s"];
        CatalogReverse "catalog.reverse" "" "Reverse the order." ["S"];
        CatalogColumns "catalog.columns" "columns" "Choose the columns; in the choice, s sorts by one." ["c"];
        CatalogGroup "catalog.group" "group" "Group by owner, by system, by domain, or not at all." ["b"];
        CatalogViews "catalog.views" "views" "Save the view under a name, open a saved one, or forget it." ["v"];
        CatalogFoldAll "catalog.fold-all" "" "Fold all groups, or unfold them." ["z"];
        CatalogExport "catalog.export" "export" "Write what is listed or marked to a file, or copy it." ["e"];
        CatalogPreview "catalog.preview" "preview" "Show or hide the preview." ["p"];
        CatalogClear "catalog.clear" "clear" "Remove all filters." ["x"];
        CatalogStar "catalog.star" "star" "Star the entity or all that is marked, or take the stars away." ["*"];
        CatalogProblems "catalog.broken" "" "Show only entities with problems." ["!"];
        CatalogCopy "catalog.copy" "" "Copy the entity's reference, or those of all that is marked." ["y"];
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
        RelationsFilter "relations.filter" "filter" "Choose which relations are drawn." ["f"];
        RelationsDirection "relations.direction" "way" "Draw both ways, what it stands on, or what stands on it." ["w"];
        RelationsOwnership "relations.ownership" "ownership" "Show who owns it or, of a group or person, what they own." ["o"];
        RelationsToggle "relations.toggle" "" "Draw the relation under the cursor of the choice, or leave it out." ["space"];
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
        DocsForward "docs.forward" "" "Go forward again." ["w"];
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
        DocsBrowse "docs.back" "back" "Go back to where you came from." ["b" "backspace"];
    }
    Templates {
        TemplatesUse "templates.use" "" "Fill in the template's form." ["u"];
        TemplatesShow "templates.show" "show" "Look at the template as an entity." ["s"];
        TemplatesMade "templates.made" "made from it" "See which repositories came from the template, and which are behind it." ["m"];
    }
    Generated {
        GeneratedUpdate "generated.update" "update" "Bring the repository up to date with the template; the changes are shown first." ["u"];
        GeneratedUpdateAll "generated.update-all" "update all" "Bring all repositories up to date, one after the other." ["a"];
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
        WizardElsewhere "wizard.elsewhere" "" "Run the whole template at the running Backstage that knows its actions, or here again; on the review." ["f2"];
        WizardRemember "wizard.remember" "" "Have what is made remember the answers, for updates of the template; on the review." ["ctrl-t"];
        WizardHelp "wizard.help" "help" "Show the keys." ["f1"];
    }
    Run {
        RunCancel "run.cancel" "cancel" "Stop the run after the current step." ["x"];
        RunOpen "run.open" "" "Open the result under the cursor." ["o"];
        RunCopy "run.copy" "copy" "Copy the result or the log." ["y"];
        RunRetry "run.retry" "again" "Fill in the form again with the same answers." ["u"];
    }
    Runs {
        RunsResume "runs.resume" "go on" "Go on with the run where it ended, with the same or other answers." ["u"];
        RunsWhole "runs.whole" "whole page" "Give the run the whole page, or show the list again." ["p"];
        RunsOpen "runs.open" "result" "Open its first result." ["o"];
        RunsCopy "runs.copy" "copy log" "Copy its log." ["y"];
    }
    Problems {
        ProblemsFilter "problems.filter" "filter" "Filter by words of the message, the cause, the entity, its owner or the file." ["f"];
        ProblemsEdit "problems.edit" "edit" "Open the file at the line in your editor." ["e"];
        ProblemsGroup "problems.group" "group" "Group by cause, by file or by owner." ["tab"];
        ProblemsMine "problems.mine" "mine" "Show only what is yours." ["m"];
        ProblemsLevel "problems.level" "level" "Show errors alone, warnings too, or all." ["v"];
        ProblemsWhole "problems.whole" "" "Give what is under the cursor the whole page, or the list again." ["p"];
        ProblemsFold "problems.fold" "" "Fold the group, or unfold it." ["space"];
        ProblemsFoldAll "problems.fold-all" "" "Fold all groups, or unfold them." ["z"];
        ProblemsOpen "problems.open" "" "Open a remote file on its host in a browser." ["o"];
        ProblemsCopy "problems.copy" "copy place" "Copy file, line and column." ["y"];
        ProblemsClear "problems.clear" "" "Remove all filters." ["x"];
    }
    Finder {
        FinderPreview "finder.preview" "preview" "Show or hide the preview." ["ctrl-t"];
        FinderComplete "finder.complete" "" "Take what is offered behind the text, or move right." ["right"];
        FinderNarrow "finder.narrow" "narrow" "Show one kind of result alone: the next one." ["tab"];
        FinderNarrowBack "finder.narrow-back" "" "Show the kind of result before." ["shift-tab"];
    }
    Help {}
    List {
        Open "list.open" "open" "Open what is under the cursor." ["enter"];
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
        GoHome "app.home" "" "Go home." ["H"];
        GoCatalog "app.catalog" "" "Go to the catalog." ["C"];
        GoTemplates "app.templates" "" "Go to the templates." ["T"];
        GoRuns "app.runs" "" "Go to the runs of templates." ["U"];
        GoProblems "app.problems" "" "Go to the problems." ["P"];
        CopyPlace "app.copy-place" "" "Copy the command that opens the portal here." ["Y"];
        Sync "app.sync" "" "Refresh from the sources." ["R"];
        CancelTask "app.cancel" "" "Cancel the work in the background." ["X"];
        Redraw "app.redraw" "" "Draw the screen anew." ["ctrl-l"];
        Suspend "app.suspend" "" "Put the portal to sleep; fg wakes it." ["ctrl-z"];
        Quit "app.quit" "" "Leave the portal." ["Q"];
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
}
