// Entry of the page of the fund; who signs in does so in the console, whose session this page shares.
import '../../kit/old-browsers.ts';
import '../../kit/style.css';
import { render } from 'preact';
import { Status } from '../../kit/status.tsx';
import { ConsoleFrame } from '../console-frame.tsx';
import { readDeployment } from '../deployment.ts';
import { FundDesk } from './fund-desk.tsx';

async function start(root: HTMLElement): Promise<void> {
  const deployment = await readDeployment();
  render(
    <ConsoleFrame>
      {deployment.ok ? (
        <FundDesk now={deployment.value.now} asked={location.hash.slice(1)} />
      ) : (
        <Status kind="stop" title={deployment.problem.sentence} />
      )}
    </ConsoleFrame>,
    root,
  );
}

const root = document.getElementById('app');
if (root !== null) void start(root);
