// REST: requests and answers against a published OpenAPI description.

/** What GitHub takes and Backstage sends, though the description leaves it out. */
const UNPUBLISHED = {
  '/orgs/{org}/repos': ['allow_update_branch'],
  '/user/repos': ['allow_update_branch'],
};

/** What is wrong with an exchange whose path is below the description's root. */
export function exchangeProblems(api, { method, path, query, body, status, headers, answer }) {
  const found = route(api, path);
  if (!found) return ['no such path'];
  const operation = found.item[method.toLowerCase()];
  if (!operation) return [`${found.template} takes no ${method}`];
  const parameters = [...(found.item.parameters ?? []), ...(operation.parameters ?? [])].map(it => resolve(api, it));
  const problems = [
    ...pathProblems(api, parameters, found.values),
    ...queryProblems(api, parameters, new URLSearchParams(query)),
  ];
  const takes = operation.requestBody && resolve(api, operation.requestBody).content?.['application/json']?.schema;
  if (body !== null && !takes) problems.push('takes no body');
  if (body !== null && takes) {
    const unpublished = (UNPUBLISHED[found.template] ?? []).map(key => `body.${key} is not there`);
    problems.push(...mismatches(api, takes, body, 'body', true).filter(problem => !unpublished.includes(problem)));
  }
  const response = operation.responses[status];
  const general = [400, 401, 403, 404, 422, 429];
  if (!response && !general.includes(status)) problems.push(`never answers ${status}`);
  const gives = response && resolve(api, response).content?.['application/json']?.schema;
  if (status < 300 && gives && headers['content-type']?.includes('json')) {
    problems.push(...mismatches(api, gives, answer, 'answer', false));
  }
  return problems;
}

/** The path of the description that `path` is one of, that with the fewest parameters. */
function route(api, path) {
  const parts = path.split('/');
  const candidates = Object.entries(api.paths).flatMap(([template, item]) => {
    const names = template.split('/');
    if (names.length !== parts.length) return [];
    const values = {};
    const fits = names.every((name, at) => {
      if (!name.startsWith('{')) return name === parts[at];
      values[name.slice(1, -1)] = decodeURIComponent(parts[at]);
      return parts[at] !== '';
    });
    return fits ? [{ template, item, values }] : [];
  });
  return candidates.sort((a, b) => Object.keys(a.values).length - Object.keys(b.values).length)[0];
}

function pathProblems(api, parameters, values) {
  return parameters.filter(it => it.in === 'path')
    .flatMap(it => mismatches(api, it.schema, fromText(api, it.schema, values[it.name]), it.name, true));
}

function queryProblems(api, parameters, query) {
  const known = parameters.filter(it => it.in === 'query');
  const missing = known.filter(it => it.required && !query.has(it.name)).map(it => `?${it.name} is missing`);
  const wrong = [...query].flatMap(([name, value]) => {
    const parameter = known.find(it => it.name === name || it.name === `${name}[]`);
    if (!parameter) return [`?${name} is not taken`];
    return mismatches(api, parameter.schema, fromText(api, parameter.schema, value), `?${name}`, true);
  });
  return [...missing, ...wrong];
}

/** A value of a path or query as its schema means it. */
function fromText(api, schema, text) {
  const { type } = resolve(api, schema);
  if (['integer', 'number'].includes(type) && text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text);
  if (type === 'boolean' && ['true', 'false'].includes(text)) return text === 'true';
  return text;
}

function resolve(api, node) {
  if (!node?.$ref) return node;
  return resolve(api, node.$ref.slice(2).split('/').reduce((at, key) => at[key.replaceAll('~1', '/')], api));
}

/** Where `value` is not what `schema` says. What the forge answers is a part, so that nothing is missing unless `whole`. */
export function mismatches(api, schema, value, at, whole) {
  const it = merged(api, schema);
  const choices = it.oneOf ?? it.anyOf;
  if (choices) {
    const tries = choices.map(choice => mismatches(api, { allOf: [choice, { ...it, oneOf: undefined, anyOf: undefined }] }, value, at, whole));
    return tries.find(problems => !problems.length) ?? tries[0];
  }
  const types = [it.type].flat().filter(Boolean);
  if (value === null) return it.nullable || types.includes('null') || !types.length ? [] : [`${at} is null`];
  if (types.length && !types.some(type => isOf(type, value))) return [`${at} is no ${types.join(' or ')}`];
  if (it.enum && !it.enum.includes(value)) return [`${at} is none of ${it.enum.join(', ')}`];
  if (Array.isArray(value)) return it.items ? value.flatMap((item, index) => mismatches(api, it.items, item, `${at}[${index}]`, whole)) : [];
  if (typeof value !== 'object') return [];
  const properties = it.properties ?? {};
  const open = !it.properties || it.additionalProperties;
  const problems = whole ? (it.required ?? []).filter(key => !(key in value)).map(key => `${at}.${key} is missing`) : [];
  for (const [key, inner] of Object.entries(value)) {
    if (properties[key]) problems.push(...mismatches(api, properties[key], inner, `${at}.${key}`, whole));
    else if (!open) problems.push(`${at}.${key} is not there`);
  }
  return problems;
}

/** A schema without references at its top, its parts made one. */
function merged(api, schema) {
  const { allOf, ...rest } = resolve(api, schema);
  if (!allOf) return rest;
  return allOf.map(part => merged(api, part)).reduce((all, part) => ({
    ...all,
    ...Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)),
    properties: all.properties || part.properties ? { ...all.properties, ...part.properties } : undefined,
    required: [...(all.required ?? []), ...(part.required ?? [])],
  }), rest);
}

function isOf(type, value) {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && !Array.isArray(value);
  return typeof value === type;
}
