/** The frame of the console. */
import type { ComponentChildren } from 'preact';
import { Page } from '../kit/shell.tsx';
import { t } from './words.ts';

export type ConsoleFrameProps = { readonly children: ComponentChildren; readonly tools?: ComponentChildren };

export function ConsoleFrame({ children, tools }: ConsoleFrameProps) {
  return (
    <Page name={t('name')} home="/console" wide tools={tools} foot={<a href="/">{t('publicPage')}</a>}>
      {children}
    </Page>
  );
}
