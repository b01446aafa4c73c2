// Goal: a mandate and a designation reach exactly what they name, and the last day of each is its last. Method: one of each that covers a
// head, and one thing changed.
import { describe, expect, it } from 'vitest';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { Designation, Head } from '../../src/record/designation.ts';
import {
  covers,
  designatedBetween,
  designatedOf,
  designationHash,
  isDesignationSound,
  needsDesignation,
} from '../../src/record/designation.ts';
import type { Mandate, MandateUse } from '../../src/record/mandate.ts';
import {
  isCapped,
  isMandateSound,
  mandateFault,
  mandateHash,
  mandateRevocationHash,
  scanHash,
  yieldsToPrincipal,
} from '../../src/record/mandate.ts';
import { seededRandom } from '../support/random.ts';
import { RECORD_EXAMPLES } from './record-examples.ts';

const random = seededRandom('mandates');
const id = (): string => newId(random);
const party = () => ({ person: id(), identity: toBase64Url(random(32)) });
const [principal, agent, third] = [party(), party(), party()];
const [meeting, unit, garage, proposal] = [id(), id(), id(), id()];

describe('a mandate', () => {
  const [example] = RECORD_EXAMPLES['mandateForm'] as readonly [Mandate];
  const given: Mandate = {
    ...example,
    meeting,
    by: principal,
    to: agent,
    units: [unit, garage],
    proposals: [proposal],
  };
  const use: MandateUse = {
    meeting,
    agent,
    units: [unit],
    proposals: [proposal],
    principalIdentity: principal.identity,
  };

  it.each<[string, string | undefined, Partial<MandateUse>, Partial<Mandate>]>([
    ['its agent for its units', undefined, {}, {}],
    ['every proposal where it names none', undefined, { proposals: [id(), id()] }, { proposals: [] }],
    ['every meeting where it names none', undefined, { meeting: id() }, { meeting: '' }],
    ['another agent', 'AGENT', { agent: third }, {}],
    ['its agent under another identity', 'AGENT', { agent: { ...agent, identity: third.identity } }, {}],
    ['a head that its principal does not hold', 'PRINCIPAL', { principalIdentity: undefined }, {}],
    ['a principal under another identity', 'PRINCIPAL', { principalIdentity: third.identity }, {}],
    ['another meeting', 'SCOPE', { meeting: id() }, {}],
    ['a unit more', 'SCOPE', { units: [unit, id()] }, {}],
    ['a proposal more', 'SCOPE', { proposals: [proposal, id()] }, {}],
  ])('used by or for %s: %s', (_name, fault, used, record) => {
    expect(mandateFault({ ...given, ...record }, { ...use, ...used })).toBe(fault);
  });

  it.each<[string, boolean, Partial<Mandate>]>([
    ['is of two persons and names each thing once', true, {}],
    ['to himself', false, { to: { ...agent, person: principal.person } }],
    ['that names a unit twice', false, { units: [unit, unit] }],
    ['that names a proposal twice', false, { proposals: [proposal, proposal] }],
    ['for every meeting that names a proposal', false, { meeting: '' }],
    ['for every meeting and proposal', true, { meeting: '', proposals: [] }],
  ])('%s: %s', (_name, isSound, change) => {
    expect(isMandateSound({ ...given, ...change })).toBe(isSound);
  });

  it('is capped where an owner gives it, and a guardian’s does not yield', () => {
    expect(
      (['mandate', 'guardian', 'representative'] as const).map((basis) => [
        isCapped(basis),
        yieldsToPrincipal(basis),
      ]),
    ).toEqual([
      [true, true],
      [false, false],
      [false, true],
    ]);
  });

  it('is given, ended and shown under hashes of their own', () => {
    const bytes = utf8('{}');
    expect(mandateRevocationHash(bytes)).not.toEqual(mandateHash(bytes));
    expect(designationHash(bytes)).not.toEqual(mandateHash(bytes));
    const salt = toBase64Url(random(16));
    expect(scanHash(salt, bytes)).toBe(scanHash(salt, utf8('{}')));
    expect(scanHash(salt, bytes)).not.toBe(scanHash(toBase64Url(random(16)), bytes));
  });
});

describe('a designation', () => {
  const [example] = RECORD_EXAMPLES['designationForm'] as readonly [Designation];
  const given: Designation = {
    ...example,
    meeting: '',
    units: [unit, garage],
    by: [principal],
    to: agent,
    until: '2027-12-31',
  };
  const head: Head = {
    units: [unit],
    holders: new Map([principal, agent].map(({ person, identity }) => [person, identity])),
  };

  it.each<[string, boolean, Partial<Designation>, string]>([
    ['its head', true, {}, meeting],
    ['its head in its meeting', true, { meeting }, meeting],
    ['its head in another meeting', false, { meeting }, id()],
    ['a head with a holder more', false, { by: [principal, third] }, meeting],
    ['a head with another holder', false, { by: [third] }, meeting],
    ['a holder under another identity', false, { to: { ...agent, identity: third.identity } }, meeting],
    ['a head with a unit that it does not name', false, { units: [garage] }, meeting],
  ])('covers %s: %s', (_name, may, change, at) => {
    expect(covers({ ...given, ...change }, at, head)).toBe(may);
  });

  it('names each person and unit once, and is needed by several only', () => {
    expect(isDesignationSound(given)).toBe(true);
    expect(isDesignationSound({ ...given, by: [principal, principal] })).toBe(false);
    expect(isDesignationSound({ ...given, to: principal })).toBe(false);
    expect(isDesignationSound({ ...given, units: [unit, unit] })).toBe(false);
    expect([head, { holders: new Map([...head.holders].slice(1)) }].map(needsDesignation)).toEqual([
      true,
      false,
    ]);
  });

  it('gives way to a later one as long as that lasts, on each day that a bracket leaves open', () => {
    const later: Designation = { ...given, by: [agent], to: principal, until: '2026-11-21' };
    const both = [given, later];
    expect(designatedOf(both, meeting, head)).toBe(principal.person);
    expect(designatedOf([{ ...given, units: [garage] }], meeting, head)).toBe('');
    const [first, second] = [agent.person, principal.person];
    const between = (from?: string, to?: string) =>
      new Set(designatedBetween(both, { first: from, last: to }, meeting, head));
    expect(between('2026-11-20', '2026-11-21')).toEqual(new Set([second]));
    expect(between('2026-11-21', '2026-11-22')).toEqual(new Set([second, first]));
    expect(between('2026-11-22', '2026-11-22')).toEqual(new Set([first]));
    expect(between('2027-12-31', '2028-01-01')).toEqual(new Set([first, '']));
    expect(between('2028-01-01', '2028-01-02')).toEqual(new Set(['']));
    expect(between(undefined, '2026-11-21')).toEqual(new Set([second]));
    expect(between()).toEqual(new Set([second, first, '']));
  });
});
