/** The frame of the voting page. */
import type { ComponentChildren } from 'preact';
import { Page } from '../kit/shell.tsx';
import { t } from './words.ts';

export function VoteFrame({ children, demo = false }: { children: ComponentChildren; demo?: boolean }) {
  const foot = (
    <>
      <p>{t('help')}</p>
      <a href="/assets-list">{t('program')}</a>
    </>
  );
  return (
    <Page name={t('name')} home="/" demo={demo} foot={foot}>
      {children}
    </Page>
  );
}
