/** The frame of the owner's own page. */
import type { ComponentChildren } from 'preact';
import { Page } from '../kit/shell.tsx';
import { t } from './words.ts';

export function MineFrame({ children }: { readonly children: ComponentChildren }) {
  const foot = (
    <>
      <p>{t('help')}</p>
      <a href="/assets-list">{t('program')}</a>
    </>
  );
  return (
    <Page name={t('name')} home="/" foot={foot}>
      {children}
    </Page>
  );
}
