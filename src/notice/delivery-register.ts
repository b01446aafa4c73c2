/**
 * The delivery register of a meeting as it stands: what was told to the holders of each head, and what officers handed over or posted at
 * its units. Before the freeze a head is a set of owners of the register in force, after it an entitlement (SPEC 5.1).
 */
import { present } from '../base/assert.ts';
import { compareText, toBase64Url } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import type { Database } from '../db/connect.ts';
import type { DeliveryChannel, DeliveryState, RecordedDelivery } from '../record/delivery.ts';
import { byDelivery } from '../record/delivery.ts';
import type { RollUnit } from '../record/roll.ts';
import { everyHolderOf, frozenLeaves } from '../registry/frozen-roll.ts';
import { registryUnits } from '../registry/units.ts';
import type { DeliveryRow, EndedMessage } from './store/deliveries.ts';
import { deliveriesOf, endedMessages } from './store/deliveries.ts';

/** What is told and counted as one: an entitlement, or before the freeze the units of one set of owners (`entitlement` is empty). */
export type Head = {
  readonly entitlement: string;
  readonly units: readonly Pick<RollUnit, 'unit' | 'building' | 'stair' | 'room'>[];
  readonly persons: readonly string[];
};

/** A head with its deliveries, in the order of the record. */
export type HeadDeliveries = Head & { readonly deliveries: readonly Omit<RecordedDelivery, 'entitlement'>[] };

type Meeting = { readonly community: string; readonly meeting: string };

/** The heads that a meeting is told to. */
export async function headsOf(db: Database, { community, meeting }: Meeting): Promise<readonly Head[]> {
  const leaves = await frozenLeaves(db, community, meeting);
  if (leaves.length > 0) {
    const holders = await everyHolderOf(db, community, meeting);
    return leaves.map(({ entitlement, leaf }) => ({
      entitlement,
      units: leaf.units,
      persons: [...present(holders.get(entitlement), 'every entitlement has holders')],
    }));
  }
  const heads = new Map<string, { units: Head['units'][number][]; persons: readonly string[] }>();
  for (const { unit, building, stair, room, owners } of await registryUnits(db, community)) {
    const persons = owners.toSorted(compareText);
    // A unit that nobody owns yet is a head of its own here: it must not take over what is told of another.
    const key = persons.length === 0 ? unit : persons.join(' ');
    const head = heads.get(key) ?? { units: [], persons };
    heads.set(key, head);
    head.units.push({ unit, building, stair, room });
  }
  return [...heads.values()].map((head) => ({ ...head, entitlement: '' }));
}

type Line = Omit<RecordedDelivery, 'entitlement'>;

const line = (
  channel: DeliveryChannel,
  state: DeliveryState,
  at: bigint | number,
  proof: string,
  officer = '',
): Line => ({ channel, state, at: showInstant(Number(at)), officer, proof });

const CHANNEL_OF: Readonly<Record<string, 'message' | 'email' | 'paper'>> = {
  webhook: 'message',
  email: 'email',
  print: 'paper',
};

/** A message that ended. */
function lineOfMessage(row: EndedMessage): Line {
  const channel = present(CHANNEL_OF[row.channel], 'a channel of ours');
  const ended = present(row.ended_at_ms, 'it ended');
  if (row.state === 'failed') return line(channel, 'undeliverable', ended, '');
  if (channel === 'email') {
    const proof = present(
      row.receipt_proof,
      'an e-mail that was sent has a proof of the answer of its server',
    );
    return line(channel, 'sent', ended, toBase64Url(proof));
  }
  if (channel === 'paper')
    return line(channel, 'sent', present(row.posted_at_ms, 'it was posted'), toBase64Url(row.paper_proof));
  return line(
    channel,
    row.state === 'delivered' ? 'delivered' : 'sent',
    ended,
    toBase64Url(row.message_proof),
  );
}

const CHANNEL_AT: Readonly<Record<string, 'page' | 'hand' | 'posting'>> = {
  read: 'page',
  handed: 'hand',
  posted: 'posting',
};

const lineOfDelivery = (row: DeliveryRow): Line =>
  line(
    present(CHANNEL_AT[row.state], 'a state of ours'),
    row.state as DeliveryState,
    row.recorded_at_ms,
    toBase64Url(row.proof),
    row.officer_id ?? '',
  );

/** Lines by the person or the unit that they are about. */
function gather(rows: readonly (readonly [string, Line])[]): ReadonlyMap<string, readonly Line[]> {
  const lines = new Map<string, Line[]>();
  for (const [subject, each] of rows) {
    const list = lines.get(subject) ?? [];
    lines.set(subject, list);
    list.push(each);
  }
  return lines;
}

/** Each line once, in the order of the record: what two holders share, or two units of one posting, says the same twice. */
function inOrder(lines: readonly Line[]): readonly Line[] {
  const of = (each: Line): RecordedDelivery => ({ ...each, entitlement: '' });
  return lines
    .toSorted((a, b) => byDelivery(of(a), of(b)))
    .filter((each, at, all) => {
      const before = all[at - 1];
      return before === undefined || byDelivery(of(before), of(each)) !== 0;
    });
}

/** The heads of a meeting with what was delivered to each. */
export async function deliveryRegister(db: Database, meeting: Meeting): Promise<readonly HeadDeliveries[]> {
  const heads = await headsOf(db, meeting);
  const messages = await endedMessages(db, meeting.community, meeting.meeting);
  const recorded = await deliveriesOf(db, meeting.community, meeting.meeting);
  const lines = gather([
    ...messages.map((row) => [row.person_id, lineOfMessage(row)] as const),
    ...recorded.map(
      (row) => [present(row.person_id ?? row.unit_id, 'whom it is about'), lineOfDelivery(row)] as const,
    ),
  ]);
  return heads.map((head) => ({
    ...head,
    deliveries: inOrder(
      [...head.persons, ...head.units.map(({ unit }) => unit)].flatMap((subject) => lines.get(subject) ?? []),
    ),
  }));
}
