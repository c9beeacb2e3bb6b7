import { expect, test } from "vitest";
import type { Result } from "../domain/verb/blocker.ts";
import { NotReadYet } from "../observe/patience.ts";
import { ASKS_AWS, ask } from "./ask.ts";
import type { Context } from "./context.ts";

// Safe because no more than these is asked.
const ctx = {
  identity: { id: "kim", name: "Kim", role: "viewer", via: "session", authenticatedAt: 1 },
  runtime: { now: () => 1 },
} as unknown as Context;
const never = () => new Promise<Result<string>>(() => undefined);

test("a question that AWS does not answer is refused after its patience, as something to ask again", async () => {
  expect(await ask(ctx, null, never, { cost: ASKS_AWS, patienceMs: 5 })).toMatchObject({
    ok: false,
    code: "AWS_UNAVAILABLE",
    fix: "Try again in a moment",
  });
});

test("what AWS does not answer while nothing is known is no error of ours", async () => {
  const unread = () => Promise.reject(new NotReadYet("library"));
  expect(await ask(ctx, null, unread, { cost: ASKS_AWS })).toMatchObject({
    ok: false,
    code: "AWS_UNAVAILABLE",
    message: expect.stringContaining("library"),
  });
});
