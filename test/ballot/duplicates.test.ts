// Goal: paper and electronic votes of one entitlement take each other's place exactly as the notice says (SPEC 6.7). Method: every rule against every
// pair of statements, as the table of the specification has it.
import { describe, expect, it } from 'vitest';
import type { Caster, ChainEnd, DuplicateRule } from '../../src/ballot/domain/acceptance.ts';
import { continuesByPaper, continuesChain } from '../../src/ballot/domain/acceptance.ts';
import { aHash, anId } from '../assembly/drafts.ts';

const owner: Caster = { person: 'owner', principal: undefined };
const spouse: Caster = { person: 'spouse', principal: undefined };
const forOwner: Caster = { person: 'agent', principal: { person: 'owner', yields: true } };
const forSpouse: Caster = { person: 'agent', principal: { person: 'spouse', yields: true } };
const forWard: Caster = { person: 'parent', principal: { person: 'owner', yields: false } };

const endOf = (by: Caster, credentialKind: ChainEnd['credentialKind']): ChainEnd => ({
  seq: 1,
  hash: aHash(),
  credential: credentialKind === 'paper' ? '' : anId(),
  credentialKind,
  revotes: 0,
  principal: by.principal,
});

const RULES = ['OWN_KEY', 'FIRST_VALID', 'ELECTRONIC_PREVAILS', 'LAST_BEFORE_CLOSE'] as const;
const [yes, stands, late] = ['', 'CAST_PAPER_STANDS', 'CAST_MANDATE_SUPERSEDED'] as const;

describe('a cast after a paper', () => {
  it.each<readonly [string, Caster, Caster, readonly string[]]>([
    ['of the owner after his own', owner, owner, [yes, stands, yes, yes]],
    ['of a co-owner', owner, spouse, [yes, stands, yes, yes]],
    ['of an agent after a holder himself', owner, forOwner, [late, late, late, late]],
    ['of the principal after his agent', forOwner, owner, [yes, yes, yes, yes]],
    ['of the agent after himself', forOwner, forOwner, [stands, stands, yes, yes]],
    ['of the agent of another holder', forOwner, forSpouse, [stands, stands, stands, stands]],
    ['of a ward after his guardian', forWard, owner, [stands, stands, stands, stands]],
  ])('%s', (_, first, second, expected) => {
    const end = endOf(first, 'paper');
    const told = RULES.map((duplicateRule: DuplicateRule) => {
      const rule = { revoteLimit: 0, letterRevote: false, duplicateRule };
      const cast = { seq: 2, prev: end.hash, credential: anId() };
      const decided = continuesChain(cast, end, rule, second);
      return decided.ok ? '' : decided.refusal.code;
    });
    expect(told).toEqual(expected);
  });
});

describe.each(['letter', 'passkey', 'paper'] as const)('a paper after a %s', (kind) => {
  it.each<readonly [string, Caster, Caster, string]>([
    ['of the owner after himself', owner, owner, ''],
    ['of an agent after a holder himself', owner, forOwner, 'PAPER_SUPERSEDED'],
    ['of the principal after his agent', forOwner, owner, ''],
    ['of the agent after himself', forOwner, forOwner, ''],
    ['of the agent of another holder', forOwner, forSpouse, 'PAPER_SUPERSEDED'],
    ['of a ward after his guardian', forWard, owner, 'PAPER_SUPERSEDED'],
  ])('%s stands only where the last one before the close does', (_, first, second, last) => {
    const end = endOf(first, kind);
    const told = RULES.map((rule) => {
      const decided = continuesByPaper({ seq: 2, prev: end.hash }, end, rule, second);
      return decided.ok ? '' : decided.refusal.code;
    });
    expect(told).toEqual(['PAPER_STANDS', 'PAPER_STANDS', 'PAPER_STANDS', last]);
    const gap = continuesByPaper({ seq: 3, prev: end.hash }, end, 'LAST_BEFORE_CLOSE', second);
    expect(gap).toMatchObject({ refusal: { code: 'PAPER_CHAIN' } });
  });
});
