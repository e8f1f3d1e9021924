//! Entities and relations → the bytes of an index, one entity at a time, so that a large catalog is never whole in
//! memory.

use std::collections::HashMap;

use super::layout::{MISSING, NO_VALUE, Section, Texts, Writer, narrow};
use super::runs::Runs;
use super::words::Words;
use super::{Facet, IndexError, Row, Tally};
use crate::catalog::entity_ref::RefContext;
use crate::catalog::fold::{char_mask, start_mask};
use crate::catalog::text::one_line;
use crate::catalog::{Entity, EntityRef, Kind, RelationType};

/// How many characters of a description the list keeps.
const DESCRIPTION_LEN: usize = 200;

/// Collects what an index keeps.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    entries: Vec<Entry>,
    refs: HashMap<EntityRef, RefId>,
    /// By [`RefId`]: the entry with that reference.
    described: Vec<Option<u32>>,
    dictionaries: [Dictionary; Facet::ALL.len()],
    /// The type by its place in `RelationType::ALL`.
    relations: Vec<(RefId, u8, RefId)>,
}

/// A reference that an [`IndexBuilder`] knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefId(u32);

/// What is kept of one entity. Codes are those of the unsorted dictionaries.
#[derive(Debug)]
struct Entry {
    id: RefId,
    name: String,
    title: String,
    description: String,
    codes: [u32; Facet::ALL.len()],
    tags: Vec<u32>,
    tag_text: String,
    problems: Tally,
    has_docs: bool,
}

/// The values of a facet in the order in which they came.
#[derive(Debug, Default)]
struct Dictionary {
    codes: HashMap<String, u32>,
}

impl Dictionary {
    fn code(&mut self, value: &str) -> Result<u32, IndexError> {
        if value.is_empty() {
            return Ok(NO_VALUE);
        }
        if let Some(&code) = self.codes.get(value) {
            return Ok(code);
        }
        let code = narrow(self.codes.len())?;
        self.codes.insert(value.to_owned(), code);
        Ok(code)
    }

    /// Its values in the order of the index, and by code the place of each there.
    fn sorted(&self, facet: Facet) -> Result<(Vec<&str>, Vec<u32>), IndexError> {
        let mut values: Vec<(&str, u32)> = self.codes.iter().map(|(v, &c)| (&**v, c)).collect();
        values.sort_by_cached_key(|(value, _)| value_key(facet, value));
        let mut places = vec![0; values.len()];
        for (place, (_, code)) in values.iter().enumerate() {
            if let Some(to) = places.get_mut(*code as usize) {
                *to = narrow(place)?;
            }
        }
        Ok((values.into_iter().map(|(value, _)| value).collect(), places))
    }
}

impl IndexBuilder {
    /// Takes in an entity with the number of its findings. Of two with one reference the first stays.
    pub fn push(&mut self, entity: &Entity, problems: Tally) -> Result<(), IndexError> {
        let id = self.intern(&entity.entity_ref)?;
        let number = narrow(self.entries.len())?;
        match self.described.get_mut(id.0 as usize) {
            Some(slot @ None) => *slot = Some(number),
            _ => return Ok(()),
        }
        let tags: Vec<String> = entity.tags().map(one_line).collect();
        let owner = entity.owner().map(|owner| owner.to_string());
        let system = system_of(entity).map(|system| system.to_string());
        let mut codes = [NO_VALUE; Facet::ALL.len()];
        for (facet, value) in [
            (Facet::Kind, written_kind(entity)),
            (Facet::Type, &*spec_text(entity, "type")),
            (Facet::Owner, owner.as_deref().unwrap_or_default()),
            (Facet::System, system.as_deref().unwrap_or_default()),
            (Facet::Lifecycle, &*spec_text(entity, "lifecycle")),
            (Facet::Namespace, entity.entity_ref.namespace()),
        ] {
            codes[facet as usize] = self.dictionaries[facet as usize].code(value)?;
        }
        let mut tag_codes = Vec::with_capacity(tags.len());
        for tag in tags.iter().filter(|tag| !tag.is_empty()) {
            tag_codes.push(self.dictionaries[Facet::Tag as usize].code(tag)?);
        }
        tag_codes.sort_unstable();
        tag_codes.dedup();
        self.entries.push(Entry {
            id,
            name: written_name(entity).to_owned(),
            title: one_line(title(entity)),
            description: shortened(entity.description().unwrap_or_default()),
            codes,
            tags: tag_codes,
            tag_text: tags.join(" "),
            problems,
            has_docs: entity.has_docs(),
        });
        Ok(())
    }

