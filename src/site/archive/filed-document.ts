/** A page of an archive pack: one file that carries its style, loads nothing and runs nothing (SPEC 9.5). */
import type { VNode } from 'preact';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { present } from '../../base/assert.ts';
import { fromUtf8 } from '../../base/bytes.ts';
import type { Assets } from '../assets.ts';

/** Even a page that was altered afterwards can fetch nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The style of the public pages as one text. */
export const filedStyle = (assets: Assets): string =>
  assets
    .tagsOf('public')
    .styles.map(({ bytes }) => present(fromUtf8(bytes), 'our own style'))
    .join('\n');

/** The whole document as text. */
export const filedDocument = (title: string, style: string, page: VNode): string =>
  [
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="format-detection" content="telephone=no">',
    renderToString(h('title', null, title)),
    `<style>${style}</style></head><body>`,
    renderToString(page),
    '</body></html>\n',
  ].join('');
