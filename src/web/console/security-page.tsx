/** An officer's own page: his keys, where he is signed in, what his keys signed, and whom he may let back in (SPEC 2.2, 2.5). */
import type { OfficerAnswer } from '../../officers/contract.ts';
import { Button } from '../kit/button.tsx';
import { OwnKeys } from './own-keys.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { OwnSignatures } from './own-signatures.tsx';
import { RecoverySection } from './recovery-section.tsx';
import { t } from './security-words.ts';

export type SecurityPageProps = {
  readonly officer: OfficerAnswer;
  readonly onBack: () => void;
  readonly onSignedOut: () => void;
};

export function SecurityPage({ officer, onBack, onSignedOut }: SecurityPageProps) {
  return (
    <>
      <h1>{t('title')}</h1>
      <Button kind="quiet" onClick={onBack}>
        {t('back')}
      </Button>
      <OwnKeys officer={officer} />
      <OwnSessions onSignedOut={onSignedOut} />
      <OwnSignatures />
      {officer.community === '' && <RecoverySection community="" officer={officer} />}
    </>
  );
}
