import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { deployment, observation, slot } from "../../testing/facts.ts";
import type { Application } from "../application/application.ts";
import type { Observation } from "../observation/observation.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { englishOf } from "../sentence/told.ts";
import { renderScript } from "./cli-command.ts";
import { movingPlan } from "./moving.ts";

const arn = (what: string) => `arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:${what}`;
const side = (color: string) => ({
  targetGroupArn: arn(`targetgroup/library-${color}-tg/1`),
  targetGroupName: `library-${color}-tg`,
  service: `library-${color}-service`,
});
const APPLICATION = {
  name: "library",
  region: "ap-northeast-2",
  cluster: "main",
  controller: "paired-services",
  listener: { arn: arn("listener/app/library-alb/1/2"), kind: "listener", name: "library-alb HTTP:80", url: null },
  testListener: null,
  slots: { blue: side("blue"), green: side("green") },
  container: "library",
  bakeMinutes: 10,
  windowMinutes: 0,
  smoke: null,
} as unknown as Application;
const EMPTY = { targets: [], counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 } };
const ready = observation({ green: EMPTY });
const failing = (application: Application, seen: Observation, inFlight = false) =>
  movingPlan(application, seen, inFlight ? deployment() : null)
    .points.filter(({ outcome }) => outcome === "fail")
    .map(({ words }) => inEnglish(words));

test("an application that is ready to move: everything that AWS tells passes, the rest is asked", () => {
  const plan = movingPlan(APPLICATION, ready, null);
  expect(plan.from && inEnglish(plan.from)).toBe("two services");
  expect(failing(APPLICATION, ready)).toEqual([]);
  expect(plan.points.filter(({ outcome }) => outcome === "ask").length).toBeGreaterThan(0);
  expect(plan.points.filter(({ outcome }) => outcome !== "pass").every(({ fix }) => fix)).toBe(true);
  expect(plan.gained.length * plan.lost.length).toBeGreaterThan(0);
});

test.each<[string, Observation, Partial<Application>, boolean, RegExp]>([
  ["a deployment goes on", ready, {}, true, /^A deployment is going on/],
  [
    "both groups hold weight",
    observation({ weights: { blue: 1, green: 1 }, green: EMPTY }),
    {},
    false,
    /exactly one group/,
  ],
  [
    "the listener drifted",
    observation({ drift: "it redirects", green: EMPTY }),
    {},
    false,
    /not as expected: it redirects/,
  ],
  [
    "the live side is ill",
    observation({ blue: { counts: { ...slot("blue").counts, healthy: 1 } }, green: EMPTY }),
    {},
    false,
    /^blue has 1 of 2/,
  ],
  ["the other side still runs", observation(), {}, false, /^green runs 2 tasks/],
  [
    "several listeners move together",
    ready,
    { together: [APPLICATION.listener] },
    false,
    /^1 more listener or rule moves together/,
  ],
])("%s: the move waits, with what to do", (_what, seen, changes, inFlight, words) => {
  const found = failing({ ...APPLICATION, ...changes }, seen, inFlight);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(words);
});

test("the steps name the live side's service and both groups, never write a listener, and a shell reads them", () => {
  const rule = { ...APPLICATION.listener, kind: "rule", arn: arn("listener-rule/app/library-alb/1/2/3") } as const;
  const kinds = [
    APPLICATION,
    { ...APPLICATION, controller: "task-set", testListener: rule },
    { ...APPLICATION, controller: "code-deploy", codeDeploy: { application: "it's", group: "library group" } },
  ] as Application[];
  for (const application of kinds) {
    const { steps } = movingPlan(application, ready, null);
    const scripts = steps.flatMap(({ commands }) => (commands ? renderScript(commands, englishOf) : []));
    const update = scripts[1] ?? "";
    expect(update).toContain("--service library-blue-service");
    expect(update).toContain(application.slots.green.targetGroupArn);
    expect(update).toContain('"action":"ROLLBACK"');
    expect(scripts.join("\n")).not.toMatch(/modify-(?:listener|rule)/);
    for (const script of scripts) expect(() => execFileSync("bash", ["-n", "-c", script])).not.toThrow();
  }
});

test("the load balancer entry that the shell puts together is the JSON that ECS takes", () => {
  const { steps } = movingPlan(APPLICATION, ready, null);
  const fake = 'aws() { if [ "$1" = ecs ]; then for a in "$@"; do echo "$a"; done; else echo "arn:$1"; fi; }';
  const printed = execFileSync("bash", ["-c", `${fake}\n${renderScript(steps[1]?.commands ?? [], englishOf)}`], {
    encoding: "utf8",
  }).split("\n");
  expect(JSON.parse(printed[printed.indexOf("--load-balancers") + 1] ?? "")).toEqual([
    {
      targetGroupArn: APPLICATION.slots.blue.targetGroupArn,
      containerName: "library",
      containerPort: 8081,
      advancedConfiguration: {
        alternateTargetGroupArn: APPLICATION.slots.green.targetGroupArn,
        productionListenerRule: "arn:elbv2",
        roleArn: "arn:iam",
      },
    },
  ]);
});

test("an application that ECS deploys already has nothing to move", () => {
  const plan = movingPlan({ ...APPLICATION, controller: "ecs-native" }, ready, null);
  expect(plan).toMatchObject({ from: null, steps: [], points: [] });
});
