/**
 * From where a request comes, for limits only, and never kept in the open: the database sees a keyed hash (DESIGN §5). A peer on
 * loopback is our own reverse proxy, and the last address that it appended is the client's.
 */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/** As the system writes a peer's address: one form for each. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1)$/;

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

const plain = (address: string): string => MAPPED.exec(address)?.[1] ?? address;

/** Whether the peer is on this machine: the reverse proxy, or a program beside us. A peer that hung up already is nobody's proxy. */
export const isLoopback = (address: string | undefined): boolean => LOOPBACK.test(plain(address ?? ''));

/** The address as far as one subscriber has it: all of IPv4, the first 64 bits of IPv6. */
export function subscriberOf(given: string | undefined): string {
  const address = plain(given ?? '');
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':')}::/64`;
}

/**
 * The client's address in the form that limits use; undefined for a program on this machine that names nobody, to which no limit
 * by address applies.
 */
export function clientAddress(request: IncomingMessage): string | undefined {
  const peer = request.socket.remoteAddress;
  if (!isLoopback(peer)) return subscriberOf(peer);
  const header = request.headers['x-forwarded-for'];
  const listed = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  const last = plain(listed.at(-1)?.trim() ?? '');
  return isIP(last) === 0 ? undefined : subscriberOf(last);
}
