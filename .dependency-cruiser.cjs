// The floors of the house (DESIGN §4). The rooms are read from the folders, so that a new room cannot escape the rules;
// test/architecture/floors.test.ts plants a forbidden import for each rule and sees it refused.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

// Low to high: a feature imports what stands before it.
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
const rim = ['http', 'site', 'jobs', 'cli', 'bundle', 'verifier', 'web'];
const rooms = ['base', 'crypto', 'record', 'db', ...features, ...rim];
const roofs = ['main.ts', 'config.ts', 'package-root.ts', 'server-keys.ts', 'launch.mjs', 'build.mjs'];

for (const entry of readdirSync(join(__dirname, 'src'), { withFileTypes: true })) {
  const known = entry.isDirectory() ? rooms : roofs;
  if (!known.includes(entry.name)) {
    throw new Error(
      `src/${entry.name} is no room of the house: put its files where they belong, or name the room in .dependency-cruiser.cjs`,
    );
  }
}

const anyFeature = features.join('|');
const anyRim = rim.join('|');
const above = (index) => [...features.slice(index + 1), ...rim].join('|');
// What the rim offers to features: the mount table's types and problem+json.
const offeredByHttp = '^src/http/(problem|mount)';
const wiring = '^src/(main|config|server-keys)\\.ts$';
const stores = ['^src/[^/]+/store\\.ts$', '^src/[^/]+/store/'];
const routes = ['^src/[^/]+/routes\\.tsx?$', '^src/[^/]+/routes/'];
const notKeyFile = '^src/crypto/(?!key-file)';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'base-imports-nothing',
      severity: 'error',
      from: { path: '^src/base/' },
      to: { pathNot: '^src/base/' },
    },
    {
      name: 'crypto-on-base',
      severity: 'error',
      from: { path: '^src/crypto/' },
      to: { path: '^src/', pathNot: '^src/(crypto|base)/' },
    },
    {
      name: 'key-files-only-in-key-file',
      severity: 'error',
      from: { path: '^src/crypto/', pathNot: 'key-file\\.ts$' },
      to: { path: '^(node:)?fs' },
    },
    {
      // Every message and format: pure, and runs in the page.
      name: 'record-is-pure',
      severity: 'error',
      from: { path: '^src/record/' },
      to: { pathNot: ['^src/(record|base)/', notKeyFile] },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/[^/]+/domain/' },
      to: { pathNot: ['^src/(base|record)/', notKeyFile, '^src/[^/]+/domain/'] },
    },
    {
      name: 'db-knows-no-feature',
      severity: 'error',
      from: { path: '^src/db/' },
      to: { path: '^src/', pathNot: ['^src/(db|base)/', '^src/package-root\\.ts$', wiring] },
    },
    ...features.map((feature, index) => ({
      name: `${feature}-looks-down-only`,
      severity: 'error',
      from: { path: `^src/${feature}/` },
      to: { path: `^src/(${above(index)})/`, pathNot: offeredByHttp },
    })),
    {
      name: 'site-below-http',
      severity: 'error',
      from: { path: '^src/site/' },
      to: { path: '^src/(http|jobs|cli|verifier)/', pathNot: offeredByHttp },
    },
    {
      name: 'jobs-call-shells-only',
      severity: 'error',
      from: { path: '^src/jobs/' },
      to: { path: '^src/(http|site|cli|bundle|verifier|web)/' },
    },
    {
      name: 'bundle-reads-features-only',
      severity: 'error',
      from: { path: '^src/bundle/' },
      to: { path: '^src/(http|site|jobs|cli|verifier|web)/' },
    },
    {
      // What is set from outside comes in as a value.
      name: 'wiring-only-at-the-top',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/cli/', wiring] },
      to: { path: wiring },
    },
    {
      name: 'sql-only-in-stores',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/db/', ...stores] },
      to: { path: ['node_modules/(kysely|pg)/'] },
    },
    {
      name: 'express-only-at-the-edge',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(http|site)/', ...routes] },
      to: { path: 'node_modules/(express|@types/express)/' },
    },
    {
      name: 'routes-only-mounted-by-http',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '^src/(http|site)/' },
      to: { path: routes, pathNot: '^src/$1/' },
    },
    {
      name: 'stores-private-to-features',
      severity: 'error',
      from: { path: `^src/(${anyRim})/` },
      to: { path: stores },
    },
    {
      name: 'verifier-knows-no-feature',
      severity: 'error',
      from: { path: '^src/verifier/' },
      to: { path: `^src/(db|http|site|jobs|web|cli|bundle|${anyFeature})/` },
    },
    {
      name: 'only-cli-calls-verifier',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(verifier|cli)/'] },
      to: { path: '^src/verifier/' },
    },
    {
      name: 'web-sees-records-and-types',
      severity: 'error',
      from: { path: '^src/web/', pathNot: '^src/web/console/letters/' },
      to: {
        path: '^src/',
        pathNot: ['^src/(web|record|base)/', notKeyFile],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      // The page of letters opens the register file by the import's own reader, and makes letters as the command does.
      name: 'letters-page-reads-registers',
      severity: 'error',
      from: { path: '^src/web/console/letters/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(web|record|base)/',
          '^src/(registry|identity)/domain/',
          '^src/registry/opened-register\\.ts$',
          notKeyFile,
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'web-has-no-node',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pages-are-separate',
      severity: 'error',
      from: { path: '^src/web/(vote|mine|public|console)/' },
      to: { path: '^src/web/(vote|mine|public|console)/', pathNot: '^src/web/$1/' },
    },
    {
      name: 'kit-and-owner-know-no-page',
      severity: 'error',
      from: { path: '^src/web/(kit|owner)/' },
      to: { path: '^src/web/(vote|mine|public|console)/' },
    },
    {
      name: 'kit-is-below-owner',
      severity: 'error',
      from: { path: '^src/web/(kit|public|console)/' },
      to: { path: '^src/web/owner/' },
    },
    { name: 'not-to-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/build\\.mjs$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
