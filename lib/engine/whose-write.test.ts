import { expect, test } from "vitest";
import type { Step } from "../domain/decide/decision.ts";
import { deployment } from "../testing/facts.ts";
import { whoseWrite } from "./whose-write.ts";

const shift: Step = { type: "shift", to: "green", expected: { blue: 100, green: 0 }, weights: { blue: 0, green: 100 } };
const register: Step = { type: "registerRevision", slot: "green", request: { image: "library:3" } };

test("AWS is told who asked, where it is sure that they did", () => {
  const release = deployment();
  const plan = (turnedAt: number) => ({ ...release, plan: release.plan && { ...release.plan, turnedAt } });
  expect(whoseWrite(release, register)).toBe("operator");
  expect(whoseWrite(deployment({ kind: "SWITCH", requested: null }), shift)).toBe("operator");
  // The switch of a release may be another person's click, and so may what turns it round.
  expect(whoseWrite(release, shift)).toBeNull();
  expect(whoseWrite(plan(1), register)).toBeNull();
  expect(whoseWrite({ ...release, actor: { id: "engine", name: "Switchyard", via: "engine" } }, register)).toBeNull();
  expect(whoseWrite(release, { type: "answerGate", gate: "g", action: "CONTINUE" })).toBeNull();
});
