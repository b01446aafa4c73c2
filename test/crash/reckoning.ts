// What must hold after the kills, reckoned from the rows and the served log against what the clients kept: nothing lost, nothing
// twice, chains and log whole, every promise kept. The log is checked by our command and by a client of another language.
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, toBase64Url, toHex } from '../../src/base/bytes.ts';
import type { Database } from '../../src/db/connect.ts';
import type { Acknowledgement } from '../../src/record/acknowledgement.ts';
import { acknowledgementForm } from '../../src/record/acknowledgement.ts';
import { CHAIN_START } from '../../src/record/cast.ts';
import { entryForm } from '../../src/record/entry.ts';
import { verifyJws } from '../../src/record/jws.ts';
import { checkLogOutside, pythonHere } from '../outside/run-log-client.ts';
import type { Acknowledged } from './crowd.ts';
import { command } from './processes.ts';
import type { Site } from './site.ts';

/** Each figure of this must be what its name says; all but `acknowledged` and the promises' spread are to be equal or nought. */
export type Reckoning = {
  /** Casts that clients hold an acknowledgement for, and the casts, chain items and log entries that the database has. */
  readonly acknowledged: number;
  readonly stored: number;
  readonly logged: number;
  /** Acknowledged casts that are not stored, or stored with another acknowledgement. */
  readonly lost: number;
  /** Log entries of one cast beyond the first. */
  readonly twice: number;
  /** Stored casts that nobody was told of, at the end, when every client knows the outcome of all it sent. */
  readonly untold: number;
  /** Chains that are not 1, 2, … with each item naming the one before. */
  readonly brokenChains: number;
  /** Acknowledgements whose signature, hash or entry is not that of the cast. */
  readonly falseAcknowledgements: number;
  /** Acknowledged entries that no checkpoint covered by `includeBy`. */
  readonly brokenPromises: number;
};

type LoggedCast = { readonly castHash: string; readonly leaf: string; readonly index: number };

async function loggedCasts(db: Database, meeting: string): Promise<readonly LoggedCast[]> {
  const rows = await db
    .selectFrom('log_entry')
    .select(['data', 'leaf_hash', 'idx'])
    .where('meeting_id', '=', meeting)
    .where('kind', '=', 'cast.accepted')
    .execute();
  return rows.map(({ data, leaf_hash, idx }) => {
    const entry = entryForm.parse(data);
    if (!entry.ok || entry.value.kind !== 'cast.accepted') throw new Error('an entry of another form');
    // An entry without an index would be found at −1, and no checkpoint covers that.
    return { castHash: entry.value.castHash, leaf: toBase64Url(leaf_hash), index: Number(idx ?? -1) };
  });
}

function countBrokenChains(
  rows: readonly {
    readonly entitlement: string;
    readonly seq: number;
    readonly prev: string;
    readonly hash: string;
  }[],
): number {
  const chains = new Map<string, typeof rows>();
  for (const row of rows) chains.set(row.entitlement, [...(chains.get(row.entitlement) ?? []), row]);
  return [...chains.values()].filter((chain) => {
    const sorted = [...chain].sort((a, b) => a.seq - b.seq);
    return !sorted.every(
      ({ seq, prev }, at) => seq === at + 1 && prev === (at === 0 ? CHAIN_START : sorted[at - 1]?.hash),
    );
  }).length;
}

/** The claims of an acknowledgement, or undefined where it is not ours or not of this cast. */
export function claimsOf(
  ackKey: string,
  { cast, acknowledgement }: Acknowledged,
): Acknowledgement | undefined {
  const key = present(fromBase64Url(ackKey), 'checked key');
  const claims = verifyJws(acknowledgement, 'owners-vote-ack+jws', key, acknowledgementForm);
  const fits = claims.ok && claims.value.castHash === cast.castHash && claims.value.seq === cast.seq;
  return fits ? claims.value : undefined;
}

