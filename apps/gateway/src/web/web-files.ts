import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { NotFoundError } from '../core/not-found.error.js';
import { styleNonceOf } from './security-headers.js';

/** A file whose name changes with its content: the build puts eight characters of a hash before the extension. */
const HASHED = /-(?=[\w-]*[A-Z0-9])[\w-]{8}\.(?:js|css|woff2?|json|svg|png|webp)$/;
/** Pages whose address ends in a name, which may hold dots: an IP address, a jail. No file lives there. */
const NAMED = /^\/(?:addresses|hosts)\//;
const YEAR_S = 31_536_000;

/**
 * Serves the built web app. Files are files; every other address without an extension, or of a thing with a name, that a browser
 * navigates to is a page of the app and gets `index.html`. `/api` and `/metrics` are never touched, so that a wrong API address is a 404 and not a page.
 * @param webDir folder with `index.html`
 */
export async function webFiles(webDir: string): Promise<RequestHandler[]> {
  const index = await readFile(join(webDir, 'index.html'), 'utf8');
  const files = express.static(webDir, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', HASHED.test(path) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    },
  });
  const sendPage = (response: Response): void => {
    response.setHeader('Cache-Control', 'no-store'); // the nonce inside is for this answer only
    response.type('html').send(withNonce(index, styleNonceOf(response)));
  };
  return [
    (request: Request, response: Response, next: NextFunction): void => {
      if (isOurs(request) || !isRead(request)) return next();
      if (request.path === '/' || request.path === '/index.html') return sendPage(response);
      files(request, response, next);
    },
    (request: Request, response: Response, next: NextFunction): void => {
      if (isOurs(request) || !isRead(request) || !isPage(request)) return next();
      sendPage(response);
    },
  ];
}

/** Gives Angular the nonce for the style elements it adds, and every style element of the page itself. */
function withNonce(html: string, nonce: string): string {
  return html
    .replace(/<bailiff-app\b/, `<bailiff-app ngCspNonce="${nonce}"`)
    .replace(/<style\b/g, `<style nonce="${nonce}"`);
}

/** What is neither the API nor a file nor a page is a 404 in our own words. */
export function nothingOutsideApi(request: Request, _response: Response, next: NextFunction): void {
  if (isOurs(request)) next();
  else next(new NotFoundError('Nothing lives at this address.'));
}

/** Answered by a route of ours, never by a file or a page. */
function isOurs({ path }: Request): boolean {
  return path === '/api' || path.startsWith('/api/') || path === '/metrics';
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether a browser navigates here: it asks for a page, and the last part of the path has no extension. */
function isPage(request: Request): boolean {
  const isFile = /\.[^/]*$/.test(request.path) && !NAMED.test(request.path);
  return !isFile && request.accepts(['html', 'json']) === 'html';
}
