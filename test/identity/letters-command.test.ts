// Goal: the command makes, offline, letters that the server accepts, for exactly the file that was imported, and shows no code.
// Method: a generated register through the real import; then the files that the command writes, their modes and contents.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../src/base/assert.ts';
import { toBase64Url, utf8 } from '../../src/base/bytes.ts';
import { civilDateAt } from '../../src/base/civil-date.ts';
import { generateCommunity } from '../../src/cli/demo/community.ts';
import { deliveryList, printPages } from '../../src/cli/letter-pages.tsx';
import { lettersCommand } from '../../src/cli/letters.ts';
import { publicKeyOf, sign } from '../../src/crypto/ed25519.ts';
import { householdsOf } from '../../src/identity/domain/letter-households.ts';
import type { LetterCode } from '../../src/identity/domain/letter-making.ts';
import { makeLetters } from '../../src/identity/domain/letter-making.ts';
import { applyLetters, issueLetters } from '../../src/identity/issuing.ts';
import type { LetterRoster } from '../../src/identity/letter-roster.ts';
import { signInOwner } from '../../src/identity/signing-in.ts';
import { identityHash } from '../../src/record/identity.ts';
import { letterPublicKey, letterSeed, parseLetterCode } from '../../src/record/letter.ts';
import { loginHash } from '../../src/record/login.ts';
import { registerFileHash } from '../../src/record/register-file.ts';
import { identityOpeningOf } from '../../src/registry/domain/identity-opening.ts';
import { checkRegister } from '../../src/registry/domain/import-check.ts';
import { sheetCount } from '../../src/web/console/letters/letter-sheets.tsx';
import { qrPath } from '../../src/web/kit/qr-code.ts';
import { executeAct, signBy } from '../support/acts.ts';
import { TEST_NOW } from '../support/clock.ts';
import type { FreshDatabase } from '../support/database.ts';
import { freshDatabase } from '../support/database.ts';
import { rosterFor } from '../support/letters.ts';
import { seededRandom } from '../support/random.ts';
import type { TestCommunity } from '../support/registry.ts';
import { bringIntoForce, NUMBERS, newCommunity, ORIGIN, registerFile } from '../support/registry.ts';

const demo = generateCommunity({ units: 130, seed: 'letters command' });
const folder = mkdtempSync(join(tmpdir(), 'owners-vote-letters-'));
let fresh: FreshDatabase;
let the: TestCommunity;
let roster: LetterRoster;
beforeAll(async () => {
  fresh = await freshDatabase();
  the = await newCommunity(fresh, 'letters command');
  await bringIntoForce(the, demo.csv);
  roster = await rosterFor(the);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fresh.close();
});

let runs = 0;
async function run(change: {
  file?: Uint8Array;
  roster?: unknown;
  out?: string;
  more?: readonly string[];
  host?: string;
}) {
  runs += 1;
  const at = (name: string) => join(folder, `${runs}-${name}`);
  writeFileSync(at('register.csv'), change.file ?? demo.csv);
  const text = typeof change.roster === 'string' ? change.roster : JSON.stringify(change.roster ?? roster);
  writeFileSync(at('roster.json'), text);
  const dir = change.out ?? at('out');
  let [stdout, stderr] = ['', ''];
  const argv = ['--register', at('register.csv'), '--roster', at('roster.json'), '--out', dir];
  argv.push('--host', change.host ?? ORIGIN, ...(change.more ?? []));
  const out = {
    stdout: (line: string) => {
      stdout += line;
    },
    stderr: (line: string) => {
      stderr += line;
    },
  };
  const exit = await lettersCommand(argv, out, () => TEST_NOW);
  return { exit, stdout, stderr, dir };
}

const pagesIn = (dir: string): readonly string[] =>
  readdirSync(join(dir, 'print'))
    .sort()
    .map((name) => readFileSync(join(dir, 'print', name), 'utf8'));
const CODE = /<p class="code">(.*?)<\/p>/g;
const codesIn = (pages: readonly string[]): readonly string[] =>
  pages.flatMap((page) => [...page.matchAll(CODE)].map((match) => (match[1] ?? '').replaceAll('<wbr/>', '')));

