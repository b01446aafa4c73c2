#!/usr/bin/env node
// Starts owners-vote from any folder and through any link: builds dist/ when src/ has changed, then runs dist/. Plain JavaScript,
// because it runs before anything is built. Progress goes to stderr; stdout belongs to the command.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const EX_SOFTWARE = 70;
const EX_CONFIG = 78;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const isOld = major < 20 || (major === 20 && minor < 19);

async function launch() {
  if (isOld) {
    process.stderr.write(
      `需要 Node 20.19 或更高版本 Node 20.19 or later is needed, this is ${process.versions.node}.\n`,
    );
    return EX_CONFIG;
  }
  const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
  const { buildWhenStale } = await import('./build.mjs');
  try {
    await buildWhenStale(root, { say: () => process.stderr.write('正在构建 Building owners-vote …\n') });
  } catch (error) {
    process.stderr.write(`构建失败 The build failed: ${error.message}\n`);
    return EX_SOFTWARE;
  }
  const { run } = await import(pathToFileURL(join(root, 'dist/src/cli/main.js')).href);
  return run(process.argv.slice(2));
}

launch().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exitCode = EX_SOFTWARE;
  },
);
