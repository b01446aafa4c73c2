// Goal: each check of box, tally, certificate, fund and witnesses fails when its lie is told. Method: a dishonest operator tells
// one lie while the meeting of bundle-builder.ts runs, so that everything after it is consistent; exact failures are asserted.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import type { FundEntry } from '../../src/record/fund.ts';
import type { TallyRecord } from '../../src/record/tally-record.ts';
import { seededRandom } from '../support/random.ts';
import type { Ballots, Forge } from './bundle-builder.ts';
import { buildBundle, publicBundle } from './bundle-builder.ts';
import { checksOf, editLines, failing, failuresOf } from './failing-checks.ts';
import { reissued } from './story-reissue.ts';

const random = seededRandom('tampered result');
const hash = (): string => toBase64Url(random(32));

/** Changes the first proposal of the record. */
const first = (
  edit: (tally: TallyRecord['proposals'][number]) => TallyRecord['proposals'][number],
): Forge => ({
  record: (record) => ({
    ...record,
    proposals: record.proposals.map((one, at) => (at === 0 ? edit(one) : one)),
  }),
});

describe('the box', () => {
  it('BOX-01: a released secret that is not that of the box key', async () => {
    expect(await failing({ boxSecret: random(32) })).toEqual(['TALLY-01', 'TALLY-02', 'BOX-01', 'BOX-02']);
  });
  it('BOX-01: a secret released by an officer of the convener’s role', async () => {
    const lie = await failing({ signers: (names, step) => (step === 'box' ? ['committee'] : names) });
    expect(lie).toEqual(['BOX-01']);
  });
  it('BOX-01: a secret released before the close', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'close') return;
        const { community, meeting } = world;
        const early = { v: 1, kind: 'box.released', community, meeting, secretHash: hash() } as const;
        world.append('box', early, ['street'], '2026-11-29T00:00:00Z');
      },
    });
    expect(lie).toEqual(['BOX-01']);
  });
  it('a box that the server held is said so in the report', async () => {
    const built = buildBundle({ boxHolder: 'server' });
    const check = (await checksOf(built)).find(({ id }) => id === 'BOX-01');
    expect(check?.outcome).toBe('pass');
    expect(check?.remark?.zh).toContain('服务器可以读取');
  });
});

