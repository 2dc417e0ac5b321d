import 'reflect-metadata';
import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

/** Where Nest keeps what each parameter of a handler is: `type:index` → details. */
const ROUTE_ARGS = '__routeArguments__';
/** Nest's number for `@Query()`. */
const QUERY = '4';

/** Name of the DTO class that each handler takes its whole query as, by `Controller_method`. */
export function queryTypes(app: INestApplication): Map<string, string> {
  const found = new Map<string, string>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as object;
      for (const method of Object.getOwnPropertyNames(prototype)) {
        const type = queryTypeOf(metatype, prototype, method);
        if (type !== undefined) found.set(`${metatype.name}_${method}`, type);
      }
    }
  }
  return found;
}

function queryTypeOf(controller: object, prototype: object, method: string): string | undefined {
  const parameters = Reflect.getMetadata(ROUTE_ARGS, controller, method) as
    Record<string, { data?: unknown }> | undefined;
  const types = Reflect.getMetadata('design:paramtypes', prototype, method) as unknown[] | undefined;
  for (const [key, { data }] of Object.entries(parameters ?? {})) {
    const [kind, index] = key.split(':');
    const type = types?.[Number(index)];
    if (kind === QUERY && data === undefined && typeof type === 'function') return type.name;
  }
  return undefined;
}
