// What Backstage's form makes of pages of templates: rjsf 5.24.13 as @backstage/plugin-scaffolder-react 2.1.0 runs it.
//
//   npm i --ignore-scripts @rjsf/{core,utils,validator-ajv8}@5.24.13 ajv-errors react@18 react-dom@18 flatted yaml
//   npm pack @backstage/plugin-scaffolder-react@2.1.0        # unpacked as ./scaffolder-react
//   NODE_PATH=… node oracle.mjs DIR > ../fixtures/templates/forms.jsonl
//   node oracle.mjs DIR FILE.yaml… > /tmp/corpus.jsonl       # the pages of these templates, with random answers
//
// DIR holds the node_modules. A line: the page, the answers given, `state` (what the form holds once it stands), `fields`
// (what it shows: [path, class]) and `errors` ([path, keyword], for the author's own words [path, "errorMessage", words]).

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [dir, ...files] = process.argv.slice(2);
const require = createRequire(`${dir}/package.json`);
const React = require('react');
const { renderToStaticMarkup } = require('react-dom/server');
const { default: Form } = require('@rjsf/core');
const { customizeValidator } = require('@rjsf/validator-ajv8');
const ajvErrors = require('ajv-errors').default ?? require('ajv-errors');
const { retrieveSchema } = require('@rjsf/utils');
const { extractSchemaFromStep } = await import(pathToFileURL(`${dir}/schema.mjs`));

console.warn = console.error = () => {};
const EXTENSIONS = ['EntityPicker', 'MultiEntityPicker', 'EntityNamePicker', 'EntityTagsPicker', 'MyGroupsPicker',
  'OwnedEntityPicker', 'OwnerPicker', 'RepoUrlPicker', 'RepoBranchPicker', 'RepoOwnerPicker', 'Secret'];
const fields = Object.fromEntries(EXTENSIONS.map(name => [name,
  props => React.createElement('input', { id: props.idSchema.$id, type: 'extension' })]));
const templates = Object.fromEntries(['ErrorListTemplate', 'DescriptionFieldTemplate', 'FieldHelpTemplate']
  .map(name => [name, () => null]));

const pointer = path => path.split('/').slice(1).map(p => `/${p}`).join('');

/** The controls of the markup, in order. */
function controls(html) {
  const found = [];
  const tag = /<(input|select|textarea|fieldset)\b([^>]*)>/g;
  for (let match; (match = tag.exec(html));) {
    const attribute = name => new RegExp(`\\b${name}="([^"]*)"`).exec(match[2])?.[1];
    const id = attribute('id')?.replace(/&amp;/g, '&').replace(/&quot;/g, '"').replace(/&#x27;/g, "'");
    const type = attribute('type');
    if (!id?.startsWith('root') || id.endsWith('-key') || type === 'hidden') continue;
    const kind = match[1] === 'fieldset' ? 'group'
      : match[1] === 'select' ? (/\bmultiple\b/.test(match[2]) ? 'many' : 'choice')
      : match[1] === 'textarea' ? 'text'
      : type === 'number' || type === 'range' ? 'number'
      : type === 'checkbox' ? 'checkbox' : type === 'radio' ? 'choice' : type === 'extension' ? 'extension' : 'text';
    let path = id.slice(4);
    if (kind === 'checkbox' && /-\d+$/.test(path)) {
      path = path.replace(/-\d+$/, '');
      if (!found.some(([other, k]) => other === path && k === 'many')) found.push([path, 'many']);
      continue;
    }
    if (type === 'radio') path = path.replace(/-\d+$/, '');
    if (path === '' || found.some(([other, k]) => other === path && k === kind)) continue;
    found.push([path, kind]);
  }
  return found;
}

/** What the form says to `page` with the answers `data`. */
function ask(page, data) {
  const validator = customizeValidator();
  ajvErrors(validator.ajv);
  const { uiSchema, schema: whole } = extractSchemaFromStep(page);
  const { title, ...schema } = whole;
  // A layout of somebody's own is ignored by a Backstage that has it not.
  delete uiSchema['ui:ObjectFieldTemplate'];
  const off = key => uiSchema[key]?.['ui:backstage']?.featureFlag || page.properties?.[key]?.['backstage:featureFlag'];
  if (schema.properties || !schema.dependencies) {
    schema.properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([key]) => !off(key)));
    if (Array.isArray(schema.required)) schema.required = schema.required.filter(key => !off(key) || !page.properties?.[key]);
  }
  let state = structuredClone(data);
  let html = '';
  for (let round = 0; round < 16; round++) {
    let next;
    html = renderToStaticMarkup(React.createElement(Form, {
      schema, uiSchema, validator, fields, templates, formData: state, idSeparator: '/', noHtml5Validate: true,
      experimental_defaultFormStateBehavior: { allOf: 'populateDefaults' },
      onChange: event => { next = { ...state, ...event.formData }; },
    }));
    if (next === undefined || JSON.stringify(next) === JSON.stringify(state)) break;
    state = next;
  }
  state = JSON.parse(JSON.stringify(state));
  const resolved = retrieveSchema(validator, schema, schema, state);
  const { errors, validationError } = validator.rawValidation(resolved, state);
  if (validationError) throw validationError;
  const wrong = (errors ?? []).filter(e => e.keyword !== 'if').map(e => e.keyword === 'errorMessage'
    ? [e.instancePath, e.keyword, e.message]
    : [e.instancePath + (e.params.missingProperty && e.keyword === 'required' ? `/${e.params.missingProperty}` : ''), e.keyword]);
  return { page, data, state, fields: controls(html), errors: wrong };
}