describe('the result', () => {
  it('TALLY-02: a number in the tally', async () => {
    const lie = await failing(first((one) => ({ ...one, consenting: { areaDm2: '39899', heads: 4 } })));
    expect(lie).toEqual(['TALLY-02']);
  });
  it('TALLY-02: an inequality that does not hold', async () => {
    const lie = await failing(
      first((one) => ({
        ...one,
        classes: one.classes.map((matter) => ({
          ...matter,
          inequalities: matter.inequalities.map((each, at) =>
            at === 2 ? { ...each, right: '149999' } : each,
          ),
        })),
      })),
    );
    expect(lie).toEqual(['TALLY-02']);
  });
  it('TALLY-02: an outcome that does not follow', async () => {
    expect(await failing(first((one) => ({ ...one, outcome: 'REJECTED' })))).toEqual(['TALLY-02']);
  });
  it('TALLY-02: participation by channel', async () => {
    const lie = await failing({ record: (record) => ({ ...record, channels: [] }) });
    expect(lie).toEqual(['TALLY-02']);
  });
  it('TALLY-02: somebody left out of the list of who took part', async () => {
    const lie = await failing({ participation: (list) => ({ ...list, took: list.took.slice(1) }) });
    expect(lie).toEqual(['TALLY-02']);
  });
  it('TALLY-02: the inputs are not the files of the bundle', async () => {
    const lie = await failing({
      entry: (entry) => (entry.kind === 'tally.final' ? { ...entry, inputsHash: hash() } : entry),
    });
    expect(lie).toEqual(['TALLY-02']);
  });
  it('TALLY-01: a malformed answer that is not listed', async () => {
    const lie = await failing({ record: (record) => ({ ...record, malformed: [] }) });
    expect(lie).toEqual(['TALLY-01', 'BOX-02']);
  });
  it('TALLY-01: voids that no entry made', async () => {
    expect(await failing({ record: (record) => ({ ...record, voids: 1 }) })).toEqual(['TALLY-01']);
  });
  it('TALLY-01: a key of the counter that is not counted, in the public bundle too', async () => {
    const honest = buildBundle({ keys: { counter: true } });
    const said = JSON.parse(new TextDecoder().decode(honest.files.get('tally.json')));
    expect([said.lateLetters, said.counterBindings]).toEqual([0, 1]);
    const lie: Forge = { keys: { counter: true }, record: (record) => ({ ...record, counterBindings: 0 }) };
    expect(await failing(lie)).toEqual(['TALLY-01']);
    expect(await failuresOf(publicBundle(buildBundle(lie)))).toEqual(['TALLY-01']);
  });
  it('TALLY-01: a letter of the days of the vote that is not counted', async () => {
    const honest = buildBundle(reissued());
    const said = JSON.parse(new TextDecoder().decode(honest.files.get('tally.json')));
    expect([said.lateLetters, said.counterBindings]).toEqual([1, 0]);
    const lie = { ...reissued(), record: (record: TallyRecord) => ({ ...record, lateLetters: 0 }) };
    expect(await failing(lie)).toEqual(['TALLY-01']);
  });
  it('TALLY-01: an objection that nobody decided before the final result', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'final') return;
        const { community, meeting } = world;
        const filed = { v: 1, kind: 'objection.filed', community, meeting } as const;
        world.append(
          'decision',
          { ...filed, objection: newId(random), objectionHash: hash() },
          [],
          '2026-12-06T00:00:00Z',
        );
      },
    });
    expect(lie).toEqual(['LOG-01', 'TALLY-01']);
  });
  it('CERT-01: a certificate that another key signed', async () => {
    const lie = (files: Map<string, Uint8Array>) => {
      const text = new TextDecoder().decode(files.get('certificate.json'));
      const forged = text.replace(/\.[A-Za-z0-9_-]{86}"/, `.${toBase64Url(random(64))}"`);
      files.set('certificate.json', new TextEncoder().encode(forged));
    };
    expect(await failing({ files: lie })).toEqual(['CERT-01']);
  });
  it('CERT-02: a certificate that says another outcome', async () => {
    const lie = await failing({
      certificate: (one) => ({
        ...one,
        outcomes: one.outcomes.map((each) => ({ ...each, outcome: 'REJECTED' })),
      }),
    });
    expect(lie).toEqual(['CERT-02']);
  });
  it('CERT-02: two final results', async () => {
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'authorise') return;
        const { community, meeting, log } = world;
        const none = { size: log.leaves.length, count: 0, root: hash() };
        const again = { v: 1, kind: 'tally.final', community, meeting, votes: none, controls: none } as const;
        const entry = { ...again, recordHash: hash(), inputsHash: hash() };
        world.append('final', entry, ['committee', 'street'], '2026-12-08T05:00:00Z');
      },
    });
    expect(lie).toEqual(['LOG-02', 'TALLY-02', 'CERT-02']);
  });
});

describe('an extension', () => {
  const extended = (closes: string, at: string, times = 1): Forge => ({
    before: (world, step) => {
      if (step !== 'close') return;
      const { community, meeting } = world;
      for (let i = 0; i < times; i += 1) {
        const entry = { v: 1, kind: 'meeting.extended', community, meeting, closes } as const;
        world.append('open', entry, ['committee', 'street'], at);
      }
    },
  });
  /** Two of six take part, so nothing is quorate. */
  const few: readonly Ballots[] = [
    {
      owner: 'ada',
      answers: [
        [0, 'for'],
        [1, 'for'],
      ],
    },
    { owner: 'deng', answers: [[0, 'for']] },
  ];
  const later = (at: string, step: string): string =>
    step === 'close'
      ? '2026-12-10T01:00:05Z'
      : at < '2026-11-30' || step === 'open'
        ? at
        : at.replace('2026-1', '2027-1');

  it('EXT-01: a quorate meeting is not extended', async () => {
    const lie = await failing({ ...extended('2026-12-10T01:00:00Z', '2026-11-29T00:00:00Z'), time: later });
    expect(lie).toContain('EXT-01');
  });
  it('EXT-01: not for longer than the profile says, not twice, not after the close', async () => {
    const lies = [
      extended('2026-12-30T01:00:00Z', '2026-11-29T00:00:00Z'),
      extended('2026-12-10T01:00:00Z', '2026-11-29T00:00:00Z', 2),
      extended('2026-12-10T01:00:00Z', '2026-11-30T05:00:00Z'),
    ];
    for (const lie of lies) expect(await failing({ ...lie, casts: few })).toContain('EXT-01');
  });
  it('EXT-01: one extension of a meeting without quorum passes', async () => {
    const built = buildBundle({ ...extended('2026-12-10T01:00:00Z', '2026-11-29T00:00:00Z'), casts: few });
    expect((await checksOf(built)).find(({ id }) => id === 'EXT-01')?.outcome).toBe('pass');
  });
});

describe('the fund', () => {
  /** Changes amounts of one step: from → to. */
  const amounts = (step: string, edit: (amountFen: bigint, account: string) => bigint): Forge => ({
    fund: (entry, at): FundEntry =>
      at === step
        ? {
            ...entry,
            postings: entry.postings.map((one) => ({
              ...one,
              amountFen: String(edit(BigInt(one.amountFen), one.account)),
            })),
          }
        : entry,
  });

  it('FUND-01: a book with a gap', async () => {
    const lie = await failing({ fund: (entry, step) => (step === 'hold' ? { ...entry, seq: 3 } : entry) });
    expect(lie).toEqual(expect.arrayContaining(['FUND-01']));
  });
  it('FUND-01: an entry taken out of the file', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'fund.jsonl', (lines) => lines.slice(0, -1));
    expect(await failing({ files: lie })).toEqual(expect.arrayContaining(['LOG-01', 'FUND-01']));
  });
  it('FUND-02: a payment above the authorisation', async () => {
    const lie = await failing(amounts('pay', (fen) => (fen > 0n ? fen + 1n : fen - 1n)));
    expect(lie).toEqual(['FUND-02', 'FUND-03']);
  });
  it('FUND-02: an authorisation above what was resolved', async () => {
    const lie = await failing({ authorisation: (one) => ({ ...one, capFen: '10000002' }) });
    expect(lie).toEqual(['FUND-02', 'FUND-03']);
  });
  it('FUND-02: a payment to another account', async () => {
    const lie = await failing({
      fund: (entry, step) => (step === 'pay' ? { ...entry, payeeAccount: hash() } : entry),
    });
    expect(lie).toEqual(['FUND-02']);
  });
  it('FUND-02: a payment that an impostor co-signed', async () => {
    const lie = await failing({
      signature: (signature, step, role) =>
        step === 'pay' && role === 'committee'
          ? { alg: 'Ed25519', signature: toBase64Url(random(64)) }
          : signature,
    });
    expect(lie).toEqual(['ACT-02', 'FUND-02']);
  });
  it('FUND-02: a payment after its resolution was annulled', async () => {
    let proposal = '';
    const annulled: Forge = {
      authorisation: (one) => {
        proposal = one.proposal;
        return one;
      },
      before: (world, at) => {
        if (at !== 'pay') return;
        const { community, meeting } = world;
        const entry = { v: 1, kind: 'resolution.annulled', community, meeting, proposal } as const;
        const signers = ['regulator', 'street'];
        world.append('pay', { ...entry, documentHash: hash() }, signers, '2026-12-20T05:00:00Z');
      },
    };
    expect(await failing(annulled)).toEqual(['FUND-02']);
  });
  it('FUND-02: an authorisation of a proposal that was not adopted', async () => {
    const rejected: Forge = {
      record: (record) => ({
        ...record,
        proposals: record.proposals.map((one, at) => (at === 1 ? { ...one, outcome: 'REJECTED' } : one)),
      }),
    };
    expect(await failing(rejected)).toEqual(['TALLY-02', 'FUND-02']);
  });
  it('FUND-02: an authorisation for another purpose and payee', async () => {
    expect(
      await failing({ authorisation: (one) => ({ ...one, purpose: '电梯', payee: '另一公司' }) }),
    ).toEqual(['FUND-02']);
  });
  it('FUND-03: a share that is not the largest remainder', async () => {
    const lie = await failing({
      authorisation: (one) => ({
        ...one,
        shares: one.shares.map((share, at) => ({
          ...share,
          amountFen: String(BigInt(share.amountFen) + (at === 0 ? -1n : at === 1 ? 1n : 0n)),
        })),
      }),
    });
    expect(lie).toEqual(['FUND-03']);
  });
  it('FUND-03: an overdrawn account, a sum that is not zero, a shape that no kind has', async () => {
    const lies: readonly Forge[] = [
      amounts('deposit', (fen, account) =>
        account.includes('101') ? fen + 4_000_000n : account.includes('102') ? fen - 4_000_000n : fen,
      ),
      amounts('deposit', (fen) => (fen > 0n ? fen + 1n : fen)),
      {
        fund: (entry, step) => (step === 'deposit' ? { ...entry, entryKind: 'interest_distributed' } : entry),
      },
      { fund: (entry, step) => (step === 'pay' ? { ...entry, bookedOn: '2026-12-01' } : entry) },
    ];
    for (const lie of lies) expect(await failing(lie)).toEqual(['FUND-03']);
  });
  it('FUND-03: a closing balance that the book does not have', async () => {
    const lie = await failing({ journal: (text) => text.replace('= 49999.99 CNY', '= 49999.98 CNY') });
    expect(lie).toEqual(['FUND-03']);
  });
  it('FUND-03: a posting in the journal that the book does not have', async () => {
    const lie = await failing({
      journal: (text) => text.replace(/(\(2\)[^\n]*\n[^\n]* {2})([0-9.]+)/, '$11.00'),
    });
    expect(lie).toEqual(['FUND-03']);
  });
  it.each([
    [
      'a rule that adds to each posting',
      (text: string) => `${text}\n= 资产\n    x  1.00 CNY\n    y  -1.00 CNY\n`,
    ],
    ['another name for an account', (text: string) => `alias 负债=资产\n\n${text}`],
    ['a comment that hides what follows', (text: string) => text.replace('\n2026', '\ncomment\n\n2026')],
    ['a file of its own', (text: string) => `include other.journal\n\n${text}`],
    ['a price', (text: string) => `P 2026-01-01 CNY 2.00 USD\n\n${text}`],
    ['another day', (text: string) => text.replace(/\n\d{4}-\d\d-\d\d( \* \(1\))/, '\n2020-01-01$1')],
    ['a day on a posting', (text: string) => text.replace(/ CNY\n/, ' CNY  ; date:2020-01-01\n')],
    ['a cost', (text: string) => text.replace(/ CNY\n/, ' CNY @ 1 CNY\n')],
    ['a bank that the community owes', (text: string) => text.replace('; type:A', '; type:L')],
    ['a code twice', (text: string) => text.replace('(2)', '(1)')],
    ['another kind in a comment', (text: string) => text.replace('kind:deposit', 'kind:release')],
    ['another authorisation in a comment', (text: string) => text.replace(/(authorisation:)[a-z2-7]/, '$1z')],
    [
      'a posting that is split',
      (text: string) =>
        text.replace(/( {4}资产\S* {2})(\d+\.\d\d CNY)\n/u, '$1$2\n$11.00 CNY\n$1-1.00 CNY\n'),
    ],
    ['no closing', (text: string) => text.replace(/\n[^\n]*\(closing\)[\s\S]*$/, '\n')],
  ])('FUND-03: a journal with %s', async (_name, forged) => {
    let changed = false;
    const journal = (text: string) => {
      changed = forged(text) !== text;
      return forged(text);
    };
    expect(await failing({ journal })).toEqual(['FUND-03']);
    expect(changed).toBe(true);
  });
});

describe('witnesses and times', () => {
  it('WIT-01: an opening that too few witnesses ever covered', async () => {
    const lie = await failing({ cosigners: (step) => (step === 'pay' ? 1 : step === 'root' ? 3 : 1) });
    expect(lie).toEqual(['WIT-01', 'TIME-01']);
  });
  it('WIT-01: a cosignature that does not verify', async () => {
    const lie = (files: Map<string, Uint8Array>) => {
      const path = 'log/checkpoints/9';
      const text = new TextDecoder().decode(files.get(path)).split('\n');
      const last = text.length - 2;
      const line = text[last] ?? '';
      text[last] = line.slice(0, 60) + (line[60] === 'A' ? 'B' : 'A') + line.slice(61);
      files.set(path, new TextEncoder().encode(text.join('\n')));
    };
    expect(await failing({ files: lie })).toEqual(['WIT-01']);
  });
  it('TIME-01: a notice that was shorter than the days of the profile', async () => {
    const lie = await failing({
      definition: (one) => ({ ...one, notice: { ...one.notice, publishedOn: '2026-11-05' } }),
    });
    expect(lie).toEqual(['TIME-01']);
  });
  it('TIME-01: a notice that witnesses saw too late', async () => {
    const late = (at: string, step: string) => (step === 'notice' ? '2026-11-10T00:00:00Z' : at);
    // The officers' actions had run out by then, too.
    expect(await failing({ time: late })).toEqual(['ACT-04', 'TIME-01']);
  });
  it('TIME-01: a vote that witnesses saw before the opening', async () => {
    const early = (at: string, step: string) => (step === 'open' ? '2026-11-20T00:59:00Z' : at);
    expect(await failing({ time: early })).toEqual(['TIME-01']);
  });
  it('TIME-01: a close that witnesses saw too early or too late', async () => {
    for (const close of ['2026-11-30T00:59:00Z', '2026-11-30T01:11:00Z']) {
      const lie = await failing({
        time: (at, step) => (step === 'close' ? close : at),
      });
      expect(lie).toEqual(['TIME-01']);
    }
  });
  it('TIME-01: a result that was final before the days of objection were over', async () => {
    // Counted on 30 November in Beijing: seven full days end with 7 December there. The second witness signs a second later, and may be
    // a minute behind.
    for (const [final, findings] of [
      ['2026-12-07T15:58:58Z', ['TIME-01']],
      ['2026-12-07T15:58:59Z', []],
    ] as const)
      expect(await failing({ time: (at, step) => (step === 'final' ? final : at) })).toEqual(findings);
  });
  it('WIT-01 and TIME-01 are "not made" where the meeting names no witnesses', async () => {
    const built = buildBundle({ definition: (one) => ({ ...one, witnesses: [], quorum: 0 }) });
    const checks = await checksOf(built, { trust: { ...built.trust, witnesses: [], quorum: 0 } });
    for (const id of ['WIT-01', 'TIME-01'])
      expect(checks.find((one) => one.id === id)?.outcome).toBe('not made');
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  });
});
