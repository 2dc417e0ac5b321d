import { HEADERS, SESSION_COOKIE } from '@bailiff/contracts/http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from '../core/version.js';
import { type Answer, answerOf, componentSchemas } from './component-schemas.js';
import type { SchemaPart } from './constraints.js';
import { queryTypes } from './query-types.js';

interface Operation {
  operationId?: string;
  parameters?: unknown[];
  responses: Record<string, unknown>;
  description?: string;
}
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** What the routes say in their paths and headers; queries and bodies are described where their classes are. */
const PARAMETERS: Readonly<Record<string, string>> = {
  id: 'Its id, as the answer that made it or the list of them says.',
  hostId: 'Id of the host: 16 hexadecimal digits.',
  jail: 'Name of the jail.',
  actId: 'Id of the act, from the answer that began it.',
  [HEADERS.setupToken.toLowerCase()]: 'The one-time token that the gateway printed when it started.',
};

/** The OpenAPI document of the API, from the routes as they are registered and the contracts' own source. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, description());
  document.openapi = '3.1.0';
  const schemas = componentSchemas();
  const queries = queryTypes(app);
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation === undefined) continue;
      complete(operation, schemas, queries.get(operation.operationId ?? ''), method);
    }
  }
  document.components = {
    ...document.components,
    schemas,
  };
  return document;
}

function description(): Parameters<typeof SwaggerModule.createDocument>[1] {
  return new DocumentBuilder()
    .setTitle('Bailiff')
    .setDescription(
      'Monitors, manages and configures fail2ban on one host or a fleet. Errors are RFC 9457 problem details; read `code`, ' +
        `never the text. Lists are paged by \`nextCursor\`. Requests that change something and use the session cookie need ` +
        `the header \`${HEADERS.request}: 1\` and come from the application's own pages; API tokens need neither.`,
    )
    .setVersion(VERSION)
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE }, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token: `blf_…`' }, 'token')
    .build();
}

function complete(
  operation: Operation,
  schemas: Record<string, SchemaPart>,
  queryType: string | undefined,
  method: (typeof METHODS)[number],
): void {
  const answer = answerOf(operation.operationId ?? '');
  if (answer !== undefined && answer.type in schemas) {
    const status =
      Object.keys(operation.responses).find((code) => code.startsWith('2')) ?? (method === 'post' ? '201' : '200');
    operation.responses[status] = {
      description: 'Done',
      content: { 'application/json': { schema: schemaOf(answer) } },
    };
  }
  operation.responses['default'] = {
    description: 'Refused or failed',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  if (queryType !== undefined) {
    const own = (operation.parameters ?? []).filter((parameter) => !isQuery(parameter));
    operation.parameters = [...own, ...queryParameters(schemas[queryType] ?? {})];
  }
  describe(operation);
}

function describe(operation: Operation): void {
  for (const parameter of (operation.parameters ?? []) as { name: string; description?: string }[]) {
    const about = PARAMETERS[parameter.name];
    if (about !== undefined) parameter.description ??= about;
  }
  for (const response of Object.values(operation.responses) as { description?: string }[])
    response.description ||= 'Done';
}

function schemaOf({ type, shape }: Answer): SchemaPart {
  const item = { $ref: `#/components/schemas/${type}` };
  if (shape === 'one') return item;
  const list = { type: 'array', items: item };
  if (shape === 'list') return list;
  return {
    type: 'object',
    required: ['items', 'nextCursor', 'total'],
    properties: {
      items: list,
      nextCursor: {
        type: ['string', 'null'],
        description: 'Pass as `cursor` for the next page; null on the last one.',
      },
      total: {
        type: ['integer', 'null'],
        description: 'Rows over all pages; null where counting would cost too much.',
      },
    },
  };
}

function isQuery(parameter: unknown): boolean {
  return typeof parameter === 'object' && parameter !== null && 'in' in parameter && parameter.in === 'query';
}

function queryParameters(schema: SchemaPart): unknown[] {
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const properties = (schema['properties'] ?? {}) as Record<string, SchemaPart>;
  return Object.entries(properties).map(([name, { description: about, ...rest }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(about === undefined ? {} : { description: about }),
    schema: rest,
  }));
}
