// Goal: a witness cosigns only what extends what it saw, and the log takes only cosignatures that verify.
// Method: real witnesses over HTTP, a log that forks, and servers that answer what the protocol does not allow.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allCheckpoints, latestCheckpoint } from '../../src/auditlog/checkpoints.ts';
import type { LogDeps } from '../../src/auditlog/log-deps.ts';
import { newestCheckpointCovering, receiptOf } from '../../src/auditlog/proving.ts';
import { logVkey, publishOnce } from '../../src/auditlog/publishing.ts';
import { sequenceAll } from '../../src/auditlog/sequencing.ts';
import { askWitness } from '../../src/auditlog/witness-client.ts';
import { assert, present } from '../../src/base/assert.ts';
import type { RunningWitness } from '../../src/cli/log-witness.ts';
import { startWitness } from '../../src/cli/log-witness.ts';
import { cosign, cosignersOf, parseCheckpoint, signCheckpoint } from '../../src/record/checkpoint.ts';
import { consistencyProof, rootAt, rootOfHashes } from '../../src/record/merkle.ts';
import { printSignature } from '../../src/record/note.ts';
import { printWitnessRequest, WITNESS_SIZE_TYPE } from '../../src/record/witness-request.ts';
import { TEST_NOW } from '../support/clock.ts';
import type { FreshLog } from '../support/log.ts';
import { appendNumbered, freshLog, LOG_ORIGIN, LOG_SEED } from '../support/log.ts';
import { hex, numberedLeaves, treeOf, vectors } from '../support/tlog-vectors.ts';

const NOW_S = TEST_NOW / 1000;
const leaves = numberedLeaves(40);
const read = treeOf(leaves);
const noteOf = (size: number, seed = LOG_SEED, origin = LOG_ORIGIN): string =>
  signCheckpoint({ origin, size, root: rootAt(size, read) }, seed);
const forkedNote = (size: number): string =>
  signCheckpoint({ origin: LOG_ORIGIN, size, root: rootOfHashes(leaves.slice(1, size + 1)) }, LOG_SEED);
const bodyOf = (oldSize: number, size: number): string =>
  printWitnessRequest({ oldSize, proof: consistencyProof(oldSize, size, read), note: noteOf(size) });

let log: FreshLog;
const running: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  log = await freshLog();
});
afterEach(async () => {
  await log.close();
  for (const server of running.splice(0)) await server.close();
});

async function witness(name: string, statePath?: string): Promise<RunningWitness> {
  const seed = new Uint8Array(32).fill(name.charCodeAt(name.length - 1));
  const started = await startWitness({
    name,
    seed,
    logVkey: logVkey(log.deps),
    clock: log.time.clock,
    ...(statePath === undefined ? {} : { statePath }),
  });
  running.push(started);
  return started;
}

async function ask(
  url: string,
  body: string,
): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

