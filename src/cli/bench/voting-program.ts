/** The service of a bench: all of it, as `serve` starts it, in a process whose CPU and memory can be read. */
import type { Service } from '../../main.ts';
import { startService } from '../../main.ts';
import { readServerKeys } from '../../server-keys.ts';
import { systemRandom } from '../opening.ts';
import { serveRequests } from './channel.ts';
import type { BenchPlace } from './deployment.ts';
import { usage } from './usage.ts';

type Request = { readonly start: BenchPlace } | { readonly usage: true };

let service: Service | undefined;

async function start({ config, appUrl, keysDir }: BenchPlace): Promise<string> {
  const keys = readServerKeys(keysDir, systemRandom);
  if (!keys.ok) throw new Error(keys.refusal.code);
  const started = await startService({
    config,
    appUrl,
    keys: keys.value,
    clock: Date.now,
    random: systemRandom,
    beatMs: 1000,
    realTime: true,
  });
  if (!started.ok) throw new Error(started.refusal.code);
  service = started.value;
  return service.url;
}

serveRequests(
  async (request: Request) => ('start' in request ? start(request.start) : usage()),
  async () => service?.close(),
);
