/** Programs that a bench starts as processes of their own, and one request at a time to each over the channel of Node. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Program = 'voting' | 'limit' | 'load';

export type Peer = {
  readonly pid: number;
  /** Sends a request and gives the answer; rejects where the program ends or answers an error. */
  readonly ask: <A>(request: unknown) => Promise<A>;
  readonly close: () => Promise<void>;
};

type Answer = { readonly answer?: unknown; readonly error?: string };

/** As `npm start` has it (docs/operating.md). */
const AS_SERVED = ['--max-semi-space-size=32'];

/** Starts `<name>-program` beside this file. */
export function startProgram(name: Program): Peer {
  const here = fileURLToPath(import.meta.url);
  const path = fileURLToPath(new URL(`./${name}-program${extname(here)}`, import.meta.url));
  const child: ChildProcess = fork(path, [], {
    execArgv: [...process.execArgv, ...AS_SERVED],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the ${name} program ended with ${code}`)));
  });
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    async ask<A>(request: unknown): Promise<A> {
      const answered = new Promise<Answer>((resolve) => child.once('message', resolve));
      child.send(request as object);
      const { answer, error } = await Promise.race([answered, ended]);
      if (error !== undefined) throw new Error(`${name}: ${error}`);
      return answer as A;
    },
    async close() {
      if (child.exitCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
}

/** The other end: answers each request with what `handle` gives, and calls `end` when the bench is gone. */
export function serveRequests(handle: (request: never) => Promise<unknown>, end: () => Promise<void>): void {
  process.on('message', (request) => {
    handle(request as never).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.once('disconnect', () => {
    void end().finally(() => process.exit(0));
  });
}
