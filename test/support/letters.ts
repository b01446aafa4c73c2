// Letters on a fresh database: made as the command makes them, uploaded, signed by the registrar, in force.
import { present } from '../../src/base/assert.ts';
import { openRegister } from '../../src/cli/letters.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { LetterCode, MadeLetters } from '../../src/identity/domain/letter-making.ts';
import { makeLetters } from '../../src/identity/domain/letter-making.ts';
import { applyLetters, issueLetters } from '../../src/identity/issuing.ts';
import type { LetterRoster } from '../../src/identity/letter-roster.ts';
import { letterRoster } from '../../src/identity/letter-roster.ts';
import type { OwnerLogin } from '../../src/identity/signing-in.ts';
import { drawOwnerChallenge } from '../../src/identity/signing-in.ts';
import { letterSeed } from '../../src/record/letter.ts';
import { loginHash } from '../../src/record/login.ts';
import { executeAct, signBy } from './acts.ts';
import type { TestCommunity } from './registry.ts';
import { ORIGIN } from './registry.ts';

export async function rosterFor(the: TestCommunity): Promise<LetterRoster> {
  const roster = await letterRoster(the.deps, the.registrar, the.community);
  if (!roster.ok) throw new Error(roster.refusal.code);
  return roster.value;
}

/** Makes letters from the very file, for everybody without one or for the named persons. */
export async function makeFor(
  the: TestCommunity,
  file: Uint8Array,
  only?: readonly string[],
): Promise<MadeLetters> {
  const roster = await rosterFor(the);
  const register = await openRegister(file, roster, the.deps.clock);
  if (!register.ok) throw new Error(register.refusal.code);
  const source = { roster, register: register.value, random: the.deps.random };
  const made = await makeLetters(only === undefined ? source : { ...source, only });
  if (!made.ok) throw new Error(`${made.refusal.code} ${made.refusal.where}`);
  return made.value;
}

export async function issue(the: TestCommunity, made: MadeLetters, until = ''): Promise<bigint> {
  const { batch, items } = made;
  const drafted = await issueLetters(the.deps, the.registrar, {
    community: the.community,
    batch,
    madeIn: 'command',
    until,
    items,
  });
  if (!drafted.ok) throw new Error(`${drafted.refusal.code} ${drafted.refusal.where}`);
  await signBy(the.deps, drafted.value.act, [the.registrar]);
  const done = await executeAct(the.deps, drafted.value.act, applyLetters);
  if (!done.ok) throw new Error(done.refusal.code);
  return done.value;
}

export const codeOf = (made: MadeLetters, name: string): LetterCode =>
  present(
    made.codes.find(({ owner }) => owner.name === name),
    `a letter for ${name}`,
  );

/** A login by a letter, as the page makes it; `change` breaks a part of it. */
export async function loginBy(
  the: TestCommunity,
  letter: LetterCode,
  change: Partial<OwnerLogin> & { readonly origin?: string; readonly seed?: Uint8Array } = {},
): Promise<OwnerLogin> {
  const { origin = ORIGIN, seed = letterSeed(letter.code), ...parts } = change;
  const serverNonce = parts.serverNonce ?? (await drawOwnerChallenge(the.deps));
  const pageNonce = parts.pageNonce ?? the.deps.random(32);
  return {
    publicKey: publicKeyOf(letterSeed(letter.code)),
    serverNonce,
    pageNonce,
    signature: sign(seed, loginHash(origin, serverNonce, pageNonce)),
    numberTail: letter.owner.number.slice(-6),
    ...parts,
  };
}
