/** The HTML document around a page: its title, and tags that carry the hash of what they load (DESIGN §3 "pages"). */
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Assets, FrontEnd } from './assets.ts';
import { integrityOf } from './assets.ts';

export type DocumentProps = {
  readonly title: string;
  readonly frontEnd: FrontEnd;
  readonly assets: Assets;
  /** The meeting or the view that the page is about, read by its script. */
  readonly about?: Readonly<Record<string, string>>;
  readonly page: VNode;
};

/** The whole document as text. */
export function documentOf({ title, frontEnd, assets, about = {}, page }: DocumentProps): string {
  const { scripts, modules, styles } = assets.tagsOf(frontEnd);
  const attributes = Object.fromEntries(
    Object.entries(about).map(([name, value]) => [`data-${name}`, value]),
  );
  const html = (
    <html lang="zh-Hans-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="format-detection" content="telephone=no" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        {styles.map((asset) => (
          <link key={asset.path} rel="stylesheet" href={asset.path} integrity={integrityOf(asset)} />
        ))}
        {modules.map((asset) => (
          <link key={asset.path} rel="modulepreload" href={asset.path} integrity={integrityOf(asset)} />
        ))}
        {scripts.map((asset) => (
          <script key={asset.path} type="module" src={asset.path} integrity={integrityOf(asset)} />
        ))}
      </head>
      <body>
        <div
          id="app"
          data-trust={assets.trust.path}
          data-trust-integrity={integrityOf(assets.trust)}
          {...attributes}
        >
          {page}
        </div>
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(html)}`;
}
