import { Agent, request } from "node:http";

/** Requests the built-in visitors have sent and how they ended. */
interface VisitorStats {
  requestsPerSecond: number;
  sent: number;
  ok: number;
  failed: number;
}

/** Visitors at work. */
export interface Visitors {
  stats(): VisitorStats;
  stop(): void;
}

const TICK_MS = 50;
const TIMEOUT_MS = 10_000;
const PATHS = ["/", "/books", "/", "/books/7", "/", "/loans", "/books/12"];

/** Sends requests at a steady rate to the address, which is asked for every time, as a reset changes it. */
export function startVisitors(address: () => string | undefined, requestsPerSecond: number): Visitors {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const stats: VisitorStats = { requestsPerSecond, sent: 0, ok: 0, failed: 0 };
  const start = performance.now();
  const timer = setInterval(() => {
    const url = address();
    // After a pause of the machine the missed requests are left out, or they would arrive all at once.
    const due = Math.floor(((performance.now() - start) * requestsPerSecond) / 1000) - stats.sent;
    const batch = Math.min(due, Math.ceil((requestsPerSecond * TICK_MS) / 1000) * 2);
    for (let index = 0; index < batch; index++) {
      const path = PATHS[stats.sent % PATHS.length] ?? "/";
      stats.sent += 1;
      if (url) visit(`${url}${path}`);
    }
  }, TICK_MS);
  timer.unref();

  function visit(url: string): void {
    const outgoing = request(url, { agent, timeout: TIMEOUT_MS }, (response) => {
      if ((response.statusCode ?? 500) < 500) stats.ok += 1;
      else stats.failed += 1;
      response.on("error", () => undefined);
      response.resume();
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("timeout")));
    outgoing.on("error", () => {
      stats.failed += 1;
    });
    outgoing.end();
  }

  return {
    stats: () => ({ ...stats }),
    stop() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}
