// Goal: the floors of DESIGN §4 hold, and each rule that holds them can fire. Method: the real tree is cruised; then, for each
// rule, a forbidden import is planted in a tiny tree in a temporary folder, and exactly that rule must fire.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';

type Files = Readonly<Record<string, string>>;

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const manifest = {
  name: 'tiny',
  type: 'module',
  dependencies: { kysely: '1.0.0', express: '1.0.0' },
  devDependencies: { 'a-tool': '1.0.0' },
};

/** A folder with the house's rules, three empty packages and these files. */
function treeOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'owners-vote-floors-'));
  made.push(folder);
  const all: Record<string, string> = { 'package.json': JSON.stringify(manifest), ...files };
  for (const name of ['kysely', 'express', 'a-tool']) {
    all[`node_modules/${name}/package.json`] = JSON.stringify({ name, version: '1.0.0', main: 'main.js' });
    all[`node_modules/${name}/main.js`] = 'module.exports = {};\n';
  }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(packageRoot(), '.dependency-cruiser.cjs'), join(folder, '.dependency-cruiser.cjs'));
  return folder;
}

async function cruised(folder: string): Promise<ICruiseResult> {
  const { forbidden, options } = createRequire(import.meta.url)(
    join(folder, '.dependency-cruiser.cjs'),
  ) as IFlattenedRuleSet & { options: Record<string, unknown> };
  const { tsConfig: _, enhancedResolveOptions, ...rest } = options;
  const result = await cruise(
    ['src'],
    {
      ...rest,
      baseDir: folder,
      validate: true,
      ruleSet: { forbidden: forbidden ?? [] },
      enhancedResolveOptions: enhancedResolveOptions as object,
    },
    enhancedResolveOptions as object,
  );
  if (typeof result.output === 'string') throw new Error('dependency-cruiser gave a report, not a result');
  return result.output;
}

const firedIn = (result: ICruiseResult): string[] =>
  [...new Set(result.summary.violations.map((violation) => violation.rule.name))].sort();

const value = 'export const x = 1;\n';
const importing = (path: string): string => `import { x } from '${path}';\nexport const y = x;\n`;
/** `from` imports `to`; both are files of the tiny tree. */
const planted = (from: string, to: string): Files => {
  const up = '../'.repeat(from.split('/').length - 1);
  return { [from]: importing(`${up}${to}`), [to]: value };
};

const features = [
  'auditlog',
  'officers',
  'registry',
  'notice',
  'identity',
  'assembly',
  'trustee',
  'ballot',
  'tally',
  'fund',
];
const looksDownOnly = features.map((feature, index): [string, Files] => [
  `${feature}-looks-down-only`,
  planted(`src/${feature}/shell.ts`, `src/${features[index + 1] ?? 'jobs'}/shell.ts`),
]);

