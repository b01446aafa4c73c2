// Entry of the console; an invitation leaves the address before anything else happens.
import { invitation } from './enrolment-fragment.ts';
import '../kit/old-browsers.ts';
import '../kit/style.css';
import '../kit/printed.css';
import { render } from 'preact';
import { readTrust } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { ConsoleFrame } from './console-frame.tsx';
import { ConsolePage } from './console-page.tsx';
import { readDeployment } from './deployment.ts';
import { EnrolPage } from './enrol-page.tsx';
import { t } from './words.ts';

async function start(root: HTMLElement): Promise<void> {
  const [trust, deployment] = [await readTrust(root), await readDeployment()];
  if (!trust.ok || !deployment.ok) {
    const sentence = deployment.ok ? t('unknownAnswer') : deployment.problem.sentence;
    return render(
      <ConsoleFrame>
        <Status kind="stop" title={sentence} />
      </ConsoleFrame>,
      root,
    );
  }
  const isEnrolment = location.pathname === '/console/enrol';
  render(
    isEnrolment ? (
      <EnrolPage deployment={deployment.value} invitation={invitation} />
    ) : (
      <ConsolePage deployment={deployment.value} logVkey={trust.value.logVkey} />
    ),
    root,
  );
}

const root = document.getElementById('app');
if (root !== null) void start(root);
