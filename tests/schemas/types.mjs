// REST: requests and answers against published TypeScript types. Each exchange becomes a few declarations in one file, which
// the compiler is asked about: an answer is a part of what its type says, a query has no parameter that is not there.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';

const require = createRequire(import.meta.url);

/** What is wrong with each of `exchanges`, by its name, `GET /path`; `dir` holds the packages and `wire.ts`. */
export function problems(dir, exchanges) {
  const declared = [];
  const found = new Map();
  const lines = readFileSync(join(dir, 'wire.ts'), 'utf8').split('\n');
  for (const exchange of exchanges) {
    const name = `${exchange.method} ${exchange.path}`;
    const host = HOSTS.find(host => host.below.test(exchange.path));
    if (!host) continue;
    if (!found.has(name)) found.set(name, []);
    const told = host.types(dir, exchange);
    if (typeof told === 'string') {
      found.get(name).push(told);
      continue;
    }
    found.get(name).push(...told.problems ?? []);
    const declare = (type, value) => {
      if (!type) return;
      const text = JSON.stringify(value).replaceAll('\u2028', '\\u2028');
      declared[lines.length] = name;
      lines.push(`export const v${lines.length}: ${type} = ${text};`);
    };
    if (exchange.status === 200) declare(told.body, shortened(exchange.answer, told.without));
    const query = Object.fromEntries(new URLSearchParams(exchange.query));
    declare(told.query, query);
  }
  const file = join(dir, 'exchanges.ts');
  writeFileSync(file, lines.join('\n'));
  const program = ts.createProgram([file], {
    strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ESNext, lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, allowImportingTsExtensions: true,
  });
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    const at = diagnostic.file && diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line;
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ').slice(0, 400);
    const name = diagnostic.file?.fileName === file ? declared[at] : undefined;
    if (!found.has(name ?? 'types')) found.set(name ?? 'types', []);
    found.get(name ?? 'types').push(text);
  }
  return found;
}

/** Lists to their first few items: the others are like them. What is called `without` is left out. */
function shortened(value, without) {
  if (Array.isArray(value)) return value.slice(0, 5).map(it => shortened(it, without));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([key]) => key !== without);
  return Object.fromEntries(entries.slice(0, 60).map(([key, inner]) => [key, shortened(inner, without)]));
}

const texts = new Map();
function text(dir, path) {
  if (!texts.has(path)) texts.set(path, readFileSync(join(dir, 'node_modules', path), 'utf8'));
  return texts.get(path);
}

/** The template of which `path` is one, that with the fewest parameters; what is last in an open one may be any path. */
function template(templates, path, isOpen = () => false) {
  const fits = templates.filter(it => {
    const names = it.replace(/\/$/, '').split('/');
    const open = isOpen(it);
    const parts = (open ? path : path.replace(/\/$/, '')).split('/');
    if (open ? parts.length < names.length : parts.length !== names.length) return false;
    const isAny = at => open && at === names.length - 1;
    return names.every((name, at) => name.startsWith('{') ? isAny(at) || parts[at] !== '' : name === parts[at]);
  });
  const parameters = it => it.split('{').length;
  return fits.sort((a, b) => parameters(a) - parameters(b) || b.length - a.length)[0];
}