describe('a witness', () => {
  it('cosigns what extends its state, with the time of its clock', async () => {
    const { url, vkey } = await witness('witness.example/a');
    for (const [oldSize, size] of [
      [0, 3],
      [3, 3],
      [3, 17],
      [17, 40],
    ] as const) {
      const answer = await ask(url, bodyOf(oldSize, size));
      expect(answer.status).toBe(200);
      expect(cosignersOf(noteOf(size) + answer.text, [{ name: 'a', vkey }])).toEqual([
        { name: 'a', at: NOW_S },
      ]);
    }
  });

  it('answers the vector of another implementation with its very cosignature', async () => {
    const { small } = vectors;
    const started = await startWitness({
      name: small.witnessName,
      seed: hex(small.witnessSeed),
      logVkey: small.verifierKeyText,
      clock: () => 1_700_000_000_999,
    });
    running.push(started);
    expect(started.vkey).toBe(small.witnessVerifierKey);
    const answer = await ask(
      started.url,
      printWitnessRequest({ oldSize: 0, proof: [], note: small.signedCheckpoint }),
    );
    expect(answer).toMatchObject({ status: 200, text: small.cosignatureLine });
    expect(await ask(started.url, small.addCheckpointFrom3)).toMatchObject({ status: 409, text: '5\n' });
  });

  it('refuses a fork with 422, at the same size and at a larger one', async () => {
    const { url } = await witness('witness.example/a');
    expect((await ask(url, bodyOf(0, 5))).status).toBe(200);
    const sameSize = printWitnessRequest({ oldSize: 5, proof: [], note: forkedNote(5) });
    const larger = printWitnessRequest({
      oldSize: 5,
      proof: consistencyProof(5, 9, treeOf(leaves.slice(1))),
      note: forkedNote(9),
    });
    expect((await ask(url, sameSize)).status).toBe(422);
    expect((await ask(url, larger)).status).toBe(422);
    expect((await ask(url, bodyOf(5, 9))).status).toBe(200);
  });

  it('tells with 409 the size that it cosigned last, and never goes back', async () => {
    const { url } = await witness('witness.example/a');
    expect((await ask(url, bodyOf(0, 9))).status).toBe(200);
    for (const body of [bodyOf(0, 40), bodyOf(5, 40), bodyOf(5, 5), bodyOf(0, 5)]) {
      expect(await ask(url, body)).toEqual({ status: 409, type: WITNESS_SIZE_TYPE, text: '9\n' });
    }
    const backwards = printWitnessRequest({ oldSize: 9, proof: [], note: noteOf(5) });
    expect((await ask(url, backwards)).status).toBe(400);
  });

  it('refuses other logs, other keys, other methods and malformed bodies', async () => {
    const { url } = await witness('witness.example/a');
    const first = (note: string) => printWitnessRequest({ oldSize: 0, proof: [], note });
    expect((await ask(url, first(noteOf(5, LOG_SEED, 'other.example/log')))).status).toBe(404);
    expect((await ask(url, first(noteOf(5, new Uint8Array(32).fill(8))))).status).toBe(403);
    expect((await ask(url, first(noteOf(5).replace('\n5\n', '\n6\n')))).status).toBe(403);
    expect((await ask(url, first(noteOf(5).replace('\n5\n', '\n05\n')))).status).toBe(400);
    expect((await ask(url, first('no note'))).status).toBe(400);
    expect((await ask(url, bodyOf(0, 5).replace('old 0', 'old 00'))).status).toBe(400);
    expect((await ask(url, `${bodyOf(0, 5)}${' '.repeat(20_000)}`)).status).toBe(400);
    expect((await fetch(`${url}/add-checkpoint`)).status).toBe(405);
    expect((await fetch(`${url}/`, { method: 'POST' })).status).toBe(404);
    const broken = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: Uint8Array.of(0xff, 0xfe) });
    expect(broken.status).toBe(400);
  });

  it('decides between two requests at once, for one of them only', async () => {
    const { url } = await witness('witness.example/a');
    await ask(url, bodyOf(0, 5));
    const fork = printWitnessRequest({
      oldSize: 5,
      proof: consistencyProof(5, 9, read),
      note: noteOf(9),
    });
    const answers = await Promise.all([ask(url, fork), ask(url, bodyOf(5, 12)), ask(url, bodyOf(5, 17))]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
  });

  it('remembers over a restart, and does not start over a damaged or foreign state', async () => {
    const statePath = `${log.folder}/witness.json`;
    const first = await witness('witness.example/a', statePath);
    expect((await ask(first.url, bodyOf(0, 9))).status).toBe(200);
    await first.close();
    const second = await witness('witness.example/a', statePath);
    expect(await ask(second.url, bodyOf(0, 40))).toMatchObject({ status: 409, text: '9\n' });
    await second.close();
    const whole = readFileSync(statePath, 'utf8');
    for (const content of ['', whole.replace(LOG_ORIGIN, 'other.example/log')]) {
      writeFileSync(statePath, content);
      await expect(witness('witness.example/a', statePath)).rejects.toThrow('of its log');
    }
  });

  it('does not cosign what it cannot keep', async () => {
    const { url } = await witness('witness.example/a', `${log.folder}/none/witness.json`);
    expect((await ask(url, bodyOf(0, 9))).status).toBe(500);
    expect(existsSync(`${log.folder}/none`)).toBe(false);
    // Nor does it believe that it did.
    expect((await ask(url, bodyOf(0, 5))).status).toBe(500);
  });
});

const grow = async (deps: LogDeps, from: number, below: number): Promise<void> => {
  await appendNumbered(deps.db, from, below);
  await sequenceAll(deps);
};

