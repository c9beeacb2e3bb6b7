import { expect, test } from "vitest";
import type { OperationRuntime } from "./context.ts";
import { findApplication } from "./load-facts.ts";

const asked = (unresolved: object[]) =>
  findApplication(
    // Safe because no more than these is asked.
    { observer: { findApplication: () => null, unresolved: () => unresolved } } as unknown as OperationRuntime,
    "library",
  );

test.each([
  ["before anybody has looked", [{ message: "Its names are being looked up in AWS", isPassing: true }], "STARTING"],
  ["while AWS cannot be asked", [{ message: "AWS does not answer", isPassing: true }], "STARTING"],
  ["once AWS said that there is none", [{ message: "no target group library-blue" }], "AWS_ERROR"],
  ["without a word of it in switchyard.yaml", [], "NOT_FOUND"],
])("an application that is not known, %s", (_when, problems, code) => {
  expect(asked(problems.map((problem) => ({ name: "library", ...problem })))).toMatchObject({ ok: false, code });
});

test("what was not looked at yet is never said not to be found", () => {
  const answer = asked([{ name: "library", message: "Its names are being looked up in AWS", isPassing: true }]);
  expect(JSON.stringify(answer)).not.toContain("could not be found");
});
