// Goal: no bundle, however broken, stops the verifier or passes unnoticed, and a log of several tiles is read. Method: each file of
// the honest bundle is taken away, cut, emptied, or filled with garbage, with a manifest that agrees; then a log of 600 entries.
import { describe, expect, it } from 'vitest';
import { sameBytes, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { newId } from '../../src/base/clock.ts';
import { withEvidence } from '../../src/record/entry.ts';
import { addManifest, buildBundle } from './bundle-builder.ts';
import { checksOf, failing, failuresOf, flipByte } from './failing-checks.ts';

/** Nothing follows from these: a convenience copy, and names for the report. */
const UNTRUSTED = new Set(['keys.json', 'officers.jsonl']);
/** Missing, they leave checks "not made"; the log does not say that they must be there. */
const MAY_BE_MISSING = new Set(['fund.journal']);

const WRECKS: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array | undefined])[] = [
  ['missing', () => undefined],
  ['cut in half', (bytes) => bytes.slice(0, Math.floor(bytes.length / 2))],
  ['empty', () => new Uint8Array()],
  ['garbage', () => Uint8Array.of(0xff, 0xfe, 0x00, 0x0a)],
  ['an empty object', () => utf8('{}\n')],
];

describe('a broken file', () => {
  const built = buildBundle({ keys: {} });
  const paths = [...built.files.keys()].filter(
    (path) => path !== 'manifest.json' && !/checkpoints\/(?!12$)/.test(path),
  );
  for (const path of paths) {
    it(`${path} is noticed and does not stop the verifier`, async () => {
      const before = await checksOf(built);
      for (const [how, wreck] of WRECKS) {
        const files = new Map(built.files);
        const whole = files.get(path) ?? new Uint8Array();
        const bytes = wreck(whole);
        // A file without lines, such as that of corrections, is not broken by being cut.
        if (bytes !== undefined && sameBytes(bytes, whole)) continue;
        if (bytes === undefined) files.delete(path);
        else files.set(path, bytes);
        addManifest(files, built.world.meeting, 'auditor');
        const checks = await checksOf({ ...built, files });
        const isWorse = checks.some(
          ({ outcome }, at) => before[at]?.outcome === 'pass' && outcome !== 'pass',
        );
        const isFailed = checks.some(({ outcome }) => outcome === 'fail');
        if (UNTRUSTED.has(path) || (how === 'missing' && path.includes('checkpoints/'))) continue;
        expect(`${path} ${how}: ${isWorse}`).toBe(`${path} ${how}: true`);
        if (how !== 'missing' || !MAY_BE_MISSING.has(path)) {
          expect(`${path} ${how}: failed ${isFailed}`).toBe(`${path} ${how}: failed true`);
        }
      }
    });
  }
});

describe('a checkpoint that claims more than there is', () => {
  it('is refused before its tiles are looked for', async () => {
    const lie = (files: Map<string, Uint8Array>) => {
      const text = new TextDecoder().decode(files.get('log/checkpoint'));
      files.set('log/checkpoint', utf8(text.replace(/\n[0-9]+\n/, '\n9007199254740991\n')));
    };
    expect(await failing({ files: lie })).toEqual(['LOG-04']);
  });
});

describe('a log of several tiles', () => {
  const built = buildBundle({
    before: ({ log, random }, step) => {
      if (step !== 'open') return;
      const meeting = newId(random);
      for (let i = 0; i < 560; i += 1) {
        const vote = { v: 1, kind: 'cast.accepted', meeting, entitlement: newId(random), seq: 1 } as const;
        log.append(withEvidence({ ...vote, castHash: toBase64Url(random(32)) }, []));
      }
    },
  });
  it('verifies', async () => {
    expect([...built.files.keys()].filter((path) => path.startsWith('log/tile/')).length).toBe(7);
    expect(await failuresOf(built)).toEqual([]);
  });
  it('LOG-04: a hash of the upper level is noticed, and so is a tile that should not be there', async () => {
    const path = [...built.files.keys()].find((one) => one.startsWith('log/tile/1/')) ?? '';
    const [flipped, extra] = [new Map(built.files), new Map(built.files)];
    flipByte(flipped, path, 5);
    extra.set('log/tile/2/000.p/1', new Uint8Array(32));
    for (const files of [flipped, extra]) {
      addManifest(files, built.world.meeting, 'auditor');
      expect(await failuresOf({ ...built, files })).toEqual(['LOG-04']);
    }
  });
});
