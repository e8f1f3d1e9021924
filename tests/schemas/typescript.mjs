// A GraphQL schema from the TypeScript types that a generator made of it: GitLab's is published in no other package.

/** The schema, in the language of schemas, behind generated types. */
export function schemaOf(typescript) {
  const types = new Map();
  const plain = typescript.replace(/\/\*[\s\S]*?\*\//g, '');
  for (const [, name, above, body] of plain.matchAll(/^export type (\w+) = ((?:\w+ & )*)\{\n([\s\S]*?)^\}/gm)) {
    types.set(name, { above: above.split(' & ').filter(Boolean), body });
  }
  const interfaces = new Set([...types.values()].flatMap(type => type.above));
  const scalars = [...types.get('Scalars').body.matchAll(/^ {4}(\w+): \{/gm)].map(([, name]) => name);
  const unions = plain.matchAll(/^export type (\w+) = (\w+(?: \| \w+)*);$/gm);
  const enums = plain.matchAll(/^export type (\w+) =\s+('[^;{}]*');$/gm);
  const builtIn = ['ID', 'String', 'Boolean', 'Int', 'Float'];
  const text = scalars.filter(name => !builtIn.includes(name)).map(name => `scalar ${name}`);
  for (const [, name, values] of enums) text.push(`enum ${name} { ${[...values.matchAll(/'(\w+)'/g)].map(([, value]) => value).join(' ')} }`);
  for (const [name, { above, body }] of types) {
    if (body.includes(`__typename?: '${name}'`) || interfaces.has(name)) {
      const word = interfaces.has(name) ? 'interface' : 'type';
      const upward = above.length ? ` implements ${above.join(' & ')}` : '';
      text.push(`${word} ${name}${upward} { ${fields(body).map(field => withArguments(types, name, field)).join(' ')} }`);
    } else if (body.includes("['input']") || name.endsWith('Input')) {
      text.push(`input ${name} { ${fields(body).map(({ name, type }) => `${name}: ${type}`).join(' ')} }`);
    }
  }
  const isObject = name => types.has(name);
  for (const [, name, members] of unions) {
    if (members.split(' | ').every(isObject)) text.push(`union ${name} = ${members}`);
  }
  // Types that only programs know, and unions of unions, are not looked into.
  const schema = text.join('\n');
  const defined = new Set([...builtIn, ...[...schema.matchAll(/^(?:scalar|enum|type|interface|input|union) (\w+)/gm)].map(([, name]) => name)]);
  const named = new Set([...schema.matchAll(/: \[*(\w+)/g)].map(([, name]) => name));
  return [schema, ...[...named].filter(name => !defined.has(name)).map(name => `scalar ${name}`)].join('\n');
}

/** The fields of an object: `name?: Maybe<Array<Type>>;`. */
function fields(body) {
  const all = body.matchAll(/^ {4}(\w+)(\??): (.+);$/gm);
  return [...all].filter(([, name]) => name !== '__typename').map(([, name, , type]) => ({ name, type: typeOf(type) }));
}

function withArguments(types, owner, { name, type }) {
  const known = types.get(`${owner}${name[0].toUpperCase()}${name.slice(1)}Args`);
  const all = known ? fields(known.body).map(argument => `${argument.name}: ${argument.type}`) : [];
  return `${name}${all.length ? `(${all.join(', ')})` : ''}: ${type}`;
}

/** `Maybe<Array<Scalars['String']['output']>>` is `[String!]`. */
function typeOf(text) {
  const [, optional] = /^(?:Input)?Maybe<(.*)>$/.exec(text) ?? [];
  if (optional) return typeOf(optional).replace(/!$/, '');
  const [, item] = /^Array<(.*)>$/.exec(text) ?? [];
  if (item) return `[${typeOf(item)}]!`;
  const [, scalar] = /^Scalars\['(\w+)'\]/.exec(text) ?? [];
  return `${scalar ?? text}!`;
}
