/** Two measures of one thing, heads and area, as bars with the line that they must reach, and the same as a table (SPEC 6.10, 8.1). */
import { parseDecimal, showSquareMetres } from '../../base/area.ts';
import { percentWords } from './percent-words.ts';
import { Scroll } from './scroll.tsx';
import { kitWord } from './words.ts';

export type Measure = {
  readonly heads: number;
  readonly totalHeads: number;
  /** dm². */
  readonly areaDm2: string;
  readonly totalAreaDm2: string;
};

const WIDTH = 300n;
/** Whole units of the bar, rounded down: a bar never looks longer than the truth. */
const part = (value: bigint, total: bigint): number => (total === 0n ? 0 : Number((value * WIDTH) / total));

export type ThresholdBarsProps = {
  readonly measure: Measure;
  /** The share that must be reached. */
  readonly line: { readonly num: number; readonly den: number; readonly text: string };
  readonly caption: string;
};

export function ThresholdBars({ measure, line, caption }: ThresholdBarsProps) {
  const [area, totalArea] = [parseDecimal(measure.areaDm2) ?? 0n, parseDecimal(measure.totalAreaDm2) ?? 0n];
  const rows = [
    {
      name: kitWord('heads'),
      value: BigInt(measure.heads),
      total: BigInt(measure.totalHeads),
      show: String,
    },
    {
      name: kitWord('area'),
      value: area,
      total: totalArea,
      show: showSquareMetres,
    },
  ];
  const at = Math.round((300 * line.num) / line.den);
  return (
    <figure class="bars">
      <svg viewBox="0 0 300 74" role="img" aria-label={caption} preserveAspectRatio="none">
        {rows.map(({ name, value, total }, index) => (
          <g key={name}>
            <rect class="bar-base" x="0" y={index * 40 + 6} width="300" height="22" rx="4" />
            <rect class="bar-fill" x="0" y={index * 40 + 6} width={part(value, total)} height="22" rx="4" />
          </g>
        ))}
        <line class="bar-line" x1={at} x2={at} y1="0" y2="74" />
      </svg>
      <Scroll label={caption}>
        <table>
          <caption>
            {caption}。{line.text}
          </caption>
          <thead>
            <tr>
              <th scope="col">{kitWord('measure')}</th>
              <th scope="col">{kitWord('voted')}</th>
              <th scope="col">{kitWord('total')}</th>
              <th scope="col">{kitWord('share')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, value, total, show }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{show(value)}</td>
                <td class="number">{show(total)}</td>
                <td class="number">{percentWords(value, total)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </figure>
  );
}
