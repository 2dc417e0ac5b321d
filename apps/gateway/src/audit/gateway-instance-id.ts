import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** Which of all gateways that ever ran this process is. */
@Injectable()
export class GatewayInstanceId {
  readonly id = randomUUID();
}
