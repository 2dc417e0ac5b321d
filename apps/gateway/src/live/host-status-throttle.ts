/**
 * Lets one notice a host through per interval: the first at once, later ones folded into one at the interval's end, so the
 * last state is always shown. `emit` is called with the host's id and reads the state itself.
 */
export class HostStatusThrottle {
  private readonly running = new Map<string, { timer: NodeJS.Timeout; isDirty: boolean }>();

  constructor(
    private readonly intervalMs: number,
    private readonly emit: (hostId: string) => void,
  ) {}

  notice(hostId: string): void {
    const current = this.running.get(hostId);
    if (current !== undefined) {
      current.isDirty = true;
      return;
    }
    const timer = setTimeout(() => this.elapsed(hostId), this.intervalMs);
    timer.unref();
    this.running.set(hostId, { timer, isDirty: false });
    this.emit(hostId);
  }

  stop(): void {
    for (const { timer } of this.running.values()) clearTimeout(timer);
    this.running.clear();
  }

  private elapsed(hostId: string): void {
    const wasDirty = this.running.get(hostId)?.isDirty === true;
    this.running.delete(hostId);
    if (wasDirty) this.notice(hostId);
  }
}
