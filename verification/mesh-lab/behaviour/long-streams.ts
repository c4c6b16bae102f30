/** Streams of over a minute while a pod of their service terminates. */
import { type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment } from '../../../model/environment';
import { publicStreams } from '../../../model/streams';
import { assertThat, type LabTest } from '../../support/lab-test';
import { until } from '../../support/until';
import { type Mesh } from '../mesh/mesh';
import { withExperiment } from './experiment';
import { terminate } from './shutdown';
import { openEvents, type OpenEvents } from './open-events';
import { testedStreams, type PublicStream } from './streams';

const SECONDS = 70;
const EVENT_EVERY_MS = 1_000;
/** On two pods, all are on one in one of 500 runs. */
const STREAMS = 10;
const TERMINATED_AFTER_MS = 5_000;
const SLACK_MS = 2_500;
const OPEN_LIMIT_MS = 10_000;
/** One of the pods terminates. */
export const STREAMING_PODS = 2;

/** The workload that gets {@link STREAMING_PODS} pods. */
export function streamingWorkload({ services }: Environment): string | undefined {
  return services.find((service) =>
    publicStreams(service).some(({ stream, methods }) => !stream.webSocket && methods.includes('GET')),
  )?.versions[0].workload;
}

export function longStreamTests(mesh: Mesh): LabTest[] {
  const streaming = testedStreams(mesh).find(
    ({ stream, request }) => !stream.webSocket && request.method === 'GET',
  );
  return streaming === undefined ? [] : [longStreamTest(mesh, streaming)];
}

function longStreamTest(mesh: Mesh, { route: { service }, request, stream }: PublicStream): LabTest {
  const { workload } = service.versions[0];
  const terminated = `${workload}-0`;
  return {
    id: `streams/${service.name}-for-${SECONDS}-s`,
    title: `streams of ${service.name} stay open for ${SECONDS} s; those of a terminating pod get ${stream.drainSeconds} s, and open again at another`,
    run: () =>
      withExperiment(
        mesh,
        [workload],
        () => ({ write: sendEvents }),
        async ({ headers }) => {
          const started = performance.now();
          const clients = Array.from(
            { length: STREAMS },
            () => new EventClient(mesh, { ...request, headers: { ...request.headers, ...headers } }),
          );
          await sleep(TERMINATED_AFTER_MS);
          await until(() => clients.every(({ streams }) => streams.length > 0), {
            everyMs: 50,
            limitMs: OPEN_LIMIT_MS,
            otherwise: () => new Error('a stream does not open'),
          });
          const terminatedAt = performance.now();
          const termination = terminate(mesh, terminated);
          await sleep(started + SECONDS * 1_000 - performance.now());
          for (const client of clients) client.stop();
          await termination;
          const affected = clients.filter(({ streams }) => streams[0]?.pod() === terminated);
          const others = clients.filter((client) => !affected.includes(client));
          assertThat(
            affected.length > 0 && others.length > 0,
            `inconclusive: ${affected.length} of ${STREAMS} streams were on ${terminated}`,
          );
          for (const { streams } of others)
            assertThat(
              streams.length === 1,
              `a stream of another pod was cut: ${historyOf(streams, started)}`,
            );
          const lasted = affected.map(({ streams }) => (streams[0]?.endedAt() ?? Infinity) - terminatedAt);
          assertThat(
            Math.min(...lasted) >= stream.drainSeconds * 1_000,
            `a stream was cut ${Math.min(...lasted).toFixed(0)} ms after SIGTERM`,
          );
          for (const { streams } of affected)
            assertThat(
              streams.length === 2 && streams[1]?.pod() !== terminated,
              `after SIGTERM: ${historyOf(streams, started)}`,
            );
          const gap = Math.max(...clients.map((client) => client.longestGapMs()));
          assertThat(gap < EVENT_EVERY_MS + SLACK_MS, `a client had no event for ${gap.toFixed(0)} ms`);
          return {
            seen: `${others.length} streams of ${SECONDS} s; ${affected.length} of ${terminated} were cut ${(Math.min(...lasted) / 1_000).toFixed(0)} s after SIGTERM and opened again; the longest gap was ${gap.toFixed(0)} ms`,
          };
        },
      ),
  };
}

function historyOf(opened: readonly OpenEvents[], started: number): string {
  const seconds = (time: number | undefined) =>
    time === undefined ? 'open' : `${((time - started) / 1_000).toFixed(1)} s`;
  return opened
    .map(
      ({ status, pod, events, endedAt }) =>
        `${status()} of ${pod()} from ${seconds(events[0])} to ${seconds(endedAt())}`,
    )
    .join(', ');
}

function sendEvents(response: ServerResponse): void {
  response.write('data: event\n\n');
  const timer = setInterval(() => response.write('data: event\n\n'), EVENT_EVERY_MS);
  response.on('close', () => clearInterval(timer));
}

/** Opens the stream again when it ends, as browsers do. */
class EventClient {
  private readonly opened: OpenEvents[] = [];
  private stopped = false;

  constructor(
    private readonly mesh: Mesh,
    private readonly request: Parameters<typeof openEvents>[1],
  ) {
    void this.run();
  }

  /** Those that were answered. A proxy does not retry one that finds no connection, so clients do. */
  get streams(): readonly OpenEvents[] {
    return this.opened.filter(({ status }) => status() === 200);
  }

  stop(): void {
    this.stopped = true;
    for (const { close } of this.opened) close();
  }

  longestGapMs(): number {
    const times = this.opened.flatMap(({ events }) => events);
    return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const current = openEvents(this.mesh, this.request);
      this.opened.push(current);
      while (current.endedAt() === undefined) await sleep(20);
      await sleep(100);
    }
  }
}
