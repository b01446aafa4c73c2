// Goal: each check of roll, letters, credentials, casts and ballots fails when its lie is told. Method: a dishonest operator tells
// one lie while the meeting of bundle-builder.ts runs, so that everything after it is consistent; exact failures are asserted.
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { withEvidence } from '../../src/record/entry.ts';
import { holdersHash } from '../../src/record/identity.ts';
import { seededRandom } from '../support/random.ts';
import type { Ballots, Forge } from './bundle-builder.ts';
import { buildBundle } from './bundle-builder.ts';
import { editLines, failing, failuresOf } from './failing-checks.ts';

const random = seededRandom('tampered casts');
const hash = (): string => toBase64Url(random(32));

/** The honest casts with one changed or added. */
const HONEST: readonly Ballots[] = [
  {
    owner: 'ada',
    answers: [
      [0, 'for'],
      [1, 'for'],
    ],
  },
  {
    owner: 'bao',
    answers: [
      [0, 'against'],
      [1, 'against'],
    ],
  },
  {
    owner: 'chen',
    answers: [
      [0, 'for'],
      [1, 'garbled'],
    ],
  },
  {
    owner: 'bao',
    answers: [
      [0, 'for'],
      [1, 'for'],
    ],
  },
  { owner: 'deng', answers: [[0, 'for']] },
  { owner: 'emei', answers: [[0, 'abstain']] },
];

describe('the roll', () => {
  it('ROLL-01: one unit in two leaves', async () => {
    let first: string | undefined;
    const lie = await failing({
      units: (name, units) => {
        first ??= units[0]?.unit;
        return name === 'emei' ? units.map((unit) => ({ ...unit, unit: first ?? '' })) : units;
      },
    });
    expect(lie).toEqual(['ROLL-01']);
  });
  it('ROLL-01: one owner with two entitlements', async () => {
    let twin: { person: string; identity: string } | undefined;
    const forge: Forge = {
      openings: (openings) => {
        twin = openings[0]?.holders[0];
        return openings.map((opening, at) =>
          at === 5 && twin !== undefined ? { ...opening, holders: [twin] } : opening,
        );
      },
    };
    // The leaf follows, so that the openings agree with the roll.
    const plain = buildBundle();
    const openings = new TextDecoder().decode(plain.files.get('holders.jsonl')).split('\n').slice(0, -1);
    const parsed = openings.map(
      (line) => JSON.parse(line) as { holdersSalt: string; holders: { person: string; identity: string }[] },
    );
    const holders = holdersHash(parsed[5]?.holdersSalt ?? '', parsed[0]?.holders ?? []);
    const lie = await failing({
      ...forge,
      leaves: (leaves) => leaves.map((leaf, at) => (at === 5 ? { ...leaf, holders } : leaf)),
    });
    expect(lie).toEqual(['ROLL-01']);
  });
  it('ROLL-01: a unit added in the file, after the freeze', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'roll.jsonl', (lines) => [
        ...lines,
        (lines.at(-1) ?? '').replace(/"entitlement":"../, '"entitlement":"7z'),
      ]);
    expect(await failing({ files: lie })).toEqual(expect.arrayContaining(['ROLL-01', 'ROLL-02', 'ROLL-04']));
  });
  it('ROLL-02: an area in a leaf that the frozen totals do not have', async () => {
    // The owner's ballot and the published result then differ from the roll, too.
    const lie = await failing({
      leaves: (leaves) =>
        leaves.map((leaf, at) =>
          at === 5 ? { ...leaf, units: leaf.units.map((unit) => ({ ...unit, areaDm2: '9999' })) } : leaf,
        ),
    });
    expect(lie).toEqual(['ROLL-02', 'TALLY-02']);
  });
  it('ROLL-02: totals that leave out somebody', async () => {
    const lie = await failing({
      entry: (entry) =>
        entry.kind === 'roll.frozen'
          ? { ...entry, totals: entry.totals.map((total) => ({ ...total, heads: total.heads - 1 })) }
          : entry,
    });
    expect(lie).toEqual(['ROLL-02']);
  });
  it('ROLL-04: a leaf with another area in the file than under the root', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'roll.jsonl', (lines) =>
        lines.map((line) => line.replace('"areaDm2":"1250"', '"areaDm2":"1251"')),
      );
    expect(await failing({ files: lie })).toEqual(['TALLY-02', 'ROLL-04']);
  });
  it('ROLL-04: an opening that does not open its leaf', async () => {
    const lie = await failing({
      openings: (openings) =>
        openings.map((one, at) => (at === 2 ? { ...one, voterSalt: one.holdersSalt } : one)),
    });
    expect(lie).toEqual(['ROLL-04']);
  });
});

