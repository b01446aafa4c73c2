// The stories of evoting.json as a dishonest operator would tell them: each is a whole meeting in which the lie was told, and what
// the owner who checks it kept.
import { present } from '../../src/base/assert.ts';
import { concat, fromBase64, fromBase64Url, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { canonicalBytes } from '../../src/base/canonical.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import type { Cast } from '../../src/record/cast.ts';
import { CHAIN_START } from '../../src/record/cast.ts';
import { signCheckpoint } from '../../src/record/checkpoint.ts';
import type { UnsignedEntry } from '../../src/record/entry.ts';
import { entryForm, withEvidence } from '../../src/record/entry.ts';
import { jwsHeader } from '../../src/record/jws.ts';
import type { Given } from '../../src/verifier/verify.ts';
import type { Built, Forge } from '../verifier/bundle-builder.ts';
import { buildBundle } from '../verifier/bundle-builder.ts';
import { editLines } from '../verifier/failing-checks.ts';
import type { World } from '../verifier/forge.ts';
import { HONEST_CASTS } from '../verifier/story-casts.ts';
import { ORIGIN } from '../verifier/story-log.ts';
import { STRANGE_KEY } from '../verifier/story-providers.ts';
import { reissued } from '../verifier/story-reissue.ts';

/** A bundle, and what beside it the verifier is given. */
export type Told = { readonly built: Built; readonly given?: Omit<Given, 'trust'> };

const strange = (size: number): Uint8Array => new Uint8Array(size).fill(0x5e);
const strangeId = 'a'.repeat(26);
const strangeHash = toBase64Url(strange(32));
const told = (forge: Forge): Told => ({ built: buildBundle(forge) });
/** A lie in the statement of one place. */
const inCast = (place: number, change: (cast: Cast) => Partial<Cast>): Told =>
  told({ cast: (cast, at) => (at === place ? { ...cast, ...change(cast) } : cast) });

/** The entry of the last statement that the log holds. */
function lastCast({ log, meeting }: World) {
  const found = log.entries.flatMap((bytes) => {
    const parsed = entryForm.parse(bytes);
    return parsed.ok && parsed.value.kind === 'cast.accepted' && parsed.value.meeting === meeting
      ? [parsed.value]
      : [];
  });
  const { evidence, ...entry } = present(found.at(-1), 'a statement');
  return { entry, evidence };
}

/** What an owner kept of the honest history, shown to a bundle of one without his last statement. */
function withoutLastStatement(keep: (honest: Built) => Omit<Given, 'trust'>): Told {
  const honest = buildBundle();
  const casts = HONEST_CASTS.filter((_, at) => at !== 3);
  return { built: buildBundle({ casts }), given: keep(honest) };
}

const entryAt = (honest: Built, index: number): string =>
  toBase64Url(present(honest.world.log.entries[index], 'entry'));

/** The committee's officer is removed, or gets another key, before he signs a step. */
const endedBefore = (step: 'open' | 'pay', at: string, end: (world: World) => UnsignedEntry): Told =>
  told({
    before: (world, name) => {
      if (name === step) world.append(step, end(world), ['regulator', 'street'], at);
    },
  });

export const VERIFIED_STORIES: Readonly<Record<string, () => Told>> = {
  'evoting-removed-officer': () =>
    endedBefore('open', '2026-11-19T03:00:00Z', ({ officers, community }) => ({
      v: 1,
      kind: 'officer.removed',
      officer: present(officers.get('committee'), 'appointed').id,
      community,
    })),
  'evoting-old-officer-key': () =>
    endedBefore('pay', '2026-12-09T01:00:00Z', ({ officers, community }) => {
      const { id, identity } = present(officers.get('committee'), 'appointed');
      const publicKey = toBase64Url(publicKeyOf(strange(32)));
      return {
        v: 1,
        kind: 'officer.appointed',
        officer: id,
        identity,
        role: 'committee',
        community,
        keys: [{ credential: strangeId, key: { v: 1, alg: 'Ed25519', publicKey, webauthnId: '' } }],
        until: '2027-12-31',
      };
    }),
  'evoting-counter-by-one': () =>
    told({
      keys: { counter: true },
      signers: (signers, step) => (step === 'counter' ? ['registrar'] : signers),
    }),
  'evoting-counter-not-shown': () =>
    told({
      keys: {
        counter: true,
        evidence: (vouched) =>
          vouched.letter === ''
            ? { letter: '', evidence: [{ alg: 'Ed25519', signature: toBase64Url(strange(64)) }] }
            : vouched,
      },
    }),
  'evoting-invented-provider': () =>
    told({
      keys: {
        provider: {
          token: (draft) => ({ ...draft, sign: STRANGE_KEY.sign }),
          vouched: (evidence) => [{ ...evidence, key: STRANGE_KEY.jwk }],
        },
      },
    }),
  'evoting-cast-while-frozen': () => told({ freeze: { of: 'ada', at: 'open' } }),
  'evoting-copied-statement': () =>
    told({
      before: (world, step) => {
        if (step !== 'close') return;
        const { entry, evidence } = lastCast(world);
        world.log.append(withEvidence({ ...entry, entitlement: 'a'.repeat(26) }, evidence));
      },
    }),
  'evoting-copied-ciphertext': () => {
    let copied: Uint8Array | undefined;
    return told({
      sealed: (sealed, place) => {
        if (place === 4) copied = sealed;
        return place === 5 ? (copied ?? sealed) : sealed;
      },
    });
  },
  'evoting-altered-ciphertext': () =>
    told({
      files: (files) =>
        editLines(files, 'casts.jsonl', (lines) =>
          lines.map((line, at) => {
            if (at !== 4) return line;
            const { cast, signature } = JSON.parse(line) as { cast: string; signature: unknown };
            const bytes = new TextDecoder().decode(present(fromBase64Url(cast), 'bytes'));
            const altered = bytes.replace(/("sealed":".{200})(.)/, (_, head: string, one: string) =>
              one === 'A' ? `${head}B` : `${head}A`,
            );
            return JSON.stringify({ cast: toBase64Url(utf8(altered)), signature });
          }),
        ),
    }),
  'evoting-small-subgroup': () =>
    told({
      sealed: (sealed, place) =>
        place === 4 ? Uint8Array.of(1, ...new Uint8Array(31), ...sealed.subarray(32)) : sealed,
    }),
  'evoting-foreign-ballot': () =>
    told({
      claims: (claims) => (claims.areaDm2 === '12000' ? { ...claims, credential: 'a'.repeat(26) } : claims),
    }),
  'evoting-heavier-ballot': () =>
    told({ claims: (claims) => (claims.areaDm2 === '12000' ? { ...claims, areaDm2: '912000' } : claims) }),
  'evoting-foreign-meeting': () => inCast(4, () => ({ meeting: strangeHash })),
  'evoting-stuffing': () => {
    // The server holds no owner's key, so it signs for the absent developer with one of its own.
    const casts = [...HONEST_CASTS, { owner: 'developer', answers: [[0, 'for'] as const] }];
    const seed = strange(32);
    const own = HONEST_CASTS.length;
    return told({
      casts,
      castSignature: (signature, place, { hash }) =>
        place === own ? { alg: 'Ed25519', signature: toBase64Url(sign(seed, hash)) } : signature,
      credentials: (lines) =>
        lines.map((line, at) =>
          at === lines.length - 1 ? { ...line, publicKey: toBase64Url(publicKeyOf(seed)) } : line,
        ),
    });
  },
  'evoting-chain-from-the-middle': () => inCast(4, () => ({ seq: 2 })),
  'evoting-chain-of-another': () => inCast(4, () => ({ prev: strangeHash })),
  'evoting-chain-reordered': () =>
    told({
      cast: (cast, place) => {
        if (place === 1) return { ...cast, seq: 2, prev: strangeHash };
        return place === 3 ? { ...cast, seq: 1, prev: CHAIN_START } : cast;
      },
    }),
  'evoting-revote-by-malware': () => told({ parameters: { letterRevote: false } }),
  'evoting-reissue-takes-over': () => told(reissued({ of: 'bao' })),
  'evoting-dropped-revote': () =>
    told({
      files: (files) => editLines(files, 'casts.jsonl', (lines) => lines.filter((_, at) => at !== 3)),
    }),
  'evoting-dropped-revote-with-receipt': () =>
    withoutLastStatement((honest) => {
      const index = present(honest.castIndexes[3], 'the last statement of the chain');
      const receipt = { entry: entryAt(honest, index), proof: honest.receipt(index) };
      return { receipt: utf8(JSON.stringify(receipt)) };
    }),
  'evoting-forked-view': () =>
    withoutLastStatement((honest) => {
      const index = present(honest.castIndexes[3], 'the last statement of the chain');
      const bytes = present(honest.files.get(`log/checkpoints/${index + 1}`), 'a checkpoint behind it');
      return { checkpoint: { path: 'kept.checkpoint', note: new TextDecoder().decode(bytes) } };
    }),
  'evoting-unseen-history': () => inCast(4, () => ({ root: strangeHash })),
  'evoting-forged-checkpoint': () =>
    told({
      files: (files) => {
        const [, size = '', root = ''] = new TextDecoder().decode(files.get('log/checkpoint')).split('\n');
        const checkpoint = { origin: ORIGIN, size: Number(size), root: present(fromBase64(root), 'a root') };
        files.set('log/checkpoint', utf8(signCheckpoint(checkpoint, strange(32))));
      },
    }),
  'evoting-key-of-nobody': () => {
    const neutral = Uint8Array.of(1, ...new Uint8Array(31));
    const signature = toBase64Url(concat(neutral, new Uint8Array(32)));
    const header = toBase64Url(canonicalBytes(jwsHeader('owners-vote-ballot+jws', neutral)));
    return told({
      definition: (definition) => ({
        ...definition,
        keys: { ...definition.keys, ballot: toBase64Url(neutral) },
      }),
      ballotToken: (token) => `${header}.${token.split('.')[1] ?? ''}.${signature}`,
    });
  },
  'evoting-clash': () =>
    told({
      before: (world, step) => {
        if (step !== 'close') return;
        // The absent developer is shown the acknowledgement of another owner's statement.
        const { entry, evidence } = lastCast(world);
        world.log.append(withEvidence({ ...entry, seq: entry.seq + 1 }, evidence));
      },
    }),
  'evoting-first-counted': () =>
    told({
      record: (record) => ({
        ...record,
        // bao said "against" first and "for" at last: 9010 dm² on the other side.
        proposals: record.proposals.map((proposal, at) =>
          at === 0
            ? {
                ...proposal,
                options: proposal.options.map((option) =>
                  option.option === 'against' ? { ...option, areaDm2: '9010', heads: 1 } : option,
                ),
              }
            : proposal,
        ),
      }),
    }),
};