    /// Makes a reference known, for [`IndexBuilder::relate`].
    pub fn intern(&mut self, entity_ref: &EntityRef) -> Result<RefId, IndexError> {
        if let Some(&id) = self.refs.get(entity_ref) {
            return Ok(id);
        }
        let id = RefId(narrow(self.described.len())?);
        self.described.push(None);
        self.refs.insert(entity_ref.clone(), id);
        Ok(id)
    }

    /// Takes in a relation that is shown at `source`.
    pub fn relate(&mut self, source: RefId, relation_type: RelationType, target: RefId) {
        self.relations
            .push((source, type_code(relation_type), target));
    }

    /// Lays everything out.
    pub fn finish(self) -> Result<Vec<u8>, IndexError> {
        let mut refs: Vec<(&EntityRef, RefId)> = self.refs.iter().map(|(r, &id)| (r, id)).collect();
        refs.sort_unstable();
        let mut names: Vec<Option<&EntityRef>> = vec![None; refs.len()];
        for &(entity_ref, id) in &refs {
            names[id.0 as usize] = Some(entity_ref);
        }
        let reference = |entry: &Entry| names[entry.id.0 as usize];
        let folded = |entry: &Entry| reference(entry).map_or("", EntityRef::name);

        let mut order: Vec<&Entry> = self.entries.iter().collect();
        order.sort_by_cached_key(|entry| {
            let of = reference(entry);
            let kind = of.map(|r| (Kind::parse(r.kind()), r.kind()));
            (folded(entry), kind, of.map(EntityRef::namespace))
        });
        let mut rows: Vec<Option<Row>> = vec![None; self.described.len()];
        for (row, entry) in order.iter().enumerate() {
            rows[entry.id.0 as usize] = Some(Row(narrow(row)?));
        }
        if order.len() >= MISSING as usize {
            return Err(IndexError::TooLarge);
        }

        let mut out = Writer::new(order.len());
        out.texts(Texts::NAMES, order.iter().map(|e| &*e.name))?;
        out.texts(Texts::FOLDED_NAMES, order.iter().map(|e| folded(e)))?;
        out.texts(Texts::TITLES, order.iter().map(|e| &*e.title))?;
        let titles: Vec<String> = order.iter().map(|e| e.title.to_lowercase()).collect();
        out.texts(Texts::FOLDED_TITLES, titles.iter().map(|t| &**t))?;
        out.texts(Texts::DESCRIPTIONS, order.iter().map(|e| &*e.description))?;
        out.texts(Texts::TAGS, order.iter().map(|e| &*e.tag_text))?;
        out.section(
            Section::NAME_MASKS,
            &collect(&order, |e| char_mask(&e.name)),
        );
        out.section(
            Section::NAME_STARTS,
            &collect(&order, |e| start_mask(&e.name)),
        );
        out.section(
            Section::TITLE_MASKS,
            &collect(&order, |e| char_mask(&e.title)),
        );
        out.section(
            Section::TITLE_STARTS,
            &collect(&order, |e| start_mask(&e.title)),
        );
        out.section(Section::PROBLEMS, &collect(&order, |e| e.problems.total()));
        let errors = |entry: &Entry| u8::try_from(entry.problems.errors).unwrap_or(u8::MAX);
        out.section(Section::ERRORS, &collect(&order, errors));
        out.section(Section::DOCS, &collect(&order, |e| u8::from(e.has_docs)));
        let by_ref = refs.iter().filter_map(|(_, id)| rows[id.0 as usize]);
        out.section(
            Section::BY_REF,
            &by_ref.map(|row| row.0).collect::<Vec<_>>(),
        );
        let (mut words, mut runs) = (Words::default(), Runs::default());
        for (row, entry) in (0..).zip(&order) {
            words.add(row, &entry.description);
            runs.add(row, &entry.name, &entry.title);
        }
        words.write(&mut out)?;
        runs.write(&mut out)?;
        for facet in Facet::ALL {
            self.write_facet(&mut out, facet, &order)?;
        }
        self.write_relations(&mut out, &refs, &rows)?;
        Ok(out.finish())
    }

