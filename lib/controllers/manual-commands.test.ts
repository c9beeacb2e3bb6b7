import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import type * as Ecs from "@aws-sdk/client-ecs";
import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it, test } from "vitest";
import type { Application } from "../domain/application/application.ts";
import { renderScript } from "../domain/manual/cli-command.ts";
import type { Move } from "../domain/manual/move.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { type LibraryWorld, startLibraryWorld } from "../testing/library-world.ts";
import { startTaskSetWorld } from "../testing/task-set-world.ts";

/*
 * The commands that Switchyard shows, run by bash with the AWS CLI of this machine against one sandbox, and Switchyard's own
 * controller against another: afterwards AWS must look the same.
 */

const run = promisify(execFile);
const CLIS = (process.env.AWS_CLI_COMMANDS ?? "/usr/bin/aws,/usr/local/bin/aws,aws").split(",").filter(isThere);
const CAN_RUN = CLIS.length > 0 && isThere("jq") && isThere("bash");
const CLUSTER = "library-management-cluster";
const GREEN = { blue: 0, green: 100 };
const REGISTRY = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system";

type Kind = "paired-services" | "task-set";
type Shape = "default action" | "rule";
interface World extends LibraryWorld {
  /** The application with the listener or rule of this test. */
  application: Application;
}

function isThere(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function ask<Output>({ sandbox }: LibraryWorld, service: "ecs" | "elb", operation: string, input: object) {
  const handler = sandbox[service].service.operations[operation];
  if (!handler) throw new Error(`${operation} is missing`);
  return (await handler(input, { requestId: "test", signal: new AbortController().signal })) as Output;
}

/** The same world each time: names, ids and ARNs come from one seed. */
async function startWorld(kind: Kind, shape: Shape): Promise<World> {
  const options = { sandbox: { randomSeed: 3, speed: 50 } };
  const world = await (kind === "task-set" ? startTaskSetWorld(options) : startLibraryWorld(options));
  if (shape === "default action") return world;
  const { slots } = world.application;
  // Behind a person's sign-in, with sticky clients: what must not get lost when weights are written.
  const listener = await ask<Elb.CreateListenerOutput>(world, "elb", "CreateListener", {
    LoadBalancerArn: (await world.aws.elb.findLoadBalancer("library-alb", "action")).arn,
    Protocol: "HTTPS",
    Port: 443,
    Certificates: [{ CertificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/1" }],
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
  });
  const url = "https://issuer.example";
  const made = await ask<Elb.CreateRuleOutput>(world, "elb", "CreateRule", {
    ListenerArn: listener.Listeners?.[0]?.ListenerArn,
    Priority: 10,
    Conditions: [{ Field: "path-pattern", Values: ["/books/*"] }],
    Actions: [
      {
        Type: "authenticate-oidc",
        Order: 1,
        AuthenticateOidcConfig: {
          Issuer: url,
          AuthorizationEndpoint: `${url}/authorize`,
          TokenEndpoint: `${url}/token`,
          UserInfoEndpoint: `${url}/me`,
          ClientId: 'library\'s "own"',
          ClientSecret: "not told again",
        },
      },
      {
        Type: "forward",
        Order: 2,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: slots.blue.targetGroupArn, Weight: 100 },
            { TargetGroupArn: slots.green.targetGroupArn, Weight: 0 },
          ],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 300 },
        },
      },
    ],
  });
  const rule = {
    arn: made.Rules?.[0]?.RuleArn ?? "",
    kind: "rule" as const,
    name: "library-alb HTTPS:443 rule 10",
    url: null,
  };
  return { ...world, application: { ...world.application, listener: rule } };
}

/** What Switchyard does for these moves, as the engine does it. */
async function doIt({ controller, application }: World, moves: readonly Move[]): Promise<void> {
  for (const move of moves) {
    if (move.type === "startSide") {
      const { value } = await controller.registerRevision(application, move.slot, move.revision, "d-1");
      await controller.startSide(application, move.slot, value, move.desired, "d-1");
    } else if (move.type === "shift") {
      const { weights } = await controller.readWeights(application);
      await controller.shift(application, weights, move.weights);
      await controller.afterShift?.(application, move.to);
    } else if (move.type === "retireSide")
      await (controller.retireSide?.(application, move.slot) ?? controller.scaleSide(application, move.slot, 0));
  }
}

/** What a person does: pastes what is shown. */
async function paste(world: World, moves: readonly Move[], cli: string): Promise<string> {
  const script = renderScript(await world.controller.manualCommands(world.application, moves), englishOf);
  const { stdout } = await run("bash", ["-c", `aws() { command ${cli} "$@"; }\n${script}`], {
    env: { ...process.env, AWS_ACCESS_KEY_ID: "sandbox", AWS_SECRET_ACCESS_KEY: "sandbox", AWS_MAX_ATTEMPTS: "2" },
  });
  return stdout;
}

