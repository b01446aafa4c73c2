/** A form that takes nothing but a document, which is named by its hash (SPEC 8.3). */
import { useState } from 'preact/hooks';
import type { DraftingProps } from './drafting.tsx';
import { Drafting } from './drafting.tsx';
import type { Draft, OwnFile } from './drafts.ts';
import { HashedFile } from './entry-fields.tsx';

export type DocumentPartProps<B> = Pick<
  DraftingProps<'document', B>,
  'title' | 'path' | 'next' | 'onSent'
> & {
  readonly lead: string;
  /** Of the document's field. */
  readonly label: string;
  readonly draft: (document: OwnFile | undefined) => Draft<'document', B>;
};

export function DocumentPart<B>({ label, draft, onSent, ...rest }: DocumentPartProps<B>) {
  const [document, setDocument] = useState<OwnFile>();
  return (
    <Drafting
      {...rest}
      makes="act"
      draft={() => draft(document)}
      fieldOf={{ documentHash: 'document' }}
      onSent={() => {
        setDocument(undefined);
        onSent();
      }}
      fields={(errors) => (
        <HashedFile label={label} file={document} error={errors.document} onFile={setDocument} />
      )}
    />
  );
}
