import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAws } from "../aws/aws.ts";
import { CAPABILITIES } from "../domain/application/capabilities.ts";
import { findOpenGate } from "../domain/observation/aws-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Revision } from "../domain/observation/slot.ts";
import { findExtendBlockers, findRetireBlockers } from "../domain/rules/action-rules.ts";
import { findSwitchBlockers } from "../domain/rules/switch-rules.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { startMembersWorld } from "../testing/code-deploy-world.ts";
import type { DrivenWorld, WhenOver } from "../testing/driven-world.ts";
import { startNativeDriver } from "../testing/native-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { createControllers } from "./registry.ts";

const DRIVEN: [
  "ecs-native" | "code-deploy",
  {
    start: (whenOver?: WhenOver) => Promise<DrivenWorld>;
    write: string;
    answer: string;
    stop: string;
    gate: (id: string) => string;
  },
][] = [
  [
    "ecs-native",
    {
      start: (whenOver) => startNativeDriver("orders", whenOver),
      write: "ecs.UpdateService",
      answer: "ecs.ContinueServiceDeployment",
      stop: "ecs.StopServiceDeployment",
      gate: () => `ecs-pause-${"x".repeat(43)}`,
    },
  ],
  [
    "code-deploy",
    {
      start: async (whenOver) => {
        const world = await startMembersWorld(whenOver);
        await world.pass(120);
        return world;
      },
      write: "codedeploy.CreateDeployment",
      answer: "codedeploy.ContinueDeployment",
      stop: "codedeploy.StopDeployment",
      gate: (id) => `${id}:READY_WAIT`,
    },
  ],
];
const NOTE = { id: "dep-1", actor: "kim", reason: "new search", isRollback: false };
const OTHER = { ...NOTE, id: "dep-2" };

async function rest(world: DrivenWorld) {
  const application = await world.resolve();
  const seen = await world.driver.observe(application);
  const live = seen.traffic.live === "green" ? "green" : "blue";
  const revision = seen.slots[live].revision;
  if (!revision) throw new Error("Nothing runs");
  return { application, seen, revision };
}

/** The id of the deployment that was started, which ECS may tell with the next look only. */
async function started(world: DrivenWorld, revision: Revision): Promise<string> {
  const application = await world.resolve();
  const { value } = await world.driver.start(application, revision, NOTE);
  await world.pass(12);
  const { awsDeployments = [] } = await world.driver.observe(application);
  return value ?? awsDeployments[0]?.id ?? "";
}

const writesOfRules = ({ sandbox }: DrivenWorld) =>
  sandbox.calls.journal().filter(({ operation }) => /^Modify(?:Listener|Rule)$/.test(operation)).length;

