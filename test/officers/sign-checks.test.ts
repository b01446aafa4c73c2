// Goal: an officer signs nothing of which the console has not said what becomes of each of its hashes: compared, public, or named as not
// compared (SPEC 2.4). Method: the console's table against the rules of all kinds that officers sign and the hashes in an example of each.
import { describe, expect, it } from 'vitest';
import { ENTRY_KIND_NAMES } from '../../src/record/entry.ts';
import { actionRuleOf } from '../../src/record/two-officers.ts';
import { SIGN_CHECKS } from '../../src/web/console/sign-checks.tsx';
import { ENTRY_EXAMPLES } from '../record/entry-examples.ts';

const HASH = /^[A-Za-z0-9_-]{43}$/;
/** Keys of officers are public and stand in the entry whole. */
const WHOLE = ['publicKey', 'webauthnId', 'evidence'];

/** Names of the members that hold a hash, at any depth. */
function hashMembers(value: unknown, name = ''): readonly string[] {
  if (WHOLE.includes(name)) return [];
  if (typeof value === 'string') return HASH.test(value) ? [name] : [];
  if (Array.isArray(value)) return value.flatMap((each) => hashMembers(each, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, each]) => hashMembers(each, member));
}

const signed = ENTRY_KIND_NAMES.filter(
  (kind) => actionRuleOf(kind) !== undefined || actionRuleOf(kind, 'pay') !== undefined,
);

describe('the table of what is compared before a signature', () => {
  it('has a row for each kind that officers sign, and for no other', () => {
    expect(Object.keys(SIGN_CHECKS).sort()).toEqual([...signed].sort());
  });

  it.each(signed)('says of each hash in %s what becomes of it', (kind) => {
    const found = [...new Set(hashMembers(ENTRY_EXAMPLES[kind]))].sort();
    const { compared = [], open = [], left = [] } = SIGN_CHECKS[kind] ?? {};
    expect([...compared, ...open, ...left].sort()).toEqual(found);
  });

  it.each(signed)('compares by a view what it calls compared in %s, and nothing otherwise', (kind) => {
    const check = SIGN_CHECKS[kind];
    expect(check?.View !== undefined).toBe((check?.compared.length ?? 0) > 0);
  });

  it('leaves no private bytes of an owner uncompared', () => {
    const left = signed.filter((kind) => (SIGN_CHECKS[kind]?.left.length ?? 0) > 0);
    expect(left.sort()).toEqual(['box.released', 'officer.appointed', 'roll.frozen']);
  });
});