async function publish(deps: LogDeps) {
  const published = await publishOnce(deps);
  if (!published.ok) throw new Error(published.refusal.code);
  return published.value;
}

describe('a log with a quorum of 2 of 3', () => {
  async function threeWitnesses() {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => witness(`witness.example/${name}`)));
    const all = [present(a, 'a'), present(b, 'b'), present(c, 'c')] as const;
    const witnesses = all.map(({ url, vkey }, i) => ({ name: ['a', 'b', 'c'][i] ?? '', vkey, url }));
    return { all, deps: { ...log.deps, witnesses, quorum: 2 } };
  }

  it('collects the cosignatures of all, also after it grew', async () => {
    const { deps } = await threeWitnesses();
    await grow(deps, 0, 3);
    expect(await publish(deps)).toMatchObject({ size: 3, hasQuorum: true, alarms: [] });
    await grow(deps, 3, 40);
    const { note, cosigners } = await publish(deps);
    expect(cosigners.map(({ name, at }) => [name, at])).toEqual([
      ['a', NOW_S],
      ['b', NOW_S],
      ['c', NOW_S],
    ]);
    expect((await latestCheckpoint(deps.db))?.note).toBe(note);
    const all = await allCheckpoints(deps.db);
    expect(all.map(({ size }) => size)).toEqual([3, 40]);
    for (const each of all) expect(cosignersOf(each.note, deps.witnesses)).toHaveLength(3);
  });

  it('publishes with one missing, and says which; with two missing it has no quorum', async () => {
    const { all, deps } = await threeWitnesses();
    await grow(deps, 0, 3);
    await all[2].close();
    expect(await publish(deps)).toMatchObject({
      hasQuorum: true,
      alarms: [{ code: 'WITNESS_UNREACHABLE', where: 'c' }],
    });
    await all[1].close();
    await grow(deps, 3, 9);
    const [row] = await appendNumbered(deps.db, 9, 10);
    await sequenceAll(deps);
    expect(await publish(deps)).toMatchObject({ size: 10, hasQuorum: false, cosigners: [{ name: 'a' }] });
    // A receipt under the quorum is preferred where one covers the entry.
    expect(await newestCheckpointCovering(deps, 2)).toMatchObject({ size: 3 });
    expect(await newestCheckpointCovering(deps, 3)).toMatchObject({ size: 10 });
    expect(await receiptOf(deps, present(row, 'a row'))).toMatchObject({ value: { hasQuorum: false } });
  });

  it('finds out the size of a witness that it does not remember, and of one that starts anew', async () => {
    const { all, deps } = await threeWitnesses();
    await ask(all[0].url, bodyOf(0, 2));
    await grow(deps, 0, 7);
    expect((await publish(deps)).cosigners).toHaveLength(3);
    await all[1].close();
    const reborn = await witness('witness.example/b');
    const moved = deps.witnesses.map((each) => (each.name === 'b' ? { ...each, url: reborn.url } : each));
    await grow(deps, 7, 12);
    expect((await publish({ ...deps, witnesses: moved })).cosigners).toHaveLength(3);
  });

  it('refreshes times after ten minutes and serves the earliest and the newest', async () => {
    const { deps } = await threeWitnesses();
    await grow(deps, 0, 3);
    const first = await publish(deps);
    log.time.advance(599_000);
    expect((await publish(deps)).note).toBe(first.note);
    for (let i = 0; i < 3; i += 1) {
      log.time.advance(600_000);
      await publish(deps);
    }
    const { note, cosigners } = await publish(deps);
    expect(note.split('\n').filter((line) => line.startsWith('— witness'))).toHaveLength(6);
    expect(cosigners[0]).toEqual({ name: 'a', at: NOW_S });
    expect(parseCheckpoint(note.split('\n\n')[0] ?? '').ok).toBe(false);
  });

  it('hears an alarm where a witness saw another history', async () => {
    const { all, deps } = await threeWitnesses();
    await ask(all[0].url, printWitnessRequest({ oldSize: 0, proof: [], note: forkedNote(5) }));
    await grow(deps, 0, 7);
    expect(await publish(deps)).toMatchObject({
      hasQuorum: true,
      alarms: [{ code: 'WITNESS_SAW_A_FORK', where: 'a', facts: { status: 422 } }],
    });
    await ask(all[1].url, bodyOf(7, 40));
    await grow(deps, 7, 9);
    expect((await publish(deps)).alarms).toMatchObject([
      { code: 'WITNESS_SAW_A_FORK', where: 'a' },
      { code: 'WITNESS_SAW_A_FORK', where: 'b', facts: { cosigned: 40 } },
    ]);
  });
});

