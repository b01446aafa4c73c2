// Goal: whatever brings a person back at the moment of his erasure – a mandate, a key, a register, an announcement – is before it and holds
// it up, or after it and finds a stranger; nothing half. Method: erasures at once with requests over HTTP on the real database, then rows.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { erasePerson } from '../../src/assembly/erasing.ts';
import { present } from '../../src/base/assert.ts';
import { fromUtf8, utf8 } from '../../src/base/bytes.ts';
import { importFile } from '../../src/cli/demo/founding.ts';
import { bindOwnKey, newDeviceKey } from '../../src/cli/demo/owner-key.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import type { SignedIn } from '../ballot/mandate-world.ts';
import { give, mandateOf, signIn } from '../ballot/mandate-world.ts';
import { refusal } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import { settle, startTestService } from '../support/service.ts';

const GONE = 9;
let service: TestService;
let settled: TestCommunity;
/** Owners who have sold their only homes, and owners who have not. */
let gone: SignedIn[];
let staying: SignedIn[];

beforeAll(async () => {
  service = await startTestService({ beatMs: 3_600_000 });
  settled = await settle(service, 48);
  const text = present(fromUtf8(settled.generated.csv), 'utf-8');
  const isOnce = (part: string) => part !== '' && text.split(part).length === 2;
  const alone = settled.codes.filter(
    ({ owner, units }) =>
      units.length === 1 &&
      units[0]?.owners.length === 1 &&
      [owner.number, owner.name, owner.phones[0] ?? ''].every(isOnce) &&
      owner.docKind === 'resident-id',
  );
  const signedIn = (letters: readonly LetterCode[]) =>
    Promise.all(letters.map((letter) => signIn(service, letter)));
  gone = await signedIn(alone.slice(0, GONE));
  staying = await signedIn(alone.slice(GONE, GONE + 4));
  await importFile(service.world, settled.officers, settled.community, without(gone));
  await drain();
}, 300_000);
afterAll(async () => service?.close());

/** The register with another in the place of each of them. */
function without(persons: readonly SignedIn[]): Uint8Array {
  const text = present(fromUtf8(settled.generated.csv), 'utf-8');
  const put = (left: string, { letter: { owner } }: SignedIn): string =>
    left
      .replace(owner.name, '欧阳新人')
      .replace(owner.number, '442000198001010084')
      .replace(owner.phones[0] ?? '', '13900139000');
  return utf8(persons.reduce(put, text));
}

/** Everything that waits to be told is told, or posted. */
async function drain(): Promise<void> {
  await service.world.beatNow();
  await service.service.announceNow();
  const path = `/v1/communities/${settled.community}/print-runs`;
  const { street } = settled.officers;
  for (;;) {
    const run = await street.client.post<{ run: string }>(path).catch(() => undefined);
    if (run === undefined) return;
    await street.client.post(`${path}/${run.run}/posted`);
  }
}

const next = (): SignedIn => present(gone.shift(), 'one more');
async function erase({ letter: { person } }: SignedIn): Promise<string> {
  const { community } = settled;
  const wish = { community, person, reason: '书面申请2026年第1号', identityDays: 730, isDryRun: false };
  const done = await erasePerson(service.service.deps, service.clock(), wish);
  return done.ok ? 'erased' : done.refusal.code;
}

/** Things of erased persons that only one who is known may have. */
async function contradictions(): Promise<Record<string, bigint> | undefined> {
  const { rows } = await sql<Record<string, bigint>>`
    with erased as (select community_id, person_id, erased_at_ms from person where erased_at_ms is not null)
    select (select count(*) from mandate m join erased e on m.agent_id = e.person_id or m.principal_id = e.person_id
             where m.ended_entry_id is null) as mandates,
           (select count(*) from ownership o join community c on c.register_id = o.register_id
              join erased e on e.person_id = o.person_id) as homes,
           (select count(*) from owner_session s join credential c using (community_id, credential_id)
              join erased e on e.person_id = c.person_id) as sessions`.execute(service.fresh.owner);
  return rows[0];
}
const NONE = { mandates: 0n, homes: 0n, sessions: 0n };

describe('an erasure', () => {
  it.each([0, 1, 2, 3])('and a mandate given to him are not both (round %i)', async (round) => {
    const [him, principal] = [next(), present(staying[round], 'an owner')];
    const mandate = await mandateOf(service, principal, him.letter.person);
    const [given, erased] = await Promise.all([refusal(give(principal, mandate)), erase(him)]);
    expect([`accepted ERASURE_MANDATE`, `refused erased`]).toContain(
      `${given === 'accepted' ? given : 'refused'} ${erased}`,
    );
    expect(await contradictions()).toEqual(NONE);
  });

  it.each([0, 1, 2])(
    'and a key of his are one after the other, and the key opens nothing (round %i)',
    async () => {
      const him = next();
      const owner = { code: him.letter.code, number: him.letter.owner.number };
      const key = newDeviceKey(service.world);
      const [bound, erased] = await Promise.all([
        refusal(bindOwnKey(service.world, him.client, owner, key)),
        erase(him),
        service.service.announceNow(),
      ]);
      expect(bound).toMatch(/^(accepted|40[139] \w+)$/);
      expect(['erased', 'ERASURE_WAITS']).toContain(erased);
      await drain();
      if (erased !== 'erased') expect(await erase(him)).toBe('erased');
      expect(await refusal(him.client.get('/v1/identity/me'))).toMatch(/^401/);
      expect(await contradictions()).toEqual(NONE);
      // What is told after it finds no name.
      await drain();
      const standing = await sql`select from outbox o join log_entry e on e.idx = o.entry_idx
      where o.sealed_recipient is not null and o.state = 'queued'`.execute(service.fresh.owner);
      expect(standing.rows).toEqual([]);
    },
  );

  it('and a register that brings him back: he is a new person in it, or is not erased', async () => {
    const [him, other] = [next(), next()];
    const back = without(gone);
    const [first, second] = await Promise.all([
      erase(him),
      new Promise((resolve) => setTimeout(resolve, 150)).then(() => erase(other)),
      importFile(service.world, settled.officers, settled.community, back),
    ]);
    for (const told of [first, second]) expect(['erased', 'ERASURE_WAITS', 'ERASURE_OWNER']).toContain(told);
    expect(await contradictions()).toEqual(NONE);
  });
});
