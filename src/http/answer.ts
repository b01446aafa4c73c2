/** Answers of routes: JSON, a text, or a file to be saved: never shown in the page, never kept by a cache, under a name that every browser reads (RFC 6266, RFC 8187; DESIGN §6). */
import type { Response } from 'express';

/** What a route with `fileType` answers. */
export type FileToSave = {
  readonly file: Uint8Array;
  /** The name for programs that read ASCII only; letters, digits, dots and hyphens. */
  readonly name: string;
  /** The name for people. */
  readonly nameZh: string;
};

/** RFC 8187: what `encodeURIComponent` leaves and the header may not hold. */
const extended = (name: string): string =>
  encodeURIComponent(name).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The `Content-Disposition` of a file. */
export const dispositionOf = ({ name, nameZh }: Pick<FileToSave, 'name' | 'nameZh'>): string =>
  `attachment; filename="${name.replace(/[^A-Za-z0-9.-]/g, '_')}"; filename*=UTF-8''${extended(nameZh)}`;

function sendFile(response: Response, type: string, answer: FileToSave): void {
  response
    .type(type)
    .set('Content-Disposition', dispositionOf(answer))
    .set('Cache-Control', 'no-store')
    .set('X-Content-Type-Options', 'nosniff')
    .send(Buffer.from(answer.file.buffer, answer.file.byteOffset, answer.file.byteLength));
}

/** Sends what a route answers, unless the request has been answered already. */
export function sendAnswer(
  response: Response,
  spec: {
    readonly status?: number;
    readonly textType?: string | undefined;
    readonly fileType?: string | undefined;
  },
  value: unknown,
): void {
  if (response.headersSent) return;
  response.status(spec.status ?? 200);
  if (spec.fileType !== undefined) sendFile(response, spec.fileType, value as FileToSave);
  else if (spec.textType !== undefined) response.type(spec.textType).send(String(value));
  else response.type('application/json').send(JSON.stringify(value));
}
