import { expect, onTestFinished, test } from "vitest";
import { getCommands } from "../queries/get-commands.ts";
import { taskSetConfig } from "../testing/task-set-world.ts";
import { ended, idOf, pressed, receipt } from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until } from "../testing/test-world.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";

/* A way back that has to be started first: what is offered works, and what does not work is not offered. */

type Service = "ecs" | "ecr";

async function start(options: Parameters<typeof createTestWorld>[0] = {}): Promise<TestWorld> {
  const world = await createTestWorld({
    revisionsMs: 200,
    ...options,
    sandbox: { ecs: { virtual: true }, speed: 20, ...options.sandbox },
    application: { requestLine: null, ...options.application },
  });
  onTestFinished(() => world.close());
  return world;
}

async function call(world: TestWorld, service: Service, operation: string, input: object): Promise<void> {
  const handler = world.sandbox[service].service.operations[operation];
  await handler?.(input, { requestId: "test", signal: new AbortController().signal });
}

const look = (world: TestWorld) => world.runtime.observer.refreshNow("library");
const snapshot = async (world: TestWorld) =>
  (await world.runtime.hub.snapshot("library")) as NonNullable<Awaited<ReturnType<typeof world.runtime.hub.snapshot>>>;

/** Switches to green and stops blue; answers what blue ran. */
async function leaveBlue(world: TestWorld) {
  await until(async () => (await receipt(world, "green")).blockers.length === 0);
  const left = (await look(world)).slots.blue.revision;
  const id = await pressed(world, "green");
  await ended(world, id);
  await until(async () => (await retireSide(world.as("operator"), { deploymentId: id })).ok);
  await until(async () => {
    const { counts } = (await look(world)).slots.blue;
    return counts.desired === 0 && counts.healthy === 0;
  });
  if (!left) throw new Error("Blue ran nothing");
  return left;
}

const alarmsOf = async (world: TestWorld) => (await snapshot(world)).alarms.map(({ message }) => message).join("\n");

test("a service that still holds its deregistered revision is brought back by its count alone, said beforehand", async () => {
  const world = await start();
  const left = await leaveBlue(world);
  await until(async () => (await snapshot(world)).window?.startCheckedAt !== undefined);
  expect((await snapshot(world)).window).not.toHaveProperty("startNote");
  await call(world, "ecs", "DeregisterTaskDefinition", { taskDefinition: left.taskDefinition });
  await until(async () => (await snapshot(world)).window?.startNote?.includes("only its count is raised"));
  expect(await alarmsOf(world)).toMatch(/^The way back to blue is at risk: task definition .* is INACTIVE$/m);
  const byHand = await getCommands(world.as("viewer"), "library", { action: "rollback" });
  expect(byHand.ok && byHand.value.script).toContain("--desired-count");
  expect(byHand.ok && byHand.value.script).not.toContain("--task-definition");
  const back = await ended(world, idOf(await rollBack(world.as("operator"), { application: "library" })));
  expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", revision: left });
}, 90_000);

test("a side whose image was deleted is not offered as a way back, and nothing is started", async () => {
  const world = await start();
  const left = await leaveBlue(world);
  await call(world, "ecr", "BatchDeleteImage", {
    repositoryName: "library-management-system",
    imageIds: [{ imageDigest: left.digest }],
  });
  // The click finds out by itself, before the next check would.
  const refused = await rollBack(world.as("operator"), { application: "library" });
  expect(refused).toMatchObject({
    ok: false,
    code: "IMAGE_NOT_FOUND",
    message: `blue cannot be started with ${left.tag}: its image was deleted from ECR`,
  });
  await until(async () => (await snapshot(world)).actions.rollback.blockers[0]?.code === "IMAGE_NOT_FOUND");
  expect(await alarmsOf(world)).toContain(`the image of ${left.tag} was deleted from ECR`);
  expect(await world.runtime.store.listDeploymentsInFlight()).toEqual([]);
}, 90_000);

test("with task sets, what AWS starts nothing from is registered once more, said beforehand", async () => {
  const application = taskSetConfig({ bakeMinutes: 0, windowMinutes: 0, testListener: null });
  const world = await start({ sandbox: { seed: true }, application });
  const left = await leaveBlue(world);
  await call(world, "ecs", "DeregisterTaskDefinition", { taskDefinition: left.taskDefinition });
  await until(async () => (await snapshot(world)).window?.startNote?.includes("a copy of it is registered first"));
  const byHand = await getCommands(world.as("viewer"), "library", { action: "rollback" });
  expect(byHand.ok && byHand.value.script).toContain("register-task-definition");
  const back = await ended(world, idOf(await rollBack(world.as("operator"), { application: "library" })));
  expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", revision: { image: left.image } });
  expect(back.revision?.taskDefinition).not.toBe(left.taskDefinition);
}, 90_000);
