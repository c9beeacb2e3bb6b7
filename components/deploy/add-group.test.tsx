import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { AddGroup } from "./add-group.tsx";

const element = (
  <AddGroup
    application="library"
    unused={{
      side: "green",
      targetGroupName: "library-green-tg",
      weights: { blue: 1, green: 0 },
      names: ["library-alb HTTP:80", "library-alb HTTPS:443"],
    }}
    add={() => Promise.reject(new Error("Nobody clicks here"))}
    onAdded={() => undefined}
  />
);

test("what is written stands above the button that writes it, in the reader's language", () => {
  const english = markupOf(element);
  expect(english).toContain(
    "This writes library-alb HTTP:80, library-alb HTTPS:443: library-green-tg is added at weight 0, and blue 1, green 0 stay as they are.",
  );
  expect(english.indexOf("This writes")).toBeLessThan(english.indexOf("<button"));
  expect(markupOf(element, "ko")).toContain(
    "library-green-tg 그룹을 가중치 0으로 넣고 blue 1, green 0 가중치는 그대로",
  );
});
