/** What the regulator should look at in a community's book, each with the entries that show it; no finding is proof (SPEC 8.3). */
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../kit/api.ts';
import { Status } from '../../kit/status.tsx';
import { wordsOf } from '../../kit/words.ts';

const t = wordsOf({
  title: '需要核查的事项',
  lead: '这里列出的不是结论，请对照账簿和文件核查。',
  none: '没有发现需要核查的事项。',
  seqs: '账簿第 {seqs} 笔',
  authorisation: '列支编号 {authorisation}',
});

type Found = {
  readonly anomalies: readonly {
    readonly authorisation: string;
    readonly seqs: readonly string[];
    readonly zh: string;
  }[];
};

export function AnomalyPart({ base }: { readonly base: string }) {
  const [found, setFound] = useState<Found['anomalies']>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void call<Found>('GET', `${base}/anomalies`).then((answer) =>
      answer.ok ? setFound(answer.value.anomalies) : setProblem(answer.problem.sentence),
    );
  }, [base]);
  return (
    <>
      <h3>{t('title')}</h3>
      <p>{t('lead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {found?.length === 0 && <p>{t('none')}</p>}
      <ul>
        {found?.map(({ authorisation, seqs, zh }, at) => (
          <li key={String(at)}>
            {zh}
            {seqs.length > 0 && ` · ${t('seqs', { seqs: seqs.join('、') })}`}
            {authorisation !== '' && ` · ${t('authorisation', { authorisation })}`}
          </li>
        ))}
      </ul>
    </>
  );
}
