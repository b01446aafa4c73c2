// A fresh database for a test file: a copy of the template that migrate.ts made, reached through both logins.
import { randomBytes } from 'node:crypto';
import { connect as connectSocket } from 'node:net';
import pg from 'pg';
import { inject } from 'vitest';
import { connect, type Database } from '../../src/db/connect.ts';
import { type DatabaseServer, urlFor } from './database-server.ts';

/** Two ways into one database, and its end. */
export type FreshDatabase = {
  /** As the application. */
  readonly db: Database;
  /** As the owner of the tables. */
  readonly owner: Database;
  readonly appUrl: string;
  readonly ownerUrl: string;
  /** As the server's administrator, for what neither login may do (ending sessions, roles). */
  readonly adminUrl: string;
  close(): Promise<void>;
};

async function askDesk(): Promise<DatabaseServer> {
  const text = await new Promise<string>((resolve, reject) => {
    let said = '';
    const socket = connectSocket(inject('databaseDesk'), '127.0.0.1');
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    socket.on('end', () => resolve(said));
    socket.on('error', reject);
  });
  const answer = JSON.parse(text) as DatabaseServer | { readonly error: string };
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

let desk: Promise<DatabaseServer> | undefined;

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Makes an empty database of schema.sql (about 30 ms); `empty: true` leaves even the schema out. Close it in afterAll. */
export async function freshDatabase(options: { readonly empty?: boolean } = {}): Promise<FreshDatabase> {
  desk ??= askDesk();
  const server = await desk;
  const name = `${server.template.replace(/_template$/, '')}_${randomBytes(6).toString('hex')}`;
  const template = options.empty === true ? 'template0' : server.template;
  await asAdmin(server.adminUrl, `create database ${name} template ${template} owner ${server.owner.user}`);
  const ownerUrl = urlFor(server.adminUrl, server.owner, name);
  const appUrl = urlFor(server.adminUrl, server.app, name);
  const db = connect(appUrl, { maxConnections: 8 });
  const owner = connect(ownerUrl, { maxConnections: 2 });
  return {
    db,
    owner,
    appUrl,
    ownerUrl,
    adminUrl: urlFor(server.adminUrl, adminLogin(server.adminUrl), name),
    async close() {
      await Promise.all([db.destroy(), owner.destroy()]);
      await asAdmin(server.adminUrl, `drop database ${name} with (force)`);
    },
  };
}

function adminLogin(url: string): { user: string; password: string } {
  const client = new pg.Client({ connectionString: url });
  return { user: encodeURIComponent(client.user ?? ''), password: encodeURIComponent(client.password ?? '') };
}