describe('the letters of a register', () => {
  it('are accepted by the server, open sessions, and leave their codes on paper only', async () => {
    const { exit, stdout, stderr, dir } = await run({ more: ['--until', '2027-12-31'] });
    expect([exit, stderr]).toEqual([0, '']);
    const json = readFileSync(join(dir, 'letters.json'), 'utf8');
    const upload = JSON.parse(json) as {
      batch: string;
      madeIn: 'command';
      until: string;
      items: { publicKey: string; letter: string }[];
    };
    expect(upload.items).toHaveLength(roster.persons.length);
    expect(upload.until).toBe('2027-12-31');
    const codes = codesIn(pagesIn(dir));
    expect(codes).toHaveLength(upload.items.length);
    const keys = new Set(upload.items.map(({ publicKey }) => publicKey));
    for (const typed of codes) {
      const code = parseLetterCode(typed);
      if (!code.ok) throw new Error(code.refusal.code);
      expect(keys.delete(letterPublicKey(code.value))).toBe(true);
      for (const text of [
        typed,
        typed.replaceAll('-', ''),
        toBase64Url(code.value),
        toBase64Url(letterSeed(code.value)),
      ])
        expect(stdout.includes(text) || json.includes(text)).toBe(false);
    }
    expect(keys.size).toBe(0);
    const drafted = await issueLetters(the.deps, the.registrar, { community: the.community, ...upload });
    if (!drafted.ok) throw new Error(`${drafted.refusal.code} ${drafted.refusal.where}`);
    await signBy(the.deps, drafted.value.act, [the.registrar]);
    expect((await executeAct(the.deps, drafted.value.act, applyLetters)).ok).toBe(true);
    await signInFromPaper(pagesIn(dir));
    // Now everybody has a letter.
    const again = await run({ roster: await rosterFor(the) });
    expect(again.exit).toBe(1);
    expect(again.stderr).toContain('--reissue');
  });

  /** Types the first code of the first page with the number of the person whose name stands beside it. */
  async function signInFromPaper(pages: readonly string[]): Promise<void> {
    const block = present(
      /<p class="name">([^<]*)<[\s\S]*?<p class="code">(.*?)<\/p>/.exec(pages[0] ?? ''),
      'a letter',
    );
    const code = parseLetterCode((block[2] ?? '').replaceAll('<wbr/>', ''));
    if (!code.ok) throw new Error(code.refusal.code);
    const [serverNonce, pageNonce] = [the.deps.random(32), the.deps.random(32)];
    await fresh.db
      .insertInto('login_challenge')
      .values({ nonce: serverNonce, purpose: 'owner', expires_at_ms: TEST_NOW + 1000 })
      .execute();
    const seed = letterSeed(code.value);
    const owner = present(
      demo.persons.find(({ name }) => name === block[1]),
      'named in the file',
    );
    const opened = await signInOwner(the.deps, {
      publicKey: publicKeyOf(seed),
      serverNonce,
      pageNonce,
      signature: sign(seed, loginHash(ORIGIN, serverNonce, pageNonce)),
      numberTail: owner.number.slice(-6),
    });
    expect(opened.ok).toBe(true);
  }

  it('are in private files, and never overwrite what is there', async () => {
    const empty = { ...roster, persons: roster.persons.map((person) => ({ ...person, letter: '' })) };
    const { exit, dir } = await run({ roster: empty });
    expect(exit).toBe(0);
    const mode = (...path: string[]) => statSync(join(dir, ...path)).mode & 0o777;
    expect([mode(), mode('print')]).toEqual([0o700, 0o700]);
    expect(mode('letters.json')).toBe(0o600);
    for (const name of readdirSync(join(dir, 'print'))) expect(mode('print', name)).toBe(0o600);
    const before = readFileSync(join(dir, 'letters.json'), 'utf8');
    const again = await run({ roster: empty, out: dir });
    expect(again.exit).toBe(1);
    expect(again.stderr).toContain('nothing is overwritten');
    expect(readFileSync(join(dir, 'letters.json'), 'utf8')).toBe(before);
  });

  it('can be made anew for single persons, and then name the letter that they replace', async () => {
    const [one] = roster.persons;
    const person = present(one, 'a person').person;
    const before = {
      ...roster,
      persons: roster.persons.map((each) => ({ ...each, letter: `${'b'.repeat(25)}a` })),
    };
    const { exit, dir } = await run({ roster: before, more: ['--reissue', person] });
    expect(exit).toBe(0);
    const { items } = JSON.parse(readFileSync(join(dir, 'letters.json'), 'utf8')) as { items: object[] };
    expect(items).toMatchObject([{ person, replaces: `${'b'.repeat(25)}a` }]);
    const unknown = await run({ roster: before, more: ['--reissue', 'a'.repeat(26)] });
    expect(unknown.exit).toBe(1);
  });
});

