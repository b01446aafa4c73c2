/** Asks the service what an entry means, with the access that an officer drew; every answer comes from whom the monitor watches (SPEC 3.7). */
import { z } from 'zod';
import { fromBase64Url, fromUtf8 } from '../../base/bytes.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { ok, refuse } from '../../base/result.ts';

/** The file that the console hands out. */
export const accessFile = z.strictObject({
  v: z.literal(1),
  kind: z.literal('monitor-access'),
  service: z.string().regex(/^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/),
  community: z.string(),
  access: z.string(),
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  expiresAt: z.string(),
});
export type AccessFile = z.infer<typeof accessFile>;

/** ACCESS_REFUSED and SERVICE_UNAVAILABLE stop a round; UNEXPLAINED is what the service says or shows of one entry. */
export type ExplanationRefusal = Refusal<'ACCESS_REFUSED' | 'SERVICE_UNAVAILABLE' | 'UNEXPLAINED'>;

const TIMEOUT_MS = 30_000;
const MAX_PART_BYTES = 32 * 1024 * 1024;
/** Lines of one entry: the largest batch of letters. */
const MAX_LINES = 200_000;

const partAnswer = z.object({ lines: z.array(z.string()), next: z.number().int().nullable() });

async function readBounded(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_PART_BYTES) return undefined;
    parts.push(part);
  }
  return fromUtf8(Buffer.concat(parts));
}

type Part = z.infer<typeof partAnswer>;

function readPart(text: string | undefined): Part | undefined {
  try {
    const read = partAnswer.safeParse(JSON.parse(text ?? ''));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

async function askPart(
  { service, token }: AccessFile,
  index: number,
  from: number,
): Promise<Result<Part, ExplanationRefusal>> {
  try {
    const response = await fetch(`${service}/v1/log-explanations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, index, from }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const part = readPart(await readBounded(response));
    if (response.ok) return part === undefined ? refuse('UNEXPLAINED') : ok(part);
    if (response.status === 404) return refuse('UNEXPLAINED');
    return refuse(
      response.status === 403 ? 'ACCESS_REFUSED' : 'SERVICE_UNAVAILABLE',
      String(response.status),
    );
  } catch {
    return refuse('SERVICE_UNAVAILABLE');
  }
}

/** Every line that the service gives for an entry. */
export async function askExplanation(
  access: AccessFile,
  index: number,
): Promise<Result<readonly Uint8Array[], ExplanationRefusal>> {
  const lines: Uint8Array[] = [];
  for (let from = 0; ; ) {
    const part = await askPart(access, index, from);
    if (!part.ok) return part;
    for (const line of part.value.lines) {
      const bytes = fromBase64Url(line);
      if (bytes === undefined || lines.length >= MAX_LINES) return refuse('UNEXPLAINED');
      lines.push(bytes);
    }
    const { next } = part.value;
    if (next === null) return ok(lines);
    // A part that does not go on would go on for ever.
    if (next !== lines.length) return refuse('UNEXPLAINED');
    from = next;
  }
}
