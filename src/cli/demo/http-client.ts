/** A small HTTP client with its own cookies, as a browser has them; a problem document becomes a thrown sentence. */

/** An answer that is no success. */
export class ProblemError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(status: number, code: string, detail: string) {
    super(`${status} ${code} ${detail}`);
    this.status = status;
    this.code = code;
  }
}

export type HttpClient = {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body?: unknown) => Promise<T>;
  readonly postBytes: <T>(path: string, bytes: Uint8Array, type: string) => Promise<T>;
  readonly text: (path: string) => Promise<string>;
  /** A file to be saved, with the headers that say so. */
  readonly file: (path: string) => Promise<{ readonly headers: Headers; readonly bytes: Uint8Array }>;
};

/** A client of one service; creating requests carry a fresh key each. */
export function httpClient(baseUrl: string, newKey: () => string): HttpClient {
  const cookies = new Map<string, string>();
  const call = async (method: string, path: string, body?: BodyInit, type?: string): Promise<Response> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(method === 'POST' ? { 'idempotency-key': newKey() } : {}),
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    if (response.ok) return response;
    const text = await response.text();
    const problem = text.startsWith('{') ? (JSON.parse(text) as { code?: string }) : {};
    throw new ProblemError(
      response.status,
      problem.code ?? 'UNKNOWN',
      `${method} ${path} ${text.slice(0, 400)}`,
    );
  };
  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T;
  return {
    get: (path) => json(call('GET', path)),
    post: (path, body) => json(call('POST', path, JSON.stringify(body ?? {}), 'application/json')),
    postBytes: (path, bytes, type) => json(call('POST', path, new Blob([new Uint8Array(bytes)]), type)),
    text: async (path) => (await call('GET', path)).text(),
    file: async (path) => {
      const response = await call('GET', path);
      return { headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
    },
  };
}