/** Reckons a meeting. Wait before until the log has numbered and signed everything. */
export async function reckon(
  db: Database,
  meeting: string,
  ackKey: string,
  accepted: readonly Acknowledged[],
): Promise<Reckoning> {
  const stored = await db
    .selectFrom('cast_statement')
    .select(['cast_hash', 'acknowledgement', 'entitlement_id', 'seq', 'prev'])
    .where('meeting_id', '=', meeting)
    .execute();
  const byHash = new Map(stored.map((row) => [toBase64Url(row.cast_hash), row.acknowledgement]));
  const logged = await loggedCasts(db, meeting);
  const entries = new Map(logged.map((entry) => [entry.castHash, entry]));
  const checkpoints = (
    await db.selectFrom('log_checkpoint').select(['size', 'signed_at_ms']).orderBy('size').execute()
  ).map((row) => ({ size: Number(row.size), signedAt: Number(row.signed_at_ms) }));
  const told = new Set(accepted.map(({ cast }) => cast.castHash));
  let falseAcknowledgements = 0;
  let brokenPromises = 0;
  for (const each of accepted) {
    const claims = claimsOf(ackKey, each);
    const entry = entries.get(each.cast.castHash);
    if (claims === undefined || claims.entry !== entry?.leaf) falseAcknowledgements += 1;
    const covering = checkpoints.find(
      ({ size }) => entry !== undefined && entry.index >= 0 && size > entry.index,
    );
    if (covering === undefined || covering.signedAt > (claims?.includeBy ?? 0) * 1000) brokenPromises += 1;
  }
  return {
    acknowledged: told.size,
    stored: stored.length,
    logged: logged.length,
    lost: accepted.filter(({ cast, acknowledgement }) => byHash.get(cast.castHash) !== acknowledgement)
      .length,
    twice: logged.length - entries.size,
    untold: stored.filter((row) => !told.has(toBase64Url(row.cast_hash))).length,
    brokenChains: countBrokenChains(
      stored.map((row) => ({
        entitlement: row.entitlement_id,
        seq: row.seq,
        prev: toBase64Url(row.prev),
        hash: toBase64Url(row.cast_hash),
      })),
    ),
    falseAcknowledgements,
    brokenPromises,
  };
}

/** What a whole reckoning looks like. */
export const wholeOf = (acknowledged: number): Reckoning => ({
  acknowledged,
  stored: acknowledged,
  logged: acknowledged,
  lost: 0,
  twice: 0,
  untold: 0,
  brokenChains: 0,
  falseAcknowledgements: 0,
  brokenPromises: 0,
});

/** Whether everything that committed has its index and lies under a checkpoint. */
export async function isSettled(db: Database): Promise<boolean> {
  const waiting = await db.selectFrom('log_entry').select('id').where('idx', 'is', null).limit(1).execute();
  const head = await db.selectFrom('log_head').select('size').executeTakeFirstOrThrow();
  const newest = await db
    .selectFrom('log_checkpoint')
    .select('size')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return waiting.length === 0 && newest?.size === head.size;
}

/** `owners-vote log check` on the site, beside the running service. */
export async function checkByCommand(site: Site): Promise<unknown> {
  const { code, stdout, said } = await command(site, ['log', 'check', '--json']);
  if (!stdout.startsWith('{')) throw new Error(`log check ended with ${code}: ${said}`);
  const { waiting, findings } = JSON.parse(stdout) as { waiting: number; findings: readonly unknown[] };
  return { code, waiting, findings };
}

/** Without Python nothing is asked of the outside client; a line says so, and with CI=true that is a failure. */
const NOT_ASKED = { code: 0, out: '' };

/** The outside client on the served log: every checkpoint that was seen is a prefix, every promised leaf is in it. */
export async function checkOutside(
  site: Site,
  url: string,
  notes: readonly string[],
  ackKey: string,
  accepted: readonly Acknowledged[],
): Promise<{ readonly code: number; readonly out: string }> {
  if (!(await pythonHere())) return NOT_ASKED;
  const leaves = accepted.map((each) => {
    const claims = present(claimsOf(ackKey, each), 'an acknowledgement of ours');
    return toHex(present(fromBase64Url(claims.entry), 'a hash'));
  });
  return checkLogOutside({ url: `${url}/log`, vkey: site.vkey, formerCheckpoint: notes, leaves });
}

type Receipt = { readonly acknowledgement: string; readonly entry: string; readonly proof: string };

/** Fetches receipts as owners do, and has the outside client check them with nothing but the log's key. */
export async function checkReceipts(
  site: Site,
  url: string,
  sample: readonly Acknowledged[],
): Promise<{ readonly code: number; readonly same: number; readonly out: string }> {
  const receipts = [];
  let same = 0;
  for (const { cast, acknowledgement } of sample) {
    const response = await fetch(`${url}/v1/meetings/${cast.meeting}/casts/${cast.castHash}/receipt`);
    const receipt = (await response.json()) as Receipt;
    if (receipt.acknowledgement === acknowledgement) same += 1;
    receipts.push({ proof: receipt.proof, entry: present(fromBase64Url(receipt.entry), 'bytes') });
  }
  if (!(await pythonHere())) return { ...NOT_ASKED, same };
  const { code, out } = await checkLogOutside({ vkey: site.vkey, receipts });
  return { code, same, out };
}

/** Keeps every checkpoint that is served, until stopped; a service that does not answer is asked again. */
export function watchCheckpoints(urls: () => readonly string[]) {
  const notes = new Set<string>();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      for (const url of urls()) {
        const note = await fetch(`${url}/log/checkpoint`, { signal: AbortSignal.timeout(1_000) })
          .then(async (response) => (response.ok ? await response.text() : undefined))
          .catch(() => undefined);
        if (note !== undefined) notes.add(note);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    stop: async (): Promise<readonly string[]> => {
      stopped = true;
      await watching;
      return [...notes];
    },
  };
}
