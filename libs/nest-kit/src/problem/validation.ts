import type { ProblemField } from '@bailiff/contracts/http';
import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

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
    const pointer = `${base}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
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

class StrictPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
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
