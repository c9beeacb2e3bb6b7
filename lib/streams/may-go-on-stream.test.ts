import { expect, test, vi } from "vitest";
import { createEventStream, type MayGoOn } from "./event-stream.ts";

async function wordsUntilEnd(answers: Awaited<ReturnType<MayGoOn>>[]): Promise<{ text: string; asked: number }> {
  vi.useFakeTimers();
  try {
    let asked = 0;
    const stream = createEventStream({
      signal: new AbortController().signal,
      start: () => () => undefined,
      mayGoOn: async () => answers[asked++] ?? "yes",
    });
    const reader = stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
    const read = (async () => {
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return text;
        text += value;
      }
    })();
    for (let i = 0; i <= answers.length; i++) await vi.advanceTimersByTimeAsync(1000);
    return { text: await read, asked };
  } finally {
    vi.useRealTimers();
  }
}

test("a stream goes on while it may, and ends without a word once its asker is shut out", async () => {
  const { text, asked } = await wordsUntilEnd(["yes", "yes", "over"]);
  expect(asked).toBe(3);
  expect(text).not.toContain("event: access");
});

test("a stream whose asker's roles have changed ends with a word to look anew", async () => {
  const { text, asked } = await wordsUntilEnd(["yes", "changed"]);
  expect(asked).toBe(2);
  expect(text).toContain("event: access");
});
