// Starts the whole service in this process on a database of its own, with a clock that the test moves, a demo root, demo
// officers and three witnesses: the same parts as the demo, over real HTTP on loopback.

import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { DemoCommunity } from '../../src/cli/demo/community.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import type { DemoClock, DemoService } from '../../src/cli/demo/demo-deployment.ts';
import { demoClock, startDemoService } from '../../src/cli/demo/demo-deployment.ts';
import type { Officers } from '../../src/cli/demo/founding.ts';
import { foundCommunity, importFile, issueDemoLetters } from '../../src/cli/demo/founding.ts';
import type { Config } from '../../src/config.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import type { FreshDatabase } from './database.ts';
import { freshDatabase } from './database.ts';

export type TestService = DemoService & { readonly fresh: FreshDatabase; readonly clock: DemoClock };

const WORKING_DAY = Date.UTC(2026, 10, 2, 2, 0, 0);

/** A service on a fresh database; `beatMs` large, so that only `world.beatNow()` moves it unless a test wants otherwise. */
export async function startTestService(
  options: {
    readonly beatMs?: number;
    readonly clock?: DemoClock;
    readonly realTime?: boolean;
    readonly prepareKeys?: (keysDir: string) => void;
    readonly logger?: Logger;
    readonly mail?: Config['mail'];
  } = {},
): Promise<TestService> {
  const fresh = await freshDatabase();
  const demo = await startDemoService({
    clock: options.clock ?? demoClock(WORKING_DAY, Date.now),
    realTime: options.realTime ?? false,
    random: (size) => new Uint8Array(randomBytes(size)),
    say: () => undefined,
    database: { ownerUrl: fresh.ownerUrl, appUrl: fresh.appUrl },
    beatMs: options.beatMs ?? 200,
    ...(options.mail === undefined ? {} : { mail: options.mail }),
    ...(options.logger === undefined ? {} : { logger: options.logger }),
    ...(options.prepareKeys === undefined ? {} : { prepareKeys: options.prepareKeys }),
  });
  return {
    ...demo,
    fresh,
    close: async () => {
      await demo.close();
      await fresh.close();
    },
  };
}

export type TestCommunity = {
  readonly community: string;
  readonly officers: Officers;
  readonly codes: readonly LetterCode[];
  readonly generated: DemoCommunity;
};

/** A community with register and letters; `change` makes another register of the generated one. */
export async function settle(
  service: TestService,
  units = 24,
  change: (csv: Uint8Array) => Uint8Array = (csv) => csv,
): Promise<TestCommunity> {
  const { world } = service;
  const generated = generateCommunity({ units, seed: 'test' });
  const { community, officers } = await foundCommunity(
    world,
    service.service.deps,
    service.service.url,
    service.root,
    generated.name,
  );
  const csv = change(generated.csv);
  await importFile(world, officers, community, csv);
  const codes = await issueDemoLetters(world, officers.registrar, community, csv, world.random);
  return { community, officers, codes, generated };
}
