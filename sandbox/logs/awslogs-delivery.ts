import type { LogSink, SandboxBase } from "../service.ts";

/** How long lines are on their way, ms. */
export interface LogDelay {
  /** Docker's awslogs driver sends what a container wrote at most so often: 5,000. */
  batchMs: number;
  /** From then until CloudWatch Logs has it. */
  ingestionMs: number;
}

/** What is usual on AWS. The first figure is Docker's own; nobody documents the second, which is an assumption. */
export const AWSLOGS_DELAY: LogDelay = { batchMs: 5_000, ingestionMs: 1_000 };

/** Holds what each container writes back as the awslogs driver does: its own batches, and the time that ingestion takes. */
export function delayed(base: SandboxBase, sink: LogSink, delay: LogDelay): LogSink & { drop(): void } {
  const waiting = new Map<string, Parameters<LogSink["write"]>>();
  let generation = 0;
  const later = (ms: number, act: () => void) => {
    const own = generation;
    base.clock.after(ms, () => {
      if (own === generation) act();
    });
  };
  return {
    write(group, stream, events) {
      const key = `${group}\n${stream}`;
      const held = waiting.get(key);
      if (held) {
        waiting.set(key, [group, stream, [...held[2], ...events]]);
        return;
      }
      waiting.set(key, [group, stream, [...events]]);
      later(delay.batchMs, () => {
        const batch = waiting.get(key);
        waiting.delete(key);
        if (batch) later(delay.ingestionMs, () => sink.write(...batch));
      });
    },
    drop() {
      generation += 1;
      waiting.clear();
    },
  };
}
