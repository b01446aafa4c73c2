/** The tables of an archive pack as rows for spreadsheets: result, conditions, channels, roll and deliveries in sums (SPEC 9.5). */
import type { DeliverySummary } from '../../notice/domain/delivery-summary.ts';
import type { RollSummary } from '../../registry/domain/roll-summary.ts';
import { outcomeWords } from '../../web/public/annulled.tsx';
import { DELIVERY_COLUMNS, deliveryCells } from '../../web/public/documents/delivery-document.tsx';
import { t } from '../../web/public/documents/document-words.ts';
import {
  areaShare,
  headsShare,
  squareMetres,
  type Weight,
} from '../../web/public/documents/result-tables.tsx';
import { ROLL_COLUMNS, rollCells } from '../../web/public/documents/roll-document.tsx';
import type { ResultSectionProps } from '../../web/public/result-section.tsx';
import { linesOf } from '../../web/public/result-section.tsx';
import { t as pageWord } from '../../web/public/words.ts';

export type Rows = readonly (readonly string[])[];

const weightCells = (part: Weight, of: Weight): readonly string[] => [
  String(part.heads),
  headsShare(part, of),
  squareMetres(part.areaDm2),
  areaShare(part, of),
];

const WEIGHT_COLUMNS = [t('row'), t('heads'), t('headsShare'), t('area'), t('areaShare')];

/** Every number of the count, proposal by proposal. */
export const resultRows = ({ record, titles, annulments }: ResultSectionProps): Rows => [
  [t('number'), t('proposal'), t('conclusion'), ...WEIGHT_COLUMNS],
  ...record.proposals.flatMap(({ proposal, outcome, options, participating, total }, at) => {
    const known = titles[proposal];
    const start = [
      String(at + 1),
      known?.title ?? proposal,
      outcomeWords({ annulments }, { proposal, outcome }),
    ];
    return [
      ...options.map(({ option, ...part }) => [
        ...start,
        known?.options[option] ?? option,
        ...weightCells(part, participating),
      ]),
      [...start, t('participating'), ...weightCells(participating, total)],
      [...start, t('total'), ...weightCells(total, total)],
    ];
  }),
];

/** Both sides of every inequality. */
export const conditionRows = ({ record, titles }: ResultSectionProps): Rows => [
  [
    t('number'),
    t('proposal'),
    t('matters'),
    pageWord('test'),
    t('measure'),
    t('left'),
    t('relation'),
    t('right'),
    pageWord('holds'),
  ],
  ...record.proposals.flatMap((tally, at) =>
    [
      ...linesOf(tally),
      // The count without those who were silent stands beside the one that decides (SPEC 8.1).
      ...tally.silence.flatMap((strict) =>
        linesOf(strict).map((line) => ({ ...line, name: `${line.name}（${pageWord('silenceCaption')}）` })),
      ),
    ].map(({ name, test, measure, left, relation, right, holds }) => [
      String(at + 1),
      titles[tally.proposal]?.title ?? tally.proposal,
      name,
      pageWord(test === 'quorum' ? 'testQuorum' : 'testPass'),
      pageWord(measure === 'area' ? 'measureArea' : 'measureHeads'),
      left,
      relation,
      right,
      pageWord(holds ? 'yes' : 'no'),
    ]),
  ),
];

/** Participation by channel. */
export const channelRows = ({ record: { channels } }: ResultSectionProps): Rows => [
  [t('channels'), t('heads'), t('area')],
  ...channels.map(({ channel, heads, areaDm2 }) => [
    pageWord(`channel_${channel}`),
    String(heads),
    squareMetres(areaDm2),
  ]),
];

export const rollRows = ({ buildings, total }: RollSummary): Rows => [
  ROLL_COLUMNS,
  ...buildings.map(({ building, ...sums }) => [building, ...rollCells(sums)]),
  [t('sum'), ...rollCells(total)],
];

export const deliveryRows = ({ buildings, total }: DeliverySummary): Rows => [
  DELIVERY_COLUMNS,
  ...buildings.map(({ building, ...sums }) => [building, ...deliveryCells(sums)]),
  [t('sum'), ...deliveryCells(total)],
];

export const deliveryChannelRows = ({ channels }: DeliverySummary): Rows => [
  [t('deliveryWay'), t('delivery_heads')],
  ...channels.map(({ channel, state, heads }) => [
    t(`way_${channel}_${state}` as 'way_page_read'),
    String(heads),
  ]),
];