const plants: readonly [string, Files][] = [
  [
    'no-cycles',
    {
      'src/tally/a.ts': importing('./b.ts'),
      'src/tally/b.ts': "import { y } from './a.ts';\nexport const x = y;\n",
    },
  ],
  ['base-imports-nothing', { 'src/base/a.ts': "import 'node:path';\n" }],
  ['crypto-on-base', planted('src/crypto/a.ts', 'src/record/cast.ts')],
  ['key-files-only-in-key-file', { 'src/crypto/a.ts': "import 'node:fs';\n" }],
  ['record-is-pure', { 'src/record/a.ts': "import 'node:path';\n" }],
  ['domain-is-pure', { 'src/ballot/domain/a.ts': "import 'node:crypto';\n" }],
  ['db-knows-no-feature', planted('src/db/a.ts', 'src/ballot/casting.ts')],
  ...looksDownOnly,
  ['site-below-http', planted('src/site/a.ts', 'src/http/app.ts')],
  ['jobs-call-shells-only', planted('src/jobs/a.ts', 'src/http/app.ts')],
  ['bundle-reads-features-only', planted('src/bundle/a.ts', 'src/site/page.ts')],
  ['wiring-only-at-the-top', planted('src/http/a.ts', 'src/config.ts')],
  ['sql-only-in-stores', { 'src/ballot/casting.ts': "import 'kysely';\n" }],
  ['express-only-at-the-edge', { 'src/ballot/casting.ts': "import 'express';\n" }],
  ['routes-only-mounted-by-http', planted('src/ballot/casting.ts', 'src/assembly/routes.ts')],
  ['stores-private-to-features', planted('src/site/a.ts', 'src/ballot/store.ts')],
  ['verifier-knows-no-feature', planted('src/verifier/a.ts', 'src/tally/domain/count.ts')],
  ['only-cli-calls-verifier', planted('src/http/a.ts', 'src/verifier/count.ts')],
  ['web-sees-records-and-types', planted('src/web/vote/a.ts', 'src/ballot/contract.ts')],
  ['letters-page-reads-registers', planted('src/web/console/letters/a.ts', 'src/registry/importing.ts')],
  ['web-has-no-node', { 'src/web/vote/a.ts': "import 'node:crypto';\n" }],
  ['pages-are-separate', planted('src/web/vote/a.ts', 'src/web/console/b.ts')],
  ['kit-and-owner-know-no-page', planted('src/web/owner/a.ts', 'src/web/vote/b.ts')],
  ['kit-is-below-owner', planted('src/web/kit/a.ts', 'src/web/owner/b.ts')],
  ['not-to-test', planted('src/tally/a.ts', 'test/support/b.ts')],
  ['no-unresolved', { 'src/tally/a.ts': "import './missing.ts';\n" }],
  ['no-dev-dependency', { 'src/tally/a.ts': "import 'a-tool';\n" }],
];

describe('the floors', () => {
  // Seconds of work where nothing else runs, and a minute was seen beside other work.
  it('hold in the house itself, which has at least 80 modules', { timeout: 180_000 }, async () => {
    const result = await cruised(packageRoot());
    const ours = result.modules.filter((module) => module.source.startsWith('src/'));
    expect(result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual(
      [],
    );
    expect(ours.length).toBeGreaterThanOrEqual(80);
  });

  it('have a plant for every rule', () => {
    const { forbidden } = createRequire(import.meta.url)(
      join(packageRoot(), '.dependency-cruiser.cjs'),
    ) as IFlattenedRuleSet;
    expect(plants.map(([rule]) => rule).sort()).toEqual((forbidden ?? []).map((rule) => rule.name).sort());
  });

  it.each(plants)('%s fires on a planted import, and nothing else does', async (rule, files) => {
    expect(firedIn(await cruised(treeOf(files)))).toEqual([rule]);
  });

  it('allow what DESIGN allows', async () => {
    const allowed = treeOf({
      ...planted('src/fund/spending.ts', 'src/tally/store.ts'),
      ...planted('src/tally/domain/count.ts', 'src/record/cast.ts'),
      ...planted('src/http/app.ts', 'src/ballot/routes.ts'),
      ...planted('src/site/page.tsx', 'src/web/public/view.tsx'),
      ...planted('src/cli/verify.ts', 'src/verifier/run.ts'),
      'src/crypto/key-file.ts': "import 'node:fs';\n",
      'src/web/kit/call.ts':
        "import type { x } from '../../ballot/contract.ts';\nexport type Y = typeof x;\n",
      'src/ballot/contract.ts': value,
      'src/notice/store.ts': "import 'kysely';\n",
    });
    expect(firedIn(await cruised(allowed))).toEqual([]);
  });

  it.each([
    ['a new folder', 'src/helpers/a.ts', /src\/helpers is no room/],
    ['a new file at the top', 'src/index.ts', /src\/index\.ts is no room/],
  ])('refuse %s', async (_name, path, message) => {
    await expect(cruised(treeOf({ [path]: value }))).rejects.toThrow(message);
  });
});
