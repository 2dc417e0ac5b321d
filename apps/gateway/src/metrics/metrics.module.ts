import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';
import { QueueGauges } from './queue-gauges.js';
import { RequestTimer } from './request-timer.js';

/** `GET /metrics`. Features note what they do in {@link Metrics}; what the fleet looks like is read when it is asked for. */
@Global()
@Module({ controllers: [MetricsController], providers: [Metrics, QueueGauges, RequestTimer], exports: [Metrics] })
export class MetricsModule {}