describe('letters and credentials', () => {
  it('LET-01: a letter that is not under the signed root', async () => {
    const lie = await failing({ lettersFile: (items) => [...items].reverse() });
    expect(lie).toEqual(['LET-01']);
  });
  it('LET-02: a letter that does not name the units it votes for', async () => {
    const naming = (units: readonly string[]) =>
      failing({ letters: (items) => items.map((item, at) => (at === 0 ? { ...item, units } : item)) });
    expect(await naming([newId(random)])).toEqual(['LET-02']);
    // Without any it is an agent's, which needs two officers.
    expect(await naming([])).toEqual(['LET-01', 'LET-02']);
  });
  it('CRED-01: a credential swapped for a key of the server', async () => {
    const lie = await failing({
      credentials: (lines) =>
        lines.map((line, at) =>
          at === 0 ? { ...line, publicKey: toBase64Url(publicKeyOf(random(32))) } : line,
        ),
    });
    expect(lie).toEqual(['CRED-01', 'CAST-01']);
  });
  it('CRED-01: a passkey that nothing in the log binds', async () => {
    const lie = await failing({
      credentials: (lines) => lines.map((line, at) => (at === 4 ? { ...line, kind: 'passkey' } : line)),
    });
    expect(lie).toEqual(expect.arrayContaining(['CRED-01']));
  });
  it('CRED-02: one key for two letters', async () => {
    const lie = await failing({
      letters: (items) =>
        items.map((item, at) => (at === 5 ? { ...item, publicKey: items[4]?.publicKey ?? '' } : item)),
    });
    expect(lie).toEqual(['CRED-02']);
  });
  it('CRED-02: a key of small order', async () => {
    const identityPoint = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)));
    const lie = await failing({
      letters: (items) => items.map((item, at) => (at === 0 ? { ...item, publicKey: identityPoint } : item)),
      credentials: (lines) =>
        lines.map((line, at) => (at === 0 ? { ...line, publicKey: identityPoint } : line)),
    });
    expect(lie).toEqual(['CRED-02', 'CAST-01']);
  });
  it('CRED-03: a letter that was revoked before it voted', async () => {
    const built = buildBundle();
    const letter = new TextDecoder()
      .decode(built.files.get('credentials.jsonl'))
      .match(/"credential":"([a-z2-7]{26})/)?.[1];
    const lie = await failing({
      before: (world, step) => {
        if (step !== 'open') return;
        const { community } = world;
        const revoked = { v: 1, kind: 'letters.revoked', community, letter: letter ?? '' } as const;
        world.append('letters', revoked, ['registrar'], '2026-11-19T05:00:00Z');
      },
    });
    expect(lie).toEqual(['CRED-03']);
  });
  it('CRED-03: a batch whose term had ended', async () => {
    const lie = await failing({
      entry: (entry) => (entry.kind === 'letters.issued' ? { ...entry, until: '2026-11-19' } : entry),
    });
    expect(lie).toEqual(['CRED-03']);
  });
});

