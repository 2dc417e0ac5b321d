import { JAIL_NAME } from '@bailiff/contracts/http';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { UnknownJailError } from './unknown-jail.error.js';

/** Lets only names through that a jail can have. */
@Injectable()
export class JailNamePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!JAIL_NAME.test(value)) throw new UnknownJailError(value.slice(0, 64));
    return value;
  }
}