// Random numbers that are the same each time.
let seed = 7;
const random = n => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return Math.floor((seed / 4294967296) * n);
};
const pick = list => list[random(list.length)];

/** An answer that fits `schema` more or less. */
function answer(schema, depth = 0) {
  if (typeof schema !== 'object' || schema === null || depth > 5) return undefined;
  if (random(10) === 0) return pick(['', 'x', 0, 3, true, false, [], 'A b!']);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return pick(schema.enum);
  const type = Array.isArray(schema.type) ? pick(schema.type) : schema.type ?? (schema.properties ? 'object' : 'string');
  const one = schema.oneOf ?? schema.anyOf;
  if (one?.length && type !== 'object') return answer(pick(one), depth + 1);
  switch (type) {
    case 'boolean': return random(2) === 0;
    case 'integer': return random(12) - 2;
    case 'number': return (random(120) - 10) / 4;
    case 'null': return null;
    case 'array': {
      const item = Array.isArray(schema.items) ? schema.items : [schema.items ?? {}];
      return Array.from({ length: random(4) }, (_, n) => answer(item[Math.min(n, item.length - 1)], depth + 1) ?? 'x');
    }
    case 'object': return answers(schema, depth + 1);
    default: return pick(['abc', 'my-svc', 'Not Right', 'https://example.com/x', 'a@b.co', '2026-01-31', 'x', schema.default ?? 'yes']);
  }
}

function answers(schema, depth = 0) {
  const all = {};
  const visit = (node, deep) => {
    if (typeof node !== 'object' || node === null || deep > 4) return;
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      if (random(3) > 0 && all[name] === undefined) {
        const value = answer(property, depth + 1);
        if (value !== undefined) all[name] = value;
      }
    }
    for (const key of ['oneOf', 'anyOf', 'allOf']) for (const member of node[key] ?? []) visit(member, deep + 1);
    for (const member of Object.values(node.dependencies ?? {})) visit(member, deep + 1);
    visit(node.then, deep + 1);
    visit(node.else, deep + 1);
  };
  visit(schema, 0);
  return all;
}

const cases = [];
if (files.length) {
  const yaml = require('yaml');
  for (const file of files) {
    for (const document of yaml.parseAllDocuments(readFileSync(file, 'utf8'))) {
      const entity = document.toJS();
      if (entity?.kind !== 'Template') continue;
      for (const page of [entity.spec?.parameters ?? []].flat()) {
        if (typeof page !== 'object' || page === null) continue;
        for (let n = 0; n < 5; n++) cases.push([page, n === 0 ? {} : answers(page)]);
      }
    }
  }
} else {
  const own = await import('./cases.mjs');
  for (const [page, ...given] of own.cases) {
    for (const data of [{}, ...given]) cases.push([page, data]);
    cases.push([page, answers(page)]);
  }
  for (const page of own.composed(pick, random)) {
    cases.push([page, {}]);
    cases.push([page, answers(page)]);
    cases.push([page, answers(page)]);
  }
}
let failed = 0;
for (const [page, data] of cases) {
  try {
    process.stdout.write(`${JSON.stringify(ask(page, data))}\n`);
  } catch (error) {
    failed += 1;
    if (process.env.WHY) process.stderr.write(`${String(error).slice(0, 160)}\n`);
  }
}
process.stderr.write(`${cases.length - failed} answers, ${failed} pages that rjsf cannot show\n`);
