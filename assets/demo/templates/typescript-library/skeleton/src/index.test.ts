import assert from 'node:assert';
import test from 'node:test';
import { hello } from './index.js';

test('it says hello', () => {
  assert.equal(hello('pelican'), 'Hello, pelican');
});
