// Goal: a result that somebody cannot do without gives its value, and a refusal ends with its code.
import { expect, it } from 'vitest';
import { ok, refuse, taken } from '../../src/base/result.ts';

it('gives the value of what was accepted, and throws the code of what was refused', () => {
  expect(taken(ok(7))).toBe(7);
  expect(() => taken(refuse('NOT_ALLOWED', 'role', { role: 'clerk' }))).toThrow('NOT_ALLOWED');
});
