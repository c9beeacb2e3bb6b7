import { expect, test } from "vitest";
import type { SourceState } from "../domain/observation/source.ts";
import { createOutageLog } from "./outage-log.ts";

function start() {
  const lines: string[] = [];
  return { lines, outages: createOutageLog((level, message) => lines.push(`${level}: ${message}`)) };
}

const elb = (state: SourceState["state"]): SourceState[] => [{ name: "elb", state, ageMs: 0 }];

test("AWS that stops answering for many applications is one line, and one when it answers for all of them again", () => {
  const { lines, outages } = start();
  for (const name of ["a", "b", "c"]) outages.observed(name, elb("ok"));
  for (const name of ["a", "b", "a"]) outages.observed(name, elb("error"));
  outages.observed("a", elb("throttled"));
  expect(lines).toEqual(["warn: AWS does not answer as expected: Listener and targets"]);
  outages.observed("a", elb("ok"));
  expect(lines).toHaveLength(1);
  outages.observed("b", elb("ok"));
  expect(lines.slice(1)).toEqual(["info: AWS answers again: Listener and targets"]);
});

test("an application that cannot be found is one line for each reason, and one when it is found", () => {
  const { lines, outages } = start();
  outages.resolved("library");
  outages.unresolved("library", "There is no target group x");
  outages.unresolved("library", "There is no target group x");
  outages.unresolved("library", "There is no listener y");
  outages.resolved("library");
  outages.resolved("library");
  expect(lines).toEqual([
    "warn: library cannot be found in AWS",
    "warn: library cannot be found in AWS",
    "info: library was found in AWS",
  ]);
});