describe('the command refuses', () => {
  const text = new TextDecoder().decode(demo.csv);
  /** A roster that a dishonest server made to fit another file. */
  const fitting = (file: Uint8Array) => ({
    ...roster,
    fileHash: registerFileHash(new Uint8Array(16), file),
    fileSalt: toBase64Url(new Uint8Array(16)),
  });

  it('a file that is not the one that was imported', async () => {
    const { exit, stderr, dir } = await run({ file: utf8(`${text} `) });
    expect(exit).toBe(1);
    expect(stderr).toContain('名册文件与导入时的文件不同');
    expect(() => statSync(dir)).toThrow();
  });

  it('a file whose owner has another name than the roster’s commitment, and names the row', async () => {
    const [victim] = demo.persons.filter(({ docKind }) => docKind === 'resident-id');
    const file = utf8(text.replaceAll(present(victim, 'a person').name, '冒名者'));
    const { exit, stderr } = await run({ file, roster: fitting(file) });
    expect(exit).toBe(1);
    expect(stderr).toMatch(/业主与系统中的名册不一致.*第 \d+ 套 \S+/);
    expect(stderr).not.toContain('冒名者');
  });

  it('a roster with a person more, less or exchanged, or with other units', async () => {
    const [unit, ...units] = roster.units;
    const first = present(unit, 'a unit');
    const intruder = { ...present(roster.persons[0], 'a person'), person: 'a'.repeat(26) };
    const rosters: readonly LetterRoster[] = [
      { ...roster, persons: [...roster.persons, intruder] },
      { ...roster, persons: roster.persons.slice(1) },
      { ...roster, units: [{ ...first, owners: [...first.owners, intruder.person] }, ...units] },
      { ...roster, units: [{ ...first, owners: [present(units[3], 'a unit').owners[0] ?? ''] }, ...units] },
      { ...roster, units: [{ ...first, room: '9999' }, ...units] },
      { ...roster, units },
      { ...roster, units: [...roster.units, { ...first, unit: intruder.person, room: '9999' }] },
    ];
    for (const each of rosters) {
      const { exit, stderr } = await run({ roster: each });
      expect(exit).toBe(1);
      expect(stderr).toMatch(/differs from the roster/);
    }
  });

  it('what it cannot read', async () => {
    expect((await run({ roster: '{' })).exit).toBe(65);
    expect((await run({ roster: { ...roster, extra: 1 } })).exit).toBe(65);
    const out = { stdout: () => undefined, stderr: () => undefined };
    const argv = [
      '--register',
      join(folder, 'none'),
      '--roster',
      join(folder, 'none'),
      '--out',
      folder,
      '--host',
      ORIGIN,
    ];
    expect(await lettersCommand(argv, out)).toBe(65);
  });

  it.each([
    [['--until', '2027-02-30']],
    [['--until']],
    [['--colour', 'red']],
    [['--host', 'https://vote.example']],
  ])('a wrong use: %s', async (more) => {
    const { exit, stderr } = await run({ more });
    expect(exit).toBe(2);
    expect(stderr).toContain('usage');
  });

  it('an address that would carry the code in the clear', async () => {
    expect((await run({ host: 'http://vote.example' })).exit).toBe(2);
    expect((await run({ host: 'https://vote.example/path' })).exit).toBe(2);
  });
});

