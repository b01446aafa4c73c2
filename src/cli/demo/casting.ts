/** The demo's owners vote, eight at a time: most by their letters, some by a passkey or a device key of their own (SPEC 3.4, 6). */
import { toBase64Url } from '../../base/bytes.ts';
import type { LetterCode } from '../../identity/domain/letter-making.ts';
import type { DemoService } from './demo-deployment.ts';
import { httpClient } from './http-client.ts';
import type { DemoWorld } from './officer.ts';
import type { Chooser, Owner } from './owner.ts';
import { signInOwner, voteBy, voteWith } from './owner.ts';
import type { OwnKey } from './owner-key.ts';
import { bindOwnKey, newDeviceKey, newPasskey, signInByKey } from './owner-key.ts';
import { seeded } from './seeded.ts';

/** How the demo's owners choose: mostly for, some against, a few abstain. */
const chooserOf = (draw: ReturnType<typeof seeded>): Chooser => {
  const mood = draw.below(100);
  return () => [mood < 74 ? 'for' : mood < 92 ? 'against' : 'abstain'];
};

/** Owners who vote at the same time. */
const AT_ONCE = 8;

type NewKey = ((world: DemoWorld) => OwnKey) | undefined;

/** Of so many owners, by their place: a passkey, a device key, and the others vote by their letters. */
const OWNERS_A_ROUND = 10;
const NEW_KEYS: readonly NewKey[] = Array.from({ length: OWNERS_A_ROUND }, (_, at) =>
  at === 3 ? newPasskey : at === 7 ? newDeviceKey : undefined,
);

/** Who votes for one head: they choose alike, so that the result does not depend on which of them is first. */
const householdOf = ({ units }: LetterCode): string => {
  const [first] = units;
  return first?.state === 'delivered' ? first.owners.join() : 'developer';
};

/** Everybody votes who does not stay silent; the number of casts. */
export async function castAll(
  demo: DemoService,
  seed: string,
  codes: readonly LetterCode[],
  meeting: string,
): Promise<number> {
  const draw = seeded(`${seed}/votes`);
  const choosers = new Map<string, Chooser>();
  const voters = codes.flatMap((letter) => {
    const { code, owner } = letter;
    const stays = draw.below(100) >= 88;
    const own = chooserOf(draw);
    const choose = choosers.get(householdOf(letter)) ?? own;
    choosers.set(householdOf(letter), choose);
    return stays ? [] : [{ owner: { code, number: owner.number }, choose }];
  });
  const withKeys = voters.map((voter, at) => ({ ...voter, newKey: NEW_KEYS[at % OWNERS_A_ROUND] }));
  let casts = 0;
  const voteInTurn = async (): Promise<void> => {
    for (let voter = withKeys.shift(); voter !== undefined; voter = withKeys.shift()) {
      const sent = await voteOnce(demo, voter, meeting);
      casts += sent;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, voteInTurn));
  await demo.world.beatNow();
  return casts;
}

/** One owner's vote, by his letter or by a key that he binds first; the number of his casts. */
async function voteOnce(
  { service, world }: DemoService,
  { owner, choose, newKey }: { readonly owner: Owner; readonly choose: Chooser; readonly newKey: NewKey },
  meeting: string,
): Promise<number> {
  const newClient = () => httpClient(service.url, () => toBase64Url(world.random(16)));
  const client = newClient();
  if (newKey === undefined) return (await voteWith(world, client, owner, meeting, choose)).length;
  const key = newKey(world);
  await signInOwner(world, client, owner);
  await bindOwnKey(world, client, owner, key);
  const own = newClient();
  await signInByKey(world, own, owner, key);
  return (await voteBy(world, own, key, meeting, choose)).length;
}
