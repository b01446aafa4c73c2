// Entry of the voting page. The first import takes the code out of the address before anything else happens (SPEC 3.2).
import { listenForCodes, scannedCode } from '../owner/letter-fragment.ts';
import '../kit/old-browsers.ts';
import '../kit/style.css';
import { render } from 'preact';
import type { LogTrust } from '../../record/proof.ts';
import { readTrust } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { logTrustOf } from '../kit/trust.ts';
import { OwnerFrame } from '../owner/owner-frame.tsx';
import { StatusPage } from './status-page.tsx';
import { VotePage } from './vote-page.tsx';
import { t } from './words.ts';

function pageOf(trust: LogTrust, meeting: string) {
  if (meeting === '') return <VotePage trust={trust} scannedCode={scannedCode} onCode={listenForCodes} />;
  return (
    <OwnerFrame>
      <StatusPage meeting={meeting} trust={trust} />
    </OwnerFrame>
  );
}

async function start(root: HTMLElement): Promise<void> {
  const trust = await readTrust(root);
  const page = trust.ok ? (
    pageOf(logTrustOf(trust.value), root.dataset['meeting'] ?? '')
  ) : (
    <OwnerFrame>
      <Status kind="stop" title={t('TRUST_MISSING')}>
        <p>{t('stopHelp')}</p>
      </Status>
    </OwnerFrame>
  );
  render(page, root);
}

const root = document.getElementById('app');
if (root !== null) void start(root);
