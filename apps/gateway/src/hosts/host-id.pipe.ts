import { HOST_ID } from '@bailiff/contracts/http';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { UnknownHostError } from './host.errors.js';

/** Lets only host ids through; anything else names no host. */
@Injectable()
export class HostIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!HOST_ID.test(value)) throw new UnknownHostError(value.slice(0, 40));
    return value;
  }
}