describe('the pages', () => {
  const made = (rows: readonly string[]) => {
    const file = registerFile(rows);
    const { register } = checkRegister(file, { today: civilDateAt(TEST_NOW) });
    return present(register, 'accepted');
  };
  const lettersOf = (rows: readonly string[]) => {
    const register = made(rows);
    const random = seededRandom('pages');
    return register.persons.map((owner, position) => ({
      letter: `letter ${position}`,
      person: `person ${position}`,
      code: random(16),
      owner,
      units: register.units.filter((unit) => unit.owners.includes(position)),
    }));
  };
  const facts = { community: '测试<花园>', host: ORIGIN, until: '2027-12-31', helpLine: '0760-12345678' };

  it('put co-owners of one address into one envelope, and nobody else', () => {
    const codes = lettersOf([
      `1栋,101,80.00,陈大文、李小明,${NUMBERS.chen}、${NUMBERS.li},已交付,,同一地址`,
      `1栋,102,80.00,王五,${NUMBERS.wang},已交付,,同一地址`,
    ]);
    const households = householdsOf(codes).map(({ letters }) => letters.map(({ owner }) => owner.name));
    expect(households).toEqual([['陈大文', '李小明'], ['王五']]);
  });

  it('send to the unit where the register has no address', () => {
    const [household] = householdsOf(lettersOf([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]));
    expect(household?.address).toBe('1栋 101');
  });

  it('hold for each letter its QR code, the typed code and the units, and escape what the file says', () => {
    const codes = lettersOf([`1栋,101,80.00,陈<b>大文,${NUMBERS.chen},已交付,,"<script>alert(1)</script>"`]);
    const [page] = printPages(householdsOf(codes), facts);
    const html = present(page, 'one page');
    expect(html).toContain('陈&lt;b>大文');
    expect(html).not.toContain('<script');
    expect(html).not.toContain('测试<花园>');
    expect(html).not.toContain(NUMBERS.chen);
    expect(html).toContain('0760-12345678');
    expect(html).toContain('2027-12-31');
    expect(html).toContain(`default-src 'none'`);
    const bare = (codesIn([html])[0] ?? '').replaceAll('-', '');
    expect(html).toContain(`d="${qrPath(`${ORIGIN}/e#${bare}`).path}"`);
  });

  it('number the sheets of an envelope, and no sheet is without its mark', () => {
    const [one] = lettersOf([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
    const household = { address: 'x', letters: Array(6).fill(present(one, 'a letter')) as LetterCode[] };
    const html = printPages([household, household], facts).join('');
    const marks = [...html.matchAll(/第 (\d+) 户 · 信函 6 封<br\/><b>本户第 (\d) 页,共 3 页/g)];
    expect(marks.map(([, number, sheet]) => `${number}.${sheet}`)).toEqual([
      '1.1',
      '1.2',
      '1.3',
      '2.1',
      '2.2',
      '2.3',
    ]);
    expect(html.split('<article>')).toHaveLength(7);
    expect([1, 2, 3, 5, 6].map(sheetCount)).toEqual([1, 1, 2, 2, 3]);
  });

  it('come with a list for the delivery that has every household and no code', () => {
    const codes = lettersOf([
      `1栋,101,80.00,陈<b>大文、李小明,${NUMBERS.chen}、${NUMBERS.li},已交付,,同一地址`,
      `1栋,102,80.00,王五,${NUMBERS.wang},已交付,,`,
    ]);
    const households = householdsOf(codes);
    const list = deliveryList(households, facts);
    expect(list).toContain('共 2 户,信函 3 封');
    expect(list).toContain('陈&lt;b>大文、李小明');
    expect(list.match(/<tr><td/g)).toHaveLength(2);
    expect(codesIn(printPages(households, facts))).toHaveLength(3);
    expect([codesIn([list]), list.includes(NUMBERS.chen), list.includes('/e#')]).toEqual([[], false, false]);
  });

  it('are split, so that a browser can open each', () => {
    const codes = lettersOf([`1栋,101,80.00,陈大文,${NUMBERS.chen},已交付,,`]);
    const household = { address: 'x', letters: codes };
    expect(printPages(Array(250).fill(household), facts)).toHaveLength(3);
  });
});

describe('a person with very many units', () => {
  it('gets no letter that could not be read again', async () => {
    const { register } = checkRegister(demo.csv, { today: civilDateAt(TEST_NOW) });
    const { units, persons } = present(register, 'accepted');
    const [unit] = units;
    const many = Array.from({ length: 20_001 }, (_, at) => ({
      ...present(unit, 'a unit'),
      room: `R${at}`,
      owners: [0],
    }));
    const [owner] = persons;
    const one = present(
      roster.persons.find(
        ({ salt, identity }) =>
          identityHash(salt, identityOpeningOf(present(owner, 'a person'))) === identity,
      ),
      'on the roster',
    );
    const large = {
      ...roster,
      persons: [{ ...one, letter: '' }],
      units: many.map(({ building, stair, room }, at) => ({
        unit: `${at}`,
        building,
        stair,
        room,
        owners: [one.person],
      })),
    };
    const refused = await makeLetters({
      roster: large,
      register: { persons: [present(owner, 'a person')], units: many },
      random: seededRandom('many'),
    });
    expect(refused.ok ? '' : refused.refusal.code).toBe('LETTERS_TOO_MANY_UNITS');
  }, 90_000);
});