describe('the answer of a witness', () => {
  const seed = new Uint8Array(32).fill(1);
  const name = 'witness.example/x';
  const text = noteOf(5).split('\n\n')[0] ?? '';
  const lineOf = (by: string, key: Uint8Array, signed: string): string =>
    printSignature(cosign(by, key, signed, NOW_S));

  async function codeOf(status: number, type: string, answer: string, vkey?: string): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      if (type !== '') response.setHeader('Content-Type', type);
      response.writeHead(status, { Location: 'http://127.0.0.1:1/' }).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const address = server.address();
    assert(typeof address === 'object' && address !== null, 'a port');
    const known = await startWitness({ name, seed, logVkey: logVkey(log.deps), clock: log.time.clock });
    running.push(known);
    const asked = await askWitness(
      { name: 'x', vkey: vkey ?? known.vkey, url: `http://127.0.0.1:${address.port}/` },
      {
        note: noteOf(5),
        size: 5,
        nowSeconds: NOW_S,
        proofFrom: async (oldSize) => consistencyProof(oldSize, 5, read),
        newestSize: async () => 5,
      },
      0,
    );
    return asked.ok ? `${asked.value.length} lines` : asked.refusal.code;
  }

  const plain = 'text/plain';
  const right = lineOf(name, seed, `${text}\n`);
  const foreign = lineOf('witness.example/y', seed, `${text}\n`);
  it.each<[string, number, string, string]>([
    ['1 lines', 200, plain, right],
    ['1 lines', 200, plain, foreign + right],
    ['WITNESS_ANSWER_WRONG', 200, plain, foreign],
    ['WITNESS_ANSWER_WRONG', 200, plain, lineOf(name, seed, `${text}x\n`)],
    ['WITNESS_ANSWER_WRONG', 200, plain, ''],
    ['WITNESS_ANSWER_WRONG', 200, plain, 'thank you\n'],
    ['WITNESS_ANSWER_WRONG', 409, WITNESS_SIZE_TYPE, 'three\n'],
    ['WITNESS_SAW_A_FORK', 409, WITNESS_SIZE_TYPE, '6\n'],
    ['WITNESS_SAW_A_FORK', 409, plain, ''],
    ['WITNESS_SAW_A_FORK', 422, plain, ''],
    ['WITNESS_BUSY', 409, `${WITNESS_SIZE_TYPE}; charset=utf-8`, '3\n'],
    ['WITNESS_BUSY', 429, plain, ''],
    ['WITNESS_BUSY', 503, plain, ''],
    ['WITNESS_REFUSED', 403, plain, ''],
    ['WITNESS_REFUSED', 204, plain, ''],
    ['WITNESS_SAW_A_FORK', 409, '', '3\n'],
    ['WITNESS_UNREACHABLE', 302, plain, ''],
    ['WITNESS_UNREACHABLE', 200, plain, 'x'.repeat(70_000)],
  ])('gives %s for status %i (%#)', async (wanted, status, type, answer) => {
    expect(await codeOf(status, type, answer)).toBe(wanted);
  });

  it('is not asked for under a key that is no witness key', async () => {
    expect(await codeOf(200, plain, right, logVkey(log.deps))).toBe('WITNESS_KEY_UNUSABLE');
    expect(await codeOf(200, plain, right, 'nothing')).toBe('WITNESS_KEY_UNUSABLE');
  });

  it('that does not come within a second is none', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    running.push({
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    });
    const address = server.address();
    assert(typeof address === 'object' && address !== null, 'a port');
    const { vkey } = await witness('witness.example/a');
    const asked = await askWitness(
      { name: 'a', vkey, url: `http://127.0.0.1:${address.port}` },
      {
        note: noteOf(5),
        size: 5,
        nowSeconds: NOW_S,
        proofFrom: async () => [],
        newestSize: async () => 5,
      },
      0,
    );
    expect(asked).toMatchObject({ refusal: { code: 'WITNESS_UNREACHABLE' } });
  });
});
