// The pages: one entry per front end that exists under src/web, and the page twins of src/crypto in place of the Node ones.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));

const entries = Object.fromEntries(
  ['vote', 'mine', 'public', 'public/diagnose', 'console']
    .map((page) => [page.replace('/', '-'), join(root, 'src/web', page, 'main.tsx')] as const)
    .filter(([, file]) => existsSync(file)),
);

/** `src/crypto/X.ts` is `src/crypto/X.page.ts` in a page, where there is one. */
function pageTwins(): Plugin {
  const crypto = join(root, 'src/crypto');
  return {
    name: 'page-twins',
    enforce: 'pre',
    resolveId(asked, importer) {
      if (importer === undefined || !asked.startsWith('.') || !asked.endsWith('.ts')) return null;
      const file = resolve(dirname(importer), asked);
      const twin = file.replace(/\.ts$/, '.page.ts');
      return dirname(file) === crypto && importer !== twin && existsSync(twin) ? twin : null;
    },
  };
}

export default defineConfig({
  root,
  publicDir: false,
  plugins: [pageTwins()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    manifest: true,
    // A data: address would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome87', 'safari14'],
    rolldownOptions: { input: entries },
  },
});
