import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** What browsers may not use on our pages. */
const PERMISSIONS_POLICY = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');
const HSTS_SECONDS = 15_552_000;

/** Nonce of the style elements of the page that answers a request. */
export function styleNonceOf({ locals }: Pick<Response, 'locals'>): string {
  const nonce: unknown = locals['styleNonce'];
  return typeof nonce === 'string' ? nonce : '';
}

/**
 * Security headers of every answer. Scripts come from our own files only. Style elements need this page's nonce (Angular puts
 * it on what it adds); style attributes are allowed, which charts' tooltips use and which can't load or run anything.
 */
export function securityHeaders(): RequestHandler[] {
  return [
    (_request: Request, response: Response, next: NextFunction): void => {
      response.locals['styleNonce'] = randomBytes(16).toString('base64');
      response.setHeader('Permissions-Policy', PERMISSIONS_POLICY);
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'"],
          scriptSrcAttr: ["'none'"],
          styleSrc: ["'self'", "'unsafe-inline'"], // read only by browsers that don't know the two below
          styleSrcElem: ["'self'", (_request, response) => `'nonce-${nonceOfRaw(response)}'`],
          styleSrcAttr: ["'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          workerSrc: ["'self'", 'blob:'],
          objectSrc: ["'none'"],
          baseUri: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          manifestSrc: ["'self'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      frameguard: { action: 'deny' },
      strictTransportSecurity: false, // set below, on https only: on plain http it says nothing
      crossOriginEmbedderPolicy: false,
      // A page on plain http is no secure context, where browsers warn about these two.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
    }),
    (request: Request, response: Response, next: NextFunction): void => {
      if (request.secure) {
        response.setHeader('Strict-Transport-Security', `max-age=${HSTS_SECONDS}; includeSubDomains`);
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      }
      next();
    },
  ];
}

/** helmet hands out node's own response type, of which ours is one. */
function nonceOfRaw(response: object): string {
  return 'locals' in response && typeof response.locals === 'object' && response.locals !== null
    ? styleNonceOf({ locals: response.locals })
    : '';
}
