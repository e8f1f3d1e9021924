// node check.mjs ROOT EXCHANGES: holds what the program asks of hosts, and what the forge of the tests answers, against what
// the hosts publish. It stands where `run` puts it, beside the packages that hold that; ROOT is the project, and EXCHANGES
// what its tests wrote down. Ends with a line in cargo's words, and with 1 where anything differs.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema } from 'graphql';
import * as graphql from './graphql.mjs';
import * as openapi from './openapi.mjs';
import { schemaOf } from './typescript.mjs';
import * as typed from './types.mjs';

const [root, exchangesDir] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const read = (...parts) => readFileSync(join(...parts), 'utf8');
const published = name => read(here, 'node_modules', name);

const github = buildSchema(published('@octokit/graphql-schema/schema.graphql'), { assumeValidSDL: true });
const types = published('@git-filesystem/gitlab/src/lib/gql/sdk/sdk.generated.d.ts');
const gitlab = buildSchema(`${schemaOf(types)}\n${read(here, 'gitlab-newer.graphql')}`, { assumeValidSDL: true });
const cloud = JSON.parse(published('@octokit/openapi/generated/api.github.com.json'));
const server = JSON.parse(published('@octokit/openapi/generated/ghes-3.19.json'));

const hosts = [
  { name: 'github', schema: github, graphql: '/api/graphql', rest: '/api/v3', apis: [cloud, server] },
  { name: 'gitlab', schema: gitlab, graphql: '/gitlab/api/graphql' },
];

let passed = 0;
let failed = 0;
function check(name, problems) {
  const told = [...new Set(problems)];
  if (told.length) failed += 1;
  else passed += 1;
  for (const problem of told.slice(0, 8)) console.log(`FAILED ${name}: ${problem}`);
}

const exchanges = readdirSync(exchangesDir).filter(name => name.endsWith('.json')).map(name => JSON.parse(read(exchangesDir, name)));
for (const host of hosts) {
  const sent = exchanges.filter(exchange => exchange.path === host.graphql);
  const names = new Set();
  for (const exchange of sent) {
    const [, name] = /\bquery (\w+)/.exec(exchange.body?.query ?? '') ?? [];
    names.add(name);
    check(`${host.name} ${name} ${JSON.stringify(exchange.body?.variables)}`, graphql.exchangeProblems(host.schema, exchange));
  }
  for (const operation of graphql.operations(graphql.files(join(root, 'src/host', host.name)))) {
    const problems = graphql.documentProblems(host.schema, operation.document);
    if (!names.has(operation.name)) problems.push('no test sends it');
    check(`${operation.file} ${operation.name}`, problems);
  }
  check(`the forge's part of ${host.name}'s schema`, graphql.subsetProblems(host.schema, read(root, `tests/support/forge/${host.name}.graphql`)));
  for (const exchange of exchanges.filter(exchange => host.rest && exchange.path.startsWith(`${host.rest}/`))) {
    const path = exchange.path.slice(host.rest.length);
    check(`${exchange.method} ${path}`, host.apis.flatMap(api => openapi.exchangeProblems(api, { ...exchange, path })));
  }
}
for (const [name, told] of typed.problems(here, exchanges)) check(name, told);
console.log(`test result: ${failed ? 'FAILED' : 'ok'}. ${passed} passed; ${failed} failed; 0 ignored`);
process.exit(failed ? 1 : 0);
