/** The document of acceptance under a closing, compared in the officer's hand before he signs (SPEC 2.4, 8.3). */
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { t } from './closing-words.ts';
import { OwnFile } from './file-checks.tsx';
import type { CheckProps } from './opened-check.tsx';

export function ClosingCheck({ entry, onChecked }: CheckProps) {
  const compare = (file: Uint8Array) =>
    entry.kind === 'fund.closed' && toBase64Url(sha256(file)) === entry.documentHash ? t('same') : undefined;
  return <OwnFile label={t('file')} lead={t('lead')} accept="*/*" compare={compare} onChecked={onChecked} />;
}
