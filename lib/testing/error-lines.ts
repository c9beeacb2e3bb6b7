import { compareErrorKinds, type ErrorComparison, sidesOf } from "../domain/observation/error-kinds.ts";
import type { LogLine } from "../domain/observation/log-line.ts";
import { NOW } from "./facts.ts";

/** What comparing the sides finds where green alone wrote so many lines of one error, `everyMs` after each other from NOW on, or back from it. */
export function errorsOfGreen(count: number, everyMs: number): ErrorComparison {
  const lines = Array.from(
    { length: count },
    (_, n): LogLine => ({
      id: `${n}`,
      at: NOW + n * everyMs,
      slot: "green",
      taskId: "t",
      stream: "s",
      level: "error",
      text: "boom",
    }),
  );
  const sides = sidesOf(lines, null);
  sides.blue.exposure = sides.green.exposure = 300;
  return compareErrorKinds(sides, "green");
}