describe('casts', () => {
  it('CAST-01: a signature that is not the credential’s', async () => {
    const lie = await failing({
      castSignature: (signature, place) =>
        place === 4 ? { alg: 'Ed25519', signature: toBase64Url(random(64)) } : signature,
    });
    expect(lie).toEqual(['CAST-01']);
  });
  it('CAST-01: a byte of a vote is noticed', async () => {
    const lie = (files: Map<string, Uint8Array>) =>
      editLines(files, 'casts.jsonl', (lines) =>
        lines.map((line, at) =>
          at === 4
            ? line.replace(/("cast":".{900})(.)/, (_, head, one) => head + (one === 'A' ? 'B' : 'A'))
            : line,
        ),
      );
    expect(await failing({ files: lie })).toEqual(expect.arrayContaining(['LOG-01', 'TALLY-02']));
  });
  it('CAST-02: a cast by somebody who holds nothing there', async () => {
    // ada's leaf is held by a stranger, who is also its designated voter.
    const built = buildBundle();
    const person = new TextDecoder()
      .decode(built.files.get('persons.jsonl'))
      .match(/"person":"([a-z2-7]{26})"\}\n$/)?.[1];
    const lie = await failing({
      files: (files) =>
        editLines(files, 'credentials.jsonl', (lines) =>
          lines.map((line, at) =>
            at === 3 ? line.replace(/"person":"[a-z2-7]{26}"/, `"person":"${person}"`) : line,
          ),
        ),
    });
    expect(lie).toEqual(['CRED-01', 'CAST-02']);
  });
  it('CAST-02: a mandate that nobody gave', async () => {
    const lie = await failing({
      cast: (cast, place) => (place === 4 ? { ...cast, mandate: newId(random) } : cast),
      claims: (claims) => claims,
    });
    expect(lie).toEqual(['CAST-02', 'CAST-04']);
  });
  it('CAST-02: help at the counter by nobody who is appointed', async () => {
    const lie = await failing({
      cast: (cast, place) => (place === 4 ? { ...cast, assisted: newId(random) } : cast),
    });
    expect(lie).toEqual(['CAST-02']);
  });
  it('CAST-03: a cast repeated under another entitlement', async () => {
    const lie = await failing({
      before: ({ log }, step) => {
        if (step !== 'close') return;
        const copied = JSON.parse(new TextDecoder().decode(log.entries.at(-3))) as Parameters<
          typeof withEvidence
        >[0] & {
          evidence: string[];
        };
        const { evidence, ...entry } = copied;
        log.append(withEvidence({ ...entry, entitlement: 'a'.repeat(26) } as typeof entry, evidence));
      },
    });
    expect(lie).toEqual(expect.arrayContaining(['CAST-03']));
  });
  it('CAST-03: a change by a letter where the profile forbids it', async () => {
    expect(await failing({ parameters: { letterRevote: false } })).toEqual(['MEET-02', 'CAST-03']);
  });
  it('CAST-03: more changes than the profile allows', async () => {
    const casts: readonly Ballots[] = [
      ...HONEST,
      {
        owner: 'bao',
        answers: [
          [0, 'for'],
          [1, 'for'],
        ],
      },
    ];
    expect(await failing({ casts })).toEqual(['CAST-03']);
  });
  it('CAST-03: a chain with a gap, and one with a wrong predecessor', async () => {
    const gap = await failing({ cast: (cast, place) => (place === 3 ? { ...cast, seq: 3 } : cast) });
    expect(gap).toEqual(['CAST-03']);
    const wrong = await failing({ cast: (cast, place) => (place === 3 ? { ...cast, prev: hash() } : cast) });
    expect(wrong).toEqual(['CAST-03']);
  });
  it('CAST-03: a cast accepted before the opening', async () => {
    const lie = await failing({
      before: ({ log, random: draw, meeting }, step) => {
        if (step !== 'open') return;
        const early = { v: 1, kind: 'cast.accepted', meeting, entitlement: newId(draw), seq: 1 } as const;
        log.append(withEvidence({ ...early, castHash: toBase64Url(draw(32)) }, [toBase64Url(draw(32))]));
      },
    });
    // Its bytes are in nobody's hands, so the log alone tells it.
    expect(lie).toEqual(['LOG-01', 'CAST-03']);
  });
  it('CAST-03: a cast of another meeting', async () => {
    const lie = await failing({ cast: (cast, place) => (place === 4 ? { ...cast, meeting: hash() } : cast) });
    expect(lie).toEqual(['TALLY-01', 'CAST-03', 'TALLY-02', 'BOX-02']);
  });
  it('CAST-04: a ballot with more area than the roll gives', async () => {
    const lie = await failing({
      claims: (claims) => (claims.areaDm2 === '12000' ? { ...claims, areaDm2: '12001' } : claims),
    });
    expect(lie).toEqual(['CAST-04']);
  });
  it('CAST-04: a ballot for another credential', async () => {
    const lie = await failing({
      claims: (claims) => (claims.areaDm2 === '12000' ? { ...claims, credential: newId(random) } : claims),
    });
    expect(lie).toEqual(['CAST-04']);
  });
  it('CAST-05: an answer to a proposal outside its scope', async () => {
    const casts = HONEST.map(
      (one): Ballots =>
        one.owner === 'deng'
          ? {
              ...one,
              answers: [
                [0, 'for'],
                [1, 'for'],
              ],
            }
          : one,
    );
    expect(await failing({ casts })).toEqual(['CAST-04', 'CAST-05']);
  });
  it('CAST-05: answers in another order', async () => {
    const lie = await failing({
      cast: (cast, place) => (place === 0 ? { ...cast, answers: [...cast.answers].reverse() } : cast),
    });
    expect(lie).toEqual(['CAST-05']);
  });
  it('CAST-05: a ballot spent twice', async () => {
    let spent: string | undefined;
    const lie = await failing({
      claims: (claims) => {
        if (claims.areaDm2 === '12000') spent = claims.jti;
        return claims.areaDm2 === '10102' && spent !== undefined ? { ...claims, jti: spent } : claims;
      },
    });
    expect(lie).toEqual(['CAST-05']);
  });
  it('SEEN-01: an owner was shown another history', async () => {
    const lie = await failing({ cast: (cast, place) => (place === 4 ? { ...cast, root: hash() } : cast) });
    expect(lie).toEqual(['SEEN-01']);
  });
  it('JWS-01: ballots that another key signed', async () => {
    const lie = await failing({ ballotSeed: random(32) });
    expect(lie).toEqual(['TALLY-01', 'JWS-01', 'CAST-05', 'TALLY-02']);
  });
  it('BOX-02: a sealed choice of another length, and one with a key of small order', async () => {
    const short = await failing({ sealed: (sealed, place) => (place === 4 ? sealed.slice(0, -1) : sealed) });
    expect(short).toEqual(['TALLY-01', 'TALLY-02', 'BOX-02']);
    const small = await failing({
      sealed: (sealed, place) =>
        place === 4 ? Uint8Array.of(...new Uint8Array(32), ...sealed.slice(32)) : sealed,
    });
    expect(small).toEqual(['TALLY-01', 'TALLY-02', 'BOX-02']);
  });
  it('BOX-02: a sealed choice copied from another owner', async () => {
    let copied: Uint8Array | undefined;
    const lie = await failing({
      sealed: (sealed, place) => {
        if (place === 4) copied = sealed;
        return place === 5 && copied !== undefined ? copied : sealed;
      },
    });
    expect(lie).toEqual(['TALLY-01', 'TALLY-02', 'BOX-02']);
  });
});

describe('a bundle without a definition', () => {
  it('fails and judges nothing of the meeting', async () => {
    const built = buildBundle({ files: (files) => files.delete('meeting.json') });
    expect(await failuresOf(built)).toEqual(['LOG-01']);
  });
});
