import type { CreateSecurityGroupResult, CreateSubnetResult, DescribeSubnetsResult } from "@aws-sdk/client-ec2";
import type { BatchGetImageResponse } from "@aws-sdk/client-ecr";
import type {
  ContainerDefinition,
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionResponse,
} from "@aws-sdk/client-ecs";
import type { CreateSecretResponse } from "@aws-sdk/client-secrets-manager";
import { expect, onTestFinished, test } from "vitest";
import { isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { parseImage } from "../domain/observation/image-tag.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { getCommands } from "../queries/get-commands.ts";
import { taskSetConfig } from "../testing/task-set-world.ts";
import { ended, idOf, onFreshLook, pressed, receipt } from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";

/* A way back that has to be started first: what is offered works, and what does not work is not offered. */

const TRUST = JSON.stringify({
  Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
type Service = "ecs" | "ecr" | "ssm" | "secretsmanager" | "iam" | "ec2";

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

async function call(world: TestWorld, service: Service, operation: string, input: object): Promise<unknown> {
  const found = world.sandbox[service];
  const { operations } = "service" in found ? found.service : found;
  const handler = operations[operation];
  return await handler?.(input, { requestId: "test", signal: new AbortController().signal });
}

const look = (world: TestWorld) => world.runtime.observer.refreshNow("library");
const snapshot = async (world: TestWorld) =>
  (await world.runtime.hub.snapshot("library")) as NonNullable<Awaited<ReturnType<typeof world.runtime.hub.snapshot>>>;

const goBack = (world: TestWorld) => onFreshLook(() => rollBack(world.as("operator"), { application: "library" }));
const release = (world: TestWorld, asked: object) => onFreshLook(() => deploy(world.as("operator"), asked));

/** Switches to green and stops blue; answers what blue ran. */
const leaveBlue = (world: TestWorld) => leave(world, "blue");

async function leave(world: TestWorld, side: SlotColor) {
  const to = otherColor(side);
  await until(async () => (await receipt(world, to)).blockers.length === 0);
  const left = (await look(world)).slots[side].revision;
  const id = await pressed(world, to);
  await ended(world, id);
  await retired(world, id, side);
  if (!left) throw new Error(`${side} ran nothing`);
  return left;
}

/** Stops the side; where stopping failed, which the journal says, it is pressed again, as a person would. */
async function retired(world: TestWorld, deploymentId: string, side: SlotColor): Promise<void> {
  const told = async () => {
    const journal = await world.runtime.store.listJournal(deploymentId);
    return journal.filter(({ step }) => step === "retire").map(({ phase, message }) => `${phase}: ${message}`);
  };
  const press = () => until(async () => (await retireSide(world.as("operator"), { deploymentId })).ok);
  await press();
  const isStopped = async () => {
    const { counts } = (await look(world)).slots[side];
    if (counts.desired === 0 && counts.healthy === 0) return true;
    if ((await told()).at(-1)?.startsWith("failed")) await press();
    return false;
  };
  await until(isStopped, 120_000).catch(async (error) => {
    throw new Error([error.message, ...(await told())].join("\n"));
  });
}

/** Registers what the side runs once more, by its tag alone, and releases that to the other side; answers its image. */
async function releaseByTag(
  world: TestWorld,
  side: SlotColor,
  change: Partial<ContainerDefinition> = {},
): Promise<string> {
  const { revision } = (await look(world)).slots[side];
  const named = { taskDefinition: revision?.taskDefinition };
  const { taskDefinition } = (await call(
    world,
    "ecs",
    "DescribeTaskDefinition",
    named,
  )) as DescribeTaskDefinitionResponse;
  const { repository, tag } = parseImage(revision?.image ?? "");
  const image = `${repository}:${tag}`;
  const containerDefinitions = taskDefinition?.containerDefinitions?.map((each) => ({ ...each, image, ...change }));
  const { family, cpu, memory, networkMode, requiresCompatibilities, executionRoleArn } = taskDefinition ?? {};
  const copy = { family, cpu, memory, networkMode, requiresCompatibilities, executionRoleArn, containerDefinitions };
  const made = (await call(world, "ecs", "RegisterTaskDefinition", copy)) as RegisterTaskDefinitionResponse;
  const asked = { application: "library", taskDefinition: made.taskDefinition?.taskDefinitionArn };
  const id = idOf(await release(world, asked));
  await untilDeployment(world, id, isAwaitingSwitch);
  await until(async () => (await receipt(world, otherColor(side))).blockers.length === 0);
  await pressed(world, otherColor(side));
  await ended(world, id);
  return image;
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
  const manualCommands = await getCommands(world.as("viewer"), "library", { action: "rollback" });
  expect(manualCommands.ok && manualCommands.value.script).toContain("--desired-count");
  expect(manualCommands.ok && manualCommands.value.script).not.toContain("--task-definition");
  const back = await ended(world, idOf(await goBack(world)));
  expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", revision: left });
});

test("a side whose image was deleted is not offered as a way back, and nothing is started", async () => {
  const world = await start();
  const left = await leaveBlue(world);
  await call(world, "ecr", "BatchDeleteImage", {
    repositoryName: "library-management-system",
    imageIds: [{ imageDigest: left.digest }],
  });
  // The click finds out by itself, before the next check would.
  const refused = await goBack(world);
  expect(refused).toMatchObject({
    ok: false,
    code: "IMAGE_NOT_FOUND",
    message: `blue cannot be started with ${left.tag}: its image was deleted from ECR`,
  });
  await until(async () => (await snapshot(world)).actions.rollback.blockers[0]?.code === "IMAGE_NOT_FOUND");
  expect(await alarmsOf(world)).toContain(`the image of ${left.tag} was deleted from ECR`);
  expect(await world.runtime.store.listDeploymentsInFlight()).toEqual([]);
});

const GONE: [string, string, (world: TestWorld) => Promise<void>][] = [
  [
    "parameter",
    "the parameter /library/db/url",
    async (world) => void (await call(world, "ssm", "DeleteParameter", { Name: "/library/db/url" })),
  ],
  [
    "role",
    "the task role library-task",
    async (world) => void (await call(world, "iam", "DeleteRole", { RoleName: "library-task" })),
  ],
];

test.each(GONE)(
  "a side whose %s was deleted is not offered as a way back, and starts once it is made again",
  async (what, words, remove) => {
    const world = await start();
    const left = await leaveBlue(world);
    await until(async () => (await snapshot(world)).window?.startCheckedAt !== undefined);
    await remove(world);
    // The click finds out by itself, before the next check would.
    const refused = await goBack(world);
    expect(refused).toMatchObject({
      ok: false,
      code: "TASK_NEEDS_GONE",
      message: `blue cannot be started with ${left.tag}: AWS no longer has ${words}`,
    });
    await until(async () => (await snapshot(world)).actions.rollback.blockers[0]?.code === "TASK_NEEDS_GONE");
    expect(await alarmsOf(world)).toContain(`${left.tag} needs ${words}, which AWS no longer has`);
    const asked = { application: "library", taskDefinition: left.taskDefinition };
    expect(await release(world, asked)).toMatchObject({ ok: false, code: "TASK_NEEDS_GONE" });
    expect(await release(world, { application: "library", imageTag: left.tag })).toMatchObject({
      code: "TASK_NEEDS_GONE",
    });
    expect(await world.runtime.store.listDeploymentsInFlight()).toEqual([]);
    if (what === "parameter") {
      const again = { Name: "/library/db/url", Value: "x", Type: "SecureString" };
      await call(world, "ssm", "PutParameter", again);
    } else await call(world, "iam", "CreateRole", { RoleName: "library-task", AssumeRolePolicyDocument: TRUST });
    const back = await ended(world, idOf(await goBack(world)));
    expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", revision: left });
  },
);

test("a side whose secret waits for its deletion is not offered as a way back until the secret is restored", async () => {
  const world = await start();
  const made = (await call(world, "secretsmanager", "CreateSecret", {
    ...{ Name: "library/key", SecretString: "made-up" },
  })) as CreateSecretResponse;
  const valueFrom = `${made.ARN}:key:AWSCURRENT:`;
  await releaseByTag(world, "blue", { secrets: [{ name: "KEY", valueFrom }] });
  const left = await leave(world, "green");
  await call(world, "secretsmanager", "DeleteSecret", { SecretId: made.ARN });
  const refusal = {
    ...{ ok: false, code: "TASK_NEEDS_GONE" },
    message: `green cannot be started with ${left.tag}: AWS no longer has the secret ${made.ARN?.split(":").at(-1)}`,
  };
  // The click finds out by itself, before the next check would.
  expect(await goBack(world)).toMatchObject(refusal);
  const asked = { application: "library", taskDefinition: left.taskDefinition };
  expect(await release(world, asked)).toMatchObject({ ok: false, code: "TASK_NEEDS_GONE" });
  await call(world, "secretsmanager", "RestoreSecret", { SecretId: made.ARN });
  const back = await ended(world, idOf(await goBack(world)));
  expect(back).toMatchObject({
    kind: "ROLLBACK",
    status: "SUCCESSFUL",
    revision: { taskDefinition: left.taskDefinition },
  });
});

/** A network of blue's own: what nothing runs in can be deleted. */
async function moveToOwnNetwork(world: TestWorld) {
  const { VpcId } = ((await call(world, "ec2", "DescribeSubnets", {})) as DescribeSubnetsResult).Subnets?.[0] ?? {};
  const { Subnet } = (await call(world, "ec2", "CreateSubnet", {
    ...{ VpcId, CidrBlock: "10.0.200.0/24", AvailabilityZone: `${world.sandbox.place.region}a` },
  })) as CreateSubnetResult;
  const { GroupId } = (await call(world, "ec2", "CreateSecurityGroup", {
    ...{ VpcId, GroupName: "blue-tasks", Description: "of blue's tasks" },
  })) as CreateSecurityGroupResult;
  await call(world, "ecs", "UpdateService", {
    ...{ cluster: LIBRARY.cluster, service: "library-blue-service" },
    networkConfiguration: { awsvpcConfiguration: { subnets: [Subnet?.SubnetId], securityGroups: [GroupId] } },
  });
  await until(async () => {
    const { counts, rollout } = (await look(world)).slots.blue;
    return counts.healthy === counts.desired && rollout === null;
  });
  return { SubnetId: Subnet?.SubnetId, GroupId };
}

test("a side whose service names a subnet or security group that is gone is not offered as a way back; the other one deploys", async () => {
  const world = await start();
  const { SubnetId, GroupId } = await moveToOwnNetwork(world);
  const left = await leaveBlue(world);
  await until(async () => (await snapshot(world)).window?.startCheckedAt !== undefined);
  // Not before the last task has given its interface back.
  const isDeleted = () => call(world, "ec2", "DeleteSubnet", { SubnetId }).then(Boolean, () => false);
  await until(isDeleted);
  const refusal = (needs: string) => ({
    ...{ ok: false, code: "TASK_NEEDS_GONE" },
    message: `blue cannot be started with ${left.tag}: AWS no longer has ${needs}`,
  });
  // The click finds out by itself, before the next check would.
  expect(await goBack(world)).toMatchObject(refusal(`the subnet ${SubnetId}`));
  await call(world, "ec2", "DeleteSecurityGroup", { GroupId });
  expect(await goBack(world)).toMatchObject(refusal(`the subnet ${SubnetId} and the security group ${GroupId}`));
  await until(async () => (await snapshot(world)).actions.rollback.blockers[0]?.code === "TASK_NEEDS_GONE");
  const said = await until(async () => {
    const all = await alarmsOf(world);
    return all.includes(`${left.tag} needs the subnet ${SubnetId} and the security group ${GroupId}`) && all;
  });
  // Green runs in the network that is still there.
  expect(said).not.toContain("green");
  const asked = { application: "library", imageTag: left.tag };
  expect(await release(world, asked)).toMatchObject({ ok: false, code: "TASK_NEEDS_GONE" });
  expect(await world.runtime.store.listDeploymentsInFlight()).toEqual([]);
});

test("what may not be looked at is said to be unknown, and keeps nobody from going back", async () => {
  const world = await start();
  await leaveBlue(world);
  for (const [service, operation] of [
    ["ssm", "DescribeParameters"],
    ["iam", "GetRole"],
    ["ec2", "DescribeSubnets"],
  ] as const)
    world.sandbox.faults.add({
      ...{ service, operation, kind: "error", code: "AccessDenied", rate: 1, ms: 0, remaining: null, phase: "before" },
    });
  await until(async () => (await snapshot(world)).window?.startNote?.includes("could not be looked at"));
  await until(async () => (await snapshot(world)).window?.startNote?.includes("the subnet subnet-"));
  expect((await snapshot(world)).window?.startNote).toMatch(
    / task role library-task, the parameter \/library\/db\/url, /,
  );
  const back = await ended(world, idOf(await goBack(world)));
  expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL" });
});

test("with task sets, what AWS starts nothing from is registered once more, said beforehand", async () => {
  const application = taskSetConfig({ bakeMinutes: 0, windowMinutes: 0, testListener: null });
  const world = await start({ sandbox: { seed: true }, application });
  const left = await leaveBlue(world);
  await call(world, "ecs", "DeregisterTaskDefinition", { taskDefinition: left.taskDefinition });
  await until(async () => (await snapshot(world)).window?.startNote?.includes("a copy of it is registered first"));
  const manualCommands = await getCommands(world.as("viewer"), "library", { action: "rollback" });
  expect(manualCommands.ok && manualCommands.value.script).toContain("register-task-definition");
  const back = await ended(world, idOf(await goBack(world)));
  expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", revision: { image: left.image } });
  expect(back.revision?.taskDefinition).not.toBe(left.taskDefinition);
});

test("with task sets, what a moved tag named when it ran is what comes back, said beforehand", async () => {
  const application = taskSetConfig({ bakeMinutes: 0, windowMinutes: 0, testListener: null });
  const world = await start({ sandbox: { seed: true }, application });
  const image = await releaseByTag(world, "blue");
  const ran = await leave(world, "green");
  expect(ran).toMatchObject({ image, digest: null });
  const repositoryName = "library-management-system";
  const other = await call(world, "ecr", "BatchGetImage", { repositoryName, imageIds: [{ imageTag: "1.1.0" }] });
  const imageManifest = (other as BatchGetImageResponse).images?.[0]?.imageManifest;
  const { digest } = (await look(world)).slots.blue.revision ?? {};
  await call(world, "ecr", "PutImage", { repositoryName, imageTag: parseImage(image).tag, imageManifest });
  await until(async () => (await snapshot(world)).window?.startNote?.includes("names another image now"));
  const back = await ended(world, idOf(await goBack(world)));
  expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", revision: { image: `${image}@${digest}` } });
});

test("with task sets, what ran comes back by its digest where its tag is gone, said beforehand", async () => {
  const application = taskSetConfig({ bakeMinutes: 0, windowMinutes: 0, testListener: null });
  const world = await start({ sandbox: { seed: true }, application });
  const image = await releaseByTag(world, "blue");
  await leave(world, "green");
  const { digest } = (await look(world)).slots.blue.revision ?? {};
  const repositoryName = "library-management-system";
  const imageIds = [{ imageTag: parseImage(image).tag }];
  const ran = (await call(world, "ecr", "BatchGetImage", { repositoryName, imageIds })) as BatchGetImageResponse;
  const { imageManifest } = ran.images?.[0] ?? {};
  // Somebody keeps the image under another tag.
  await call(world, "ecr", "PutImage", { repositoryName, imageTag: "kept", imageManifest });
  await call(world, "ecr", "BatchDeleteImage", { repositoryName, imageIds });
  await until(async () => (await snapshot(world)).window?.startNote?.includes(`tag ${parseImage(image).tag} is gone`));
  const back = await ended(world, idOf(await goBack(world)));
  expect(back).toMatchObject({ kind: "ROLLBACK", status: "SUCCESSFUL", revision: { image: `${image}@${digest}` } });
});
