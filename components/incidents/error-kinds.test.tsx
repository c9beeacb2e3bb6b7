import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { compareErrorKinds, sidesOf } from "@/lib/domain/observation/error-kinds.ts";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import { ErrorKinds } from "./error-kinds.tsx";

const lines = (slot: SlotColor, count: number, text: string) =>
  Array.from(
    { length: count },
    (_, n): LogLine => ({ id: `${text}${n}`, at: n * 1000, slot, taskId: "t", stream: "s", level: "error", text }),
  );

function draw(all: LogLine[]): string {
  const sides = sidesOf(all, null);
  sides.blue.exposure = sides.green.exposure = 1000;
  return markupOf(<ErrorKinds application="library" found={compareErrorKinds(sides, "green")} />);
}

test("tells every kind by which the sides differ, how often for what each served, and leads to its lines; as text", () => {
  const html = draw([
    ...lines("green", 20, "new <b>fault</b>"),
    ...lines("green", 2, "rare"),
    ...lines("green", 40, "slow"),
    ...lines("blue", 2, "slow"),
    ...lines("blue", 20, "old"),
  ]);
  for (const name of ["Only in green", "Only in green, too seldom to tell from chance", "Far more frequent in green"])
    expect(html).toContain(`aria-label="${name}"`);
  expect(html).toMatch(/Gone in green.*view=blue.*old/s);
  expect(html).toContain("new &lt;b&gt;fault&lt;/b&gt;");
  expect(html).toContain("20 times in green, 20.0 in 1,000 served (blue: 0.0); first ");
});

test("says nothing where the sides do not differ", () => {
  expect(draw([...lines("green", 5, "same"), ...lines("blue", 5, "same")])).toBe("");
});
