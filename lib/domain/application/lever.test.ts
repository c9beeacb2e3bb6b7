import { expect, test } from "vitest";
import { VERBS, type Verb } from "../verb/verb.ts";
import type { ControllerName } from "./controller-name.ts";
import { leverOf } from "./lever.ts";

test.each<[Verb, boolean, string | null]>([
  ["deploy", false, "UpdateService"],
  ["switch", true, "ContinueServiceDeployment"],
  ["approve", true, "ContinueServiceDeployment"],
  ["retire", true, "ContinueServiceDeployment"],
  ["abort", true, "StopServiceDeployment"],
  ["reject", true, "StopServiceDeployment"],
  ["rollback", true, "StopServiceDeployment"],
  ["rollback", false, "UpdateService"],
  ["extend", true, null],
])("with ECS, %s (in flight: %s) pulls %s", (verb, isInFlight, lever) => {
  expect(leverOf("ecs-native", verb, isInFlight)).toBe(lever);
});

test.each<ControllerName>(["paired-services", "task-set"])("with %s, Switchyard pulls no lever of AWS's", (name) => {
  expect(VERBS.map((verb) => leverOf(name, verb, true)).every((lever) => lever === null)).toBe(true);
});
