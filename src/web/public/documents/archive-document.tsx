/** The cover of an archive pack for paper, and the page where its digest is compared with (SPEC 9.5). */
import type { ArchiveManifest } from '../../../record/archive.ts';
import { Scroll } from '../../kit/scroll.tsx';
import { timeWords } from '../../kit/times.ts';
import { AnnulledSummary } from '../annulled.tsx';
import { Pairs } from '../meeting-page.tsx';
import type { DocumentProps } from './document-frame.tsx';
import { DocumentFrame } from './document-frame.tsx';
import { t } from './document-words.ts';

export type ArchiveDocumentProps = DocumentProps & {
  readonly manifest: ArchiveManifest;
  /** SHA-256 of the manifest's bytes, in hexadecimal digits. */
  readonly digest: string;
  /** Of the whole file and its bytes; the cover lies in it and cannot know. */
  readonly pack?: { readonly sha256: string; readonly bytes: number };
};

const KIBIBYTE = 1024;

function Download({ view, pack }: Pick<ArchiveDocumentProps, 'view' | 'pack'>) {
  if (pack === undefined) return null;
  return (
    <section class="no-print">
      <p>
        <a class="button" href={`/meetings/${view.meeting}/archive.zip`}>
          {t('archiveGet', { size: Math.ceil(pack.bytes / KIBIBYTE) })}
        </a>
      </p>
      <Pairs rows={[[t('archivePack'), pack.sha256]]} />
      <h2>{t('archiveHow')}</h2>
      <ol>
        <li>{t('archiveHow1')}</li>
        <li>{t('archiveHow2')}</li>
        <li>{t('archiveHow3')}</li>
      </ol>
    </section>
  );
}

export function ArchiveDocument({ manifest, digest, pack, ...document }: ArchiveDocumentProps) {
  const { view } = document;
  return (
    <DocumentFrame
      {...document}
      heading={t('archive')}
      signedBy={[t('sign_convener'), t('sign_filer'), t('sign_receiver')]}
    >
      <Pairs
        rows={[
          [t('title'), view.title],
          [t('community'), view.communityName],
          [t('convener'), view.convener],
          [t('window'), t('windowText', { opens: timeWords(view.opens), closes: timeWords(view.closes) })],
          [t('archiveStage'), t(`archiveStage_${manifest.stage}`)],
        ]}
      />
      <AnnulledSummary result={view.result} />
      {pack !== undefined && view.result !== undefined && view.result.annulments.length > 0 && (
        <p>{t('archiveAnnulled')}</p>
      )}
      <dl class="pairs">
        {(
          [
            ['archiveDigest', digest],
            ['archiveLog', manifest.origin],
            ['archiveSize', String(manifest.size)],
            ['archiveRoot', manifest.root],
            ['archiveEntry', t('archiveEntryText', { index: manifest.index, entry: manifest.entry })],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
      <Download view={view} {...(pack === undefined ? {} : { pack })} />
      <Scroll label={t('archiveFiles')}>
        <table>
          <caption>{t('archiveFiles')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('archivePath')}</th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {manifest.files.map(({ path, sha256 }) => (
              <tr key={path}>
                <th scope="row" class="mono">
                  {path}
                </th>
                <td class="mono">{sha256}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p>{t('archiveNote')}</p>
    </DocumentFrame>
  );
}
