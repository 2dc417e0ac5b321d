import type { ProblemField } from '@bailiff/contracts/http';
import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

const NULL_DETAIL = 'must not be null: leave it out';
const MAX_NULLS = 20;
const MAX_POINTER = 200;

/** A request that does not have the shape its address takes; `fields` says where and why. */
export class InvalidRequestError extends Error {
  readonly code = 'request/invalid';
  readonly kind = 'user';

  constructor(readonly fields: readonly ProblemField[]) {
    super(
      `The request was refused and nothing was changed: ${fields.map((f) => `${f.pointer} ${f.detail}`).join('; ')}`,
    );
    this.name = InvalidRequestError.name;
  }
}

/** Flattens class-validator's tree to JSON pointers. */
export function fieldsOf(errors: readonly ValidationError[], base = ''): ProblemField[] {
  return errors.flatMap((error) => {
    const pointer = pointerTo(base, error.property);
    const own = Object.entries(error.constraints ?? {}).map(([rule, text]) => ({
      pointer,
      detail: rule === 'whitelistValidation' ? 'is not a known field' : withoutName(text, error.property),
    }));
    return [...own, ...fieldsOf(error.children ?? [], pointer)];
  });
}

const withoutName = (text: string, property: string) =>
  text.startsWith(`${property} `)
    ? text.slice(property.length + 1)
    : text.replace(`each value in ${property} `, 'each value ');

/**
 * JSON pointers of the nulls in a value. `@IsOptional()` lets null through where a type says that a field is there or absent:
 * whoever asks whether it is undefined would take it for a number, or for a list of all there is.
 */
export function nullPointers(value: unknown): string[] {
  const found: string[] = [];
  // A list of what is left, since hostile nesting would use up the call stack.
  const rest: [pointer: string, value: unknown][] = [['', value]];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [pointer, part] = next;
    if (part === null) found.push(pointer);
    if (typeof part !== 'object' || part === null) continue;
    for (const [name, inner] of Object.entries(part)) {
      if (typeof inner === 'object') rest.push([pointerTo(pointer, name), inner]);
    }
  }
  return found;
}

const pointerTo = (base: string, name: string) => `${base}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

class StrictPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const nulls = metadata.type === 'body' ? nullPointers(value) : [];
    if (nulls.length > 0)
      throw new InvalidRequestError(
        nulls.slice(0, MAX_NULLS).map((pointer) => ({ pointer: pointer.slice(0, MAX_POINTER), detail: NULL_DETAIL })),
      );
    try {
      return (await super.transform(value, metadata)) as unknown;
    } catch (error) {
      if (!(error instanceof InvalidRequestError) || metadata.type !== 'query') throw error;
      throw new InvalidRequestError(error.fields.map((f) => ({ ...f, pointer: `?${f.pointer.slice(1)}` })));
    }
  }
}

/** The validation pipe of every HTTP app: unknown fields are errors, plain values become DTO instances. */
export function validationPipe(): ValidationPipe {
  return new StrictPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    exceptionFactory: (errors) => new InvalidRequestError(fieldsOf(errors)),
  });
}
