/** A register file over HTTP, as a console does it: sent in, waited for, confirmed and drafted (SPEC 3.1; DESIGN §7 "Register import"). */
import type { ImportAnswer, SubmittedAnswer } from '../../registry/import-contract.ts';
import type { HttpClient } from './http-client.ts';
import type { DemoWorld } from './officer.ts';

const PAUSE_MS = 50;
const PATIENCE_MS = 120_000;

/** Sends a file in and waits for its check; `query` has the settings, such as `?rounding=down`. */
export async function checkedImport(
  world: Pick<DemoWorld, 'beatNow'>,
  client: HttpClient,
  community: string,
  file: Uint8Array,
  { query = '', type = 'application/octet-stream' } = {},
): Promise<ImportAnswer> {
  const path = `/v1/communities/${community}/imports`;
  const sent = await client.postBytes<SubmittedAnswer>(path + query, file, type);
  await world.beatNow();
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    const standing = await client.get<ImportAnswer>(`${path}/${sent.import}`);
    if (standing.state !== 'waiting' && standing.state !== 'checking') return standing;
    if (waitedMs >= PATIENCE_MS) throw new Error(`the import is still ${standing.state}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (standing.state === 'waiting') await world.beatNow();
  }
}

/** Drafts the act of a file, confirming what wants it; throws where the file is refused. */
export async function draftFile(
  world: Pick<DemoWorld, 'beatNow'>,
  client: HttpClient,
  community: string,
  file: Uint8Array,
): Promise<{ readonly register: string; readonly act: string }> {
  const { import: id, state, outcome } = await checkedImport(world, client, community, file);
  if (state !== 'checked') {
    const codes = outcome?.groups.filter(({ level }) => level === 'error').map(({ code }) => code) ?? [];
    throw new Error(`the register file is ${state} ${codes.join(' ')}`);
  }
  const body = { confirmed: outcome?.wantsTick ?? [] };
  return client.post(`/v1/communities/${community}/imports/${id}/draft`, body);
}
