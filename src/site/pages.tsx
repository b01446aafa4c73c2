/** The documents that the site serves, from what the features' shells read. */
import type { VNode } from 'preact';
import type { Meeting } from '../assembly/meetings.ts';
import type { PublicRequisition } from '../assembly/requisition-views.ts';
import { toHex } from '../base/bytes.ts';
import { showInstant } from '../base/instant.ts';
import type { DeliverySummary } from '../notice/domain/delivery-summary.ts';
import { ConsoleLoading } from '../web/console/console-loading.tsx';
import { MineLoading } from '../web/mine/mine-loading.tsx';
import { AssetsPage } from '../web/public/assets-page.tsx';
import { DiagnosePage } from '../web/public/diagnose/diagnose-page.tsx';
import type { ArchiveDocumentProps } from '../web/public/documents/archive-document.tsx';
import { ArchiveDocument } from '../web/public/documents/archive-document.tsx';
import { DeliveryDocument } from '../web/public/documents/delivery-document.tsx';
import type { DocumentProps } from '../web/public/documents/document-frame.tsx';
import type { DocumentName } from '../web/public/documents/document-names.ts';
import { NoticeDocument } from '../web/public/documents/notice-document.tsx';
import { AnnouncementDocument, MinutesDocument } from '../web/public/documents/result-documents.tsx';
import type { RollFacts } from '../web/public/documents/roll-document.tsx';
import { RollDocument } from '../web/public/documents/roll-document.tsx';
import type { FundPageProps } from '../web/public/fund-page.tsx';
import { FundPage } from '../web/public/fund-page.tsx';
import { t as fundWord } from '../web/public/fund-words.ts';
import type { MeetingPageProps } from '../web/public/meeting-page.tsx';
import { MeetingPage } from '../web/public/meeting-page.tsx';
import { MeetingsPage } from '../web/public/meetings-page.tsx';
import type { RequisitionsPageProps } from '../web/public/requisitions-page.tsx';
import { RequisitionsPage } from '../web/public/requisitions-page.tsx';
import type { RulesPageProps } from '../web/public/rules-page.tsx';
import { RulesPage } from '../web/public/rules-page.tsx';
import { t as rulesWord } from '../web/public/rules-words.ts';
import type { WhatIfPageProps } from '../web/public/what-if-page.tsx';
import { WhatIfPage } from '../web/public/what-if-page.tsx';
import { t as whatIfWord } from '../web/public/what-if-words.ts';
import { t } from '../web/public/words.ts';
import { VoteLoading } from '../web/vote/vote-loading.tsx';
import type { Assets } from './assets.ts';
import { documentOf } from './document.tsx';

/** `/`. */
export const meetingsDocument = (
  assets: Assets,
  meetings: readonly Meeting[],
  annulled: ReadonlySet<string>,
  requisitions: readonly PublicRequisition[],
  demo: boolean,
): string =>
  documentOf({
    title: t('listTitle'),
    frontEnd: 'public',
    assets,
    page: (
      <MeetingsPage
        demo={demo}
        requisitions={requisitions}
        meetings={meetings.map(({ meeting, title, state, definition, opensAt, closesAt }) => ({
          meeting,
          title,
          state,
          communityName: definition.communityName,
          opens: showInstant(opensAt),
          closes: showInstant(closesAt),
          hasAnnulment: annulled.has(meeting),
        }))}
      />
    ),
  });

/** `/meetings/:meeting`. */
export const meetingDocument = (assets: Assets, view: MeetingPageProps): string =>
  documentOf({
    title: `${view.title} · ${view.communityName}`,
    frontEnd: 'public',
    assets,
    page: <MeetingPage {...view} />,
  });

/** What a document shows beside the meeting itself; what it needs is there. */
export type DocumentFacts = {
  readonly roll: RollFacts | undefined;
  readonly deliveries: DeliverySummary | undefined;
};

