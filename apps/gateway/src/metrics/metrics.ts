import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { VERSION } from '../core/version.js';

/** HTTP answers: from a cached page to an export. Seconds. */
const REQUEST_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Commands: from a loopback ping to a reload of a large jail. Seconds. */
const COMMAND_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 20, 60];

type Refresh = () => Promise<void>;

/**
 * What Prometheus reads of this gateway. A registry of its own, not the library's global one: two gateways in one process
 * (as in tests) do not mix. `docs/metrics.md` explains every metric.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly refreshes: Refresh[] = [];
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly commands: Histogram<'command' | 'outcome'>;
  private readonly events: Counter<'kind' | 'origin'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    const registers = [this.registry];
    new Gauge({ name: 'bailiff_build_info', help: 'Version of this gateway', labelNames: ['version'], registers }).set(
      { version: VERSION },
      1,
    );
    this.requests = new Histogram({
      name: 'bailiff_http_request_duration_seconds',
      help: 'Time to answer an HTTP request, by route as registered',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_BUCKETS,
      registers,
    });
    this.commands = new Histogram({
      name: 'bailiff_command_duration_seconds',
      help: 'Time from asking an agent to its signed answer; outcome is ok or a problem code',
      labelNames: ['command', 'outcome'],
      buckets: COMMAND_BUCKETS,
      registers,
    });
    this.events = new Counter({
      name: 'bailiff_events_total',
      help: 'Bans, unbans and failures this gateway has stored since it started',
      labelNames: ['kind', 'origin'],
      registers,
    });
  }

  /** @param route as registered, never the address asked for: that would make a series of every address */
  observeRequest(labels: { method: string; route: string; status: number }, seconds: number): void {
    this.requests.observe(labels, seconds);
  }

  observeCommand(command: string, outcome: string, seconds: number): void {
    this.commands.observe({ command, outcome }, seconds);
  }

  /** Newly stored ones. @param origin of a ban or unban; failures have none */
  countEvents(kind: 'ban' | 'unban' | 'failure', origin: string, count: number): void {
    this.events.inc({ kind, origin }, count);
  }

  /** Has something read anew before each scrape. */
  beforeScrape(refresh: Refresh): void {
    this.refreshes.push(refresh);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything in Prometheus' text format. @throws whatever a source throws: half a scrape would look like a drop */
  async text(): Promise<string> {
    await Promise.all(this.refreshes.map((refresh) => refresh()));
    return this.registry.metrics();
  }
}
