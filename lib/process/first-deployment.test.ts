import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { type Aws, createAws } from "../aws/aws.ts";
import { parseConfigFile } from "../config/config-file.ts";
import { CONTROLLERS } from "../domain/application/controller-name.ts";
import { isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { ReadinessFacts } from "../domain/readiness/readiness-facts.ts";
import { readinessReport } from "../domain/readiness/readiness-report.ts";
import type { Subject } from "../domain/readiness/subject.ts";
import { gatherReadiness } from "../gather/gather-readiness.ts";
import { proposedSubject, subjectOf } from "../gather/readiness-subject.ts";
import { readDeploymentFacts } from "../observe/readiness-deployments.ts";
import { deploy } from "../operations/deploy.ts";
import { switchTraffic } from "../operations/switch-traffic.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { createFollower, type Follower } from "../testing/follower.ts";
import { createTestWorld, manyCalls, until, untilDeployment } from "../testing/test-world.ts";

/*
 * What readiness shows, pasted into a shell. With FOLLOWER_AWS_CLI=aws the AWS CLI of this machine runs the commands; without it
 * they go through the SDK by the same arguments.
 */

/** Everything that a service stands on, in the order in which it is next. */
const MADE = [
  ...["repository", "cluster", "security-groups", "target-groups", "load-balancer", "parameters", "log-group", "push"],
  "task-definition",
];
const REGION = "ap-northeast-2";
let follower: Follower;
let folder: string;
const open: { sandbox: Sandbox; aws: Aws }[] = [];

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  folder = mkdtempSync(join(tmpdir(), "switchyard-first-"));
  follower = await createFollower();
});
afterAll(async () => {
  await follower.close();
  for (const { sandbox, aws } of open) {
    aws.destroy();
    await sandbox.close();
  }
  rmSync(folder, { recursive: true });
});

async function emptyAccount(change: Partial<Subject> = {}) {
  const sandbox = await createSandbox({ seed: "empty", ecs: { virtual: true }, speed: 10, throttling: false });
  const aws = createAws({ region: REGION, endpoint: sandbox.url, limits: manyCalls() });
  open.push({ sandbox, aws });
  const configPath = join(folder, `${open.length}.yaml`);
  copyFileSync("sandbox/empty.yaml", configPath);
  const standIn = { endpoint: sandbox.url, configPath };
  const proposed = { ...proposedSubject(REGION, standIn), ...change };
  async function look(
    given: Subject = proposed,
    deployments: ReadinessFacts["deployments"] = { state: "seen", value: [] },
  ) {
    const { subject, facts } = await gatherReadiness(aws, given, deployments, Date.now);
    return readinessReport(subject, facts, []);
  }
  /** Does what the page says is next, until only these are left. */
  async function follow(left: readonly string[]): Promise<string[]> {
    const done: string[] = [];
    for (;;) {
      const { next, setup, steps } = await look();
      const step = steps.find(({ id }) => next.includes(id) && !left.includes(id));
      if (!step) return done;
      expect(done, `${step.id} is still missing: ${JSON.stringify(step.points)}`).not.toContain(step.id);
      await follower.paste([...setup, ...step.fix.cli].join("\n"));
      done.push(step.id);
      // Tasks need a moment.
      await until(async () => (await look()).steps.every(({ id, outcome }) => id !== step.id || outcome !== "fail"));
    }
  }
  return { sandbox, aws, configPath, standIn, look, follow };
}