/** The page of a printed document; undefined where the meeting does not have it yet. */
export function documentPage(
  document: DocumentProps,
  name: DocumentName,
  { roll, deliveries }: DocumentFacts,
): VNode | undefined {
  const { result } = document.view;
  switch (name) {
    case 'notice':
      return <NoticeDocument {...document} />;
    case 'roll':
      return roll && <RollDocument {...document} roll={roll} />;
    case 'delivery':
      return deliveries && <DeliveryDocument {...document} deliveries={deliveries} />;
    case 'announcement':
      return result && <AnnouncementDocument {...document} result={result} />;
    case 'minutes':
      return result && <MinutesDocument {...document} result={result} />;
  }
}

/** What a document is called, with its meeting. */
export const documentTitle = (view: MeetingPageProps, name: DocumentName): string =>
  `${t(`document_${name}`)} · ${view.title} · ${view.communityName}`;

/** `/meetings/:meeting/documents/:name`. */
export function printedDocument(
  assets: Assets,
  document: DocumentProps,
  name: DocumentName,
  facts: DocumentFacts,
): string | undefined {
  const page = documentPage(document, name, facts);
  return page && documentOf({ title: documentTitle(document.view, name), frontEnd: 'public', assets, page });
}

/** `/meetings/:meeting/archive`. */
export const archiveDocument = (assets: Assets, document: ArchiveDocumentProps): string =>
  documentOf({
    title: `${t('archive')} · ${document.view.title} · ${document.view.communityName}`,
    frontEnd: 'public',
    assets,
    page: <ArchiveDocument {...document} />,
  });

/** `/communities/:community/fund`. */
export const fundDocument = (assets: Assets, view: FundPageProps): string =>
  documentOf({
    title: `${fundWord('title')} · ${view.communityName}`,
    frontEnd: 'public',
    assets,
    page: <FundPage {...view} />,
  });

/** `/communities/:community/rules`. */
export const rulesDocument = (assets: Assets, view: RulesPageProps): string =>
  documentOf({
    title: `${rulesWord('title')} · ${view.communityName}`,
    frontEnd: 'public',
    assets,
    page: <RulesPage {...view} />,
  });

/** `/communities/:community/requisitions`. */
export const requisitionsDocument = (assets: Assets, view: RequisitionsPageProps): string =>
  documentOf({
    title: `${t('requisitionsTitle')} · ${view.communityName}`,
    frontEnd: 'public',
    assets,
    page: <RequisitionsPage {...view} />,
  });

/** `/what-if`. */
export const whatIfDocument = (assets: Assets, view: WhatIfPageProps): string =>
  documentOf({
    title: whatIfWord('title'),
    frontEnd: 'public',
    assets,
    page: <WhatIfPage {...view} />,
  });

/** `/assets-list`. */
export const assetsDocument = (assets: Assets): string =>
  documentOf({
    title: t('program'),
    frontEnd: 'public',
    assets,
    page: (
      <AssetsPage
        files={[...assets.files.values()].map(({ path, sha256 }) => ({ path, sha256: toHex(sha256) }))}
      />
    ),
  });

/** `/e`, and `/vote/:meeting` with a meeting. */
export const voteDocument = (assets: Assets, meeting: string): string =>
  documentOf({
    title: '业主表决',
    frontEnd: 'vote',
    assets,
    about: meeting === '' ? {} : { meeting },
    page: <VoteLoading />,
  });

/** `/mine`. */
export const mineDocument = (assets: Assets): string =>
  documentOf({ title: '业主表决 · 我的', frontEnd: 'mine', assets, page: <MineLoading /> });

/** `/diagnose`. */
export const diagnoseDocument = (assets: Assets): string =>
  documentOf({ title: '手机检查', frontEnd: 'public/diagnose', assets, page: <DiagnosePage /> });

/** `/console` and what is below it. */
export const consoleDocument = (assets: Assets): string =>
  documentOf({ title: '表决管理', frontEnd: 'console', assets, page: <ConsoleLoading /> });

/** `/console/fund`: what officers draft and book of the fund, beside the console where they sign it. */
export const fundDeskDocument = (assets: Assets): string =>
  documentOf({ title: '维修资金办理', frontEnd: 'console/fund', assets, page: <ConsoleLoading /> });

/** `/console/letters`: nothing but what makes letters, since it holds their codes. */
export const lettersDocument = (assets: Assets): string =>
  documentOf({ title: '制作信函', frontEnd: 'console/letters', assets, page: <ConsoleLoading /> });
