// Goal: a delivery register that is left out, put down late, mended after the opening, or filled with what cannot be is found from the bundle
// alone; whom nothing reached is said and is no finding. Method: whole bundles, each with one lie (SPEC 5.1).
import { describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { DeliveryRecord, RecordedDelivery } from '../../src/record/delivery.ts';
import { seededRandom } from '../support/random.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';

const random = seededRandom('tampered deliveries');

/** A lie about the first line that a channel has, told at both moments or at one. */
const about =
  (channel: string, change: Partial<RecordedDelivery>, moment?: string) =>
  (record: DeliveryRecord): DeliveryRecord => ({
    ...record,
    deliveries:
      moment !== undefined && moment !== record.moment
        ? record.deliveries
        : record.deliveries.map((each) => (each.channel === channel ? { ...each, ...change } : each)),
  });

const lie = (change: (record: DeliveryRecord) => DeliveryRecord) => failing({ deliveries: change });

describe('an honest register', () => {
  it('passes, and its remark counts who had been told at the opening', async () => {
    const checks = await checksOf(buildBundle());
    const check = present(
      checks.find(({ id }) => id === 'DEL-01'),
      'the check',
    );
    expect(check.outcome).toBe('pass');
    expect(check.remark).toEqual({
      zh: '开票时，6 户中已送达 3 户，仅张贴 1 户，没有送达记录 2 户',
      en: 'at the opening, of 6 entitlements 3 had been told, 1 only by a posting, and of 2 nothing is recorded',
    });
  });

  it('in a public bundle is not made, and nothing is found', async () => {
    const built = publicBundle(buildBundle());
    expect(await failuresOf(built)).toEqual([]);
    expect((await checksOf(built)).find(({ id }) => id === 'DEL-01')?.outcome).toBe('not made');
  });

  it('that is empty passes too: it says that nobody was told', async () => {
    expect(await lie((record) => ({ ...record, deliveries: [] }))).toEqual([]);
  });
});

describe('DEL-01', () => {
  it.each<readonly [string, (record: DeliveryRecord) => DeliveryRecord]>([
    [
      'a line is gone at the close',
      (record) => ({
        ...record,
        deliveries: record.moment === 'close' ? record.deliveries.slice(1) : record.deliveries,
      }),
    ],
    [
      'a handover from before the opening is added at the close',
      (record) => ({
        ...record,
        deliveries:
          record.moment === 'opening'
            ? record.deliveries.filter(({ channel }) => channel !== 'hand')
            : record.deliveries,
      }),
    ],
    ['a line is mended at the close', about('message', { state: 'delivered' }, 'close')],
    [
      'a line is there twice',
      (record) => ({ ...record, deliveries: record.deliveries.flatMap((each) => [each, each]) }),
    ],
    ['the lines are out of order', (record) => ({ ...record, deliveries: record.deliveries.toReversed() })],
    ['an entitlement is on no roll', about('hand', { entitlement: newId(random) })],
    ['a page is handed over', about('page', { state: 'handed' })],
    ['nobody handed it over', about('hand', { officer: '' })],
    ['an unknown officer handed it over', about('hand', { officer: newId(random) })],
    ['an officer read it for the owner', about('page', { officer: newId(random) })],
    ['a posting has no document', about('posting', { proof: '' })],
    ['an e-mail that was sent has no proof', about('email', { proof: '' })],
    ['an e-mail that bounced has one', about('email', { state: 'undeliverable' })],
    ['a message that was sent has no proof', about('message', { proof: '' })],
    ['a message that arrived has no proof', about('message', { state: 'delivered', proof: '' })],
    ['a message that reached nobody has a proof', about('message', { state: 'undeliverable' })],
    ['paper that was posted has no proof', about('paper', { state: 'sent' })],
    ['paper without an address has a proof', about('paper', { proof: 'A'.repeat(43) })],
    ['an e-mail was read', about('email', { state: 'read' })],
    ['another notice was read', about('page', { proof: toBase64Url(random(32)) })],
    ['it was read before the notice', about('page', { at: '2026-09-30T02:00:00Z' })],
    ['it was read after the register was put down', about('page', { at: '2026-12-24T02:00:00Z' })],
    ['it is of another meeting', (record) => ({ ...record, meeting: newId(random) })],
    ['it is of another community', (record) => ({ ...record, community: newId(random) })],
    ['both are of the opening', (record) => ({ ...record, moment: 'opening' })],
    [
      'the moments are exchanged',
      (record) => ({ ...record, moment: record.moment === 'close' ? 'opening' : 'close' }),
    ],
  ])('%s', async (_, change) => {
    const failed = await lie(change);
    expect(failed).toEqual(['DEL-01']);
  });

  it('a registrar handed it over', async () => {
    const built = buildBundle();
    const registrar = present(built.world.officers.get('registrar'), 'registrar').id;
    // Ids are drawn from the same seed, so that the second telling has the same registrar.
    expect(await lie(about('hand', { officer: registrar }))).toEqual(['DEL-01']);
  });

  it('the register of the opening was put down twice', async () => {
    const failed = await failing({
      before: (world, name) => {
        if (name !== 'close') return;
        const { community, meeting } = world;
        world.append(
          'delivery',
          { v: 1, kind: 'delivery.recorded', community, meeting, deliveryHash: toBase64Url(random(32)) },
          [],
          '2026-11-30T01:00:00Z',
        );
      },
    });
    expect(failed).toEqual(['LOG-01', 'DEL-01']);
  });
});

describe('LOG-01', () => {
  it('a register of the log is left out of the bundle', async () => {
    const failed = await failing({
      files: (files) => editLines(files, 'deliveries.jsonl', (lines) => lines.slice(1)),
    });
    expect(failed).toEqual(['LOG-01', 'DEL-01']);
  });

  it('and the whole file', async () => {
    const failed = await failing({ files: (files) => files.delete('deliveries.jsonl') });
    expect(failed).toEqual(['BND-01', 'LOG-01']);
  });
});
