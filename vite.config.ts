// The pages: one entry per front end that exists under src/web, and the page twins in place of the Node ones.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));

/** The pages of letters and of the fund are built alone: they share no file with others, which are split no further for their sake. */
const PAGES: Readonly<Record<string, readonly string[]>> & { readonly pages: readonly string[] } = {
  pages: ['vote', 'mine', 'public', 'public/diagnose', 'console'],
  letters: ['console/letters'],
  fund: ['console/fund'],
};

/** Whether the mode builds one page beside the others. */
const isAlone = (mode: string): boolean => mode !== 'pages' && mode in PAGES;

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
    emptyOutDir: !isAlone(mode),
    manifest: isAlone(mode) ? `.vite/manifest-${mode}.json` : true,
    // A data: address would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ['chrome87', 'safari14'],
    rolldownOptions: { input: entriesOf(PAGES[mode] ?? PAGES.pages) },
  },
}));
