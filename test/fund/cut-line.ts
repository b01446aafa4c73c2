// A line between the program and the real server that is cut where a test says: between two steps, before the COMMIT, or after the server
// carried the COMMIT out and before its answer. What was sent until then, the server has; what was not, it never gets.
import { connect as connectSocket, createServer } from 'node:net';
import pg from 'pg';
import { connect, type Database } from '../../src/db/connect.ts';

/** Where a line is cut: before the nth message to the server, from 1, which may carry several statements, or before the COMMIT where that is earlier. */
export type Place = number | 'before commit' | 'before the answer' | 'never';

export type CutLine = {
  readonly db: Database;
  /** Cuts the line there, once; also takes back a cut that has not come yet. */
  readonly cutAt: (place: Place) => void;
  /** Where it was cut since then. */
  readonly wasCut: () => 'at a step' | 'before commit' | 'before the answer' | 'nowhere';
  readonly close: () => Promise<void>;
};

export async function cutLine(url: string): Promise<CutLine> {
  let place: Place = 'never';
  let was: ReturnType<CutLine['wasCut']> = 'nowhere';
  let messages = 0;
  const { host, port, user, password, database } = new pg.Client({ connectionString: url });
  const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
  const proxy = createServer((client) => {
    const server = connectSocket(target);
    let isEnding = false;
    let answer = '';
    const end = () => {
      client.destroy();
      server.destroy();
    };
    const cut = (at: typeof was) => {
      was = at;
      place = 'never';
      end();
    };
    client.on('data', (chunk) => {
      messages += 1;
      const commits = chunk.toString('latin1').includes('commit\0');
      isEnding = commits && place === 'before the answer';
      if (commits && place !== 'never' && !isEnding) cut('before commit');
      else if (place === messages) cut('at a step');
      else server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (!isEnding) {
        client.write(chunk);
        return;
      }
      answer += chunk.toString('latin1');
      if (answer.includes('COMMIT\0')) cut('before the answer');
    });
    client.on('error', end).on('close', end);
    server.on('error', end).on('close', end);
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const address = proxy.address();
  const listening = typeof address === 'object' && address !== null ? address.port : 0;
  const login = `${encodeURIComponent(user ?? '')}:${encodeURIComponent(password ?? '')}`;
  const db = connect(`postgresql://${login}@127.0.0.1:${listening}/${database}`, { maxConnections: 2 });
  return {
    db,
    cutAt: (next) => {
      place = next;
      was = 'nowhere';
      messages = 0;
    },
    wasCut: () => was,
    close: async () => {
      await db.destroy();
      proxy.close();
    },
  };
}
