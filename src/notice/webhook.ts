/**
 * One message to a gateway for SMS or WeChat, signed as Standard Webhooks has it (headers webhook-id, webhook-timestamp,
 * webhook-signature). What the gateway answers comes from outside: little of it is read, and no redirect is followed (SPEC 3.7).
 */
import { createHmac } from 'node:crypto';
import { fromUtf8 } from '../base/bytes.ts';
import type { Instant } from '../base/instant.ts';

/** Where messages go; `secrets` are the current one and, while it is being changed, the one before. */
export type Gateway = { readonly url: string; readonly secrets: readonly [Uint8Array, ...Uint8Array[]] };

/** `phone` is the receiver; `text` fits one message; `template` and `facts` are for gateways that fill templates of their own. */
export type WebhookMessage = {
  readonly id: string;
  readonly template: string;
  readonly phone: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, string>>;
};

/** `delivered` where the gateway says in its answer that it was, else it only took the message over. */
export type WebhookAnswer =
  | { readonly taken: true; readonly delivered: boolean }
  | { readonly taken: false; readonly code: WebhookFault; readonly isFinal: boolean };

/** Why a message was not taken; the closed codes of `outbox.error_code`. */
export type WebhookFault =
  | 'GATEWAY_UNREACHABLE'
  | 'GATEWAY_TIMEOUT'
  | 'GATEWAY_BUSY'
  | 'GATEWAY_REDIRECTS'
  | 'GATEWAY_REFUSES';

const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 16_384;

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?:\/|$)/;

/** Whether messages may go to this address: encrypted, or on this computer; without a name and password in it. */
export function isGatewayUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, hash } = new URL(url);
  const isPlain = username === '' && password === '' && hash === '';
  return isPlain && (protocol === 'https:' || LOOPBACK.test(url));
}

/** The secret as gateways take it: `whsec_` and standard base64. */
export const webhookSecretText = (secret: Uint8Array): string =>
  `whsec_${Buffer.from(secret).toString('base64')}`;

/** `v1,<base64>` of HMAC-SHA-256 over `id.timestamp.body`, one for each secret. */
export function webhookSignature(
  secrets: readonly Uint8Array[],
  { id, atSeconds, body }: { readonly id: string; readonly atSeconds: number; readonly body: string },
): string {
  const signed = `${id}.${atSeconds}.${body}`;
  return secrets
    .map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`)
    .join(' ');
}

/** The body: canonical enough to read, the same for the same message. */
const bodyOf = ({ id, template, phone, text, facts }: WebhookMessage): string =>
  JSON.stringify({ type: 'owners-vote.announcement', data: { id, template, phone, text, facts } });

const failed = (code: WebhookFault, isFinal = false): WebhookAnswer => ({ taken: false, code, isFinal });

/** The answer's text, or undefined where it is longer than is read. */
async function readLittle(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) return undefined;
    parts.push(part);
  }
  return fromUtf8(Buffer.concat(parts)) ?? '';
}

function isDelivered(text: string): boolean {
  try {
    return (JSON.parse(text) as { readonly delivered?: unknown } | null)?.delivered === true;
  } catch {
    return false;
  }
}

/**
 * What a status other than 2xx means. 400, 410, 422 and the like are final, since the same message would be refused again; 401, 403 and 404
 * say that secret or address is wrong, which an operator puts right.
 */
function faultOf(status: number): WebhookAnswer {
  if (status >= 300 && status < 400) return failed('GATEWAY_REDIRECTS');
  if ([401, 403, 404, 408, 429].includes(status) || status >= 500) return failed('GATEWAY_BUSY');
  return failed('GATEWAY_REFUSES', true);
}

/** Sends once; never throws. `now` is when it is sent, `answerMs` how long the whole answer may take. */
export async function sendWebhook(
  { url, secrets }: Gateway,
  message: WebhookMessage,
  now: Instant,
  answerMs: number = ANSWER_MS,
): Promise<WebhookAnswer> {
  const body = bodyOf(message);
  const atSeconds = Math.floor(now / 1000);
  const timeout = AbortSignal.timeout(answerMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': message.id,
        'webhook-timestamp': String(atSeconds),
        'webhook-signature': webhookSignature(secrets, { id: message.id, atSeconds, body }),
      },
      body,
      redirect: 'manual',
      signal: timeout,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return faultOf(response.status);
    }
    const text = await readLittle(response);
    // It was taken: whatever a gateway adds beyond what is read says nothing else.
    return { taken: true, delivered: text !== undefined && isDelivered(text) };
  } catch {
    return failed(timeout.aborted ? 'GATEWAY_TIMEOUT' : 'GATEWAY_UNREACHABLE');
  }
}
