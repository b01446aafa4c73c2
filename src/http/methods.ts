/** What is known at an address under other methods, so that a wrong method is told from a wrong address (RFC 9110 §15.5.6). */
import type { MountedRoute } from './mount.ts';

/** Addresses that only answer GET and HEAD and stand in no mount table. */
const READ_ONLY =
  /^\/(?:|e|vote(?:\/[^/]+)?|console(?:\/(?:enrol|letters))?|meetings(?:\/[^/]+)?|assets\/[^/]+|assets-list|what-if|openapi\.json|livez|readyz|log\/.+)$/;

const pattern = (path: string): RegExp =>
  new RegExp(
    `^${path
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&')))
      .join('/')}/?$`,
    'i',
  );

/** Made once for a route, since strangers may ask for unknown addresses as often as they like. */
const patterns = new WeakMap<MountedRoute, RegExp>();
function patternOf(route: MountedRoute): RegExp {
  const made = patterns.get(route) ?? pattern(route.path);
  patterns.set(route, made);
  return made;
}

/** The methods of a path; none where nothing is mounted. */
export function allowedMethods(routes: readonly MountedRoute[], path: string): readonly string[] {
  const found = new Set(
    routes.filter((route) => patternOf(route).test(path)).map(({ method }) => method.toUpperCase()),
  );
  if (READ_ONLY.test(path)) found.add('GET');
  if (found.size === 0) return [];
  if (found.has('GET')) found.add('HEAD');
  return [...found, 'OPTIONS'].sort();
}
