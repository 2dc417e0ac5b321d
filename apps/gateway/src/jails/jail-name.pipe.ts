import { JAIL_NAME } from '@bailiff/contracts/http';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { UnsafeJailNameError } from './unsafe-jail-name.error.js';

/** Lets only names through that commands can be sent for. */
@Injectable()
export class JailNamePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!JAIL_NAME.test(value)) throw new UnsafeJailNameError(value);
    return value;
  }
}