    fn write_facet(
        &self,
        out: &mut Writer,
        facet: Facet,
        order: &[&Entry],
    ) -> Result<(), IndexError> {
        let (values, places) = self.dictionaries[facet as usize].sorted(facet)?;
        let place = |code: &u32| places.get(*code as usize).copied().unwrap_or(NO_VALUE);
        let mut starts = vec![0_u32];
        let mut codes: Vec<u32> = Vec::with_capacity(order.len());
        for entry in order {
            if facet == Facet::Tag {
                let first = codes.len();
                codes.extend(entry.tags.iter().map(place));
                codes[first..].sort_unstable();
            } else {
                codes.push(place(&entry.codes[facet as usize]));
            }
            starts.push(narrow(codes.len())?);
        }
        let pairs = starts.windows(2).zip(0_u32..).flat_map(|(span, row)| {
            let codes = &codes[span[0] as usize..span[1] as usize];
            codes.iter().map(move |&code| (code, row))
        });
        let (posting_starts, postings) = grouped(values.len(), || {
            pairs.clone().filter(|(code, _)| *code != NO_VALUE)
        })?;
        out.section(Section::posting_starts(facet), &posting_starts);
        out.section(Section::postings(facet), &postings);
        out.texts(Texts::values(facet), values.into_iter())?;
        out.section(Section::codes(facet), &codes);
        if facet == Facet::Tag {
            out.section(Section::TAG_STARTS, &starts);
        }
        Ok(())
    }

    /// `refs` in order; `rows` by [`RefId`].
    fn write_relations(
        &self,
        out: &mut Writer,
        refs: &[(&EntityRef, RefId)],
        rows: &[Option<Row>],
    ) -> Result<(), IndexError> {
        let mut ranks = vec![0_u32; refs.len()];
        for (rank, (_, id)) in refs.iter().enumerate() {
            ranks[id.0 as usize] = narrow(rank)?;
        }
        let count = rows.iter().flatten().count();
        let shown = || {
            self.relations
                .iter()
                .filter_map(|(source, relation_type, target)| {
                    let row = rows[source.0 as usize]?;
                    Some((row.0, (*relation_type, ranks[target.0 as usize])))
                })
        };
        let mut is_target = vec![false; refs.len()];
        for (_, (_, rank)) in shown() {
            is_target[rank as usize] = true;
        }
        // By rank: the row, or the number among the texts of what is missing.
        let mut codes = vec![MISSING; refs.len()];
        let mut missing: Vec<String> = Vec::new();
        for (rank, (target, id)) in refs.iter().enumerate() {
            if let Some(row) = rows[id.0 as usize] {
                codes[rank] = row.0;
            } else if is_target[rank] {
                codes[rank] = narrow(missing.len())? | MISSING;
                missing.push(target.to_string());
            }
        }
        let (unsorted_starts, mut unsorted) = grouped(count, shown)?;
        let mut starts = vec![0_u32];
        let mut types: Vec<u8> = Vec::with_capacity(unsorted.len());
        let mut targets: Vec<u32> = Vec::with_capacity(unsorted.len());
        for span in unsorted_starts.windows(2) {
            let of_row = &mut unsorted[span[0] as usize..span[1] as usize];
            of_row.sort_unstable();
            let mut last = None;
            for &relation in of_row.iter() {
                if last.replace(relation) != Some(relation) {
                    let (relation_type, rank) = relation;
                    types.push(relation_type);
                    targets.push(codes[rank as usize]);
                }
            }
            starts.push(narrow(targets.len())?);
        }
        out.section(Section::RELATION_STARTS, &starts);
        out.section(Section::RELATION_TYPES, &types);
        out.section(Section::RELATION_TARGETS, &targets);
        out.texts(Texts::MISSING, missing.iter().map(|r| &**r))
    }
}

