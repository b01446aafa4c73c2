/** The scan of a paper that two officers enter, as the drafting forms send it (SPEC 3.6). */
import { useId } from 'preact/hooks';
import { toBase64Url } from '../../base/bytes.ts';

/** Longest scan, in bytes; the service's own limit. */
const MAX_FILE = 3 * 1024 * 1024;

export type ScanFieldProps = {
  readonly label: string;
  /** The file in base64url, empty for none; `isTooLarge` where it was left out for its size. */
  readonly onFile: (file: string, isTooLarge: boolean) => void;
};

export function ScanField({ label, onFile }: ScanFieldProps) {
  const id = useId();
  const read = async (chosen: File | undefined) => {
    const isTooLarge = chosen !== undefined && chosen.size > MAX_FILE;
    const isNone = chosen === undefined || isTooLarge;
    onFile(isNone ? '' : toBase64Url(new Uint8Array(await chosen.arrayBuffer())), isTooLarge);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="file"
        accept="image/*,application/pdf"
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
    </div>
  );
}
