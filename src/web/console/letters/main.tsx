// Entry of the page of letters; what is made here is printed here and kept nowhere.
import '../../kit/old-browsers.ts';
import '../../kit/style.css';
import { render } from 'preact';
import { Status } from '../../kit/status.tsx';
import { ConsoleFrame } from '../console-frame.tsx';
import { readDeployment } from '../deployment.ts';
import { LettersPage } from './letters-page.tsx';

async function start(root: HTMLElement): Promise<void> {
  const deployment = await readDeployment();
  render(
    <ConsoleFrame>
      {deployment.ok ? (
        <LettersPage now={deployment.value.now} />
      ) : (
        <Status kind="stop" title={deployment.problem.sentence} />
      )}
    </ConsoleFrame>,
    root,
  );
}

const root = document.getElementById('app');
if (root !== null) void start(root);
