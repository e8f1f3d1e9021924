// Pages of our own: each feature of rjsf by itself, then features put together at random.

const s = (extra = {}) => ({ type: 'string', ...extra });
const page = (properties, extra = {}) => ({ title: 'Page', properties, ...extra });
const only = value => ({ const: value });

export const cases = [
  // types
  [page({ a: s(), b: { type: 'integer' }, c: { type: 'number' }, d: { type: 'boolean' }, e: { type: 'null' } }),
    { a: 'x', b: 1.5, c: 'no', d: 'yes' }, { a: 1, b: 2, c: 2.5, d: true, e: null }],
  [page({ a: { type: ['string', 'null'] }, b: { type: ['null', 'integer'] }, c: { type: ['string', 'number'] } }), { a: null, b: null, c: 4 }],
  [page({ a: { enum: ['x', 'y'] }, b: only('fixed'), c: { properties: { d: s() } } }), { a: 'z', b: 'other' }],
  [page({ a: { type: 'object' }, b: { type: 'object', additionalProperties: s() }, c: { type: 'object', additionalProperties: true } }),
    { b: { k: 'v' }, c: { n: 3, l: [1] } }, { b: { k: 1 } }],
  // defaults
  [page({ a: s({ default: 'd' }), b: { type: 'integer', default: 0 }, c: { type: 'boolean', default: false }, d: s({ default: '' }), e: s({ default: null }) }), { a: 'given' }],
  [page({ o: { type: 'object', default: { a: 'outer', c: 'kept' }, properties: { a: s({ default: 'inner' }), b: s({ default: 'b' }), c: s() } } }), { o: { c: 'given' } }],
  [page({ o: { type: 'object', properties: { a: s() } }, p: { type: 'object', properties: { a: s() }, required: ['a'] } }, { required: ['o'] })],
  [page({ a: s(), o: { type: 'object', properties: { x: s(), y: s({ default: 'own' }) } } }, { default: { a: 'from the page', o: { x: 'deep', y: 'over' } } })],
  [page({ a: s({ const: 'c' }), b: s({ const: 'c', default: 'd' }), c: { type: 'object', const: { x: 1 }, properties: { x: { type: 'integer' } } } })],
  [page({ e: s({ enum: ['a', 'b'], default: 'a' }) }), { e: 'gone' }, { e: 'b' }],
  [page({ e: s({ enum: ['a', 'b'] }) }), { e: 'gone' }],
  [page({ e: s({ oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }], default: 'b' }) }), { e: 'gone' }],
  [page({ e: s({ anyOf: [{ enum: ['a'], title: 'A' }, { const: 'b' }] }) }), { e: 'b' }],
  [page({ e: { type: 'integer', enum: [1, 2, 3], enumNames: ['one', 'two', 'three'] }, f: { type: 'boolean', enumNames: ['On', 'Off'] } }), { e: 4 }, { e: 2, f: true }],
  // lists
  [page({ l: { type: 'array', items: s() } }), { l: ['a', 2] }, { l: [] }],
  [page({ l: { type: 'array', items: s(), minItems: 2 } }), { l: ['a'] }],
  [page({ l: { type: 'array', items: s({ default: 'i' }), minItems: 2 } }), { l: ['a'] }],
  [page({ l: { type: 'array', items: s(), default: ['x', 'y', 'z'] } }), { l: ['a'] }, { l: [] }],
  [page({ l: { type: 'array', items: s(), minItems: 3, default: ['x'] } })],
  [page({ l: { type: 'array', items: s(), maxItems: 1, uniqueItems: true } }), { l: ['a', 'a'] }],
  [page({ l: { type: 'array', uniqueItems: true, items: s({ enum: ['a', 'b', 'c'] }) } }), { l: ['a', 'q'] }, { l: ['c', 'a'] }],
  [page({ l: { type: 'array', uniqueItems: true, minItems: 2, items: s({ enum: ['a', 'b', 'c'] }), 'ui:widget': 'checkboxes' } }), { l: ['a'] }],
  [page({ l: { type: 'array', items: s({ enum: ['a', 'b', 'c'] }) } }), { l: ['a', 'a'] }],
  [page({ l: { type: 'array', items: { type: 'object', properties: { n: s({ default: 'x' }), v: { type: 'integer' } }, required: ['v'] } } }), { l: [{}, { n: 'b', v: 2 }] }],
  [page({ l: { type: 'array', minItems: 1, items: { type: 'object', properties: { n: s({ default: 'x' }), v: { type: 'integer' } }, required: ['v'] } } })],
  [page({ l: { type: 'array', items: [s({ default: 'first' }), { type: 'integer' }] } }), { l: ['a', 'b'] }],
  [page({ l: { type: 'array', items: [s(), { type: 'integer' }], additionalItems: { type: 'boolean' } } }), { l: ['a', 1, true, 'no'] }],
  [page({ l: { type: 'array', items: [s()], additionalItems: false } }), { l: ['a', 1] }],
  [page({ l: { type: 'array', items: { type: 'array', items: { type: 'number' } } } }), { l: [[1], ['x']] }],
  [page({ l: { type: 'array', items: { oneOf: [{ title: 'Text', type: 'object', properties: { t: s() } }, { title: 'Number', type: 'object', properties: { n: { type: 'number' } } }] } } }), { l: [{ n: 3 }, { t: 'x' }] }],
  // dependencies
  [page({ a: s(), b: s() }, { dependencies: { a: ['b'] } }), { a: 'x' }],
  [page({ a: s() }, { dependencies: { a: { properties: { c: s({ default: 'c' }) }, required: ['c'] } } }), { a: 'x' }, { a: '' }, { a: null }],
  [page({ a: s({ enum: ['one', 'two', 'three'], default: 'one' }) }, { dependencies: { a: { oneOf: [
    { properties: { a: { enum: ['one'] } } },
    { properties: { a: only('two'), n: { type: 'integer', default: 2 } }, required: ['n'] },
    { properties: { a: only('three'), m: s() }, required: ['m'] }] } } }), { a: 'two' }, { a: 'three' }, { a: 'three', m: 'x', n: 5 }],
  [page({ a: s({ enum: ['x', 'y'] }) }, { dependencies: { a: { oneOf: [
    { properties: { a: { enum: ['x', 'y'] }, b: s() } }, { properties: { a: { enum: ['y'] }, c: s() } }] } } }), { a: 'x' }, { a: 'y' }],
  [page({ a: { type: 'boolean', default: true } }, { dependencies: { a: { oneOf: [
    { properties: { a: only(false) } },
    { properties: { a: only(true), b: s({ enum: ['p', 'q'], default: 'p' }) }, dependencies: { b: { oneOf: [
      { properties: { b: only('p'), deep: s({ default: 'deep p' }) } },
      { properties: { b: only('q'), deeper: s({ default: 'deep q' }) } }] } } }] } } }), { a: false }, { b: 'q' }],
  [page({ a: s(), b: s({ default: 'on' }) }, { dependencies: { c: ['a'], b: { properties: { c: s({ default: 'c' }) } } } })],
  [page({ a: { type: 'array', items: s() } }, { dependencies: { a: { oneOf: [{ properties: { a: { contains: { const: 'x' } }, seen: s() } }] } } }), { a: ['x'] }, { a: ['y'] }],
  [page({ o: { type: 'object', properties: { k: s({ enum: ['a', 'b'], default: 'a' }) }, dependencies: { k: { oneOf: [
    { properties: { k: only('a'), x: s({ default: 'X' }) } }, { properties: { k: only('b'), y: s({ default: 'Y' }) }, required: ['y'] }] } } } }), { o: { k: 'b' } }],
  [page({ n: { type: 'integer' } }, { dependencies: { n: { oneOf: [
    { properties: { n: { maximum: 5 } } }, { properties: { n: { minimum: 6 }, why: s() }, required: ['why'] }] } } }), { n: 3 }, { n: 9 }],
  // conditions
  [page({ a: s({ default: 'x' }) }, { if: { properties: { a: only('x') } }, then: { properties: { b: s({ default: 'B' }) }, required: ['b'] }, else: { properties: { c: s() } } }), { a: 'y' }, { a: 'x', b: '' }],
  [page({ a: s() }, { if: { required: ['a'] }, then: { required: ['z'], properties: { z: s() } } }), { a: 'q' }],
  [page({ a: s(), n: { type: 'integer' } }, { allOf: [
    { if: { properties: { a: only('x') }, required: ['a'] }, then: { properties: { b: s() }, required: ['b'] } },
    { if: { properties: { n: { minimum: 3 } }, required: ['n'] }, then: { properties: { c: { type: 'boolean', default: true } } } }] }), { a: 'x' }, { n: 4 }, { a: 'x', n: 4 }],
  [page({ a: s({ enum: ['x', 'y', 'z'], default: 'y' }) }, { if: { properties: { a: only('x') } }, then: {},
    else: { if: { properties: { a: only('y') } }, then: { properties: { yy: s({ default: 'Y' }) } }, else: { properties: { zz: s({ default: 'Z' }) } } } }), { a: 'z' }],
  [page({ o: { type: 'object', properties: { t: { type: 'boolean' } }, if: { properties: { t: only(true) }, required: ['t'] }, then: { properties: { r: s() }, required: ['r'] } } }), { o: { t: true } }, { o: { t: false } }],
  // allOf
  [{ title: 'P', allOf: [{ properties: { a: s({ default: '1' }) }, required: ['a'] }, { properties: { b: s() }, required: ['b'] }] }, { a: 'x' }],
  [page({ a: s({ minLength: 2 }) }, { allOf: [{ properties: { a: { maxLength: 3 } } }, { properties: { a: { pattern: '^x' } } }] }), { a: 'y' }, { a: 'xyzz' }],
  [page({ a: { allOf: [{ type: 'string', minLength: 2 }, { maxLength: 4, minLength: 3 }] }, b: { allOf: [{ type: 'string', enum: ['p', 'q'] }, { enum: ['q', 'r'] }] } }), { a: 'xx', b: 'p' }],
  [page({ a: s() }, { allOf: [{ properties: { a: { title: 'One', default: 'first' } } }, { properties: { a: { title: 'Two', default: 'second' } } }] })],
  [page({ a: s() }, { allOf: [{ properties: { a: { type: 'integer' } } }] }), { a: 'x' }],
  [page({ a: s() }, { additionalProperties: false, allOf: [{ properties: { b: s() } }] }), { b: 'x' }],
  // options
  [page({ o: { type: 'object', oneOf: [{ title: 'By name', properties: { name: s({ default: 'n' }) }, required: ['name'] }, { title: 'By number', properties: { number: { type: 'integer', default: 7 } }, required: ['number'] }] } }), { o: { number: 3 } }, { o: { name: 'x' } }],
  [page({ o: { anyOf: [s({ title: 'Text' }), { title: 'Number', type: 'number' }] } }), { o: 4 }, { o: 'x' }],
  [page({ o: { type: 'object', properties: { k: s() }, anyOf: [{ properties: { a: s() } }, { properties: { b: { type: 'boolean', default: true } } }] } }), { o: { b: false } }],
  [page({ a: s() }, { oneOf: [{ properties: { lorem: s() }, required: ['lorem'] }, { properties: { ipsum: s() }, required: ['ipsum'] }] }), { ipsum: 'x' }],
  [page({ o: { type: 'object', discriminator: { propertyName: 'kind' }, oneOf: [
    { title: 'A', properties: { kind: only('a'), x: s({ default: 'x' }) } }, { title: 'B', properties: { kind: only('b'), y: s({ default: 'y' }) } }] } }), { o: { kind: 'b' } }],
  [page({ v: { oneOf: [{ type: 'null', title: 'None' }, { type: 'object', title: 'Some', properties: { x: s() } }] } }), { v: { x: '1' } }, { v: null }],
  // references
  [page({ a: { $ref: '#/definitions/name' }, b: { $ref: '#/definitions/name', title: 'B', default: 'bb' }, l: { type: 'array', items: { $ref: '#/definitions/port' } } },
    { definitions: { name: s({ minLength: 3, default: 'abc' }), port: { type: 'object', properties: { port: { type: 'integer', default: 80 } } } } }), { a: 'x', l: [{}] }],
  [page({ tree: { $ref: '#/definitions/node' } }, { definitions: { node: { type: 'object', properties: { name: s({ default: 'node' }), children: { type: 'array', items: { $ref: '#/definitions/node' } } } } } }), { tree: { children: [{ name: 'a' }, {}] } }],
  [page({ a: { $ref: '#/definitions/one' } }, { definitions: { one: { $ref: '#/definitions/two', title: 'One' }, two: s({ enum: ['p', 'q'], default: 'q' }) } })],
  [page({ k: s({ enum: ['a', 'b'], default: 'a' }) }, { definitions: { a: { properties: { k: only('a'), x: s() }, required: ['x'] }, b: { properties: { k: only('b'), y: s() } } },
    dependencies: { k: { oneOf: [{ $ref: '#/definitions/a' }, { $ref: '#/definitions/b' }] } } }), { k: 'b' }],
  // ui
  [page({ a: s({ 'ui:widget': 'textarea', 'ui:options': { rows: 4 } }), b: s({ 'ui:widget': 'password' }), c: s({ 'ui:widget': 'hidden', default: 'h' }), d: { type: 'integer', 'ui:widget': 'updown' }, e: { type: 'number', 'ui:widget': 'range', minimum: 0, maximum: 9 } })],
  [page({ a: s(), b: s(), c: s() }, { 'ui:order': ['c', '*', 'a'] })],
  [page({ a: s({ 'ui:readonly': true, default: 'r' }), b: s({ 'ui:disabled': true }), c: s({ readOnly: true }) })],
  [page({ k: { type: 'boolean', 'ui:widget': 'radio' }, m: s({ enum: ['a', 'b'], 'ui:widget': 'radio' }), n: { type: 'boolean', 'ui:widget': 'select' } }), { k: false }],
  [page({ o: s({ 'ui:field': 'OwnerPicker' }), r: s({ 'ui:field': 'RepoUrlPicker' }), t: s({ 'ui:field': 'Secret' }), f: s({ 'ui:field': 'SomebodysOwn' }), l: { type: 'array', items: s(), 'ui:field': 'MultiEntityPicker' } })],
  [page({ a: s({ 'backstage:featureFlag': 'beta', default: 'x' }), b: s({ 'ui:backstage': { featureFlag: 'beta' } }), c: s() }, { required: ['a', 'c'] })],
  [page({ k: s({ enum: ['a', 'b'], default: 'b' }) }, { dependencies: { k: { oneOf: [
    { properties: { k: only('a'), x: s({ 'ui:widget': 'textarea' }) } }, { properties: { k: only('b'), x: s({ 'ui:widget': 'hidden' }) } }] } } })],
  // checks
  [page({ a: s({ minLength: 2, maxLength: 4, pattern: '^[a-z]+$' }), n: { type: 'number', minimum: 1, maximum: 5, exclusiveMinimum: 1, multipleOf: 0.5 } }, { required: ['a', 'n'] }),
    { a: 'X', n: 1 }, { a: 'abcde', n: 5.1 }, { a: 'abc', n: 2.5 }, { a: '😀', n: 3 }],
  [page({ a: s({ format: 'email' }), b: s({ format: 'uri' }), c: s({ format: 'date' }), d: s({ format: 'date-time' }), e: s({ format: 'hostname' }), f: s({ format: 'uuid' }) }),
    { a: 'a@b', b: 'x', c: '2026-02-30', d: '2026-01-01', e: '-a', f: '1' }, { a: 'a@b.co', b: 'mailto:x', c: '2026-02-28', d: '2026-01-01T00:00:00Z', e: 'a.b', f: '123e4567-e89b-12d3-a456-426614174000' }],
  [page({ a: s({ format: 'time' }), b: s({ format: 'ipv4' }), c: s({ format: 'ipv6' }), d: s({ format: 'regex' }), e: s({ format: 'color' }), f: s({ format: 'data-url' }), g: s({ format: 'nobody' }), h: s({ format: 'url' }), i: s({ format: 'duration' }) }),
    { a: '25:00:00', b: '300.1.1.1', c: ':::', d: '(', e: 'blau', f: 'x', g: 'x', h: 'http:/x', i: 'P' }, { a: '13:00:00', b: '10.0.0.1', c: '::1', d: '(a)', e: '#abc', f: 'data:text/plain;base64,eA==', h: 'https://a.example', i: 'P3D' }],
  [page({ a: s({ pattern: '^a', errorMessage: { pattern: 'Begin with an a' } }), b: s({ minLength: 3, errorMessage: 'Three letters' }), c: { type: 'object', properties: { d: { type: 'integer' } }, errorMessage: { properties: { d: 'A number for d' } } } }),
    { a: 'x', b: 'y', c: { d: 'z' } }],
  [page({ a: s({ maxLength: 1, pattern: '^b', errorMessage: { pattern: 'b first', _: 'Something else' } }) }), { a: 'xx' }],
  [page({ a: s({ not: { enum: ['admin', 'root'] } }), l: { type: 'array', items: s(), contains: { const: 'x' } }, o: { type: 'object', minProperties: 1, maxProperties: 2, propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: s() } }),
    { a: 'root', l: ['y'], o: {} }, { a: 'me', l: ['x'], o: { A: '1', b: '2', c: '3' } }],
  [page({ o: { type: 'object', patternProperties: { '^x-': { type: 'integer' } }, properties: { a: s() } } }), { o: { 'x-1': 'no', a: 'y' } }],
  [page({ a: s() }, { required: ['a', 'gone'] }), { a: '' }],
];