/** Takes up what init has added, pushes another image as readiness says, deploys it and switches. */
async function firstSwitch(account: Awaited<ReturnType<typeof emptyAccount>>): Promise<void> {
  const parsed = parseConfigFile(readFileSync(account.configPath, "utf8"), "switchyard.yaml", {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  // What the file had before is still there.
  expect(parsed.file.access.sandboxUsers).toBe(true);
  const [config] = parsed.file.applications;
  if (!config) throw new Error("init added no application");
  expect(config).toMatchObject({ name: "library", controller: "task-set", repository: "library-management-system" });

  const world = await createTestWorld({
    existing: account.sandbox,
    instead: { config, entrance: "library-alb:80", isReady: ({ slots }) => slots.blue.counts.healthy > 0 },
  });
  const deployments = (): Promise<Look<never>> => readDeploymentFacts(world.runtime.store, "library") as never;
  const subject = subjectOf(config, REGION, account.standIn);
  const ready = await account.look(subject, await deployments());
  expect(ready.next).toEqual(["deployment"]);
  const deployment = ready.steps.find(({ id }) => id === "deployment");
  await follower.paste([...ready.setup, ...(deployment?.fix.cli ?? [])].join("\n"));

  const operator = world.as("operator");
  const deployed = await deploy(operator, { application: "library", imageTag: "1.1.0" });
  if (!deployed.ok) throw new Error(deployed.message);
  await untilDeployment(world, deployed.value.id, isAwaitingSwitch, 60_000);
  // On a busy machine the last look is old in the sandbox's time, which runs faster.
  await until(async () => {
    const answer = await getReceipt(operator, "library", "green");
    if (!answer.ok || answer.value.blockers.length > 0) return false;
    const { hash } = answer.value;
    return (await switchTraffic(operator, { application: "library", to: "green", receipt: hash })).ok;
  });
  await untilDeployment(world, deployed.value.id, ({ stage }) => stage === "BAKE_TIME", 60_000);
  expect((await world.runtime.observer.refreshNow("library")).traffic.weights).toEqual({ blue: 0, green: 100 });
  const after = await account.look(subject, await deployments());
  expect(after.steps.filter(({ outcome }) => outcome === "fail").map(({ id }) => id)).toEqual([]);
  await world.close();
  open.pop()?.aws.destroy();
}

test("from an empty account to the first switch by pasting what each next step shows", async () => {
  const account = await emptyAccount();
  expect((await account.look()).counts.pass).toBe(0);
  expect(await account.follow(["deployment", "documents"])).toEqual(["pipeline-identity", ...MADE, "service"]);

  const { setup, steps } = await account.look();
  const documents = steps.find(({ id }) => id === "documents");
  await follower.paste([...setup, ...(documents?.fix.cli ?? [])].join("\n"));
  await firstSwitch(account);
}, 180_000);

const GUIDES = ["docs/first-deployment.md", "docs/first-deployment.ko.md"].map((path) => readFileSync(path, "utf8"));
/** The commands of a guide, block by block; a list's blocks are indented, and those marked "local" need Docker. */
const commandsOf = (guide = "") =>
  [...guide.matchAll(/^( *)```sh(?: (local))?\n([\s\S]*?)^ *```$/gm)].map(([, indent = "", mark, text = ""]) => ({
    isLocal: mark === "local",
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));

test("the guide is the same in Korean, command by command", () => {
  const [english, korean] = GUIDES.map(commandsOf);
  expect(korean).toEqual(english);
  expect(english?.filter(({ isLocal }) => isLocal)).toHaveLength(1);
});

test("the guide's commands, run in its order, end with the first switch", async () => {
  const account = await emptyAccount();
  const { setup } = await account.look();
  const values = ["url", "username", "password"].map((part) => `printf made-up > ${part}.txt`);
  const blocks = commandsOf(GUIDES[0]).flatMap(({ isLocal, text }) => (isLocal ? [] : [text]));
  // As somebody does it: in one shell, with the files of this checkout beside the values.
  await follower.paste(
    [...setup, `ROOT=$PWD; cd "${folder}"; ln -s "$ROOT/deploy" deploy`, ...values, ...blocks].join("\n"),
  );
  await firstSwitch(account);
}, 180_000);

test.each(CONTROLLERS.filter((name) => name !== "task-set"))(
  "the steps make a service for %s that init finds as such",
  async (controller) => {
    const services =
      controller === "paired-services" ? ["library-blue-service", "library-green-service"] : ["library-service"];
    const account = await emptyAccount({ controller, services });
    const { setup, steps } = await account.look();
    const cli = [...MADE, "service", "documents"].flatMap((id) => steps.find((step) => step.id === id)?.fix.cli ?? []);
    await follower.paste([...setup, ...cli].join("\n"));
    const parsed = parseConfigFile(readFileSync(account.configPath, "utf8"), "switchyard.yaml", {});
    expect(parsed.ok && parsed.file.applications.map((one) => one.controller)).toEqual([controller]);
  },
  120_000,
);

test.each(CONTROLLERS)(
  "the templates that the steps show, applied in their order, make a service for %s, and nothing of AWS is missing",
  async (controller) => {
    const services =
      controller === "paired-services" ? ["library-blue-service", "library-green-service"] : ["library-service"];
    const account = await emptyAccount({ controller, services });
    const { setup, steps } = await account.look();
    const cli = ["pipeline-identity", ...MADE, "service"].flatMap((id) => {
      const fix = steps.find((step) => step.id === id)?.fix;
      const stacks = fix?.cloudFormation ?? [];
      // Parameters are made by command, and the task definition is registered by command, beside their templates' roles.
      const isBoth = id === "parameters" || id === "task-definition";
      const commands = isBoth ? (fix?.cli ?? []).filter((line) => !line.includes("aws iam ")) : [];
      return stacks.length > 0 ? [...stacks, ...commands] : (fix?.cli ?? []);
    });
    // The roles before the policy that is put on one of them, and the load balancer's stack has the target groups.
    const roles = cli.filter((line) => line.includes("roles.yaml"));
    await follower.paste([...setup, ...new Set([...roles, ...cli])].join("\n"));
    await until(async () => {
      const { steps: after } = await account.look();
      const missing = after.filter(({ phase, outcome }) => phase === "infrastructure" && outcome === "fail");
      return missing.length === 0;
    });
  },
  120_000,
);
