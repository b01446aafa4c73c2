// Goal: the roots are declared once, in the first entry of the log, by as many of them as they demand. Method: declarations with one
// fault each on an empty log, then a good one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url } from '../../src/base/bytes.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { declaredRoots, declareRoot, rootOfficerId } from '../../src/officers/root.ts';
import { entryForm } from '../../src/record/entry.ts';
import { evidenceHash } from '../../src/record/signature.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import type { OfficersWorld } from './officers-world.ts';
import {
  actionBytes,
  codeOf,
  declarationOf,
  officersWorld,
  rootHand,
  signatureOf,
} from './officers-world.ts';

let fresh: FreshDatabase;
let world: OfficersWorld;
const [one, two, three] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

beforeAll(async () => {
  fresh = await freshDatabase();
  world = officersWorld(fresh, 'root');
});
afterAll(async () => fresh.close());

describe('a declaration of roots', () => {
  it('is missing while the log is empty', async () => {
    expect(await declaredRoots(fresh.db)).toBeUndefined();
  });

  it('by fewer than the threshold is refused', async () => {
    const { entry, signed } = declarationOf(world, [one, two, three], 2, [one]);
    expect(codeOf(await declareRoot(world.deps, entry, signed))).toBe('ROOT_MALFORMED');
  });

  it('by one root twice is refused', async () => {
    const { entry, signed } = declarationOf(world, [one, two, three], 2, [one, one]);
    expect(codeOf(await declareRoot(world.deps, entry, signed))).toBe('ROOT_MALFORMED');
  });

  it('by a stranger is refused', async () => {
    const { entry, signed } = declarationOf(world, [one, two], 2, [one, three]);
    expect(codeOf(await declareRoot(world.deps, entry, signed))).toBe('ACTION_SIGNATURE');
  });

  it('with an action over another declaration is refused', async () => {
    const { entry, signed } = declarationOf(world, [one, two], 1);
    expect(codeOf(await declareRoot(world.deps, { ...entry, threshold: 2 }, signed))).toBe('ROOT_MALFORMED');
  });

  it('with an action in another role, or of no form, is refused', async () => {
    const { entry, signed } = declarationOf(world, [one], 1);
    const facts = {
      action: entry.kind,
      subject: toBase64Url(new Uint8Array(32)),
      community: '',
      meeting: '',
    };
    const action = actionBytes(world, facts, rootHand(one), { role: 'operator' });
    const wrong = [{ action, signature: signatureOf(one, action) }];
    expect(codeOf(await declareRoot(world.deps, entry, wrong))).toBe('ROOT_MALFORMED');
    const { signature } = present(signed[0], 'signed');
    const none = [{ action: new Uint8Array(), signature }];
    expect(codeOf(await declareRoot(world.deps, entry, none))).toBe('ROOT_MALFORMED');
  });

  it('with a key of small order is refused', async () => {
    const { entry } = declarationOf(world, [one], 1);
    const identity = toBase64Url(Uint8Array.of(1, ...new Uint8Array(31)));
    const weak = declarationOf(world, [one], 1).entry;
    const { signed } = declarationOf(world, [one], 1);
    expect(codeOf(await declareRoot(world.deps, { ...weak, roots: [identity] }, signed))).not.toBe('');
    expect(entry.roots).not.toContain(identity);
    expect(await declaredRoots(fresh.db)).toBeUndefined();
  });

  it('is the first entry of the log, with the evidence of its signers', async () => {
    const { entry, signed } = declarationOf(world, [one, two, three], 2, [one, three]);
    expect(codeOf(await declareRoot(world.deps, entry, signed))).toBe('');
    const rows = await fresh.db.selectFrom('log_entry').select('data').execute();
    const written = entryForm.parse(present(rows[0], 'an entry').data);
    const evidence = signed.map(({ signature }) => evidenceHash(signature));
    expect(written).toEqual({ ok: true, value: { ...entry, evidence } });
    expect(await declaredRoots(fresh.db)).toMatchObject({ threshold: 2, demo: 'real' });
  });

  it('comes once', async () => {
    const { entry, signed } = declarationOf(world, [two], 1);
    expect(codeOf(await declareRoot(world.deps, entry, signed))).toBe('ROOT_DECLARED_ALREADY');
    expect((await declaredRoots(fresh.db))?.threshold).toBe(2);
  });
});

describe('a root', () => {
  it('acts under an id that its key alone decides', () => {
    const id = rootOfficerId(publicKeyOf(one));
    expect(id).toMatch(/^[a-z2-7]{26}$/);
    expect(rootOfficerId(publicKeyOf(two))).not.toBe(id);
  });
});