const names = ['name', 'kind', 'size', 'owner', 'region', 'flag', 'notes', 'tier'];

function leaf(pick, random) {
  const kinds = [
    () => s(), () => s({ default: 'dflt' }), () => s({ minLength: 2, pattern: '^[a-z-]+$' }),
    () => s({ enum: ['a', 'b', 'c'], ...(random(2) ? { default: 'b' } : {}) }),
    () => s({ oneOf: [{ const: 'a', title: 'A' }, { const: 'b', title: 'B' }], ...(random(2) ? { default: 'a' } : {}) }),
    () => ({ type: 'boolean', ...(random(2) ? { default: random(2) === 0 } : {}) }),
    () => ({ type: 'integer', minimum: 1, ...(random(2) ? { default: 3 } : {}) }),
    () => ({ type: 'number', maximum: 9 }),
    () => ({ type: 'array', items: s(), ...(random(2) ? { minItems: 1 } : {}) }),
    () => ({ type: 'array', uniqueItems: true, items: s({ enum: ['p', 'q', 'r'] }), ...(random(2) ? { default: ['q'] } : {}) }),
    () => ({ type: 'array', items: { type: 'object', properties: { k: s({ default: 'k' }), v: { type: 'integer' } }, required: ['v'] }, ...(random(2) ? { minItems: 1 } : {}) }),
    () => s({ format: pick(['email', 'uri', 'date', 'hostname']) }),
    () => ({ type: ['string', 'null'] }),
  ];
  return pick(kinds)();
}

