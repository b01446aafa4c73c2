// Goal: pages are tested against the whole service. A service in this process with a clock that can be moved, witnesses, officers,
// a generated community with letters, a meeting that is open.
import { present } from '../../src/base/assert.ts';
import { fromUtf8, utf8 } from '../../src/base/bytes.ts';
import type { DemoCommunity } from '../../src/cli/demo/community.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import type { DemoService, DemoServiceOptions } from '../../src/cli/demo/demo-deployment.ts';
import { demoClock, startDemoService } from '../../src/cli/demo/demo-deployment.ts';
import type { Officers } from '../../src/cli/demo/founding.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import { convene, roofCapFen } from '../../src/cli/demo/story.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { printLetterCode } from '../../src/record/letter.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { seededRandom } from '../support/random.ts';

export type WebWorld = {
  readonly demo: DemoService;
  readonly fresh: FreshDatabase;
  readonly generated: DemoCommunity;
  readonly community: string;
  readonly officers: Officers;
  readonly codes: readonly LetterCode[];
  readonly close: () => Promise<void>;
};

const UNITS = 40;

/** The register with one more fact: the owner of the first dwelling owns the second one too, together with another person. */
function withTwoHeads(csv: Uint8Array): Uint8Array {
  const lines = present(fromUtf8(csv), 'our own file').split('\n');
  const cells = lines.map((line) => line.split(','));
  const [, alone = [], shared = []] = cells;
  for (const column of [6, 7, 8, 9]) {
    const [, second = ''] = (shared[column] ?? '').split('、');
    shared[column] = `${alone[column]}、${second}`;
  }
  return utf8(cells.map((row) => row.join(',')).join('\n'));
}

type WebWorldOptions = Pick<DemoServiceOptions, 'prepareKeys' | 'mail'> & {
  /** The register as another kind of file. */
  readonly asFile?: (csv: Uint8Array) => Promise<Uint8Array>;
  /** Nobody gets a letter yet. */
  readonly hasNoLetters?: boolean;
};

/** A founded community whose owners have their letters. */
export async function webWorld(
  seed: string,
  { asFile = async (csv) => csv, hasNoLetters = false, ...more }: WebWorldOptions = {},
): Promise<WebWorld> {
  const fresh = await freshDatabase({ empty: true });
  const demo = await startDemoService({
    clock: demoClock(Date.now(), Date.now),
    random: seededRandom(seed),
    say: () => undefined,
    database: fresh,
    beatMs: 200,
    ...more,
  });
  const made = generateCommunity({ units: UNITS, seed });
  const generated = { ...made, csv: await asFile(withTwoHeads(made.csv)) };
  const { world, service, root } = demo;
  const { community, officers } = await foundCommunity(
    world,
    service.deps,
    service.url,
    root,
    generated.name,
  );
  await importFile(world, officers, community, generated.csv);
  const codes = hasNoLetters
    ? []
    : await issueDemoLetters(world, officers.registrar, community, generated.csv, world.random);
  const close = async () => {
    await demo.close();
    await fresh.close();
  };
  return { demo, fresh, generated, community, officers, codes, close };
}

/** Opens the demo's meeting now, for ten days. */
export const openMeeting = (
  { demo, officers, community, generated }: WebWorld,
  more: Pick<Parameters<typeof convene>[3], 'change'> = {},
) =>
  convene(demo, officers, community, {
    ...more,
    profile: 'DEMO-CN-2021',
    noticeDays: 0,
    windowMs: 10 * 86_400_000,
    capFen: roofCapFen(generated),
  });

/** A letter whose owner votes on at least so many entitlements with area, and what he types. */
export function letterOf(world: WebWorld, wanted: (letter: LetterCode) => boolean) {
  const letter = present(world.codes.find(wanted), 'a letter of this kind');
  return {
    letter,
    code: printLetterCode(letter.code),
    numberTail: letter.owner.number.slice(-6),
  };
}

/** One dwelling, and nothing else. */
export const ownsOneDwelling = ({ units }: LetterCode): boolean =>
  units.length === 1 && units[0]?.kind === 'dwelling';
