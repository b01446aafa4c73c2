// Reads a zip whole by another author's reader, in the order of its directory.
import { buffer } from 'node:stream/consumers';
import { fromBuffer } from 'yauzl';

export const unzipped = (bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> =>
  new Promise((resolve, reject) => {
    const files = new Map<string, Uint8Array>();
    fromBuffer(Buffer.from(bytes), { lazyEntries: true }, (fault, zip) => {
      if (fault !== null) return reject(fault);
      zip.on('error', reject);
      zip.on('end', () => resolve(files));
      zip.on('entry', (entry) => {
        zip.openReadStream(entry, (broken, stream) => {
          if (broken !== null) return reject(broken);
          buffer(stream).then((content) => {
            files.set(entry.fileName, new Uint8Array(content));
            zip.readEntry();
          }, reject);
        });
      });
      zip.readEntry();
    });
  });
