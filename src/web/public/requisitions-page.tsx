/** All requisitions of one community that reached their fifth (SPEC 5.4). */
import { Page } from '../kit/shell.tsx';
import type { RequisitionsSectionProps } from './requisitions-section.tsx';
import { RequisitionsSection } from './requisitions-section.tsx';
import { t } from './words.ts';

export type RequisitionsPageProps = Omit<RequisitionsSectionProps, 'isOfOne'> & {
  readonly communityName: string;
  readonly demo: boolean;
};

export function RequisitionsPage({ communityName, requisitions, published, demo }: RequisitionsPageProps) {
  return (
    <Page name={t('name')} home="/" demo={demo} foot={<a href="/">{t('allMeetings')}</a>}>
      <h1>{communityName}</h1>
      {requisitions.length === 0 && <p>{t('requisitionsEmpty')}</p>}
      <RequisitionsSection requisitions={requisitions} published={published} isOfOne={true} />
    </Page>
  );
}
