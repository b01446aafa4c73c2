/** What every printed document has: its heading, its numbers to be checked by, a QR to the live page, places for signatures (DESIGN §3 "documents"). */
import type { ComponentChildren } from 'preact';
import { qrPath } from '../../kit/qr-code.ts';
import { Page } from '../../kit/shell.tsx';
import { kitWord } from '../../kit/words.ts';
import type { MeetingPageProps } from '../meeting-page.tsx';
import { t as pageWord } from '../words.ts';
import { t } from './document-words.ts';

export type DocumentProps = {
  readonly view: MeetingPageProps;
  /** Address of the meeting's public page. */
  readonly address: string;
  /** Whether it stands in an archive pack: by itself, without a link or a button. */
  readonly isFiled?: boolean;
};

export type Pair = readonly [name: string, value: string];

function Evidence({ view: { check }, address }: DocumentProps) {
  const { size, path } = qrPath(address);
  const rows: readonly Pair[] = [
    [t('live'), address],
    [t('logFingerprint'), check.fingerprint],
    [t('meetingHash'), check.meetingHash],
    [t('recordHash'), check.recordHash],
  ];
  return (
    <section class="evidence">
      <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('live')}>
        <path d={path} />
      </svg>
      <div>
        <p>{t('sealed')}</p>
        <dl class="pairs">
          {rows
            .filter(([, value]) => value !== '')
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="mono">{value}</dd>
              </div>
            ))}
        </dl>
      </div>
    </section>
  );
}

/** Places for signatures; whoever signs by hand answers for the paper, the officers' keys for the record. */
export const Signatures = ({ who }: { readonly who: readonly string[] }) => (
  <div class="signatures">
    {who.map((name) => (
      <p key={name}>
        {name}：<span class="line" />
      </p>
    ))}
    <p>
      {t('seal')}
      {t('date')}
    </p>
  </div>
);

/** A page of an archive pack, which has nowhere to go on to. */
export const FiledPage = ({
  demo,
  children,
}: {
  readonly demo: boolean;
  readonly children: ComponentChildren;
}) => (
  <div class="page wide">
    {demo && (
      <header>
        <p class="demo">{kitWord('demo')}</p>
      </header>
    )}
    <main>{children}</main>
  </div>
);

export type FrameProps = DocumentProps & {
  readonly heading: string;
  readonly signedBy: readonly string[];
  readonly children: ComponentChildren;
};

export function DocumentFrame({ view, address, isFiled = false, heading, signedBy, children }: FrameProps) {
  const article = (
    <article class="document">
      <p class="kicker">{view.communityName}</p>
      <h1>{heading}</h1>
      {children}
      <Signatures who={signedBy} />
      <Evidence view={view} address={address} />
    </article>
  );
  return isFiled ? (
    <FiledPage demo={view.demo}>{article}</FiledPage>
  ) : (
    <Page name={pageWord('name')} home="/" demo={view.demo} wide>
      <p class="no-print">
        {t('printNow')} <a href={`/meetings/${view.meeting}`}>{t('back')}</a>
      </p>
      {article}
    </Page>
  );
}
