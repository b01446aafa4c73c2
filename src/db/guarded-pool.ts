/**
 * Connections on loan, with the guards of `docs/decisions/embedded-postgresql.md` (a COMMIT whose outcome is unknown is never reported
 * as done, a connection that failed in the middle is not used again) and the short way to the server of `docs/decisions/group-commit.md`.
 */
import { Socket } from 'node:net';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { BEGIN, isLookUp, plannedName } from './planned-once.ts';

/** A COMMIT was sent and its answer is missing or doubtful: the rows may stand or not. Ask again with the same key. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** A server that says so ends with its answer: a PANIC of a full disk may come after the commit record was written. */
const ENDING = new Set<unknown>(['FATAL', 'PANIC']);
/**
 * A server's definite answer carries a severity and a SQLSTATE; classes 08 and 57P end the connection and leave the outcome open. A
 * code alone is no answer: the name of a system error may have five letters too (EPIPE).
 */
export const isDefinite = (error: unknown): boolean => {
  if (!(error instanceof Error && 'severity' in error && 'code' in error)) return false;
  const { code, severity } = error;
  if (ENDING.has(severity)) return false;
  return typeof code === 'string' && SQLSTATE.test(code) && !code.startsWith('08') && !code.startsWith('57P');
};

/** Warnings in answer to COMMIT that mean "on this server only": a cancelled or ended wait for the synchronous standby. */
const DOUBTFUL_WARNINGS = new Set(['01000', '57P01']);
const doubtful = new WeakSet<pg.PoolClient>();

/** Watches a new connection for such warnings. */
export function watchForDoubt(client: pg.PoolClient): void {
  client.on('notice', (notice) => {
    if (notice.code !== undefined && DOUBTFUL_WARNINGS.has(notice.code)) doubtful.add(client);
  });
}

/** Hands what is written to it in one turn of the event loop to the system at once: each call wakes the server's process. */
export class TurnSocket extends Socket {
  override uncork(): void {
    process.nextTick(() => super.uncork());
  }
}

/** One client on loan. */
type Loan = {
  readonly client: pg.PoolClient;
  /** Failed in the middle, so that it may not go back to the pool. */
  spoilt: boolean;
  /** A BEGIN that waits for its first statement. */
  held: boolean;
  /** The BEGIN that was sent. */
  begun: Promise<unknown> | undefined;
  /** A statement has come that is no look-up: it and all that follow it wait for the BEGIN, in their order. */
  waits: boolean;
  readonly underWay: Set<Promise<unknown>>;
  /** Its COMMIT was asked for: what came after it would stand alone. */
  committed: boolean;
  ended: boolean;
};

const NOTHING: pg.QueryResult = { command: '', rowCount: 0, oid: 0, fields: [], rows: [] };

async function send(loan: Loan, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
  if (loan.ended) throw new Error('a statement after the end of its loan');
  const { client } = loan;
  const commits = text === 'commit';
  if (commits) doubtful.delete(client);
  const name = plannedName(text);
  const answer = client.query({ ...(name === undefined ? {} : { name }), text, values: [...values] });
  loan.underWay.add(answer);
  let result: pg.QueryResult;
  try {
    result = await answer;
    if (commits && doubtful.has(client)) throw new CommitUnknownError('the server warned while it committed');
  } catch (error) {
    if (isDefinite(error) && text !== 'rollback') throw error;
    loan.spoilt = true;
    if (!commits || error instanceof CommitUnknownError) throw error;
    throw new CommitUnknownError('the answer to COMMIT is missing', { cause: error });
  } finally {
    loan.underWay.delete(answer);
  }
  if (commits && result.command === 'ROLLBACK') throw new Error('a statement before the COMMIT had failed');
  return result;
}

function begin(loan: Loan): void {
  loan.held = false;
  loan.begun = send(loan, BEGIN, []).catch((error: unknown) => {
    loan.spoilt = true;
    throw error;
  });
}

/**
 * Sends a statement. A BEGIN is held back until its first statement comes: look-ups go with it, since they do no harm where the BEGIN
 * fails; anything else waits until the transaction is certain.
 */
async function guardedQuery(loan: Loan, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
  const ends = text === 'rollback' || text === 'commit';
  // The server has rolled back what a lost session left, and asking it would only hide the first error.
  if (text === 'rollback' && (loan.spoilt || loan.committed)) return NOTHING;
  if (loan.committed) throw new Error('a statement after the COMMIT of its transaction');
  loan.committed = text === 'commit';
  // It heard of nothing yet.
  if (loan.held && ends) return NOTHING;
  if (text === BEGIN) {
    loan.held = true;
    return NOTHING;
  }
  if (loan.held) begin(loan);
  loan.waits ||= !isLookUp(text);
  if (loan.waits && loan.begun !== undefined) await loan.begun;
  return (await Promise.all([send(loan, text, values), loan.begun]))[0];
}

/** A pool whose connections are guarded. */
export function guardedPool(pool: pg.Pool): PostgresPool {
  return {
    end: () => pool.end(),
    async connect(): Promise<PostgresPoolClient> {
      const client = await pool.connect();
      const loan: Loan = {
        client,
        spoilt: false,
        held: false,
        begun: undefined,
        waits: false,
        underWay: new Set(),
        committed: false,
        ended: false,
      };
      const query = (text: string, values: readonly unknown[]) => guardedQuery(loan, text, values);
      return {
        // Cursors are not used: streams would bypass the guards.
        query: query as unknown as PostgresPoolClient['query'],
        release() {
          loan.ended = true;
          // Whoever gave up at a first error may have left others on their way.
          if (loan.underWay.size === 0) client.release(loan.spoilt);
          else void Promise.allSettled(loan.underWay).then(() => client.release(loan.spoilt));
        },
      };
    },
  };
}