/** Routes by the comments of generated methods. */
function gitea(dir, { method, path }) {
  const source = text(dir, 'gitea-js/dist/index.d.ts');
  const routes = new Map([...source.matchAll(/@request (\w+):(\S+)[\s\S]*?\*\/\s+(\w+): \(/g)]
    .map(([, verb, route, name]) => [`${verb} ${route}`, name]));
  const ours = path.replace('/api/v1', '');
  const verbs = [...routes.keys()].filter(it => it.startsWith(`${method} `)).map(it => it.slice(method.length + 1));
  const route = template(verbs, ours, it => it.endsWith('{filepath}'));
  // The types are those of Gitea 1.23; runs came with 1.25, and Forgejo has them.
  if (!route && ours.endsWith('/actions/runs')) return {};
  if (!route) return 'no such path';
  const group = `'${route.split('/')[1]}'`;
  const of = `Method<${group}, '${routes.get(`${method} ${route}`)}'>`;
  const parameters = (route.match(/\{/g) ?? []).length;
  return {
    body: `${of}['body']`,
    query: `Named<NonNullable<${of}['query'][${parameters}]>>`,
    // A login is told under its old name as well, which the description leaves out.
    without: 'username',
  };
}

function openapi(package_, type, above) {
  return (dir, { method, path, query }) => {
    const source = text(dir, `@coderabbitai/bitbucket/dist/${package_}/openapi/openapi-typescript.d.ts`);
    const paths = [...source.matchAll(/^ {4}readonly "(\/[^"]*)": \{/gm)].map(([, route]) => route);
    const route = template(paths, above(path), it => /\{(path|name)\}$/.test(it));
    if (!route) return 'no such path';
    const operation = `${type}[${JSON.stringify(route)}][${JSON.stringify(method.toLowerCase())}]`;
    // A file is no JSON, whatever it holds.
    const isFile = /\/(src|raw)\//.test(path) && !new URLSearchParams(query).has('max_depth');
    // The kinds of a Bitbucket Cloud are said to be that which they have in common: `pipeline_state` is `pipeline_state_completed`.
    const cloud = type === 'Cloud';
    return {
      body: isFile ? undefined : `Body<${operation}${cloud ? ", 'type'" : ''}>`,
      query: cloud ? `Omit<Query<${operation}>, keyof General> & General` : `Query<${operation}>`,
      // Who proposes a pull request is in what a server says of one, and in no description of that.
      without: !cloud && route.endsWith('/pull-requests') ? 'author' : undefined,
    };
  };
}

/**
 * Azure's types come without routes: those are told here, with the method that names the parameters of its query, the type
 * that names its enumerations, and parameters that only the documentation has.
 */
const AZURE = [
  [/\/_apis\/git\/repositories$/, 'List<Git.GitRepository>', 'GitApi.getRepositories', 'GitRepository'],
  [/\/_apis\/git\/repositories\/[^/]+$/, 'Wire<Git.GitRepository>', 'GitApi.getRepository', 'GitRepository'],
  [/\/items$/, 'List<Git.GitItem> | Wire<Git.GitItem>', 'GitApi.getItems', 'GitItem', ['path', 'includeContent']],
  [/\/commits$/, 'List<Git.GitCommitRef>', 'GitApi.getCommits', 'GitCommitRef'],
  [/\/pullrequests$/, 'List<Git.GitPullRequest>', 'GitApi.getPullRequests', 'GitPullRequest'],
  [/\/refs$/, 'List<Git.GitRef>', 'GitApi.getRefs', 'GitRef', ['$top']],
  [/\/blobs\/[^/]+$/, undefined, 'GitApi.getBlob', undefined, ['$format']],
  [/\/_apis\/build\/builds$/, 'List<Build.Build>', 'BuildApi.getBuilds', 'Build'],
  [/\/languagemetrics$/, 'Wire<ProjectAnalysis.ProjectLanguageAnalytics>', 'ProjectAnalysisApi.getProjectLanguageAnalytics', 'ProjectLanguageAnalytics'],
  [/\/alerts$/, 'List<Alert.Alert>', 'AlertApi.getAlerts', 'Alert'],
  [/\/connectionData$/, 'Wire<Locations.ConnectionData>', 'LocationsApi.getConnectionData'],
];

function azure(dir, { path, query, status, answer }) {
  const [, body, called, name, also = []] = AZURE.find(([route]) => route.test(path)) ?? [];
  if (!called) return 'no such path';
  const [api, method] = called.split('.');
  const source = text(dir, `azure-devops-node-api/${api}.js`);
  const from = source.indexOf(`\n    ${method}(`);
  const [, values = ''] = /queryValues = \{([\s\S]*?)\n {16}\};/.exec(source.slice(from, source.indexOf('\n    }', from))) ?? [];
  const known = [...values.matchAll(/^ +'?([\w$]+)'?:/gm)].map(([, known]) => known);
  const wrong = [...new URLSearchParams(query).keys()]
    .filter(key => ![...known, ...also, 'api-version'].includes(key) && !known.includes(key.split('.')[0]))
    .map(key => `?${key} is not taken`);
  const types = require(`azure-devops-node-api/interfaces/${api.replace('Api', '')}Interfaces`).TypeInfo;
  const answers = status === 200 ? [answer?.value ?? answer].flat() : [];
  return { body, problems: [...wrong, ...answers.flatMap(it => strangers(types?.[name], it, name))] };
}

/** Words that are no members of their enumeration: those are numbers in the types, and their names stand beside them. */
function strangers(type, value, at) {
  if (!type?.fields || value === null || typeof value !== 'object') return [];
  return Object.entries(type.fields).flatMap(([key, { enumType, typeInfo, isArray }]) => {
    const inner = value[key];
    if (inner === undefined || inner === null) return [];
    if (enumType) return inner in enumType.enumValues ? [] : [`${at}.${key} is none of ${Object.keys(enumType.enumValues).join(', ')}`];
    return (isArray ? inner : [inner]).flatMap(it => strangers(typeInfo, it, `${at}.${key}`));
  });
}

/** Gerrit's types are those of its own pages, without routes; of branches and tags it has none. */
const GERRIT = [
  // The last project of a page that is not the last says so (rest-api-projects.html, "List Projects").
  [/\/projects\/$/, '{ [name: string]: Bare<Gerrit.ProjectInfo> & { _more_projects?: boolean } }'],
  [/\/projects\/[^/]+$/, 'Bare<Gerrit.ProjectInfo>'],
  [/\/commits\/[^/]+$/, 'Bare<Gerrit.CommitInfo>'],
  [/\/changes\/$/, 'Bare<Gerrit.ChangeInfo>[]'],
  [/\/accounts\/self$/, 'Bare<Gerrit.AccountInfo>'],
];

function gerrit(_dir, { path }) {
  const [, body] = GERRIT.find(([route]) => route.test(path)) ?? [];
  return { body };
}

const HOSTS = [
  { below: /^\/api\/v1\//, types: gitea },
  { below: /^\/2\.0\//, types: openapi('cloud', 'Cloud', path => path.replace('/2.0', '')) },
  { below: /^\/rest\//, types: openapi('server', 'Server', path => path.replace(/^\/rest\/([^/]+)\/1\.0/, '/$1/latest')) },
  { below: /\/_apis\//, types: azure },
  { below: /^\/gerrit\/a\//, types: gerrit },
];
