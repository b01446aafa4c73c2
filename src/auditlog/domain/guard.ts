/**
 * Whether the log may sign: the last signed state, kept outside the database, against what the database says now.
 * A restored backup or a replica that lagged would otherwise make the log sign a second history (SPEC 7.1).
 */
import { sameBytes, toBase64Url } from '../../base/bytes.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import type { Checkpoint } from '../../record/checkpoint.ts';
import type { Of } from '../../record/schema.ts';
import { closed, exactly, integer, oneOf, recordForm, text } from '../../record/schema.ts';
import { hash } from '../../record/shapes.ts';

const guard = closed({
  v: exactly(1),
  kind: oneOf('log-guard'),
  origin: text(200),
  size: integer(0, Number.MAX_SAFE_INTEGER),
  root: hash,
});

/** The content of the guard file. */
export type Guard = Of<typeof guard>;
export const guardForm = recordForm(guard, 'guard', 4096);

/** The guard after signing a checkpoint. */
export const guardOf = ({ origin, size, root }: Checkpoint): Guard => ({
  v: 1,
  kind: 'log-guard',
  origin,
  size,
  root: toBase64Url(root),
});

/** What the database says; roots are recomputed from its tiles, undefined where tiles are missing. */
export type LogState = {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly headRoot: Uint8Array | undefined;
  readonly rootAtGuard: Uint8Array | undefined;
  /** The newest checkpoint that the database holds, and the recomputed root at its size. */
  readonly newest: { readonly size: number; readonly root: Uint8Array } | undefined;
  readonly rootAtNewest: Uint8Array | undefined;
};

export type LogGuardRefusal = Refusal<
  | 'LOG_GUARD_MISSING'
  | 'LOG_GUARD_UNREADABLE'
  | 'LOG_GUARD_FOREIGN'
  | 'LOG_GUARD_ROLLED_BACK'
  | 'LOG_GUARD_FORKED'
>;

/** Whether two guards say the same, also where there is none. */
export const isSameGuard = (a: Guard | undefined, b: Guard | undefined): boolean =>
  a?.origin === b?.origin && a?.size === b?.size && a?.root === b?.root;

const agrees = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && sameBytes(a, b);

/**
 * Refuses to sign unless the database continues both the guard and its own checkpoints. Without a guard only a
 * database that never signed may start.
 */
export function mayContinue(kept: Guard | undefined, state: LogState): Result<undefined, LogGuardRefusal> {
  const { newest } = state;
  if (kept === undefined && newest !== undefined) return refuse('LOG_GUARD_MISSING');
  if (kept !== undefined && kept.origin !== state.origin) {
    return refuse('LOG_GUARD_FOREIGN', undefined, { kept: kept.origin, origin: state.origin });
  }
  const signedSize = Math.max(kept?.size ?? 0, newest?.size ?? 0);
  if (state.size < signedSize) {
    return refuse('LOG_GUARD_ROLLED_BACK', undefined, { kept: signedSize, size: state.size });
  }
  if (kept !== undefined && toBase64Url(state.rootAtGuard ?? new Uint8Array(0)) !== kept.root) {
    return refuse('LOG_GUARD_FORKED', 'guard', { kept: kept.size, size: state.size });
  }
  if (newest !== undefined && !agrees(state.rootAtNewest, newest.root)) {
    return refuse('LOG_GUARD_FORKED', 'checkpoint', { kept: newest.size, size: state.size });
  }
  if (!agrees(state.headRoot, state.root)) {
    return refuse('LOG_GUARD_FORKED', 'head', { kept: state.size, size: state.size });
  }
  return ok(undefined);
}
