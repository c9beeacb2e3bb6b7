import { expect, onTestFinished, test, vi } from "vitest";
import { handleRead } from "./handle.ts";

const RUNTIME = Symbol.for("switchyard.runtime");

test("a request that fails is logged by its path alone: what it asked for may be a secret or a person", async () => {
  const process_ = globalThis as unknown as Record<symbol, unknown>;
  const before = process_[RUNTIME];
  // Nothing of it is there, so that every request fails.
  process_[RUNTIME] = { promise: Promise.resolve({}), current: {}, stopping: null };
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(lines.push(String(text))));
  onTestFinished(() => {
    write.mockRestore();
    process_[RUNTIME] = before;
  });
  const response = await handleRead(
    new Request("http://x/api/v1/applications/library/logs?filter=hunter2&actor=kim%40example.com"),
    async () => Response.json({}),
  );
  expect(response.status).toBe(500);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    message: "A request failed",
    method: "GET",
    path: "/api/v1/applications/library/logs",
  });
  expect(lines.join()).not.toMatch(/hunter2|kim/);
  expect(await response.text()).not.toMatch(/hunter2|kim/);
});
