/** In a demo the regulator and the street sign every appointment by themselves, so that a visitor can become an officer. */

import { join } from 'node:path';
import { logVkey } from '../../auditlog/publishing.ts';
import { toBase64Url } from '../../base/bytes.ts';
import type { Config } from '../../config.ts';
import { readKeyFile } from '../../crypto/key-file.ts';
import type { Service } from '../../main.ts';
import type { ActAnswer } from '../../officers/contract.ts';
import { officerOfKey } from '../../officers/officer-lines.ts';
import { keyFileOfficer } from './founding.ts';
import { httpClient } from './http-client.ts';
import type { DemoWorld, Officer } from './officer.ts';
import { signBy, signInOfficer } from './officer.ts';

const LOOK_MS = 1500;
const ROLES = ['regulator', 'street'] as const;

/** The name of a demo officer's key file. */
export const demoKeyName = (role: (typeof ROLES)[number]): string => `demo-${role}`;

async function demoOfficers(service: Service, config: Config): Promise<readonly Officer[]> {
  const officers: Officer[] = [];
  for (const role of ROLES) {
    const seed = readKeyFile(join(config.keysDir, `${demoKeyName(role)}.key`), 'officer');
    if (!seed.ok) return [];
    const key = keyFileOfficer(seed.value);
    const officer = await officerOfKey(service.deps.db, key.publicKey);
    if (officer === undefined) return [];
    const client = httpClient(service.url, () => toBase64Url(service.deps.random(16)));
    officers.push({ officer, role, client, ...key });
  }
  return officers;
}

/** Signs waiting appointments of communities' officers until told to stop; does nothing where there are no demo officers. */
export async function startAppointing(service: Service, config: Config): Promise<() => void> {
  const officers = await demoOfficers(service, config);
  const [first] = officers;
  if (first === undefined) return () => undefined;
  const { clock, random, log } = service.deps;
  const world: DemoWorld = {
    origin: config.origin,
    logVkey: logVkey(log),
    clock,
    random,
    beatNow: service.beatNow,
  };
  const look = async (): Promise<void> => {
    for (const officer of officers) await signInOfficer(world, officer);
    const { communities } = await first.client.get<{ communities: readonly { community: string }[] }>(
      '/v1/communities',
    );
    for (const { community } of communities) {
      const { acts } = await first.client.get<{ acts: readonly ActAnswer[] }>(
        `/v1/acts?community=${community}`,
      );
      for (const act of acts) {
        if (act.kind === 'officer.appointed' && act.state === 'open') await signBy(world, act.act, officers);
      }
    }
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    // A visitor who is too fast is appointed at the next look.
    void look()
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  }, LOOK_MS);
  return () => clearInterval(timer);
}