/** How AWS is now, but for ids and times. */
async function seen(world: World) {
  const { aws, application } = world;
  const { listener } = application;
  const { list } = { list: (await aws.elb.describeForwards([listener], "action")).get(listener.arn) };
  const names = [...new Set([application.slots.blue.service, application.slots.green.service])];
  const { services = [] } = await ask<Ecs.DescribeServicesResponse>(world, "ecs", "DescribeServices", {
    cluster: CLUSTER,
    services: names,
  });
  const definition = async (arn: string | undefined) => {
    const { taskDefinition } = await ask<Ecs.DescribeTaskDefinitionResponse>(world, "ecs", "DescribeTaskDefinition", {
      taskDefinition: arn,
    });
    const { registeredAt: _at, ...rest } = taskDefinition ?? {};
    return rest;
  };
  return {
    list,
    services: await Promise.all(
      services.map(async (service) => ({
        name: service.serviceName,
        desired: service.desiredCount,
        definition: service.taskSets?.length ? null : await definition(service.taskDefinition),
        sets: await Promise.all(
          (service.taskSets ?? [])
            .filter(({ status }) => status !== "DRAINING")
            .map(async (set) => ({
              status: set.status,
              externalId: set.externalId,
              definition: await definition(set.taskDefinition),
              scale: set.scale,
              desired: set.computedDesiredCount,
              launchType: set.launchType,
              networkConfiguration: set.networkConfiguration,
              loadBalancers: set.loadBalancers,
              platformVersion: set.platformVersion,
            })),
        ),
      })),
    ),
  };
}

const SWITCH: Move[] = [{ type: "shift", to: "green", weights: GREEN }];
const release = (desired: number): Move[] => [
  { type: "startSide", slot: "green", revision: { image: `${REGISTRY}:1.1.0` }, desired },
];
/** Rolling back to a side that was scaled down: the switch before it is part of how the world is. */
const RETIRE: Move[] = [{ type: "retireSide", slot: "green" }];

async function coldRollback(world: World): Promise<Move[]> {
  const revision = (await world.controller.observe(world.application)).slots.green.revision;
  await doIt(world, RETIRE);
  return [
    { type: "startSide", slot: "green", revision: { taskDefinition: revision?.taskDefinition ?? "" }, desired: 2 },
    { type: "waitHealthy", slot: "green" },
    ...SWITCH,
  ];
}

describe.runIf(CAN_RUN).each([["paired-services"], ["task-set"]] as const)("%s", { timeout: 180_000 }, (kind) => {
  const CASES: [string, Shape, (world: World) => Promise<Move[]>][] = [
    ["switch", "default action", async () => SWITCH],
    ["switch", "rule", async () => SWITCH],
    ["deploy of an image", "default action", async () => release(2)],
    ["deploy of more tasks than live has", "rule", async () => release(3)],
    ["rollback to a cold side", "default action", coldRollback],
    ["retire", "rule", async () => RETIRE],
    [
      "abort's way back to what the side ran before",
      "default action",
      async (world) => {
        const before = (await world.controller.observe(world.application)).slots.green.revision;
        await doIt(world, release(2));
        return [
          { type: "startSide", slot: "green", revision: { taskDefinition: before?.taskDefinition ?? "" }, desired: 2 },
        ];
      },
    ],
  ];
  test.each(CASES)("%s with a %s by hand leaves AWS as Switchyard does", async (_action, shape, prepare) => {
    const [ours, theirs] = await Promise.all([startWorld(kind, shape), startWorld(kind, shape)]);
    const moves = await prepare(ours);
    const movesByHand = await prepare(theirs);
    const before = await seen(theirs);
    await doIt(ours, moves);
    // The oldest CLI that is here and the newest in turn.
    const cli = CLIS[shape === "rule" ? CLIS.length - 1 : 0] ?? "aws";
    await paste(theirs, movesByHand, cli);
    expect(await seen(theirs)).toEqual(await seen(ours));
    expect(await seen(theirs)).not.toEqual(before);
  });

  it("ends at the first command that fails, before traffic moves", async () => {
    const world = await startWorld(kind, "default action");
    const moves: Move[] = [
      { type: "startSide", slot: "green", revision: { taskDefinition: "no-such-family:7" }, desired: 2 },
      ...SWITCH,
    ];
    await expect(paste(world, moves, CLIS[0] ?? "aws")).rejects.toThrow(/no-such-family|Unable to describe|not found/i);
    expect((await world.controller.readWeights(world.application)).weights).toEqual({ blue: 100, green: 0 });
  });

  it("shows no value of an environment variable", async () => {
    const world = await startWorld(kind, "default action");
    const script = renderScript(await world.controller.manualCommands(world.application, release(2)), englishOf);
    expect(script).toContain("register-task-definition");
    expect(script).not.toContain("MaxRAMPercentage");
  });
});

test.runIf(!CAN_RUN)("without an AWS CLI, jq and bash there is nothing to run", () => {
  expect(CAN_RUN).toBe(false);
});
