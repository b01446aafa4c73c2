/** Acts that name a file by its hash: the officer chooses his own copy, and the page compares it without sending it (SPEC 3.2, 4.1). */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/sha256.ts';
import type { ActOpeningsAnswer } from '../../identity/act-openings-contract.ts';
import type { LetterItem } from '../../record/letter.ts';
import { letterItemForm } from '../../record/letter.ts';
import { leafHash, rootOfHashes } from '../../record/merkle.ts';
import { registerFileHash } from '../../record/register-file.ts';
import { call } from '../kit/api.ts';
import { Status } from '../kit/status.tsx';
import { t as fundWords } from './fund-words.ts';
import { readLettersFile } from './letters-file.ts';
import { bytesOf } from './opened-act.ts';
import type { CheckProps } from './opened-check.tsx';
import { t } from './opened-words.ts';

type FileProps = {
  readonly label: string;
  readonly lead: string;
  readonly accept: string;
  /** What is said of a file that is the act's; undefined for any other. */
  readonly compare: (file: Uint8Array) => string | undefined;
  readonly onChecked: (isChecked: boolean) => void;
  readonly children?: ComponentChildren;
};

/** A file of the officer's own, compared on this page and never sent. */
export function OwnFile({ label, lead, accept, compare, onChecked }: FileProps) {
  const id = useId();
  const [told, setTold] = useState<{ readonly same?: string | undefined }>();
  const read = async (file: File | undefined) => {
    onChecked(false);
    setTold(undefined);
    if (file === undefined) return;
    const same = compare(new Uint8Array(await file.arrayBuffer()));
    setTold({ same });
    onChecked(same !== undefined);
  };
  return (
    <>
      <p>{lead}</p>
      <div class="field">
        <label for={id}>{label}</label>
        <input
          id={id}
          type="file"
          accept={accept}
          onChange={(event) => void read(event.currentTarget.files?.[0])}
        />
      </div>
      {told?.same !== undefined && (
        <p class="answer" role="status">
          {told.same}
        </p>
      )}
      {told !== undefined && told.same === undefined && <Status kind="stop" title={t('fileOther')} />}
    </>
  );
}

/** The register as its source delivered it, under the salt that the service keeps. */
export function RegisterCheck({ act, entry, onChecked }: CheckProps) {
  const [salt, setSalt] = useState<string>();
  useEffect(() => {
    const path = `/v1/communities/${act.community}/acts/${act.act}/openings`;
    void call<ActOpeningsAnswer>('GET', path).then((answer) => setSalt(answer.ok ? answer.value.salt : ''));
  }, [act.act]);
  if (salt === undefined) return <p role="status">{t('loading')}</p>;
  if (salt === '') return <Status kind="stop" title={t('hidden')} />;
  const compare = (file: Uint8Array) =>
    entry.kind === 'register.imported' && registerFileHash(bytesOf(salt), file) === entry.fileHash
      ? t('registerSame')
      : undefined;
  return (
    <OwnFile
      label={t('registerFile')}
      lead={t('registerLead')}
      accept=".xlsx,.csv"
      compare={compare}
      onChecked={onChecked}
    />
  );
}

/** The judgment or order that annuls a resolution or an emergency, or why a call is withdrawn, by its SHA-256. */
export function DocumentCheck({ entry, onChecked }: CheckProps) {
  const compare = (file: Uint8Array) =>
    (entry.kind === 'resolution.annulled' ||
      entry.kind === 'emergency.annulled' ||
      entry.kind === 'topup.withdrawn') &&
    toBase64Url(sha256(file)) === entry.documentHash
      ? fundWords('documentSame')
      : undefined;
  return (
    <OwnFile
      label={fundWords('documentFile')}
      lead={fundWords('documentLead')}
      accept="*/*"
      compare={compare}
      onChecked={onChecked}
    />
  );
}

/** The batch that the registrar's own computer made. */
export function LettersCheck({ entry, onChecked }: CheckProps) {
  const compare = (file: Uint8Array) => {
    const letters = readLettersFile(new TextDecoder().decode(file));
    if (letters === undefined || entry.kind !== 'letters.issued') return undefined;
    const leaves = letters.items.map((item) => leafHash(letterItemForm.bytes(item as LetterItem)));
    const { batch, madeIn, count, root } = entry;
    const isSame =
      letters.batch === batch &&
      letters.madeIn === madeIn &&
      leaves.length === count &&
      toBase64Url(rootOfHashes(leaves)) === root;
    return isSame ? t('lettersSame', { count }) : undefined;
  };
  return (
    <OwnFile
      label={t('lettersFile')}
      lead={t('lettersLead')}
      accept=".json,application/json"
      compare={compare}
      onChecked={onChecked}
    />
  );
}
