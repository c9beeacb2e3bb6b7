import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { LogSearch } from "./log-search.tsx";

test.each([
  [true, "Search a long span", "needs the role operator"],
  [false, "needs the role operator", "<form"],
])("whether a long span may be searched (%s) is known before anything is pressed", (mayAsk, shown, absent) => {
  const markup = markupOf(<LogSearch application="library" mayAsk={mayAsk} slot="both" onGo={() => undefined} />);
  expect(markup).toContain(shown);
  expect(markup).not.toContain(absent);
});
