/** The elements of a part, one by one and without building a tree; no document type, no depth without end (docs/decisions/workbooks.md). */
import { SaxesParser } from 'saxes';
import type { Package } from './parts.ts';
import { WorkbookError } from './parts.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What is told of a part: names are without their prefix, since programs choose prefixes as they like. */
export type Handlers = {
  readonly open?: (name: string, attributes: Attributes) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
};

/** Deeper than any part of a workbook. */
const MAX_DEPTH = 64;

const local = (name: string): string => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name);

function decoderOf(first: Uint8Array): TextDecoder {
  const isWide = (first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff);
  const encoding = isWide ? (first[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}

/** Reads a part; throws a WorkbookError where it is not sound XML, or what a handler throws. */
export async function readXml(parts: Package, name: string, handlers: Handlers): Promise<void> {
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  parser.on('error', () => {
    throw new WorkbookError('REG-F013');
  });
  parser.on('doctype', () => {
    throw new WorkbookError('REG-F014');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) throw new WorkbookError('REG-F013');
    handlers.open?.(local(tag.name), tag.attributes as Attributes);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handlers.close?.(local(tag.name));
  });
  if (handlers.text !== undefined) {
    parser.on('text', handlers.text);
    parser.on('cdata', handlers.text);
  }
  let decoder: TextDecoder | undefined;
  const decode = (chunk: Uint8Array | undefined): string => {
    decoder ??= decoderOf(chunk ?? new Uint8Array());
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new WorkbookError('REG-F013');
    }
  };
  await parts.read(name, (chunk) => parser.write(decode(chunk)));
  parser.write(decode(undefined)).close();
}
