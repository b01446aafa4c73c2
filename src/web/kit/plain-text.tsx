/** A text of the definition, paragraph by paragraph, exactly as it was hashed. */
export function PlainText({ body }: { readonly body: string }) {
  return (
    <div class="text">
      {body.split(/\n+/).map((paragraph, at) => (
        // Paragraphs never move, so their place is their key.
        // A fixed text.
        <p key={at}>{paragraph}</p>
      ))}
    </div>
  );
}
