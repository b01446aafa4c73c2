/** The one way in which a page talks to the service: JSON, same origin, and problem documents as refusals with a sentence. */
import type { Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';
import { kitWord } from './words.ts';

/** A refusal as the page shows it. */
export type Problem = {
  readonly code: string;
  readonly sentence: string;
  /** Where the fault is, and lists that stand beside the refusal, such as the findings of a file. */
  readonly more?: Readonly<Record<string, unknown>>;
};
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

const problem = (code: string, sentence: string) => ({ ok: false, problem: { code, sentence } }) as const;

async function readProblem(response: Response): Promise<Problem> {
  try {
    const { code, title, ...more } = (await response.json()) as Record<string, unknown>;
    if (typeof code !== 'string' || typeof title !== 'string') throw new TypeError('no problem document');
    const { where } = more;
    return { code, sentence: typeof where === 'string' ? `${title}(${where})` : title, more };
  } catch {
    return { code: `HTTP_${response.status}`, sentence: kitWord('unknownAnswer') };
  }
}

/** Sends a request; the type of the answer is the contract's, its records are checked by whoever uses them. */
export async function call<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  idempotencyKey?: string,
): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) return { ok: false, problem: await readProblem(response) };
    return { ok: true, value: (await response.json()) as T };
  } catch {
    return problem('NO_NETWORK', kitWord('noNetwork'));
  }
}

/** Sends a file as it is; whoever sends it again under the same key gets the first answer. */
export async function sendFile<T>(path: string, file: Blob, idempotencyKey: string): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      headers: {
        accept: 'application/json',
        'content-type': 'application/octet-stream',
        'idempotency-key': idempotencyKey,
      },
      body: file,
    });
    if (!response.ok) return { ok: false, problem: await readProblem(response) };
    return { ok: true, value: (await response.json()) as T };
  } catch {
    return problem('NO_NETWORK', kitWord('noNetwork'));
  }
}

/** A text of the service, such as a checkpoint. */
export async function readText(path: string): Promise<Answer<string>> {
  try {
    const response = await fetch(path, { cache: 'no-store', referrerPolicy: 'no-referrer' });
    return response.ok
      ? { ok: true, value: await response.text() }
      : { ok: false, problem: await readProblem(response) };
  } catch {
    return problem('NO_NETWORK', kitWord('noNetwork'));
  }
}

/** What the published assets say about the log: its key, its witnesses and their quorum (SPEC 6.0). */
export type BuiltInTrust = {
  readonly origin: string;
  readonly logVkey: string;
  readonly witnesses: readonly string[];
  readonly quorum: number;
};

/** Reads the trust file that the page's own tag names, under the hash that the tag names. */
export async function readTrust(root: HTMLElement): Promise<Result<BuiltInTrust>> {
  const { trust, trustIntegrity } = root.dataset as { trust?: string; trustIntegrity?: string };
  try {
    if (trust === undefined || trustIntegrity === undefined) return refuse('TRUST_MISSING');
    const response = await fetch(trust, { integrity: trustIntegrity, referrerPolicy: 'no-referrer' });
    return response.ok ? ok((await response.json()) as BuiltInTrust) : refuse('TRUST_MISSING');
  } catch {
    return refuse('TRUST_MISSING');
  }
}
