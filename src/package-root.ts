/** Where this package lies: the folder that holds package.json and schema.sql, from `src/` as from `dist/src/`. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvariantError } from './base/assert.ts';

const isPackage = (folder: string): boolean => {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return (
      typeof manifest === 'object' &&
      manifest !== null &&
      'name' in manifest &&
      manifest.name === 'owners-vote'
    );
  } catch {
    return false;
  }
};

/** Absolute path of the package's root folder. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isPackage(folder)) {
    const parent = dirname(folder);
    if (parent === folder) throw new InvariantError('the package root is not above this file');
    folder = parent;
  }
  return folder;
}
