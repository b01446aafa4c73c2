/** The list for whoever goes from door to door, as a page for paper: unit and area, a line to write on, and nothing of any person (SPEC 6.11). */
import { useState } from 'preact/hooks';
import { showInstant } from '../../base/instant.ts';
import { Button } from '../kit/button.tsx';
import { timeWords } from '../kit/times.ts';
import { areaWords } from '../kit/unit-words.ts';
import type { ListedMeeting } from './meeting-sheet.tsx';
import type { AbsentUnits } from './reminding-section.tsx';
import { t } from './reminding-words.ts';

export type DoorsPrintProps = {
  readonly meeting: ListedMeeting;
  readonly units: AbsentUnits;
  readonly onBack: () => void;
};

export function DoorsPrint({ meeting, units, onBack }: DoorsPrintProps) {
  const [takenAt] = useState(() => timeWords(showInstant(Date.now())));
  return (
    <>
      <h1>{t('heading')}</h1>
      <p>{t('note', { community: meeting.communityName, meeting: meeting.title, at: takenAt })}</p>
      {units.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <table>
          <caption>{t('count', { count: units.length })}</caption>
          <thead>
            <tr>
              {(['building', 'room', 'area', 'visited'] as const).map((name) => (
                <th scope="col" key={name}>
                  {t(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {units.map(({ building, stair, room, areaDm2 }) => (
              <tr key={`${building} ${stair} ${room}`}>
                <td>{building}</td>
                <th scope="row">{[stair, room].filter((part) => part !== '').join(' ')}</th>
                <td class="number">{areaWords(areaDm2)}</td>
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div class="actions row no-print">
        <Button disabled={units.length === 0} onClick={() => window.print()}>
          {t('print')}
        </Button>
        <Button kind="quiet" onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </>
  );
}
