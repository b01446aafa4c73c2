// Entry of the owner's own page. The first two imports take the letter's code and a provider's out of the address before anything else happens (SPEC 3.2, 3.4).
import { listenForCodes, scannedCode } from '../owner/letter-fragment.ts';
import { providerReturn } from './provider-return.ts';
import '../kit/old-browsers.ts';
import '../kit/style.css';
import '../kit/printed.css';
import { render } from 'preact';
import { readTrust } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { logTrustOf } from '../kit/trust.ts';
import { OwnerFrame } from '../owner/owner-frame.tsx';
import { MinePage } from './mine-page.tsx';
import { t } from './words.ts';

async function start(root: HTMLElement): Promise<void> {
  const trust = await readTrust(root);
  const page = trust.ok ? (
    <MinePage
      trust={logTrustOf(trust.value)}
      scannedCode={scannedCode}
      onCode={listenForCodes}
      back={providerReturn}
    />
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
