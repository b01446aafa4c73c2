/** The drawn-up roll as a page for paper: owners check it in the office; it is no public posting (SPEC 4.4). */
import { useEffect, useState } from 'preact/hooks';
import type { RollSheetAnswer } from '../../assembly/roll-contract.ts';
import { showInstant } from '../../base/instant.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { RollSheet } from '../kit/roll-sheet.tsx';
import { Status } from '../kit/status.tsx';
import { timeWords } from '../kit/times.ts';
import type { ListedMeeting } from './meeting-sheet.tsx';
import { t } from './roll-words.ts';

export function RollPrint({
  meeting,
  onBack,
}: {
  readonly meeting: ListedMeeting;
  readonly onBack: () => void;
}) {
  const [sheet, setSheet] = useState<RollSheetAnswer>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<RollSheetAnswer>('GET', `/v1/meetings/${meeting.meeting}/roll`).then((answer) =>
      answer.ok ? setSheet(answer.value) : setProblem(answer.problem.sentence),
    );
  }, [meeting.meeting]);
  return (
    <>
      <h1>{t(sheet?.isFrozen === true ? 'printFrozen' : 'printTitle')}</h1>
      {problem !== undefined && <Status kind="warn" title={problem} />}
      {sheet !== undefined && (
        <>
          <p>
            {t('printLead', {
              community: meeting.communityName,
              meeting: meeting.title,
              at: timeWords(showInstant(sheet.drawnAt)),
            })}
          </p>
          <p>{t('printNote')}</p>
          <RollSheet sheet={sheet} open />
        </>
      )}
      <div class="actions row">
        <Button disabled={sheet === undefined} onClick={() => window.print()}>
          {t('paper')}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </>
  );
}
