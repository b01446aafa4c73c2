/** A QR code as one SVG path, so that a page that may load nothing still prints one (DESIGN §3 "documents"). */
import { encode } from 'uqr';

/** Side in modules, and a stroke for each run of dark modules; four of quiet around, as readers of worn prints need. */
export function qrPath(text: string, border = 4): { readonly size: number; readonly path: string } {
  const { data, size } = encode(text, { ecc: 'M', border });
  let path = '';
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x += 1;
      path += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
    }
  }
  return { size, path };
}
