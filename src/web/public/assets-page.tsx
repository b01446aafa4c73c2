/** The program list: every file that the pages load, with its hash (SPEC 7.5). */
import { Page } from '../kit/shell.tsx';
import { t } from './words.ts';

export type AssetsPageProps = {
  /** Hashes in hexadecimal, as tools print them. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
};

export function AssetsPage({ files }: AssetsPageProps) {
  return (
    <Page name={t('name')} home="/" wide foot={<a href="/">{t('allMeetings')}</a>}>
      <h1>{t('program')}</h1>
      <p>{t('programLead')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('programPath')}</th>
            <th scope="col">{t('programHash')}</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, sha256 }) => (
            <tr key={path}>
              <th scope="row" class="mono">
                <a href={path}>{path}</a>
              </th>
              <td class="mono">{sha256}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Page>
  );
}
