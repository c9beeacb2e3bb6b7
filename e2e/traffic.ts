import http from "node:http";
import { performance } from "node:perf_hooks";

/** What one side answered, by the client's own clock (epoch ms). */
interface SideSeen {
  count: number;
  firstAt: number;
  lastAt: number;
}

/** The client's own record of what it sent and got. */
interface TrafficRecord {
  sent: number;
  answered: number;
  /** Anything that is not a 2xx: status or error code, and from when to when it was waited for. */
  failures: { sentAt: number; at: number; what: string }[];
  bySlot: Record<string, SideSeen>;
  latenciesMs: number[];
}

/** A client that keeps sending; `record` may be read at any time. */
export interface Traffic {
  record: TrafficRecord;
  /** Stops sending, waits for the open requests and returns the record. */
  stop(): Promise<TrafficRecord>;
}

/**
 * Sends GET requests at a steady rate (open loop: a slow answer does not slow the sender) over kept-alive connections,
 * and reads from the header X-Slot which side answered.
 */
export function startTraffic(url: string, ratePerSecond: number, path = "/"): Traffic {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
  const target = new URL(path, url);
  const record: TrafficRecord = { sent: 0, answered: 0, failures: [], bySlot: {}, latenciesMs: [] };
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  let isStopped = false;

  const sendOne = () => {
    record.sent++;
    const sentAt = performance.now();
    const done = new Promise<void>((resolve) => {
      const fail = (what: string) => {
        const at = Date.now();
        record.failures.push({ sentAt: at - (performance.now() - sentAt), at, what });
        resolve();
      };
      const request = http.get(target, { agent, timeout: 10_000 }, (response) => {
        response.resume();
        response.once("error", (error) => fail(error.message));
        response.once("end", () => {
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 299) return fail(`status ${status}`);
          record.answered++;
          record.latenciesMs.push(performance.now() - sentAt);
          const slot = String(response.headers["x-slot"] ?? "unknown");
          const now = Date.now();
          const seen = record.bySlot[slot];
          if (seen) {
            seen.count++;
            seen.lastAt = now;
          } else record.bySlot[slot] = { count: 1, firstAt: now, lastAt: now };
          resolve();
        });
      });
      request.once("timeout", () => request.destroy(new Error("no answer within 10 s")));
      request.once("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    });
    open.add(done);
    void done.finally(() => open.delete(done));
  };

  const timer = setInterval(() => {
    if (isStopped) return;
    const due = Math.floor(((performance.now() - startedAt) / 1000) * ratePerSecond);
    while (record.sent < due) sendOne();
  }, 5);

  return {
    record,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return record;
    },
  };
}