describe.each(DRIVEN)("%s, at rest", (name, { start, gate }) => {
  const ends: (() => Promise<void>)[] = [];
  let world: DrivenWorld;
  beforeAll(async () => {
    world = await start((end) => ends.push(end));
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });

  test("AWS drives, and there is no way to write a rule or a side", () => {
    const { driver } = world;
    expect([driver.name, driver.driver]).toEqual([name, CAPABILITIES[name].driver]);
    for (const promise of ["shift", "shiftTest", "startSide", "scaleSide", "retireSide", "readWeights"])
      expect(driver).not.toHaveProperty(promise);
  });

  test("observes both sides: live by the rule, counts, and AWS's own deployments", async () => {
    const { seen } = await rest(world);
    expect(seen.sources).toMatchObject([
      { name: "ecs", state: "ok" },
      { name: "elb", state: "ok" },
    ]);
    expect(seen.traffic).toMatchObject({ live: "blue", weights: { blue: 100, green: 0 } });
    expect(seen.slots.blue.counts).toEqual({ desired: 2, running: 2, pending: 0, healthy: 2, total: 2 });
    expect(seen.slots.green.counts.running).toBe(0);
    expect(seen.awsDeployments).toBeDefined();
  });

  test("plans exactly what it registers, registers once for a deployment, and a lost answer is found again", async () => {
    const { application, revision } = await rest(world);
    const image = revision.image.replace(/:[^/]*$/, ":next");
    const plan = await world.driver.planRevision(application, "green", { image });
    expect(plan.changes.map(({ after }) => after)).toEqual([image]);
    expect(world.calls("ecs.RegisterTaskDefinition")).toBe(0);
    world.fault("reset", { service: "ecs", operation: "RegisterTaskDefinition", phase: "after" });
    const { value } = await world.driver.registerRevision(application, "green", { image }, "d-1");
    expect(await world.aws.definitions.get(value.taskDefinition, "action")).toMatchObject({
      ...plan.next,
      arn: value.taskDefinition,
    });
    expect((await world.driver.registerRevision(application, "green", { image }, "d-1")).value).toEqual(value);
    expect(world.calls("ecs.RegisterTaskDefinition")).toBe(1);
  });

  test("the manual commands are put together without a write, and none names a listener or a rule", async () => {
    const { application, revision } = await rest(world);
    const written = world.sandbox.calls.journal().length;
    const commands = await world.driver.manualCommands(application, [
      { type: "startAws", revision },
      { type: "answerGate", deployment: "d-ABCDEFGHI", gate: gate("d-ABCDEFGHI"), action: "CONTINUE" },
      { type: "rollBackAws", deployment: "d-ABCDEFGHI" },
    ]);
    expect(commands.every(({ argv, purpose }) => argv[0] === "aws" && englishOf(purpose).length > 0)).toBe(true);
    expect(JSON.stringify(commands)).not.toMatch(/modify-(?:listener|rule)/);
    expect(world.sandbox.calls.journal()).toHaveLength(written);
  });

  test("names the service that is missing", async () => {
    const { application } = await rest(world);
    const { blue, green } = application.slots;
    const slots = { blue: { ...blue, service: "no-such-service" }, green: { ...green, service: "no-such-service" } };
    const { sources } = await world.driver.observe({ ...application, slots });
    expect(sources[0]).toMatchObject({
      name: "ecs",
      state: "error",
      message: expect.stringMatching(/no-such-service/),
    });
  });

  test("what its capabilities say cannot hold is refused with words: a switch alone, a later end, a side of its own to retire", async () => {
    const { application, seen } = await rest(world);
    const facts = { application, observation: seen, deployment: null, history: [], now: seen.observedAt };
    expect(CAPABILITIES[name]).toMatchObject({ switchAlone: false, rollbackAfterwards: "deployment" });
    expect(CAPABILITIES[name].oldSide).not.toBe("window");
    expect(findSwitchBlockers(facts, "green").map(({ code }) => code)).toContain("NOTHING_WAITS");
    expect(findExtendBlockers(facts)).toMatchObject([{ code: "NOT_OFFERED", fix: expect.any(String) }]);
    expect(findRetireBlockers(facts).map(({ code }) => code)).toEqual(["NOTHING_WAITS"]);
  });
});

describe.each(DRIVEN)("%s", (name, { start, write, answer, stop, gate }) => {
  test("starts one deployment, which is then seen, writes no rule, refuses a gate that does not wait, and is rolled back", async () => {
    const world = await start();
    const { application, revision } = await rest(world);
    const id = await started(world, revision);
    const first = await world.driver.observe(application);
    expect(first.awsDeployments?.[0]).toMatchObject({ id, status: "IN_PROGRESS", revision, to: "green" });
    expect(world.calls(write)).toBe(1);
    await expect(world.driver.answer(application, id, gate(id), "CONTINUE")).rejects.toMatchObject({
      retryable: false,
    });
    expect(world.calls(answer)).toBe(1);
    await world.driver.rollBack(application, id);
    // A repeat changes nothing, and CodeDeploy refuses it: what it stopped is over.
    const repeat = await world.driver.rollBack(application, id).catch(({ code }) => code);
    expect(name === "ecs-native" || repeat === "DeploymentAlreadyCompletedException").toBe(true);
    expect(world.calls(stop)).toBe(2);
    await world.pass(300);
    const { awsDeployments = [], traffic } = await world.driver.observe(application);
    expect(awsDeployments.find((one) => one.id === id)?.status).toBe("ROLLBACK_SUCCESSFUL");
    expect(traffic.weights).toEqual({ blue: 100, green: 0 });
    expect(writesOfRules(world)).toBe(0);
  });

  test("a release that nobody could approve before the shift is refused; going back is not", async () => {
    const world = await start();
    const { revision } = await rest(world);
    const application = await world.resolve({ approvals: { release: { approvers: 2 } } });
    await withoutPauses(world, name);
    const before = world.calls(write);
    const refused = world.driver.start(application, revision, NOTE);
    await expect(refused).rejects.toMatchObject({ code: "ReleaseNotApprovable", retryable: false });
    expect(world.calls(write)).toBe(before);
    await world.driver.start(application, revision, { ...OTHER, isRollback: true });
    expect(world.calls(write)).toBe(before + 1);
  });
});

