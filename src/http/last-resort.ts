/** What becomes of an error that a route has thrown: an outage or a doubtful commit is told, the rest only logged (DESIGN §6). */
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { CommitUnknownError } from '../db/guarded-pool.ts';
import { outageOf } from '../db/outages.ts';
import { sendProblem } from './problem.ts';

/** What of an error goes to the log: a database's error also carries values of the row that it refused. */
export const loggable = (error: unknown) =>
  error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { name: typeof error, message: String(error) };

/** An address that cannot be decoded is a refusal; everything else is ours, and its detail goes to the log only. */
export function lastResort(logger: Logger): ErrorRequestHandler {
  // Express knows a handler of errors by its four parameters.
  return (error: { status?: number } & Error, request, response, _next) => {
    if (error.status === 400) return sendProblem(response, { code: 'REQUEST_MALFORMED' });
    if (error instanceof CommitUnknownError) return sendProblem(response, { code: 'OUTCOME_UNKNOWN' });
    const outage = outageOf(error);
    if (outage !== undefined) return sendProblem(response, { code: outage });
    logger.error(
      {
        path: request.route?.path ?? 'unknown',
        err: loggable(error),
      },
      'request failed',
    );
    return sendProblem(response, { code: 'INTERNAL' });
  };
}
