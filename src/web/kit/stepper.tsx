/** Where the reader is, in words and as a bar. */
export function Stepper({
  at,
  of,
  label,
}: {
  readonly at: number;
  readonly of: number;
  readonly label: string;
}) {
  return (
    <div class="stepper">
      <p>{label}</p>
      <progress value={at} max={of} aria-label={label} />
    </div>
  );
}
