// The pages: one entry per front end that exists under src/web, and the page twins in place of the Node ones.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));

/** The page of letters is built alone: it shares no file with others, and theirs are split no further for its sake. */
const PAGES: Readonly<Record<string, readonly string[]>> & { readonly pages: readonly string[] } = {
  pages: ['vote', 'mine', 'public', 'public/diagnose', 'console'],
  letters: ['console/letters'],
};

const entriesOf = (pages: readonly string[]) =>
  Object.fromEntries(
    pages
      .map((page) => [page.replace('/', '-'), join(root, 'src/web', page, 'main.tsx')] as const)
      .filter(([, file]) => existsSync(file)),
  );

/** `src/…/X.ts` is `src/…/X.page.ts` in a page, where there is one. */
function pageTwins(): Plugin {
  const source = join(root, 'src/');
  return {
    name: 'page-twins',
    enforce: 'pre',
    resolveId(asked, importer) {
      if (importer === undefined || !asked.startsWith('.') || !asked.endsWith('.ts')) return null;
      const file = resolve(dirname(importer), asked);
      const twin = file.replace(/\.ts$/, '.page.ts');
      return file.startsWith(source) && importer !== twin && existsSync(twin) ? twin : null;
    },
  };
}

export default defineConfig(({ mode }) => ({
  root,
  publicDir: false,
  plugins: [pageTwins()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist/web',
    emptyOutDir: mode !== 'letters',
    manifest: mode === 'letters' ? '.vite/manifest-letters.json' : true,
    // A data: address would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome87', 'safari14'],
    rolldownOptions: { input: entriesOf(PAGES[mode] ?? PAGES.pages) },
  },
}));
