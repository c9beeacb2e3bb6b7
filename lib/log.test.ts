import { expect, onTestFinished, test, vi } from "vitest";
import { formatLine, log, logAs } from "./log.ts";

const AT = new Date("2026-01-02T03:04:05.678Z");
const line = (fields: Record<string, unknown>) => JSON.parse(formatLine("info", "It happened", fields, AT));

test("is one JSON line with time, level, message and fields", () => {
  const text = formatLine("warn", "two\nlines", { pid: 7 }, AT);
  expect(text).not.toContain("\n");
  expect(JSON.parse(text)).toEqual({ time: AT.toISOString(), level: "warn", message: "two\nlines", pid: 7 });
});

test.each([
  { clientSecret: "hidden" },
  { headers: { Authorization: "hidden", cookie: "hidden" } },
  { error: new Error("connect postgres://user:hidden@host/db failed") },
  { error: Object.assign(new Error("x"), { password: "hidden" }) },
  { text: "Bearer hidden-hidden-hidden" },
  { error: new Error("outer", { cause: new Error("Basic hiddenhidden") }) },
])("blanks secrets in %j", (fields) => {
  expect(JSON.stringify(line(fields))).not.toContain("hidden");
});

test("keeps numbers that are called token, and an error's code", () => {
  expect(line({ token: 7, error: Object.assign(new Error("x"), { code: "EACCES" }) })).toMatchObject({
    token: 7,
    error: { name: "Error", message: "x", code: "EACCES" },
  });
});

test("survives cycles and big integers", () => {
  const cyclic: Record<string, unknown> = { big: 12n };
  cyclic.self = cyclic;
  expect(line(cyclic).big).toBe("12");
});

test("a line has the id of the request that is being answered, and what goes on afterwards has none", async () => {
  vi.stubEnv("SWITCHYARD_LOG_LEVEL", "info");
  onTestFinished(() => void vi.unstubAllEnvs());
  const said: { message: string; requestId?: string }[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(JSON.parse(String(text)));
    return true;
  });
  let goOn = () => {};
  let background = Promise.resolve();
  await Promise.all([
    logAs("r-1", async () => {
      background = new Promise<void>((resolve) => {
        goOn = resolve;
      }).then(() => log.info("after"));
      log.info("one");
    }),
    logAs("r-2", async () => log.info("two")),
    logAs(null, async () => log.info("nobody's")),
  ]);
  goOn();
  await background;
  write.mockRestore();
  expect(said.map(({ message, requestId }) => [message, requestId])).toEqual([
    ["one", "r-1"],
    ["two", "r-2"],
    ["nobody's", undefined],
    ["after", undefined],
  ]);
});
