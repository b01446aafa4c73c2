/** A port for a service that is started in a moment, on the demo's and the bench's own computer (DESIGN §6). */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: seconds pass before the service takes its own. */
const [FIRST_PORT, LAST_PORT] = [20_000, 31_999];
const PORT_TRIES = 50;

/** A port of loopback on which nobody listens, by chance among some thousands; throws where there is none. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}
