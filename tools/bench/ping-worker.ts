// A client of fail2ban on a thread of its own, so that what the bench does meanwhile does not slow its clock down.
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { RawSocket } from './raw-socket.ts';

const { socketPath, pauseMs } = workerData as { socketPath: string; pauseMs: number };
const socket = await RawSocket.connect(socketPath);
const ping = RawSocket.prepare(['ping']);

parentPort?.on('message', (durationMs: number) => void measure(durationMs));

async function measure(durationMs: number): Promise<void> {
  const samples: number[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    const startedAt = performance.now();
    await socket.send(ping);
    samples.push(performance.now() - startedAt);
    await delay(pauseMs);
  }
  parentPort?.postMessage(samples);
}
