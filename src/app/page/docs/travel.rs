//! Going from page to page: links, next and previous, back and forward.

use super::{Arrival, Coming, Docs, DocsWork};
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::app::route::{EntityTab, Route};
use crate::catalog::EntityRef;
use crate::catalog::entity_ref::{DEFAULT_NAMESPACE, RefContext};
use crate::techdocs::{LinkTarget, SpotTarget};

/// How many places are remembered.
const HISTORY: usize = 200;

/// A place in the site where one was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The page's path.
    pub path: String,
    /// The line of its source that was on top of the screen; 0 for the page's top.
    pub source: u32,
    /// What had the focus there: mostly the link that was followed.
    pub focus: Option<SpotTarget>,
}

impl Docs {
    /// Follows a link of the page, by its index.
    pub(super) fn follow(&mut self, link: u32, cx: &mut Cx<'_>) {
        let link = self
            .sheet
            .as_ref()
            .and_then(|sheet| sheet.document.links.get(link as usize));
        let (Some(link), Some(book)) = (link, self.book()) else {
            return;
        };
        match book.site.resolve(&self.path, &link.href) {
            LinkTarget::Page { path, anchor } => {
                self.visit(path, anchor.map_or(Arrival::Top, Arrival::Anchor), cx);
            }
            LinkTarget::Heading(slug) => {
                self.remember(cx);
                self.arrive(&Arrival::Anchor(slug), cx);
            }
            LinkTarget::External(url) => match elsewhere(&url, cx.shared) {
                Some(route) => self.go_to(route, cx),
                None => self.follow_url(url, cx),
            },
            LinkTarget::File(path) => {
                cx.say(Notice::info(format!(
                    "{path} is a file of the site, not a page."
                )));
            }
            LinkTarget::Missing(path) => {
                if let Some(route) = elsewhere(&link.href, cx.shared) {
                    self.go_to(route, cx);
                    return;
                }
                if path.starts_with("../") {
                    self.follow_url(link.href.clone(), cx);
                    return;
                }
                cx.say(Notice::failed(format!(
                    "There is no page {path} in these docs."
                )));
            }
        }
    }

    /// Goes where an address or a path out of the site leads, if the catalog knows docs there.
    fn follow_url(&mut self, url: String, cx: &mut Cx<'_>) {
        self.following = Some(url.clone());
        cx.effect(Effect::FollowUrl {
            from: self.entity_ref.clone(),
            url,
            page: self.path.clone(),
        });
    }

    /// Goes to a place that a link names: of these docs in place.
    fn go_to(&mut self, route: Route, cx: &mut Cx<'_>) {
        match route {
            Route::Docs {
                entity_ref,
                page,
                anchor,
                ..
            } => self.go_elsewhere(
                &entity_ref,
                &page.unwrap_or_default(),
                anchor.as_deref(),
                cx,
            ),
            _ => cx.go(route),
        }
    }

    /// Goes to a page that an address led to: of these docs in place, of others so that one can come back.
    pub(super) fn go_elsewhere(
        &mut self,
        entity_ref: &EntityRef,
        page: &str,
        anchor: Option<&str>,
        cx: &mut Cx<'_>,
    ) {
        let anchor = anchor.map(str::to_owned);
        if *entity_ref == self.entity_ref {
            let arrival = anchor.map_or(Arrival::Top, Arrival::Anchor);
            self.visit(self.page_named(page), arrival, cx);
        } else {
            cx.go(Route::Docs {
                entity_ref: entity_ref.clone(),
                page: Some(page.to_owned()),
                anchor,
                words: String::new(),
            });
        }
    }

    /// The path of the page that an address calls `name`: its file, or the address that it has once it is built
    /// (`guide/`); empty names the first. What is none of the site's pages stays as it is.
    pub(super) fn page_named(&self, name: &str) -> String {
        let Some(site) = self.book().map(|book| &book.site) else {
            return name.to_owned();
        };
        if name.trim_matches('/').is_empty() {
            let home = site.home().map(|page| page.path.clone());
            return home.unwrap_or_default();
        }
        if site.page(name).is_some() {
            return name.to_owned();
        }
        match site.resolve("", name) {
            LinkTarget::Page { path, .. } => path,
            _ => name.to_owned(),
        }
    }

    /// Goes to a page, so that one can go back.
    pub(super) fn visit(&mut self, path: String, arrival: Arrival, cx: &mut Cx<'_>) {
        self.remember(cx);
        self.path = path;
        self.arrival = arrival;
        self.read(cx);
    }

    /// Goes to the next page, or to the one before.
    pub(super) fn turn(&mut self, forward: bool, cx: &mut Cx<'_>) {
        let site = self.book().map(|book| &book.site);
        let page = site.and_then(|site| {
            if forward {
                site.next(&self.path)
            } else {
                site.previous(&self.path)
            }
        });
        if let Some(path) = page.map(|page| page.path.clone()) {
            self.visit(path, Arrival::Top, cx);
        }
    }

    /// Goes to where one was; out of the docs where there is no such place.
    pub(super) fn go_back(&mut self, cx: &mut Cx<'_>) {
        match self.back.pop() {
            Some(place) => {
                self.forward.push(self.place());
                self.return_to(place, cx);
            }
            None => cx.requests.push(Request::Back),
        }
    }

    /// Undoes a step back.
    pub(super) fn go_forward(&mut self, cx: &mut Cx<'_>) {
        if let Some(place) = self.forward.pop() {
            self.back.push(self.place());
            self.return_to(place, cx);
        }
    }

