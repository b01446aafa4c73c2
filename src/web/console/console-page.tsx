/** The console: sign-in with a passkey, then communities, their meetings and the acts that wait (SPEC 2). */
import { useEffect, useState } from 'preact/hooks';
import type { OfficerAnswer } from '../../officers/contract.ts';
import { call } from '../kit/api.ts';
import { Button } from '../kit/button.tsx';
import { Status } from '../kit/status.tsx';
import { roleWords } from './act-words.ts';
import { ActsSection } from './acts-section.tsx';
import { CommunitySection } from './community-section.tsx';
import { ConsoleFrame } from './console-frame.tsx';
import type { Deployment } from './deployment.ts';
import { signIn } from './passkey.ts';
import { SecurityPage } from './security-page.tsx';
import { t as securityWord } from './security-words.ts';
import { t } from './words.ts';

type Community = { readonly community: string; readonly name: string };

type SignInProps = { readonly deployment: Deployment; readonly onOfficer: (officer: OfficerAnswer) => void };

function SignIn({ deployment, onOfficer }: SignInProps) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    const answer = await signIn(deployment.rpId);
    setBusy(false);
    if (answer.ok) onOfficer(answer.value);
    else setProblem(answer.problem.sentence);
  };
  return (
    <ConsoleFrame>
      <h1>{t('signInTitle')}</h1>
      <p>{t('signInLead')}</p>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="actions row">
        <Button busy={busy} onClick={() => void begin()}>
          {t('signIn')}
        </Button>
      </div>
    </ConsoleFrame>
  );
}

type HomeProps = {
  readonly officer: OfficerAnswer;
  readonly deployment: Deployment;
  readonly logVkey: string;
};

function Home({ officer, deployment, logVkey }: HomeProps) {
  const [communities, setCommunities] = useState<readonly Community[]>();
  const [problem, setProblem] = useState<string>();
  const [chosen, setChosen] = useState<Community>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    void call<{ readonly communities: readonly Community[] }>('GET', '/v1/communities').then((answer) => {
      if (!answer.ok) return setProblem(answer.problem.sentence);
      setCommunities(answer.value.communities);
      if (answer.value.communities.length === 1) setChosen(answer.value.communities[0]);
    });
  }, []);
  if (chosen !== undefined) {
    return (
      <>
        {communities !== undefined && communities.length > 1 && (
          <Button kind="quiet" onClick={() => setChosen(undefined)}>
            {t('back')}
          </Button>
        )}
        <CommunitySection community={chosen} officer={officer} deployment={deployment} logVkey={logVkey} />
      </>
    );
  }
  return (
    <>
      <h1>{t('communities')}</h1>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      {communities?.length === 0 && <p>{t('noCommunities')}</p>}
      <div class="actions row">
        {communities?.map((each) => (
          <Button key={each.community} kind="quiet" onClick={() => setChosen(each)}>
            {each.name}
          </Button>
        ))}
      </div>
      {officer.community === '' && (
        <ActsSection
          community=""
          officer={officer}
          logVkey={logVkey}
          round={round}
          onChanged={() => setRound(round + 1)}
        />
      )}
    </>
  );
}

export type ConsolePageProps = { readonly deployment: Deployment; readonly logVkey: string };

export function ConsolePage({ deployment, logVkey }: ConsolePageProps) {
  const [officer, setOfficer] = useState<OfficerAnswer>();
  const [isOwn, setOwn] = useState(false);
  useEffect(() => {
    void call<OfficerAnswer>('GET', '/v1/officers/me').then((answer) => {
      if (answer.ok) setOfficer(answer.value);
    });
  }, []);
  if (officer === undefined) return <SignIn deployment={deployment} onOfficer={setOfficer} />;
  const signedOut = () => {
    setOwn(false);
    setOfficer(undefined);
  };
  const leave = async () => {
    await call('DELETE', '/v1/officers/sessions');
    signedOut();
  };
  const tools = (
    <>
      <span>{t('signedInAs', { name: officer.name, role: roleWords(officer.role) })}</span>
      <Button kind="quiet" onClick={() => setOwn(true)}>
        {securityWord('open')}
      </Button>
      <Button kind="quiet" onClick={() => void leave()}>
        {t('signOut')}
      </Button>
    </>
  );
  return (
    <ConsoleFrame tools={tools}>
      {isOwn ? (
        <SecurityPage officer={officer} onBack={() => setOwn(false)} onSignedOut={signedOut} />
      ) : (
        <Home officer={officer} deployment={deployment} logVkey={logVkey} />
      )}
    </ConsoleFrame>
  );
}
