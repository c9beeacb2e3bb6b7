import { setImmediate as nextCheck } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { inTime, within } from "./within.ts";

/** Resolves when the other end has sent, as an answer from a socket would: only once this process comes round to read it. */
function answerOf({ port1, port2 }: MessageChannel): Promise<string> {
  const answer = new Promise<string>((resolve) => port1.once("message", resolve));
  port2.postMessage("here");
  return answer;
}

function keepBusyFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test("an answer that came while this process was busy came in time", async () => {
  const channel = new MessageChannel();
  // From here Node looks at its timers before it reads what came.
  await nextCheck();
  const waiting = inTime(1, answerOf(channel));
  keepBusyFor(20);
  expect(await waiting).toEqual({ value: "here" });
  channel.port1.close();
});

test("work that takes too long is left to itself, and its failure afterwards troubles nobody", async () => {
  const work = Promise.withResolvers<void>();
  expect(await inTime(1, work.promise)).toBeNull();
  await expect(within(1, work.promise)).rejects.toThrow("No answer within 1 ms");
  work.reject(new Error("late"));
  await nextCheck();
});

test("a failure in time is the caller's", async () => {
  await expect(inTime(1_000, Promise.reject(new Error("refused")))).rejects.toThrow("refused");
});
