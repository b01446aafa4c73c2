/** The demo community of `npm start`: founded over HTTP, with a meeting that is open for ten days, letters and invitations. */

import { join } from 'node:path';
import { logVkey } from '../../auditlog/publishing.ts';
import type { Random } from '../../base/clock.ts';
import { taken } from '../../base/result.ts';
import type { Config } from '../../config.ts';
import { writeKeyFile } from '../../crypto/key-file.ts';
import type { Service } from '../../main.ts';
import { invite } from '../../officers/enrolling.ts';
import { printLetterCode } from '../../record/letter.ts';
import { readOrMakeKey } from '../../server-keys.ts';
import { generateCommunity } from './community.ts';
import { demoKeyName } from './demo-appointments.ts';
import { foundCommunity, importFile, issueDemoLetters, rootKeyOf } from './founding.ts';
import { convene, roofCapFen } from './story.ts';

/** What is printed at the first start. */
export type DemoSite = {
  readonly community: string;
  readonly name: string;
  readonly letters: readonly { readonly code: string; readonly numberTail: string; readonly where: string }[];
  readonly invitations: readonly {
    readonly enrolment: string;
    readonly code: string;
    readonly name: string;
  }[];
};

const UNITS = 60;
const SHOWN_LETTERS = 3;
const TEN_DAYS_MS = 10 * 86_400_000;

function demoSeed(config: Config, random: Random, role: 'regulator' | 'street'): Uint8Array {
  const seed = readOrMakeKey(config.keysDir, demoKeyName(role), 'officer', random);
  if (!seed.ok) throw new Error(`the key file of the demo ${role} is refused: ${seed.refusal.code}`);
  return seed.value;
}

/** Builds the demo community through the service's own interfaces. */
export async function buildDemoSite(service: Service, config: Config): Promise<DemoSite> {
  const { random, clock } = service.deps;
  const seed = readOrMakeKey(config.keysDir, 'demo-root', 'root', random);
  if (!seed.ok) throw new Error('the demo root was made before');
  const world = {
    origin: config.origin,
    logVkey: logVkey(service.deps.log),
    clock,
    random,
    beatNow: service.beatNow,
  };
  const generated = generateCommunity({ units: UNITS, seed: 'start' });
  const root = rootKeyOf(seed.value);
  const keyFiles = {
    regulator: demoSeed(config, random, 'regulator'),
    street: demoSeed(config, random, 'street'),
  };
  const founded = await foundCommunity(world, service.deps, service.url, root, generated.name, keyFiles);
  const { community, officers } = founded;
  await importFile(world, officers, community, generated.csv);
  const codes = await issueDemoLetters(world, officers.registrar, community, generated.csv, random);
  const demo = {
    service,
    world,
    root,
    clock: Object.assign(clock, { moveTo: () => undefined }),
    close: service.close,
  };
  const options = {
    profile: 'DEMO-CN-2021',
    noticeDays: 0,
    windowMs: TEN_DAYS_MS,
    capFen: roofCapFen(generated),
  };
  const { boxSecret } = await convene(demo, officers, community, options);
  writeKeyFile(join(config.keysDir, `demo-box-${community.slice(0, 6)}.key`), 'box', boxSecret);
  const two = [
    {
      role: 'committee' as const,
      community,
      name: '演示委员 戊',
      docKind: 'resident-id',
      number: '442000198505050055',
    },
    {
      role: 'street' as const,
      community: '',
      name: '演示街道 己',
      docKind: 'resident-id',
      number: '442000198606060066',
    },
  ];
  const invitations = [];
  for (const wish of two) invitations.push({ ...taken(await invite(service.deps, wish)), name: wish.name });
  const letters = codes.slice(0, SHOWN_LETTERS).map(({ code, owner, units }) => ({
    code: printLetterCode(code).replaceAll('-', ''),
    numberTail: owner.number.slice(-6),
    where: units.map((unit) => `${unit.building}${unit.room}`).join(' '),
  }));
  return { community, name: generated.name, letters, invitations };
}
