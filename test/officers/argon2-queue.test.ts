// Goal: two argon2 computations run at once, thirty-two wait, and who comes then is told so at once; a full line costs no try of a PIN and
// opens nothing. Method: computations that the test holds open, then the shells of codes over the same line.
import { afterEach, describe, expect, it } from 'vitest';
import { limitedArgon2 } from '../../src/officers/argon2-queue.ts';
import { isCode, newCode } from '../../src/officers/typed-codes.ts';
import { seededRandom } from '../support/random.ts';

const deps = { random: seededRandom('argon2 queue') };
let release: () => void = () => undefined;
let held: Promise<unknown>[] = [];

/** Fills both places and the whole line. */
function fill(): void {
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  held = Array.from({ length: 34 }, () => limitedArgon2(() => gate));
}
afterEach(async () => {
  release();
  await Promise.all(held);
});

describe('a full line', () => {
  it('refuses the next one without beginning it, and takes others when it moves', async () => {
    fill();
    let begun = 0;
    const count = async () => {
      begun += 1;
    };
    expect(await limitedArgon2(count)).toEqual({ ok: false, refusal: { code: 'SERVICE_BUSY' } });
    expect(begun).toBe(0);
    release();
    await Promise.all(held);
    expect(await limitedArgon2(count)).toMatchObject({ ok: true });
    expect(begun).toBe(1);
  });

  it('draws no code and compares none', async () => {
    const drawn = await newCode(deps);
    if (!drawn.ok) throw new Error(drawn.refusal.code);
    fill();
    expect(await newCode(deps)).toMatchObject({ refusal: { code: 'SERVICE_BUSY' } });
    expect(await isCode(drawn.value.codeHash, drawn.value.code)).toMatchObject({
      refusal: { code: 'SERVICE_BUSY' },
    });
  });

  it('frees its place where a computation throws', async () => {
    const broken = Array.from({ length: 3 }, () => limitedArgon2(() => Promise.reject(new Error('broken'))));
    for (const each of broken) await expect(each).rejects.toThrow('broken');
    expect(await limitedArgon2(async () => 1)).toEqual({ ok: true, value: 1 });
  });
});
