import { expect, test } from "vitest";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { ErrorSignatures } from "./log-signatures.ts";

const line = (slot: SlotColor, at: number, text: string): LogLine => ({
  ...{ id: `${slot}-${at}-${text}`, at, stream: slot, taskId: null, slot },
  ...{ level: "error", text },
});
/** A text of letters alone, so that each is a kind of its own. */
const word = (n: number): string =>
  [...n.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join("");

test("tells what only one side has, once both were heard", () => {
  const seen = new ErrorSignatures();
  for (const at of [0, 60_000]) for (const slot of ["blue", "green"] as const) seen.add(line(slot, at, "timeout 3"));
  seen.add(line("green", 61_000, "대출 실패 17"));
  expect(seen.listOnlyIn("green").map(({ text }) => text)).toEqual(["대출 실패 17"]);
  expect(seen.onlyIn("blue")).toBe(0);
});

test("a side with more kinds than are kept makes none of the other's new", () => {
  const seen = new ErrorSignatures();
  for (let n = 0; n < 2500; n++) seen.add(line("blue", n * 30, `kind ${word(n)}`));
  seen.add(line("green", 1000, "first"));
  // Written by blue as well, when no more kinds were kept.
  seen.add(line("green", 70_000, `kind ${word(2400)}`));
  expect(seen.listOnlyIn("green")).toEqual([]);
});
