import { type TestClock, testClock } from "../clock.ts";
import type { Call } from "../service.ts";
import { createLogs, type LogsOptions, type SimulatedLogs } from "./create-logs.ts";

/** Logs on a hand-driven clock, with handlers called as the protocol layer would. For tests. */
export interface LogsFixture extends SimulatedLogs {
  clock: TestClock;
  /** Runs one operation; `Output` is the SDK's output type. */
  call<Output>(operation: string, input: object, signal?: AbortSignal): Output;
}

/** A fresh service in account 123456789012, ap-northeast-2. */
export function logsFixture(options?: LogsOptions): LogsFixture {
  const clock = testClock();
  const place = { accountId: "123456789012", region: "ap-northeast-2" };
  const logs = createLogs({ clock, place, random: () => 0.5 }, options);
  return {
    ...logs,
    clock,
    call<Output>(operation: string, input: object, signal = new AbortController().signal): Output {
      const handler = logs.service.operations[operation];
      if (!handler) throw new Error(`no operation ${operation}`);
      const call: Call = { requestId: "request-1", signal };
      return handler(input, call) as Output;
    },
  };
}

/** Seconds of events in one stream: one at each of the next `count` seconds, named `prefix 0`, `prefix 1`, … */
export function writeLines(fixture: LogsFixture, logStream: string, count: number, prefix = logStream): void {
  for (let index = 0; index < count; index++) {
    fixture.clock.advance(1000);
    fixture.sink.write("/ecs/app", logStream, [{ timestamp: fixture.clock.now(), message: `${prefix} ${index}` }]);
  }
}
