/** Fields that the forms of the fund share: an amount with its capitals, a file that is hashed here, a payee's account (SPEC 8.3). */
import { useId, useState } from 'preact/hooks';
import { toBase64Url } from '../../../base/bytes.ts';
import { canonicalText } from '../../../base/canonical.ts';
import { capitalYuan } from '../../../base/capital-yuan.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { Button } from '../../kit/button.tsx';
import { Around, describedBy, Field } from '../../kit/field.tsx';
import { hexGroups } from '../../kit/fingerprint.ts';
import { offerFile } from '../download.ts';
import { t } from './drafting-words.ts';
import type { KeptOpening, OwnFile } from './drafts.ts';
import { accountNumberOf, fenOf, readOpenings } from './drafts.ts';

export type AmountFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onValue: (value: string) => void;
};

export function AmountField({ label, value, error, onValue }: AmountFieldProps) {
  const fen = fenOf(value);
  const hint = fen === undefined ? t('capitalWait') : t('capital', { capital: capitalYuan(fen) });
  return <Field label={label} hint={hint} value={value} error={error} maxLength={24} onValue={onValue} />;
}

type FileFieldProps = {
  readonly label: string;
  readonly hint: string;
  readonly accept?: string;
  readonly error?: string | undefined;
  /** What is said of the file that was chosen. */
  readonly chosen?: string | undefined;
  readonly onBytes: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
};

/** A file that is read here. One that was mended and is chosen again is read again. */
export function FileField({ label, hint, accept, error, chosen, onBytes }: FileFieldProps) {
  const id = useId();
  const read = async (file: File | undefined) => {
    if (file !== undefined) onBytes(file.name, new Uint8Array(await file.arrayBuffer()));
  };
  return (
    <Around id={id} label={label} hint={hint} error={error}>
      <input
        id={id}
        type="file"
        accept={accept}
        aria-invalid={error !== undefined}
        aria-describedby={describedBy(id, hint, error)}
        onClick={({ currentTarget }) => {
          // A browser says nothing of the same name twice.
          currentTarget.value = '';
        }}
        onChange={({ currentTarget }) => void read(currentTarget.files?.[0])}
      />
      {chosen !== undefined && <p role="status">{chosen}</p>}
    </Around>
  );
}

export type HashedFileProps = {
  readonly label: string;
  readonly file: OwnFile | undefined;
  readonly error: string | undefined;
  readonly onFile: (file: OwnFile) => void;
};

/** A document that is named by its SHA-256. */
export function HashedFile({ label, file, error, onFile }: HashedFileProps) {
  const chosen = file && t('chosen', { name: file.name, hash: `${hexGroups(file.sha256, 4).join(' ')} …` });
  return (
    <FileField
      label={label}
      hint={t('fileHint')}
      error={error}
      chosen={chosen}
      onBytes={(name, bytes) => onFile({ name: name.normalize('NFC'), sha256: toBase64Url(sha256(bytes)) })}
    />
  );
}

export type OpeningsFileProps = {
  readonly label: string;
  readonly hint: string;
  /** What is said of the openings in the file. */
  readonly told: (openings: readonly KeptOpening[]) => string;
  readonly onOpenings: (openings: readonly KeptOpening[]) => void;
};

/** A file of kept openings, read in the page and never sent. */
export function OpeningsFile({ label, hint, told, onOpenings }: OpeningsFileProps) {
  const [openings, setOpenings] = useState<readonly KeptOpening[]>();
  const read = (bytes: Uint8Array) => {
    const found = readOpenings(new TextDecoder().decode(bytes)) ?? [];
    setOpenings(found);
    onOpenings(found);
  };
  return (
    <FileField
      label={label}
      hint={hint}
      accept=".json,application/json"
      chosen={openings && told(openings)}
      onBytes={(_name, bytes) => read(bytes)}
    />
  );
}

export type PayeeAccountProps = {
  readonly number: string;
  readonly error: string | undefined;
  readonly onNumber: (number: string) => void;
  readonly onOpenings: (openings: readonly KeptOpening[]) => void;
};

/** The number of a payee who is named for the first time here, or again. */
export function PayeeAccount({ number, error, onNumber, onOpenings }: PayeeAccountProps) {
  const isKept = (openings: readonly KeptOpening[]) =>
    openings.some((one) => one.number === accountNumberOf(number));
  return (
    <>
      <Field
        label={t('number')}
        hint={t('numberHint')}
        value={number}
        error={error}
        maxLength={90}
        onValue={onNumber}
      />
      <OpeningsFile
        label={t('openings')}
        hint={t('openingsHint')}
        told={(openings) => t(isKept(openings) ? 'openingsSame' : 'openingsOther')}
        onOpenings={onOpenings}
      />
    </>
  );
}

/** Offers what opens the account again, for whoever pays. */
export function KeepOpening({ opening }: { readonly opening: KeptOpening }) {
  return (
    <>
      <p>{t('keepHint')}</p>
      <Button kind="quiet" onClick={() => offerFile('payee-accounts.json', canonicalText([opening]))}>
        {t('keepOpening')}
      </Button>
    </>
  );
}
