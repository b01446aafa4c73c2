/**
 * A form in two steps: what is wrong stands beside its field, then everything that would be sent is shown, and only then it goes. What was
 * typed stays where it was until the service has taken it (SPEC 8.3).
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { toBase64Url } from '../../../base/bytes.ts';
import { call } from '../../kit/api.ts';
import { Button } from '../../kit/button.tsx';
import { draw } from '../../kit/draw.ts';
import { Status } from '../../kit/status.tsx';
import { t } from './drafting-words.ts';
import type { Draft, Errors } from './drafts.ts';

export type DraftingProps<F extends string, B> = {
  readonly title: string;
  readonly lead?: string;
  readonly path: string;
  /** Why there is nothing to send now, said instead of the form. */
  readonly missing?: string;
  /** An act waits for two officers; an entry stands in the book at once. */
  readonly makes: 'act' | 'entry';
  /** What follows from it, once it is sent. */
  readonly next: string;
  readonly draft: () => Draft<F, B>;
  /** Fields of the members that the service may name when it refuses. */
  readonly fieldOf: Readonly<Record<string, F>>;
  readonly fields: (errors: Errors<F>) => ComponentChildren;
  /** What is kept of what was sent, such as a file for later. */
  readonly keep?: (body: B) => ComponentChildren;
  /** The form may be emptied, and what is listed read again. */
  readonly onSent: () => void;
  /** The service refused: what is listed may be old. */
  readonly onRefused?: () => void;
};

type Shown<B> = { readonly body: B; readonly facts: readonly string[]; readonly key: string };
/** `seq` is the number of what was booked, where the service gives one. */
type Sent<B> = Shown<B> & { readonly seq: string | undefined };

type PreviewProps = Pick<DraftingProps<never, unknown>, 'makes'> & {
  readonly facts: readonly string[];
  readonly problem: string | undefined;
  readonly busy: boolean;
  readonly onSend: () => void;
  readonly onBack: () => void;
};

function Preview({ makes, facts, problem, busy, onSend, onBack }: PreviewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="status wait">
      <h3 ref={heading} tabIndex={-1}>
        {t(`heading_${makes}`)}
      </h3>
      <ul>
        {facts.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {problem !== undefined && <Status kind="stop" title={problem} />}
      <div class="actions row">
        <Button busy={busy} onClick={onSend}>
          {t(`send_${makes}`)}
        </Button>
        <Button kind="quiet" disabled={busy} onClick={onBack}>
          {t('back')}
        </Button>
      </div>
    </section>
  );
}

export function Drafting<F extends string, B>(props: DraftingProps<F, B>) {
  const { title, lead, path, missing, makes, next, draft, fieldOf, fields, keep, onSent, onRefused } = props;
  const [errors, setErrors] = useState({} as Errors<F>);
  const [shown, setShown] = useState<Shown<B>>();
  const [sent, setSent] = useState<Sent<B>>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [errors]);
  const review = () => {
    const made = draft();
    setProblem(undefined);
    setErrors(made.ok ? ({} as Errors<F>) : made.errors);
    // One review is one request, however often it is sent.
    if (made.ok) setShown({ ...made, key: toBase64Url(draw(16)) });
  };
  const send = async (asked: Shown<B>) => {
    setBusy(true);
    const answer = await call<{ readonly seq?: string }>('POST', path, asked.body, asked.key);
    setBusy(false);
    if (answer.ok) {
      setShown(undefined);
      setSent({ ...asked, seq: answer.value.seq });
      return onSent();
    }
    onRefused?.();
    const { sentence, more } = answer.problem;
    const where = String(more?.['where'] ?? '');
    // A member's path, or the key of an entry, which begins with its nature.
    const field = fieldOf[where.split(/[.:]/)[0] ?? ''];
    if (field === undefined) return setProblem(sentence);
    setShown(undefined);
    // The field says where it is better than the member's name does.
    setErrors({ [field]: sentence.replace(`(${where})`, '') } as Errors<F>);
  };
  if (sent !== undefined)
    return (
      <div class="spaced">
        <Status kind="good" title={t(`sent_${makes}`)}>
          {sent.seq !== undefined && <p>{t('seq', { seq: sent.seq })}</p>}
          <p>{next}</p>
          {keep?.(sent.body)}
          <div class="actions row">
            {makes === 'act' && (
              <a class="button quiet" href="/console">
                {t('toActs')}
              </a>
            )}
            <Button kind="quiet" onClick={() => setSent(undefined)}>
              {t('another')}
            </Button>
          </div>
        </Status>
      </div>
    );
  if (missing !== undefined) return <p>{missing}</p>;
  return (
    <details class="spaced">
      <summary>{title}</summary>
      {lead !== undefined && <p>{lead}</p>}
      {shown === undefined ? (
        <div ref={form}>
          {fields(errors)}
          {Object.keys(errors).length > 0 && <Status kind="stop" title={t('wrong')} />}
          <div class="actions row">
            <Button onClick={review}>{t(`review_${makes}`)}</Button>
          </div>
        </div>
      ) : (
        <Preview
          makes={makes}
          facts={shown.facts}
          problem={problem}
          busy={busy}
          onSend={() => void send(shown)}
          onBack={() => setShown(undefined)}
        />
      )}
    </details>
  );
}
