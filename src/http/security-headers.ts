/** What every answer says to a browser, whatever it is: no framing, no sniffing, no referrer, no storing (DESIGN §5). Pages loosen it. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const YEAR_S = 31_536_000;

/** Nothing that our pages use but passkeys, and those by the pages' own header. */
const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()';

/** What the library sets; asked once, since it says the same of every request and takes a tenth of a cast's time to say it. */
function headersOf(library: ReturnType<typeof helmet>): readonly (readonly [string, string])[] {
  const sample = new ServerResponse(new IncomingMessage(new Socket()));
  library(sample.req, sample, () => undefined);
  return sample.getHeaderNames().map((name) => [name, String(sample.getHeader(name))] as const);
}

/**
 * Sets the headers of an answer before anybody else does, so that errors and unknown addresses have them too. `isSecure`: the
 * deployment's origin is https, and browsers are told never to come back without.
 */
export function securityHeaders(isSecure: boolean): RequestHandler {
  const usual = headersOf(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        },
      },
      crossOriginEmbedderPolicy: false,
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'no-referrer' },
      strictTransportSecurity: isSecure ? { maxAge: YEAR_S, includeSubDomains: false } : false,
      xFrameOptions: { action: 'deny' },
    }),
  );
  return (_request, response, next) => {
    response.setHeader('Permissions-Policy', PERMISSIONS);
    response.setHeader('Cache-Control', 'no-store');
    for (const [name, value] of usual) response.setHeader(name, value);
    next();
  };
}
