/** How the notice was delivered, in sums for paper: by building and by channel, and no home by itself (SPEC 5.1). */
import type { DeliverySummary } from '../../../notice/domain/delivery-summary.ts';
import { dayWords } from '../../kit/times.ts';
import { Pairs } from '../meeting-page.tsx';
import type { DocumentProps } from './document-frame.tsx';
import { DocumentFrame } from './document-frame.tsx';
import { t } from './document-words.ts';
import { SumsTable } from './sums-table.tsx';

const NAMES = ['building', 'heads', 'reached', 'posted', 'none'] as const;

/** Headings, and the cells of a line behind its name; the archive's table has the same. */
export const DELIVERY_COLUMNS: readonly string[] = NAMES.map((name) => t(`delivery_${name}`));

export const deliveryCells = ({
  heads,
  reached,
  posted,
  none,
}: DeliverySummary['total']): readonly string[] => [heads, reached, posted, none].map(String);

export function DeliveryDocument({
  deliveries,
  ...document
}: DocumentProps & { readonly deliveries: DeliverySummary }) {
  const { view } = document;
  const used = deliveries.channels.filter(({ heads }) => heads > 0);
  return (
    <DocumentFrame {...document} heading={t('delivery')} signedBy={[t('sign_convener')]}>
      <Pairs
        rows={[
          [t('title'), view.title],
          [t('community'), view.communityName],
          [t('publishedOn'), dayWords(view.publishedOn)],
        ]}
      />
      <SumsTable
        caption={t('deliveryCaption')}
        columns={DELIVERY_COLUMNS}
        rows={deliveries.buildings.map(({ building, ...sums }) => ({
          name: building,
          cells: deliveryCells(sums),
        }))}
        total={deliveryCells(deliveries.total)}
      />
      {used.length > 0 && (
        <SumsTable
          caption={t('deliveryChannels')}
          columns={[t('deliveryWay'), t('delivery_heads')]}
          rows={used.map(({ channel, state, heads }) => ({
            name: t(`way_${channel}_${state}` as 'way_page_read'),
            cells: [String(heads)],
          }))}
        />
      )}
      <p>{t('deliveryNote')}</p>
    </DocumentFrame>
  );
}
