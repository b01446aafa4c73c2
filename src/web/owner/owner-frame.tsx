/** The frame of the owner's pages. */
import type { ComponentChildren } from 'preact';
import { Page } from '../kit/shell.tsx';
import { t } from './words.ts';

export function OwnerFrame({ children, demo = false }: { children: ComponentChildren; demo?: boolean }) {
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
