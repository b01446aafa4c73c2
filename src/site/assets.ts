/**
 * The pages' files: read once from the build, served from memory, named by their content, each with its hash. The trust file
 * (log key, witnesses, quorum) is one of them, so that the voting page's keys are published with it (SPEC 6.0, 7.5).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { DeploymentFacts } from '../assembly/domain/drafting.ts';
import { present } from '../base/assert.ts';
import { toBase64, toBase64Url, toHex, utf8 } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { sha256 } from '../crypto/sha256.ts';

/** A front end under `src/web`. */
export type FrontEnd =
  | 'vote'
  | 'mine'
  | 'public'
  | 'public/diagnose'
  | 'console'
  | 'console/letters'
  | 'console/fund';

/** A file as it is served. */
export type Asset = {
  /** Path of its address, such as `/assets/vote-x.js`. */
  readonly path: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** The same bytes by content coding. */
  readonly coded: { readonly br: Uint8Array; readonly gzip: Uint8Array };
  /** 32 bytes. */
  readonly sha256: Uint8Array;
};

/** The tags that a front end's page needs. */
export type Tags = {
  readonly scripts: readonly Asset[];
  /** Modules that the scripts import. */
  readonly modules: readonly Asset[];
  readonly styles: readonly Asset[];
};

/** All files of the pages. */
export type Assets = {
  readonly files: ReadonlyMap<string, Asset>;
  readonly trust: Asset;
  readonly tagsOf: (frontEnd: FrontEnd) => Tags;
};

/** What a definition's log is compared with. */
export type TrustFacts = Pick<DeploymentFacts, 'origin' | 'logVkey' | 'witnesses' | 'quorum'>;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function assetOf(path: string, bytes: Uint8Array): Asset {
  return {
    path,
    type: TYPES[posix.extname(path)] ?? 'application/octet-stream',
    bytes,
    coded: {
      br: new Uint8Array(brotliCompressSync(bytes)),
      gzip: new Uint8Array(gzipSync(bytes, { level: 9 })),
    },
    sha256: sha256(bytes),
  };
}

/** The value of an `integrity` attribute. */
export const integrityOf = (asset: Asset): string => `sha256-${toBase64(asset.sha256)}`;

function trustAsset({ origin, logVkey, witnesses, quorum }: TrustFacts): Asset {
  const bytes = canonicalBytes({ origin, logVkey, witnesses: [...witnesses], quorum });
  const name = toHex(sha256(bytes)).slice(0, 16);
  return assetOf(`/assets/trust-${name}.json`, bytes);
}

function builtAssets(assetsDir: string): readonly Asset[] {
  const folder = join(assetsDir, 'assets');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => posix.extname(name) in TYPES)
    .sort()
    .map((name) => assetOf(`/assets/${name}`, new Uint8Array(readFileSync(join(folder, name)))));
}

/** One chunk of Vite's manifest; other members are of no interest here. */
type Chunk = {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
};

function readManifest(assetsDir: string): Readonly<Record<string, Chunk>> {
  const read = (name: string): Readonly<Record<string, Chunk>> => {
    const file = join(assetsDir, '.vite', name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Chunk>) : {};
  };
  // Letters and fund are builds of their own; of what two name, each has all that it needs under the name of its entry.
  return { ...read('manifest-letters.json'), ...read('manifest-fund.json'), ...read('manifest.json') };
}

/** The chunk and everything it imports, each once. */
function closure(manifest: Readonly<Record<string, Chunk>>, key: string): readonly Chunk[] {
  const seen = new Map<string, Chunk>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined || seen.has(name)) return;
    seen.set(name, chunk);
    chunk.imports?.forEach(visit);
  };
  visit(key);
  return [...seen.values()];
}

/** Reads the built pages; throws at the first page where nothing was built. */
export function readAssets(assetsDir: string, facts: TrustFacts): Assets {
  const trust = trustAsset(facts);
  const files = new Map([...builtAssets(assetsDir), trust].map((asset) => [asset.path, asset]));
  const manifest = readManifest(assetsDir);
  const fileOf = (file: string): Asset => present(files.get(`/${file}`), `built file ${file}`);
  const tagsOf = (frontEnd: FrontEnd): Tags => {
    const [entry, ...imported] = closure(manifest, `src/web/${frontEnd}/main.tsx`);
    const { file } = present(entry, `the pages are built: ${frontEnd}`);
    const styles = new Set([entry, ...imported].flatMap((chunk) => chunk?.css ?? []));
    return {
      scripts: [fileOf(file)],
      modules: imported.map((chunk) => fileOf(chunk.file)),
      styles: [...styles].map(fileOf),
    };
  };
  return { files, trust, tagsOf };
}

/** Every file that the pages load with its hash in base64url, for the entry `assets.published` (SPEC 7.5). */
export function publishedAssets(
  assetsDir: string,
  facts?: TrustFacts,
): readonly { readonly path: string; readonly sha256: string }[] {
  const all = [...builtAssets(assetsDir), ...(facts === undefined ? [] : [trustAsset(facts)])];
  return all.map((asset) => ({ path: asset.path, sha256: toBase64Url(asset.sha256) }));
}

/** The fingerprint that a printed notice shows for a verifier key: SHA-256 in groups of four digits. */
export const fingerprintOf = (vkey: string): string =>
  (toHex(sha256(utf8(vkey))).match(/.{4}/g) ?? []).slice(0, 8).join(' ');
