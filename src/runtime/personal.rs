//! What a search goes by beside the index: who asks, what they starred, visited and saved, and what the record knows.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::catalog::Index;
use crate::catalog::ask::Ask;
use crate::catalog::index::RowSet;
use crate::search::{self, Completion, Context, Entering, Query};
use crate::store::{Store, StoreError};
use crate::sync::Session;

/// How many visits are remembered, and how many of them are listed.
const VISITS: usize = 500;
const LISTED: usize = 50;
/// How many answers are kept: typing an annotation's value asks anew with each letter.
const ANSWERS: usize = 32;

/// Who the user is, what they starred and visited, and the queries they saved; of two with one name theirs counts, not the
/// configuration's.
pub(crate) fn context(
    store: &Store,
    index: &Index,
    session: &Session,
) -> Result<Context, StoreError> {
    let visits = store.visits(VISITS)?;
    let mut saved = session.config.queries.clone();
    saved.extend(store.queries()?);
    Ok(Context {
        identity: search::identity::resolve(index, session.me().as_ref()),
        stars: store.stars()?,
        heat: visits
            .iter()
            .map(|visit| (visit.entity.clone(), visit.heat))
            .collect(),
        visits: visits
            .into_iter()
            .take(LISTED)
            .map(|visit| visit.entity)
            .collect(),
        saved,
        answers: HashMap::new(),
    })
}

/// The labels or annotations that could be typed next at the end of `text`; `None` where something else is typed, nobody
/// waits any more, or the record cannot be read, which is told elsewhere.
pub(crate) fn entries(
    store: &Store,
    index: &Index,
    text: &str,
    context: &Context,
    stopped: &dyn Fn() -> bool,
) -> Option<Vec<Completion>> {
    let entering = Entering::at(text, text.len())?;
    let left = entering.left(index, context);
    let counted = store.entries(index, entering.wanted(), &left, stopped);
    Some(entering.offers(counted.ok()??))
}

/// What the record answered to searches, kept while the catalog stays the same.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The index whose rows are meant.
    index: Option<Index>,
    /// The answers, the latest last.
    answers: Vec<(Ask, RowSet)>,
}

impl Answers {
    /// `context` with what the record answers to `query`; without where it cannot be read, for that is told elsewhere.
    pub(crate) fn with<'a>(
        &self,
        store: &Store,
        index: &Index,
        query: &Query,
        context: &'a Context,
        stopped: &dyn Fn() -> bool,
    ) -> Cow<'a, Context> {
        self.asked(store, index, query, context, stopped)
            .unwrap_or(Cow::Borrowed(context))
    }

    /// The same, with what hinders it.
    pub(crate) fn asked<'a>(
        &self,
        store: &Store,
        index: &Index,
        query: &Query,
        context: &'a Context,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Cow<'a, Context>, StoreError> {
        let asks = query.asks(context);
        if asks.is_empty() {
            return Ok(Cow::Borrowed(context));
        }
        let mut context = context.clone();
        for ask in asks {
            let answer = match self.kept(index, &ask) {
                Some(rows) => Some(rows),
                None => store.answer(index, &ask, stopped)?,
            };
            let Some(rows) = answer else {
                break;
            };
            self.keep(index, &ask, &rows);
            context.answers.insert(ask, rows);
        }
        Ok(Cow::Owned(context))
    }

    fn kept(&self, index: &Index, ask: &Ask) -> Option<RowSet> {
        // What changed within a day is another set a day later.
        if matches!(ask, Ask::Updated(_)) {
            return None;
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let same = kept.index.as_ref().is_some_and(|of| of.is_same(index));
        let mut answers = kept.answers.iter().filter(|_| same);
        answers
            .find(|(known, _)| known == ask)
            .map(|(_, rows)| rows.clone())
    }

    fn keep(&self, index: &Index, ask: &Ask, rows: &RowSet) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.index.as_ref().is_some_and(|of| of.is_same(index)) {
            kept.index = Some(index.clone());
            kept.answers.clear();
        }
        kept.answers.retain(|(known, _)| known != ask);
        if kept.answers.len() >= ANSWERS {
            kept.answers.remove(0);
        }
        kept.answers.push((ask.clone(), rows.clone()));
    }
}
