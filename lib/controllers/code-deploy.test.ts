import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import type { CreateDeploymentInput, GetDeploymentOutput } from "@aws-sdk/client-codedeploy";
import { expect, it, test } from "vitest";
import { newAppSpec, readAppSpec } from "../aws/app-spec.ts";
import { renderScript } from "../domain/manual/cli-command.ts";
import { findUnapprovable } from "../domain/rules/approvable-rules.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { readService } from "../gather/read-fresh.ts";
import { startMembersWorld } from "../testing/code-deploy-world.ts";
import { nextAppSpec } from "./code-deploy-spec.ts";

const run = promisify(execFile);
const CLIS = (process.env.AWS_CLI_COMMANDS ?? "/usr/bin/aws,/usr/local/bin/aws,aws").split(",").filter(isThere);
const CAN_RUN = CLIS.length > 0 && isThere("jq") && isThere("bash");
const GROUP = { applicationName: "members", deploymentGroupName: "members-group" };
const NOTE = { id: "dep-1", actor: "kim@example.com", reason: "new sign-up", isRollback: false };
const HOOK = "arn:aws:lambda:ap-northeast-2:123456789012:function:check";

type World = Awaited<ReturnType<typeof startMembersWorld>>;

function isThere(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The last CreateDeployment that was sent. */
function sent({ sandbox }: World): CreateDeploymentInput {
  const found = sandbox.calls.journal().findLast(({ operation }) => operation === "CreateDeployment");
  return (found?.input ?? {}) as CreateDeploymentInput;
}

const specOf = (input: CreateDeploymentInput) => readAppSpec(input.revision?.appSpecContent?.content ?? "");

/** What runs now, as something to deploy once more. */
async function current(world: World) {
  const application = await world.resolve();
  const { slots, traffic } = await world.driver.observe(application);
  const revision = slots[traffic.live === "green" ? "green" : "blue"].revision;
  if (!revision) throw new Error("Nothing runs");
  return { application, revision };
}

/** A pipeline's deployment with a hook, to its success. */
async function deployWithHook(world: World, taskDefinition: string): Promise<void> {
  const spec = JSON.parse(newAppSpec(taskDefinition, { name: "members", port: 8085 })) as object;
  const content = JSON.stringify({ ...spec, Hooks: [{ BeforeAllowTraffic: HOOK }] });
  const revision = { revisionType: "AppSpecContent", appSpecContent: { content } };
  const deploymentConfigName = "CodeDeployDefault.ECSAllAtOnce";
  const { deploymentId } = await world.ask<{ deploymentId: string }>("CreateDeployment", {
    ...GROUP,
    revision,
    deploymentConfigName,
  });
  await world.pass(900);
  const { deploymentInfo } = await world.ask<GetDeploymentOutput>("GetDeployment", { deploymentId });
  expect(deploymentInfo?.status).toBe("Succeeded");
}

test("a release keeps the hooks of the newest success, says who and why, and has a person's stop rolled back", async () => {
  const world = await startMembersWorld();
  const { application, revision } = await current(world);
  await deployWithHook(world, revision.taskDefinition);
  await world.driver.start(application, revision, NOTE);
  const input = sent(world);
  expect(specOf(input)).toEqual({ taskDefinition: revision.taskDefinition, hooks: { BeforeAllowTraffic: HOOK } });
  expect(input.description).toBe("Switchyard dep-1 by kim@example.com: new sign-up");
  expect(input.autoRollbackConfiguration?.events).toEqual(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]);
  expect(input.deploymentConfigName).toBeUndefined();
});

test("the first deployment of a group is made for the container that is registered now; a rollback goes all at once", async () => {
  const world = await startMembersWorld();
  const { application, revision } = await current(world);
  await world.driver.start(application, revision, { ...NOTE, isRollback: true });
  const input = sent(world);
  expect(input.deploymentConfigName).toBe("CodeDeployDefault.ECSAllAtOnce");
  expect(input.revision?.appSpecContent?.content).toContain('{"ContainerName":"members","ContainerPort":8085}');
});

