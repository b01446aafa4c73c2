// The way back from an identity provider stands in the address. The page takes it out before anything is rendered or asked for, so that
// neither history nor a second loading of the page uses it again (SPEC 3.4).

/** What a provider sends an owner back with; of `code` and `error` one is empty. */
export type ProviderReturn = {
  readonly state: string;
  readonly code: string;
  readonly error: string;
  /** The provider by its own word; empty where it does not say (RFC 9207). */
  readonly iss: string;
};

/** Takes the way back out of the address; undefined where the page was opened otherwise. */
function takeReturn(): ProviderReturn | undefined {
  const members = new URLSearchParams(location.search);
  const member = (name: string): string => members.get(name) ?? '';
  if (member('state') === '') return undefined;
  history.replaceState(null, '', location.pathname);
  return { state: member('state'), code: member('code'), error: member('error'), iss: member('iss') };
}

/** The way back with which this page was opened. */
export const providerReturn: ProviderReturn | undefined = takeReturn();
