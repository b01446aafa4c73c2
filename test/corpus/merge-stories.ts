// The stories of merges.json: as officers would tell them to a running service, and as a dishonest operator would tell them in a whole
// meeting. Each live one first does what is honest, and gives back the request that is not.
import { toBase64Url } from '../../src/base/bytes.ts';
import { actTogether, signBy } from '../../src/cli/demo/officer.ts';
import { signInOwner } from '../../src/cli/demo/owner.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { freezeForm, freezeHash } from '../../src/record/freeze.ts';
import { keyOf } from '../ballot/mandate-world.ts';
import { newClient, postJson } from '../ballot/voting-world.ts';
import type { TestCommunity, TestService } from '../support/service.ts';
import type { Built } from '../verifier/bundle-builder.ts';
import { buildBundle } from '../verifier/bundle-builder.ts';
import { HONEST_CASTS } from '../verifier/story-casts.ts';

export type MergeScene = {
  readonly service: TestService;
  readonly settled: TestCommunity;
  /** An owner of whom no story has told yet. */
  readonly next: () => LetterCode;
};

const draft = ({ settled: { community, officers } }: MergeScene, keeps: string, merged: string) =>
  officers.registrar.client.post<{ act: string }>(`/v1/communities/${community}/merges`, {
    keeps,
    merged,
    reason: '同一人的两份证件',
  });

/** A merge that two officers have signed and the service has executed. */
const merge = (scene: MergeScene, keeps: LetterCode, merged: LetterCode) => {
  const { registrar, street } = scene.settled.officers;
  return actTogether(scene.service.world, () => draft(scene, keeps.person, merged.person), [
    registrar,
    street,
  ]);
};

async function freeze({ service, settled: { community } }: MergeScene, letter: LetterCode): Promise<void> {
  const nonce = toBase64Url(service.world.random(16));
  const bytes = freezeForm.bytes({ v: 1, kind: 'freeze', community, person: letter.person, nonce });
  const signature = keyOf({ letter }).sign(freezeHash(bytes));
  const body = { credential: letter.letter, freeze: toBase64Url(bytes), signature };
  const { status } = await postJson(service, '/v1/identity/freezes', body);
  if (status !== 201) throw new Error(`not frozen: ${status}`);
}

type Send = () => Promise<unknown>;

export const LIVE_MERGES: Readonly<Record<string, (scene: MergeScene) => Promise<Send>>> = {
  'merge-by-the-wrong-two': async (scene) => {
    const { registrar, regulator } = scene.settled.officers;
    const { act } = await draft(scene, scene.next().person, scene.next().person);
    await signBy(scene.service.world, act, [registrar]);
    return () => signBy(scene.service.world, act, [regulator]);
  },
  'merge-with-himself': async (scene) => {
    const { person } = scene.next();
    return () => draft(scene, person, person);
  },
  'merge-into-a-merged': async (scene) => {
    const [kept, merged, other] = [scene.next(), scene.next(), scene.next()];
    await merge(scene, kept, merged);
    return () => draft(scene, merged.person, other.person);
  },
  'merge-of-a-frozen': async (scene) => {
    const [kept, frozen] = [scene.next(), scene.next()];
    await freeze(scene, frozen);
    return () => draft(scene, kept.person, frozen.person);
  },
  'merge-and-votes-on': async (scene) => {
    const [kept, merged] = [scene.next(), scene.next()];
    await merge(scene, kept, merged);
    const { service } = scene;
    return () =>
      signInOwner(service.world, newClient(service), { code: merged.code, number: merged.owner.number });
  },
};

const strangeId = 'a'.repeat(26);

export const VERIFIED_MERGES: Readonly<Record<string, () => Built>> = {
  'merge-by-the-wrong-two': () => buildBundle({ merges: [{ to: 'ada', by: ['registrar', 'regulator'] }] }),
  'merge-with-himself': () =>
    buildBundle({ merges: [{ to: 'ada', record: (record) => ({ ...record, merged: record.keeps }) }] }),
  'merge-of-another-community': () =>
    buildBundle({ merges: [{ to: 'ada', record: (record) => ({ ...record, community: strangeId }) }] }),
  'merge-into-a-merged': () =>
    buildBundle({
      merges: [
        { to: 'ada', at: 'counted', of: 'bao' },
        { to: 'bao', at: 'counted', of: 'deng' },
      ],
    }),
  'merge-of-a-frozen': () =>
    buildBundle({ freeze: { of: 'ada' }, merges: [{ of: 'ada', to: 'bao', at: 'counted' }] }),
  'merge-of-a-voter': () => buildBundle({ merges: [{ to: 'ada', at: 'open' }] }),
  'merge-and-votes-on': () => buildBundle({ casts: HONEST_CASTS, merges: [{ of: 'ada', to: 'bao' }] }),
};
