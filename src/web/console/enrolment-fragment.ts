// An invitation stands behind the `#` as ENROLMENT.CODE; it leaves the address before anything else happens.
const fragment = location.hash.slice(1);
if (fragment !== '') history.replaceState(null, '', location.pathname + location.search);

/** The invitation with which the page was opened; both parts are empty without one. */
export const invitation: { readonly enrolment: string; readonly code: string } = {
  enrolment: fragment.split('.')[0] ?? '',
  code: fragment.split('.')[1] ?? '',
};