    fn return_to(&mut self, place: Place, cx: &mut Cx<'_>) {
        let arrival = Arrival::Place(place.source, place.focus);
        if place.path == self.path && self.sheet.is_some() {
            self.arrive(&arrival, cx);
        } else {
            self.path = place.path;
            self.arrival = arrival;
            self.read(cx);
        }
    }

    pub(super) fn place(&self) -> Place {
        let line = |sheet: &super::Sheet| match sheet.top {
            0 => 0,
            top => sheet.layout.lines.get(top).map_or(0, |line| line.source),
        };
        Place {
            path: self.path.clone(),
            source: self.sheet.as_ref().map_or(0, line),
            focus: self
                .sheet
                .as_ref()
                .and_then(super::Sheet::focused)
                .map(|spot| spot.target),
        }
    }

    /// Remembers where one is before going elsewhere.
    pub(super) fn remember(&mut self, _cx: &Cx<'_>) {
        self.back.push(self.place());
        if self.back.len() > HISTORY {
            self.back.remove(0);
        }
        self.forward.clear();
    }

    /// Asks for the page at the current path. The one on the screen stays until it comes.
    pub(super) fn read(&mut self, cx: &mut Cx<'_>) {
        let Some(book) = self.book().cloned() else {
            return;
        };
        self.nav.reveal(&book.site, &self.path);
        self.finding = None;
        // What is read from its top is shown as soon as it fills the screen.
        let until = if self.arrival == Arrival::Top && self.words.is_empty() {
            2 * usize::from(cx.shared.size.1)
        } else {
            usize::MAX
        };
        self.following = None;
        self.coming = Coming::Page;
        self.generation = cx.next_generation();
        cx.effect(Effect::Docs(DocsWork::Read {
            generation: self.generation,
            book,
            path: self.path.clone(),
            width: super::width(cx.shared),
            reading: self.habits.clone(),
            until,
            begun: None,
        }));
    }

    /// Scrolls to where one arrives on the page; the line of that, which near the end of a page is not the top one.
    pub(super) fn arrive(&mut self, arrival: &Arrival, cx: &mut Cx<'_>) -> usize {
        let rows = cx.drawn.page_rows.max(1);
        let Some(sheet) = &mut self.sheet else {
            return 0;
        };
        let line = match arrival {
            Arrival::Top | Arrival::Place(0, _) => Some(0),
            Arrival::Place(source, _) => Some(sheet.layout.line_of_source(*source)),
            Arrival::Anchor(slug) => sheet.layout.line_of_slug(slug),
        };
        match line {
            Some(line) => sheet.go_to(line, rows),
            None => return self.arrive_later(arrival, cx),
        }
        if let Arrival::Place(_, focus) = arrival {
            sheet.give_focus(*focus);
        }
        line.unwrap_or(0)
    }

    /// Goes to a heading that is not in sight: once all of the page is laid out, or its section is open.
    fn arrive_later(&mut self, arrival: &Arrival, cx: &mut Cx<'_>) -> usize {
        let (Some(sheet), Arrival::Anchor(slug)) = (&mut self.sheet, arrival) else {
            return 0;
        };
        let is_closed = !sheet.reading.sections.is_empty();
        let exists = sheet
            .document
            .headings
            .iter()
            .any(|heading| heading.slug == *slug);
        if (exists || sheet.document.is_beginning) && (is_closed || !sheet.layout.whole) {
            sheet.reading.sections.clear();
            self.arrival = arrival.clone();
            self.lay_out(cx);
        } else {
            cx.say(Notice::info("This page has no such heading."));
        }
        self.sheet.as_ref().map_or(0, |sheet| sheet.top)
    }
}

/// Where a link leads that names an entity: `component:default/x`, and the addresses that a Backstage gives to entities
/// and docs (`/catalog/default/component/x`, `/docs/default/component/x/page/#heading`), with or without its own.
fn elsewhere(link: &str, shared: &Shared) -> Option<Route> {
    let known = |entity_ref: &EntityRef| shared.index.row_of(entity_ref).is_some();
    let entity = |entity_ref: EntityRef| Route::Entity {
        entity_ref,
        tab: EntityTab::Overview,
    };
    let kind = link.split_once(':').map(|(kind, _)| kind);
    if let Some(kind) = kind.filter(|kind| !kind.contains('/') && !link.contains("//")) {
        let context = RefContext {
            kind: Some(kind),
            namespace: DEFAULT_NAMESPACE,
        };
        let named = EntityRef::parse(link, context).ok();
        return named.filter(known).map(entity);
    }
    let (link, anchor) = link.split_once('#').unwrap_or((link, ""));
    let path = link.split_once("://").map_or(link, |(_, rest)| {
        rest.find('/')
            .and_then(|at| rest.get(at..))
            .unwrap_or_default()
    });
    let mut parts = path.trim_start_matches('/').split('/');
    let what = parts
        .next()
        .filter(|what| matches!(*what, "docs" | "catalog"))?;
    let (namespace, kind, name) = (parts.next()?, parts.next()?, parts.next()?);
    let entity_ref = Some(EntityRef::new(kind, namespace, name)).filter(known)?;
    if what == "catalog" {
        return Some(entity(entity_ref));
    }
    let page = parts.collect::<Vec<_>>().join("/");
    Some(Route::Docs {
        entity_ref,
        page: Some(page).filter(|page| !page.is_empty()),
        anchor: Some(anchor.to_owned()).filter(|anchor| !anchor.is_empty()),
        words: String::new(),
    })
}