/** From now on AWS waits for nobody before production. CodeDeploy's group does not to begin with. */
async function withoutPauses(world: DrivenWorld, name: "ecs-native" | "code-deploy"): Promise<void> {
  if (name === "code-deploy") return;
  const { url: endpoint, place } = world.sandbox;
  const ecs = new ECSClient({ endpoint, region: place.region, credentials: ADMINISTRATOR });
  await ecs.send(
    new UpdateServiceCommand({
      cluster: "library-management-cluster",
      service: "orders-service",
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 1, lifecycleHooks: [] },
    }),
  );
  ecs.destroy();
}

test("with ecs-native a second start is taken and stops the first", async () => {
  const world = await startNativeDriver("orders");
  const { application, revision } = await rest(world);
  const first = await started(world, revision);
  await world.driver.start(application, revision, OTHER);
  await world.pass(12);
  const { awsDeployments = [] } = await world.driver.observe(application);
  expect(awsDeployments.find(({ id }) => id === first)?.status).toBe("STOPPED");
});

test("ecs-native answers the gate that waits, once", async () => {
  const world = await startNativeDriver("orders");
  const { application, revision } = await rest(world);
  const id = await started(world, revision);
  let seen: Observation = await world.driver.observe(application);
  for (let tries = 0; tries < 60 && !findOpenGate(seen.awsDeployments?.[0]); tries += 1) {
    await world.pass(10);
    seen = await world.driver.observe(application);
  }
  const open = findOpenGate(seen.awsDeployments?.[0]);
  expect(open).toMatchObject({ onExpiry: "ROLLBACK", isForPeople: true });
  await world.driver.answer(application, id, open?.id ?? "", "CONTINUE");
  const again = world.driver.answer(application, id, open?.id ?? "", "ROLLBACK");
  await expect(again).rejects.toMatchObject({ retryable: false });
});

test("after a rule was rewritten ECS has two revisions on one side: a process that was just started tells the tasks of both", async () => {
  const world = await startNativeDriver("orders");
  const { application, seen, revision } = await rest(world);
  const live = seen.traffic.live === "green" ? "green" : "blue";
  const groups = (["blue", "green"] as const).map((color) => ({
    targetGroupArn: application.slots[color].targetGroupArn,
    weight: color === live ? 0 : 100,
  }));
  world.sandbox.elb.rules.writeForward(application.listener.arn, groups, 0);
  const { place, url } = world.sandbox;
  const { value } = await world.driver.registerRevision(application, live, { image: revision.image }, "dep-3");
  const ecs = new ECSClient({ endpoint: url, region: place.region, credentials: ADMINISTRATOR });
  const { taskDefinition } = value;
  const asked = { cluster: "library-management-cluster", service: "orders-service", taskDefinition };
  await ecs.send(new UpdateServiceCommand(asked));
  ecs.destroy();
  await world.pass(90);
  const aws = createAws({ region: place.region, endpoint: url });
  const fresh = await createControllers(aws, world.sandbox.clock.now)["ecs-native"].observe(application);
  aws.destroy();
  const running = fresh.slots[live].tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
  expect(new Set(running.map((task) => task.taskDefinition))).toEqual(
    new Set([revision.taskDefinition, taskDefinition]),
  );
  expect(fresh.slots[live].revision?.taskDefinition).toBe(taskDefinition);
});
