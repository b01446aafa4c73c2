/** A call that may want a fresh use of the officer's key: the page asks for the passkey and goes on where it stood (SPEC 2.5). */
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';
import { readDeployment } from './deployment.ts';
import { proveAgain } from './passkey.ts';

/** Asks; where the service wants the key first, lets it sign and asks once more. */
export async function withProof<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
  const first = await ask();
  if (first.ok || first.problem.code !== 'PROOF_NEEDED') return first;
  const deployment = await readDeployment();
  if (!deployment.ok) return deployment;
  const proved = await proveAgain(deployment.value.rpId);
  return proved.ok ? ask() : proved;
}

/** `call` with that. */
export const callProved = <T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  idempotencyKey?: string,
): Promise<Answer<T>> => withProof(() => call<T>(method, path, body, idempotencyKey));
