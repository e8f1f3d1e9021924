// GraphQL: documents, requests and answers against a published schema.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  GraphQLNonNull, Kind, executeSync, getVariableValues, isAbstractType,
  parse, print, validate,
} from 'graphql';

/** The GraphQL files below a folder, with their paths. */
export function files(dir) {
  const entries = readdirSync(dir, { recursive: true }).filter(name => name.endsWith('.graphql')).sort();
  return entries.map(name => ({ name: join(basename(dir), name), text: readFileSync(join(dir, name), 'utf8') }));
}

/** The operations of some files, each with the fragments that it uses, as a program puts them together. */
export function operations(files) {
  const parsed = files.map(file => ({ ...file, document: parse(file.text) }));
  const is = kind => node => node.kind === kind;
  const fragments = new Map(parsed
    .flatMap(file => file.document.definitions.filter(is(Kind.FRAGMENT_DEFINITION)))
    .map(fragment => [fragment.name.value, fragment]));
  const used = (node, found = new Map()) => {
    for (const [, name] of print(node).matchAll(/\.\.\.\s*(?!on\b)(\w+)/g)) {
      if (found.has(name) || !fragments.has(name)) continue;
      found.set(name, fragments.get(name));
      used(fragments.get(name), found);
    }
    return found;
  };
  return parsed.flatMap(file => file.document.definitions.filter(is(Kind.OPERATION_DEFINITION)).map(operation => ({
    file: file.name,
    name: operation.name?.value,
    document: { kind: Kind.DOCUMENT, definitions: [operation, ...used(operation).values()] },
  })));
}

/** What is wrong with a document. */
export function documentProblems(schema, document) {
  return validate(schema, document).map(error => error.message);
}

/** What is wrong with a request and its answer. */
export function exchangeProblems(schema, { body, answer }) {
  const document = parse(body.query);
  const problems = documentProblems(schema, document);
  if (problems.length) return problems;
  const operation = document.definitions.find(node => node.kind === Kind.OPERATION_DEFINITION);
  const given = body.variables ?? {};
  const declared = operation.variableDefinitions.map(node => node.variable.name.value);
  problems.push(...Object.keys(given).filter(name => !declared.includes(name)).map(name => `$${name} is not declared`));
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions, given);
  problems.push(...errors.map(error => error.message));
  if (!problems.length && answer?.data && !answer.errors?.length) problems.push(...answerProblems(schema, document, given, answer.data));
  return problems;
}

/** What is wrong with the data of an answer: the query is carried out over it, each field by its name in the answer. */
function answerProblems(schema, document, variableValues, rootValue) {
  const { data, errors = [] } = executeSync({
    schema, document, variableValues, rootValue,
    fieldResolver: (source, _arguments, _context, info) => source[info.path.key],
    typeResolver: (value, _context, info, abstract) => value.__typename ?? guess(info, abstract, value),
  });
  const problems = errors.map(error => `answer: ${error.path?.join('.')}: ${error.message}`);
  if (!problems.length && JSON.stringify(sorted(data)) !== JSON.stringify(sorted(rootValue))) {
    problems.push('answer: holds what was not asked for');
  }
  return problems;
}

/** The type of an object that does not say: the one of which just its fields were asked. */
function guess({ schema, fieldNodes, fragments }, abstract, value) {
  const asked = type => new Set(fieldNodes.flatMap(node => [...names(schema, fragments, type, node.selectionSet)]));
  const fitting = schema.getPossibleTypes(abstract)
    .map(type => ({ type, names: asked(type) }))
    .filter(({ names }) => Object.keys(value).every(key => names.has(key)))
    .sort((a, b) => a.names.size - b.names.size);
  return (fitting[0]?.type ?? schema.getPossibleTypes(abstract)[0]).name;
}

/** The names under which an answer holds what is asked of a type. */
function names(schema, fragments, type, { selections }) {
  return selections.flatMap(selection => {
    if (selection.kind === Kind.FIELD) return [(selection.alias ?? selection.name).value];
    const inner = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
    const on = inner.typeCondition && schema.getType(inner.typeCondition.name.value);
    const holds = !on || on === type || (isAbstractType(on) && schema.isSubType(on, type));
    return holds ? names(schema, fragments, type, inner.selectionSet) : [];
  });
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]));
}

/** What a part of a schema, in the forge's own few words, says differently from the whole. */
export function subsetProblems(schema, text) {
  const problems = [];
  for (const part of parse(text).definitions) {
    const name = part.name.value;
    const type = schema.getType(name);
    if (!type) {
      problems.push(`${name} is not there`);
      continue;
    }
    for (const interfaced of part.interfaces ?? []) {
      const other = schema.getType(interfaced.name.value);
      if (!isAbstractType(other) || !schema.isSubType(other, type)) problems.push(`${name} is no ${interfaced.name.value}`);
    }
    for (const field of part.fields ?? []) problems.push(...fieldProblems(name, type.getFields()[field.name.value], field));
  }
  return problems;
}

function fieldProblems(name, published, field) {
  const at = `${name}.${field.name.value}`;
  if (!published) return [`${at} is not there`];
  const problems = [];
  const compare = (what, type, mine) => {
    if (String(type) !== print(mine)) problems.push(`${what} is ${type}, not ${print(mine)}`);
  };
  compare(at, published.type, field.type);
  for (const argument of field.arguments ?? []) {
    const other = published.args.find(it => it.name === argument.name.value);
    if (other) compare(`${at}(${other.name})`, other.type, argument.type);
    else problems.push(`${at}(${argument.name.value}) is not there`);
  }
  const needed = published.args.filter(it => it.type instanceof GraphQLNonNull && it.defaultValue === undefined);
  const missing = needed.filter(it => !field.arguments?.some(mine => mine.name.value === it.name));
  return [...problems, ...missing.map(it => `${at}(${it.name}) is missing`)];
}