test("a start whose answer was lost finds its own deployment, and another one is refused", async () => {
  const world = await startMembersWorld();
  const { application, revision } = await current(world);
  const first = await world.driver.start(application, revision, NOTE);
  expect(await world.driver.start(application, revision, NOTE)).toMatchObject({ value: first.value });
  const another = world.driver.start(application, revision, { ...NOTE, id: "dep-10" });
  await expect(another).rejects.toMatchObject({ code: "DeploymentLimitExceededException" });
});

test("a release that needs approval is refused where CodeDeploy reroutes before anybody could approve; going back is not", async () => {
  const world = await startMembersWorld();
  const { revision } = await current(world);
  const application = await world.resolve({ approvals: { release: { approvers: 2 } } });
  const refused = world.driver.start(application, revision, NOTE);
  await expect(refused).rejects.toThrow(/needs 2 approvals, and the deployment group reroutes traffic by itself/);
  expect((await world.driver.start(application, revision, { ...NOTE, isRollback: true })).value).toMatch(/^d-/);
});

test("that nobody could approve is told before a start, and no longer a minute after the group has a wait", async () => {
  const world = await startMembersWorld();
  const application = await world.resolve({ approvals: { release: { approvers: 2 } } });
  const blocker = async () => findUnapprovable(application, await world.driver.observe(application));
  expect(await blocker()).toMatchObject({
    code: "NOT_APPROVABLE",
    message: expect.stringContaining("CodeDeploy would shift"),
  });
  await world.ask("UpdateDeploymentGroup", {
    applicationName: "members",
    currentDeploymentGroupName: "members-group",
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 60 },
      terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 1 },
    },
  });
  await world.pass(61);
  expect(await blocker()).toBeNull();
});

test("where the AppSpec of the newest success is not told, nothing is started: its hooks would be lost", async () => {
  const world = await startMembersWorld();
  const { application, revision } = await current(world);
  const group = await world.aws.codeDeploy.getGroup(application.codeDeploy ?? { application: "", group: "" }, "action");
  const service = await readService(world.aws, application, "members-service");
  const inS3 = { ...group, revision: { type: "S3", content: null, sha256: null } };
  await expect(nextAppSpec(world.aws, inS3, service, revision.taskDefinition)).rejects.toThrow(
    /has its AppSpec as S3, which is not read here: its hooks would be lost/,
  );
});

test("a wait is ended by its own id alone", async () => {
  const world = await startMembersWorld();
  const { application, revision } = await current(world);
  const { value } = await world.driver.start(application, revision, NOTE);
  const id = value ?? "";
  const old = world.driver.answer(application, id, "d-OLDOLDOLD:READY_WAIT", "CONTINUE");
  await expect(old).rejects.toThrow("no wait of");
  const none = world.driver.answer(application, id, `${id}:READY_WAIT`, "CONTINUE");
  await expect(none).rejects.toMatchObject({ code: "DeploymentIsNotInReadyStateException", retryable: false });
});

const itRuns = CAN_RUN ? it : it.skip;
itRuns("the AWS CLI's commands for a release come to the same deployment", async () => {
  const world = await startMembersWorld();
  const { application, revision } = await current(world);
  await deployWithHook(world, revision.taskDefinition);
  const commands = await world.driver.manualCommands(application, [{ type: "startAws", revision }]);
  const script = renderScript(commands, englishOf).replaceAll(
    /^(\w+=\$\()?aws /gm,
    (_all, into = "") => `${into}${CLIS[0]} `,
  );
  const env = { ...process.env, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const { stdout } = await run("bash", ["-c", script], { env });
  expect(stdout).toMatch(/d-[A-Z0-9]{9}/);
  const byHand = sent(world);
  expect(specOf(byHand)).toEqual({ taskDefinition: revision.taskDefinition, hooks: { BeforeAllowTraffic: HOOK } });
  expect(byHand.autoRollbackConfiguration?.events).toEqual(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]);
});
