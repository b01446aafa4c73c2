/** Codes that people type: drawn at random, shown once, kept as argon2id hashes only (DESIGN §3, SPEC 2.2, 2.5). */
import argon2 from 'argon2';
import type { Random } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Busy } from './argon2-queue.ts';
import { limitedArgon2 } from './argon2-queue.ts';

/** OWASP's minimum for argon2id, the house's setting (DESIGN §3). */
const ARGON2 = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Twelve characters of thirty: 58 bits. */
const CODE_LENGTH = 12;
/** After so many wrong ones a code is dead. */
export const MAX_TRIES = 5;

/** A code to be shown once, and what is kept of it. */
export async function newCode(deps: {
  readonly random: Random;
}): Promise<Result<{ readonly code: string; readonly codeHash: string }, Busy>> {
  const code = [...deps.random(CODE_LENGTH)]
    .map((byte) => CODE_ALPHABET.charAt(byte % CODE_ALPHABET.length))
    .join('');
  const hashed = await limitedArgon2(() => argon2.hash(code, ARGON2));
  return hashed.ok ? ok({ code, codeHash: hashed.value }) : hashed;
}

/** Whether a typed code is the one that was kept; spaces, hyphens and small letters do not matter. */
export const isCode = (codeHash: string, code: string): Promise<Result<boolean, Busy>> =>
  limitedArgon2(() => argon2.verify(codeHash, code.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '')));
