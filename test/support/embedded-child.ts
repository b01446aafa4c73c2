// A process of its own with the embedded database, so that a test can kill it: prints what it is told as lines that begin with #, what it got
// as one line of JSON, writes rows when told to, and stops the database when its input ends.
import { createInterface } from 'node:readline';
import pg from 'pg';
import { startEmbedded } from '../../src/db/embedded/supervisor.ts';

const started = await startEmbedded({
  dataDir: process.argv[2] ?? '',
  log: (line) => process.stdout.write(`# ${line}\n`),
});
if (!started.ok) {
  process.stdout.write(`${JSON.stringify(started.refusal)}\n`);
  process.exit(1);
}
const { ownerUrl, appUrl, folder, shared } = started.value;
process.stdout.write(`${JSON.stringify({ ownerUrl, appUrl, folder, shared })}\n`);

/** One row after the other; each number is printed after its commit was acknowledged. */
async function writeRows(): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table if not exists acknowledged (n integer primary key)');
  for (let n = 1; ; n += 1) {
    await client.query('insert into acknowledged values ($1)', [n]);
    process.stdout.write(`${n}\n`);
  }
}

const input = createInterface({ input: process.stdin });
input.on('line', () => {
  writeRows().catch(() => undefined);
});
input.on('close', () => {
  started.value.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
