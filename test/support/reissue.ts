// A letter reissued over HTTP while a meeting runs: made as the command makes it, uploaded by the registrar with a reason, signed by
// the officers that a test names.
import { present } from '../../src/base/assert.ts';
import type { Officer } from '../../src/cli/demo/officer.ts';
import { actTogether } from '../../src/cli/demo/officer.ts';
import { openRegister } from '../../src/cli/letters.ts';
import type { LetterCode, MadeLetters } from '../../src/identity/domain/letter-making.ts';
import { makeLetters } from '../../src/identity/domain/letter-making.ts';
import type { LetterRoster } from '../../src/identity/letter-roster.ts';
import type { MadeIn } from '../../src/record/letter.ts';
import type { TestCommunity, TestService } from './service.ts';

export const REASON = '业主报告信函丢失,已当面核对证件。';

/** Letters that replace those of the named persons, not yet uploaded. */
export async function madeAgain(
  { world }: TestService,
  { community, officers, generated }: TestCommunity,
  only: readonly string[],
): Promise<MadeLetters> {
  const roster = await officers.registrar.client.get<LetterRoster>(`/v1/communities/${community}/roster`);
  const register = await openRegister(generated.csv, roster, world.clock);
  if (!register.ok) throw new Error(register.refusal.code);
  const made = await makeLetters({ roster, register: register.value, random: world.random, only });
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
}

/** Uploads a reissue; the answer names its act. */
export const uploadReissue = (
  { officers, community }: TestCommunity,
  { batch, items, madeIn = 'command' }: Pick<MadeLetters, 'batch' | 'items'> & { readonly madeIn?: MadeIn },
  reason = REASON,
): Promise<{ readonly act: string }> =>
  officers.registrar.client.post(`/v1/communities/${community}/letters/reissues`, {
    batch,
    madeIn,
    until: '',
    items,
    reason,
  });

/** A letter of this person that took the place of his former one. */
export async function reissuedTo(
  service: TestService,
  settled: TestCommunity,
  person: string,
  signers: readonly [Officer, ...Officer[]] = [settled.officers.committee, settled.officers.street],
  madeIn: MadeIn = 'command',
): Promise<LetterCode> {
  const made = await madeAgain(service, settled, [person]);
  await actTogether(service.world, () => uploadReissue(settled, { ...made, madeIn }), signers);
  return present(made.codes[0], 'one letter');
}
