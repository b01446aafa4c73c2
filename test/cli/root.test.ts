// Goal: roots that the server never holds found a deployment and appoint its first officers, and nothing less than t of them does.
// Method: the commands as `owners-vote` runs them, in a temporary folder, on a database of the test server, with files that are
// short of a signature, doubled, foreign or altered.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { keysCommand } from '../../src/cli/keys.ts';
import { CommandEnd } from '../../src/cli/opening.ts';
import { rootCommand } from '../../src/cli/root.ts';
import { signCommand } from '../../src/cli/sign.ts';
import { publicKeyOf } from '../../src/crypto/ed25519.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { applyAppointment } from '../../src/officers/appointing.ts';
import { enrol } from '../../src/officers/enrolling.ts';
import { declaredRoots } from '../../src/officers/root.ts';
import { subjectHash } from '../../src/record/action.ts';
import { officersWorld } from '../officers/officers-world.ts';
import { executeAct } from '../support/acts.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';

const ORIGIN = 'https://vote.example';
const PASSPHRASE = '一句很长的口令 and more';

let fresh: FreshDatabase;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  fresh = await freshDatabase();
  folder = mkdtempSync(join(tmpdir(), 'owners-vote-root-'));
  env = { DATABASE_URL: fresh.appUrl, DATABASE_OWNER_URL: fresh.ownerUrl, KEYS_DIR: at('keys'), ORIGIN };
});
afterAll(async () => {
  await fresh.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);

type Ended = { readonly code: number; readonly out: string; readonly err: string };

const COMMANDS = { keys: keysCommand, root: rootCommand, sign: signCommand } as const;

/** One command with the settings of the deployment; `input` are the lines that are typed. */
async function command(
  [name, ...args]: readonly [keyof typeof COMMANDS, ...string[]],
  given: { readonly input?: string; readonly more?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  let [out, err] = ['', ''];
  const output = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
  };
  const typed = (given.input ?? '').split('\n');
  const before = process.env;
  process.env = { ...before, ...env, ...given.more };
  try {
    const code = await COMMANDS[name](args, output, async () => typed.shift() ?? '');
    return { code, out, err };
  } catch (error) {
    if (!(error instanceof CommandEnd)) throw error;
    return { code: error.exitCode, out, err: `${err}${error.message}` };
  } finally {
    process.env = before;
  }
}

/** A root key file; its public key. */
async function makeKey(name: string, passphrase?: string): Promise<string> {
  const locked = passphrase === undefined ? [] : ['--passphrase'];
  const input = passphrase === undefined ? '' : `${passphrase}\n${passphrase}\n`;
  const made = await command(['keys', 'root', '--out', at(name), ...locked] as const, { input });
  expect([made.code, made.err]).toEqual([0, '']);
  return present(/publicKey (\S+)/.exec(made.out)?.[1], made.out);
}

/** Signs a file by a root, into a file of its own. */
async function signFile(file: string, key: string, input = ''): Promise<string> {
  const ended = await command(['sign', file, '--key', at(key), '--role', 'root', '--yes'], { input });
  expect([ended.code, ended.err.includes('您将签署')]).toEqual([0, true]);
  const path = `${file}.${key}.signed`;
  writeFileSync(path, ended.out);
  return path;
}

describe('a root key', { timeout: 60_000 }, () => {
  it('is a file that only its holder reads, and is never overwritten', async () => {
    const publicKey = await makeKey('one');
    expect(statSync(at('one')).mode & 0o777).toBe(0o600);
    expect(fromBase64Url(publicKey)).toHaveLength(32);
    const text = readFileSync(at('one'), 'utf8');
    expect((await command(['keys', 'root', '--out', at('one')])).code).toBe(65);
    expect(readFileSync(at('one'), 'utf8')).toBe(text);
  });

  it('can be locked by a passphrase of ten characters, typed twice', async () => {
    for (const input of ['short\nshort\n', `${PASSPHRASE}\n${PASSPHRASE}x\n`, '']) {
      const ended = await command(['keys', 'root', '--out', at('two'), '--passphrase'], { input });
      expect(ended.code).toBe(65);
    }
    await makeKey('two', PASSPHRASE);
    expect(statSync(at('two')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(at('two'), 'utf8'))).not.toHaveProperty('secret');
  });
});

describe('a declaration', { timeout: 120_000 }, () => {
  let file: string;
  const declare = (...files: readonly string[]) => command(['root', 'declare', ...files]);

  it('takes a key that begins with a hyphen, as one in sixty-four does', async () => {
    let key = '';
    for (let at = 0; !key.startsWith('-'); at += 1)
      key = toBase64Url(publicKeyOf(sha256(utf8(`a root ${at}`))));
    const out = at('hyphen.json');
    const drafted = await command(['root', 'draft', '--threshold', '1', '--root', key, '--out', out]);
    expect([drafted.code, drafted.out]).toEqual([0, `${out}\n`]);
  });

  it('is drafted from the settings and printed in words', async () => {
    const keys = [await makeKey('a'), await makeKey('b'), await makeKey('c', PASSPHRASE)];
    file = at('declaration.json');
    const roots = keys.flatMap((key) => ['--root', key]);
    const args = ['root', 'draft', '--threshold', '2', ...roots, '--out', file] as const;
    const drafted = await command(args);
    expect([drafted.code, drafted.out]).toEqual([0, `${file}\n`]);
    for (const word of ['vote.example/log', ORIGIN, ...keys, 'threshold: 2'])
      expect(drafted.err).toContain(word);
    expect((await command(args)).code).toBe(65);
  });

  it('of weak, repeated or too few keys is not drafted', async () => {
    const key = toBase64Url(publicKeyOf(new Uint8Array(32).fill(9)));
    for (const roots of [
      ['--root', key],
      ['--root', key, '--root', key],
      ['--root', 'A'.repeat(43)],
    ]) {
      const ended = await command(['root', 'draft', '--threshold', '2', ...roots, '--out', at('none')]);
      expect(ended.code).toBe(65);
    }
  });

  it('is only shown without --yes, and not signed under a wrong passphrase', async () => {
    const shown = await command(['sign', file, '--key', at('a'), '--role', 'root']);
    expect([shown.code, shown.out]).toEqual([0, '']);
    const wrong = ['sign', file, '--key', at('c'), '--role', 'root', '--yes'] as const;
    const ended = await command(wrong, { input: 'another passphrase\n' });
    expect([ended.code, ended.out]).toEqual([65, '']);
    expect(ended.err).toContain('KEY_FILE_PASSPHRASE');
  });

  it('is refused where a signature is missing, where one root signed twice, and where a stranger signed', async () => {
    const one = await signFile(file, 'a');
    writeFileSync(at('again.signed'), readFileSync(one));
    const twice = (await command(['sign', file, '--key', at('a'), '--role', 'root', '--yes'])).out;
    writeFileSync(at('twice.signed'), twice);
    await makeKey('stranger');
    const strange = await signFile(file, 'stranger');
    for (const files of [[one], [one, at('again.signed')], [one, at('twice.signed')]]) {
      const ended = await declare(file, ...files);
      expect([ended.code, ended.err.includes('ROOT_MALFORMED')]).toEqual([1, true]);
    }
    const ended = await declare(file, one, strange);
    expect([ended.code, ended.err.includes('ACTION_SIGNATURE')]).toEqual([1, true]);
    expect(await declaredRoots(fresh.db)).toBeUndefined();
  });

  it('is refused where it was altered after it was signed', async () => {
    const signed = [`${file}.a.signed`, await signFile(file, 'b')];
    const act = JSON.parse(readFileSync(file, 'utf8')) as { entry: string; subject: string };
    const text = present(fromUtf8(present(fromBase64Url(act.entry), 'own bytes')), 'own text');
    const entry = utf8(text.replace('"threshold":2', '"threshold":1'));
    const altered = { ...act, entry: toBase64Url(entry) };
    writeFileSync(at('altered.json'), JSON.stringify(altered));
    expect((await declare(at('altered.json'), ...signed)).code).toBe(65);
    expect(
      (await command(['sign', at('altered.json'), '--key', at('a'), '--role', 'root', '--yes'])).code,
    ).toBe(65);
    writeFileSync(at('altered.json'), JSON.stringify({ ...altered, subject: subjectHash(entry) }));
    const ended = await declare(at('altered.json'), ...signed);
    expect([ended.code, ended.err.includes('ROOT_MALFORMED')]).toEqual([1, true]);
  });

  it('of another deployment is refused with 78', async () => {
    const signed = [`${file}.a.signed`, `${file}.b.signed`];
    const more = { ORIGIN: 'https://other.example' };
    const ended = await command(['root', 'declare', file, ...signed], { more });
    expect([ended.code, ended.err.includes('other.example')]).toEqual([78, true]);
  });

  it('signed by two of three is entry 0, under a checkpoint at once, and comes once', async () => {
    const ended = await declare(file, `${file}.a.signed`, await signFile(file, 'c', `${PASSPHRASE}\n`));
    expect([ended.code, ended.out.includes('2/3')]).toEqual([0, true]);
    expect(await declaredRoots(fresh.db)).toMatchObject({ demo: 'real', threshold: 2, origins: [ORIGIN] });
    const { size } = await fresh.db.selectFrom('log_checkpoint').select('size').executeTakeFirstOrThrow();
    expect(Number(size)).toBe(1);
    expect((await declare(file, `${file}.a.signed`, `${file}.b.signed`)).code).toBe(1);
  });
});

describe('the first officers', { timeout: 120_000 }, () => {
  it('are invited on the server, and appointed when two roots have signed', async () => {
    const wish = ['root', 'invite', '--role', 'regulator', '--name', '某人'] as const;
    const invited = await command(wish, { input: '442000197001010014\n' });
    expect(invited.code).toBe(0);
    const link = /console\/enrol#([a-z2-7]{26})\.(\w{12})/.exec(invited.out);
    const { deps } = officersWorld(fresh, 'first officers');
    const real = { ...deps, clock: Date.now };
    const key = { kind: 'key-file', publicKey: publicKeyOf(new Uint8Array(32).fill(7)) } as const;
    const [enrolment, code] = [present(link?.[1], invited.out), present(link?.[2], invited.out)];
    const enrolled = await enrol(real, enrolment, code, key, '2099-12-31');
    if (!enrolled.ok) throw new Error(enrolled.refusal.code);
    const written = await command(['root', 'acts', '--out', at('acts')]);
    const path = written.out.trim();
    expect([written.code, path]).toEqual([0, join(at('acts'), `act-${enrolled.value.act}.json`)]);
    const [one, two] = [await signFile(path, 'a'), await signFile(path, 'b')];
    const first = await command(['root', 'submit', one]);
    expect([first.code, first.out]).toEqual([0, `${enrolled.value.act} open\n`]);
    const repeated = await command(['root', 'submit', one]);
    expect([repeated.code, repeated.err.includes('ACTION_REPEATED')]).toEqual([1, true]);
    expect((await command(['root', 'submit', two])).out).toBe(`${enrolled.value.act} signed\n`);
    expect((await executeAct(real, enrolled.value.act, applyAppointment)).ok).toBe(true);
    const officer = await fresh.db.selectFrom('officer').select(['role', 'name']).executeTakeFirstOrThrow();
    expect(officer).toEqual({ role: 'regulator', name: '某人' });
  });

  it('of another role, or without a number, are not invited here', async () => {
    expect(
      (await command(['root', 'invite', '--role', 'clerk', '--name', '某人'], { input: '1\n' })).code,
    ).toBe(2);
    expect((await command(['root', 'invite', '--role', 'street', '--name', '某人'])).code).toBe(65);
  });
});
