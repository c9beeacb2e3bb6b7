import { expect, onTestFinished, test, vi } from "vitest";
import { handleChange, handleRead } from "./handle.ts";

const RUNTIME = Symbol.for("switchyard.runtime");
const URL_OF = "http://x/api/v1/applications";

/** The process's runtime is this until the test ends. */
function putRuntime(runtime: object): void {
  const process_ = globalThis as unknown as Record<symbol, unknown>;
  const before = process_[RUNTIME];
  process_[RUNTIME] = { promise: Promise.resolve(runtime), current: runtime, stopping: null };
  onTestFinished(() => {
    process_[RUNTIME] = before;
  });
}

test("a question does not begin before what people asked for is on its way, and a change never waits", async () => {
  const turn = Promise.withResolvers<void>();
  const begun: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
  // Who asks is found out first, and that fails here.
  const runtime = (method: string) => ({
    engine: { turn: () => turn.promise },
    get tokens() {
      return begun.push(method);
    },
  });
  putRuntime(runtime("GET"));
  const read = handleRead(new Request(URL_OF), async () => Response.json({}));
  await new Promise(setImmediate);
  expect(begun).toEqual([]);
  putRuntime(runtime("POST"));
  await handleChange(new Request(URL_OF, { method: "POST" }), async () => Response.json({}));
  expect(begun).toEqual(["POST"]);
  turn.resolve();
  await read;
  expect(begun).toEqual(["POST", "GET"]);
});

test("a request that fails is logged by its path alone: what it asked for may be a secret or a person", async () => {
  // Nothing of it is there, so that every request fails.
  putRuntime({});
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => Boolean(lines.push(String(text))));
  onTestFinished(() => write.mockRestore());
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
