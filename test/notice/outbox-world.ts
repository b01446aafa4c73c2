// A community with letters in force, whose entries are numbered by the real sequencer, and what announces them to a gateway of a test.

import { sequenceOnce } from '../../src/auditlog/sequencing.ts';
import { timelinessNow } from '../../src/ballot/reminding.ts';
import type { MadeLetters } from '../../src/identity/domain/letter-making.ts';
import { explainEntry } from '../../src/jobs/explaining.ts';
import type { AnnouncingDeps } from '../../src/notice/notice-deps.ts';
import type { FreshDatabase } from '../support/database.ts';
import { issue, makeFor } from '../support/letters.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, registerFile } from '../support/registry.ts';
import type { TestGateway } from './gateway.ts';

export const SECRET = new Uint8Array(32).fill(11);

/** 陈大文 has a mobile phone, 李小明 none, 王芳 no phone and an address elsewhere. */
export const FILE = registerFile([
  `1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,13800138000,`,
  `1栋,102,90.00,李小明,${NUMBERS.li},已交付,,`,
  `1栋,103,90.00,王芳,${NUMBERS.wang},已交付,,中山市石岐区某路8号`,
]);

export type OutboxWorld = { readonly the: TestCommunity; readonly made: MadeLetters };

export async function outboxWorld(fresh: FreshDatabase, seed: string): Promise<OutboxWorld> {
  const the = await newCommunity(fresh, seed);
  await bringIntoForce(the, FILE);
  const made = await makeFor(the, FILE);
  await issue(the, made, '2027-06-30');
  await number(the);
  return { the, made };
}

/** Gives every entry its index. */
export async function number({ deps }: TestCommunity): Promise<void> {
  await sequenceOnce({ db: deps.db });
}

export const announcingDeps = (
  { deps }: TestCommunity,
  gateway?: TestGateway,
  change: Partial<AnnouncingDeps['notice']> = {},
): AnnouncingDeps => ({
  ...deps,
  explain: explainEntry,
  timeliness: timelinessNow,
  notice: {
    gateway: gateway === undefined ? undefined : { url: gateway.url, secrets: [SECRET] },
    helpLine: '0760-88888888',
    page: 'vote.example',
    maxQueued: 1000,
    answerMs: 5_000,
    ...change,
  },
});

/** The outbox of the community, in the order of the log, without what is sealed. */
export const outboxOf = ({ deps, community }: TestCommunity) =>
  deps.db
    .selectFrom('outbox')
    .select(['outbox_id', 'entry_idx', 'event', 'channel', 'state', 'attempts', 'error_code'])
    .where('community_id', '=', community)
    .orderBy('entry_idx')
    .orderBy('event')
    .execute();