/// By what the values of a facet are ordered.
pub(super) fn value_key(facet: Facet, value: &str) -> (Option<Kind>, String, String) {
    let kind = (facet == Facet::Kind).then(|| Kind::parse(value));
    (kind, value.to_lowercase(), value.to_owned())
}

fn collect<T>(order: &[&Entry], value: impl Fn(&Entry) -> T) -> Vec<T> {
    order.iter().map(|entry| value(entry)).collect()
}

/// `pairs` of a group below `groups` and an item, as where each group begins and the items group by group, in their
/// order. `pairs` is asked for twice.
fn grouped<T: Copy + Default, I: Iterator<Item = (u32, T)>>(
    groups: usize,
    pairs: impl Fn() -> I,
) -> Result<(Vec<u32>, Vec<T>), IndexError> {
    let mut starts = vec![0_u32; groups + 1];
    for (group, _) in pairs() {
        starts[group as usize + 1] += 1;
    }
    let mut sum = 0_usize;
    for start in &mut starts {
        sum += *start as usize;
        *start = narrow(sum)?;
    }
    let mut next = starts.clone();
    let mut items = vec![T::default(); sum];
    for (group, item) in pairs() {
        let at = &mut next[group as usize];
        items[*at as usize] = item;
        *at += 1;
    }
    Ok((starts, items))
}

/// The place of a type in `RelationType::ALL`.
fn type_code(relation_type: RelationType) -> u8 {
    let place = RelationType::ALL.iter().position(|t| *t == relation_type);
    place.and_then(|p| u8::try_from(p).ok()).unwrap_or(u8::MAX)
}

/// The kind as written, or as in the reference if the two are not the same kind.
fn written_kind(entity: &Entity) -> &str {
    let written = entity.kind_name();
    let same = written
        .chars()
        .flat_map(char::to_lowercase)
        .eq(entity.entity_ref.kind().chars());
    if same {
        written
    } else {
        entity.entity_ref.kind()
    }
}

/// The name as written, or as in the reference if the two are not the same name.
fn written_name(entity: &Entity) -> &str {
    let written = entity.name();
    if written.to_lowercase() == entity.entity_ref.name() {
        written
    } else {
        entity.entity_ref.name()
    }
}

fn title(entity: &Entity) -> &str {
    entity
        .title()
        .or_else(|| entity.spec("profile")?.get("displayName")?.as_str())
        .unwrap_or_default()
}

fn spec_text(entity: &Entity, key: &str) -> String {
    one_line(entity.spec_str(key).unwrap_or_default())
}

fn system_of(entity: &Entity) -> Option<EntityRef> {
    let context = RefContext {
        kind: Some("system"),
        namespace: entity.entity_ref.namespace(),
    };
    EntityRef::parse(entity.spec_str("system")?, context).ok()
}

fn shortened(description: &str) -> String {
    // A description may be megabytes long: only as much of it is folded as can be kept.
    let head: String = description.chars().take(DESCRIPTION_LEN * 4).collect();
    one_line(&head).chars().take(DESCRIPTION_LEN).collect()
}
