import { expect, test } from "vitest";
import { createAnswerWatch } from "./answer-watch.ts";

const { signal } = new AbortController();

test("an answer that is the same is not sent again, one that differs is told once, and a failure changes nothing", async () => {
  let tag = '"a"';
  let isDown = false;
  const sent: (string | null)[] = [];
  const ask = async (_address: unknown, init?: RequestInit) => {
    if (isDown) throw new TypeError("no connection");
    const known = new Headers(init?.headers).get("if-none-match");
    sent.push(known);
    return known === tag ? new Response(null, { status: 304 }) : new Response("[]", { headers: { etag: tag } });
  };
  const watch = createAnswerWatch("/waits", ask);
  expect(await watch.hasChanged(signal)).toBe(true);
  expect(await watch.hasChanged(signal)).toBe(false);
  tag = '"b"';
  isDown = true;
  expect(await watch.hasChanged(signal)).toBe(false);
  isDown = false;
  expect(await watch.hasChanged(signal)).toBe(true);
  expect(await watch.hasChanged(signal)).toBe(false);
  expect(sent).toEqual([null, '"a"', '"a"', '"b"']);
});

test("while an answer is awaited nothing is asked beside it", async () => {
  const first = Promise.withResolvers<Response>();
  let asked = 0;
  const watch = createAnswerWatch("/waits", () => {
    asked += 1;
    return first.promise;
  });
  const one = watch.hasChanged(signal);
  expect(await watch.hasChanged(signal)).toBe(false);
  first.resolve(new Response("[]", { headers: { etag: '"a"' } }));
  expect(await one).toBe(true);
  expect(asked).toBe(1);
});
