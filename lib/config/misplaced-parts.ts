import { CAPABILITIES, isDrivenByAws } from "../domain/application/capabilities.ts";
import type { ControllerName } from "../domain/application/controller-name.ts";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";
import { LISTENER_FIX } from "./listener-config.ts";

/** What an entry of switchyard.yaml has that others of its parts rule out, or lacks that they need. */
interface Misplaced {
  path: readonly string[];
  /** What to do about it. */
  message: string;
}

interface Side {
  service: string | null;
  targetGroup: string;
}

/** As much of an entry as says which parts it needs. */
interface Parts {
  controller: ControllerName;
  listener: unknown;
  listeners: readonly unknown[];
  rule: unknown;
  rules: readonly unknown[];
  blue: Side | null;
  green: Side | null;
  service: string | null;
  codeDeploy: unknown;
  suspendScaleIn: boolean;
  testListener: unknown;
  testRule: unknown;
  testUrl: unknown;
  smoke: unknown;
}

/** What a side is given as. */
export const SIDE_FIX = fix(say("input.shape", { shape: "{ service: <ECS service>, targetGroup: <name or ARN> }" }));
const SIDES = ["blue", "green"] as const;
const PAIR_PARTS = [
  ["listener", LISTENER_FIX],
  ["blue", SIDE_FIX],
  ["green", SIDE_FIX],
] as const;

/** Every part that does not go with the others, in the order in which they are told; none where all is well. */
export function findMisplaced(parts: Parts): Misplaced[] {
  return [
    ...(isDrivenByAws(parts.controller) ? givenToAws(parts) : missingOfPair(parts)),
    ...OWN[parts.controller](parts),
    ...missingForSmoke(parts),
    ...sharedBySides(parts),
    ...saidTwice(parts),
  ];
}

/** What one controller alone has or has not. */
const OWN: Readonly<Record<ControllerName, (parts: Parts) => Misplaced[]>> = {
  "paired-services": (parts) => [
    ...noCodeDeploy(parts),
    ...SIDES.filter((color) => parts[color]?.service === null).map((color) =>
      at([color], fix(say("config.pairedService", { shape: "service: <ECS service>" }))),
    ),
    ...when(parts.service !== null, ["service"], fix(say("config.serviceOfSides"))),
  ],
  "task-set": (parts) => [
    ...noCodeDeploy(parts),
    ...noScaleIn(parts),
    ...when(parts.service === null, ["service"], fix(say("config.taskSetService"))),
    ...SIDES.filter((color) => (parts[color]?.service ?? null) !== null).map((color) =>
      at([color, "service"], fix(say("config.sidesOfTaskSet"))),
    ),
  ],
  "ecs-native": (parts) => [...noCodeDeploy(parts), ...noScaleIn(parts)],
  "code-deploy": noScaleIn,
};

function missingOfPair(parts: Parts): Misplaced[] {
  return PAIR_PARTS.filter(([key]) => parts[key] === null).map(([key, hint]) => at([key], hint));
}

/** With AWS driving, its own settings name what is moved. */
function givenToAws(parts: Parts): Misplaced[] {
  const { controller, testRule, service } = parts;
  const driver = CAPABILITIES[controller].moves === "CodeDeploy" ? "codeDeploy" : "ecs";
  return [
    ...PAIR_PARTS.filter(([key]) => parts[key] !== null).map(([key]) =>
      at([key], fix(say("config.drivenNames", { controller, driver }))),
    ),
    ...when(testRule !== null, ["testRule"], fix(say("config.drivenTest", { controller }))),
    ...when(service === null, ["service"], fix(say("config.drivenService"))),
  ];
}

function noCodeDeploy({ codeDeploy }: Parts): Misplaced[] {
  return when(codeDeploy !== null, ["codeDeploy"], fix(say("config.onlyCodeDeploy")));
}

function noScaleIn({ suspendScaleIn }: Parts): Misplaced[] {
  return when(suspendScaleIn, ["suspendScaleIn"], fix(say("config.onlyPaired")));
}

function missingForSmoke({ smoke, testListener, testRule, testUrl }: Parts): Misplaced[] {
  if (smoke === null) return [];
  return [
    ...when(
      testListener === null && testRule === null,
      ["smoke"],
      fix(say("config.smokeNeeds", { key: "testListener" })),
    ),
    ...when(testUrl === null, ["smoke"], fix(say("config.smokeNeeds", { key: "testUrl" }))),
  ];
}

function sharedBySides({ blue, green }: Parts): Misplaced[] {
  return (["service", "targetGroup"] as const)
    .filter((key) => blue && blue[key] !== null && blue[key] === green?.[key])
    .map((key) => at(["green", key], fix(say("config.notBlues"))));
}

function saidTwice({ listener, listeners, rule, rules }: Parts): Misplaced[] {
  const isOther = listeners.length > 0 && JSON.stringify(listeners[0]) !== JSON.stringify(listener);
  return [
    ...when(isOther, ["listeners"], fix(say("config.listenerOrListeners"))),
    ...when(rule !== null && rules.length > 0, ["rules"], fix(say("config.ruleOrRules"))),
  ];
}

function when(isMisplaced: boolean, path: readonly string[], message: string): Misplaced[] {
  return isMisplaced ? [at(path, message)] : [];
}

function at(path: readonly string[], message: string): Misplaced {
  return { path, message };
}