function object(pick, random, depth) {
  const properties = {};
  for (const name of names) {
    if (random(2)) continue;
    properties[name] = depth < 2 && random(6) === 0 ? { type: 'object', ...object(pick, random, depth + 1) } : leaf(pick, random);
  }
  if (Object.keys(properties).length === 0) properties.name = leaf(pick, random);
  const node = { properties };
  const known = Object.keys(properties);
  if (random(2)) node.required = known.filter(() => random(2));
  const choice = known.find(name => Array.isArray(properties[name].enum));
  const yes = known.find(name => properties[name].type === 'boolean');
  if (choice && random(3) > 0) {
    node.dependencies = { [choice]: { oneOf: ['a', 'b', 'c'].map(value => ({
      properties: { [choice]: { const: value }, [`${value}_more`]: leaf(pick, random) }, ...(random(2) ? { required: [`${value}_more`] } : {}) })) } };
  }
  if (yes && random(2)) {
    const branch = { if: { properties: { [yes]: { const: true } }, ...(random(2) ? { required: [yes] } : {}) },
      then: { properties: { when_on: leaf(pick, random) }, required: random(2) ? ['when_on'] : [] }, else: { properties: { when_off: leaf(pick, random) } } };
    if (random(2)) Object.assign(node, branch); else node.allOf = [branch];
  }
  if (random(6) === 0) node.allOf = [...(node.allOf ?? []), { properties: { shared: leaf(pick, random) } }, { required: ['shared'] }];
  if (random(6) === 0) node.dependencies = { ...node.dependencies, [known[0]]: ['later'] };
  if (random(8) === 0) node['ui:order'] = [...known.slice(0, 1), '*'];
  if (depth > 0 && random(5) === 0) node.oneOf = [{ title: 'One', properties: { uno: leaf(pick, random) } }, { title: 'Two', properties: { due: leaf(pick, random) }, required: ['due'] }];
  if (depth > 0 && random(6) === 0 && properties[known[0]].type === 'string') node.default = { [known[0]]: 'given' };
  return node;
}

/** Features put together. */
export function* composed(pick, random) {
  for (let n = 0; n < 160; n++) yield { title: `Page ${n}`, ...object(pick, random, 0) };
}
