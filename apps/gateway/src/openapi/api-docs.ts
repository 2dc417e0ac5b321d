import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { openApiDocument } from './openapi-document.js';

/** Where the description of the API lives. */
const DOCS_PATH = 'api/docs';

/** Swagger UI's page has one inline style block and images as data: looser for these files only, still no inline script. */
const DOCS_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the API's description at `/api/docs` (Swagger UI) and `/api/docs/openapi.json`. */
export function serveApiDocs(app: INestApplication): void {
  app.use(`/${DOCS_PATH}`, (_request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('Content-Security-Policy', DOCS_POLICY);
    next();
  });
  SwaggerModule.setup(DOCS_PATH, app, () => openApiDocument(app), {
    jsonDocumentUrl: `${DOCS_PATH}/openapi.json`,
    customSiteTitle: 'Bailiff API',
  });
}
