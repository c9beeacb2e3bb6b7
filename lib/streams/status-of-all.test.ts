import { expect, test } from "vitest";
import type { LogTailMode } from "../domain/observation/log-line.ts";
import { createStatusOfAll } from "./status-of-all.ts";

const status = (mode: LogTailMode, message: string | null = null) => ({
  type: "status" as const,
  mode,
  message,
  at: 0,
});

test("one group's status is told as it is", () => {
  const tell = createStatusOfAll(["/a"]);
  expect(tell("/a", status("failed", "gone"))).toEqual(status("failed", "gone"));
});

test("of several groups, those that cannot be read are named, and it has failed only where none can", () => {
  const tell = createStatusOfAll(["/a", "/b"]);
  expect(tell("/a", status("live"))?.mode).toBe("connecting");
  expect(tell("/b", status("failed", "does not exist"))).toMatchObject({ mode: "live", message: "/b: does not exist" });
  expect(tell("/b", status("failed", "does not exist"))).toBeNull();
  expect(tell("/a", status("failed", "denied"))).toMatchObject({
    mode: "failed",
    message: "/a: denied; /b: does not exist",
  });
  expect(tell("/b", status("live"))).toMatchObject({ mode: "live", message: "/a: denied" });
  expect(tell("/a", status("live"))).toMatchObject({ mode: "live", message: null });
});
