import {
  DescribeTaskDefinitionCommand,
  type DescribeTaskDefinitionCommandOutput,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { diffTaskDefinitions } from "../domain/observation/task-definition.ts";
import { REGISTERED_ONLY } from "../domain/observation/task-definition-fields.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { TASK_DEFINITIONS } from "../testing/task-definitions.ts";
import { type Aws, createAws } from "./aws.ts";

/* Task definitions as people have them, planned with a new image, registered and read back. */

let sandbox: Sandbox;
let aws: Aws;
let ecs: ECSClient;

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  sandbox = await createSandbox({ seed: false, throttling: false });
  const limit = { burst: 1000, perSecond: 1000, share: 1 };
  aws = createAws({
    region: sandbox.place.region,
    endpoint: sandbox.url,
    limits: { "ecs-definition-read": limit, "ecs-definition-modify": limit },
  });
  ecs = new ECSClient({ region: sandbox.place.region, endpoint: sandbox.url, credentials: ADMINISTRATOR });
});

afterAll(async () => {
  ecs.destroy();
  aws.destroy();
  await sandbox.close();
});

const read = (taskDefinition: string) =>
  ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] }));

/** What a copy has to keep: everything but what registering itself makes, and the image. */
function kept({ taskDefinition, tags = [] }: DescribeTaskDefinitionCommandOutput, image: string) {
  const own: ReadonlySet<string> = new Set(REGISTERED_ONLY);
  return {
    fields: Object.fromEntries(Object.entries(taskDefinition ?? {}).filter(([name]) => !own.has(name))),
    containers: taskDefinition?.containerDefinitions?.map((one) => (one.name === "app" ? { ...one, image } : one)),
    tags: tags.filter(({ key }) => key !== "switchyard:deployment"),
  };
}

test("there are thirty", () => {
  expect(Object.keys(TASK_DEFINITIONS)).toHaveLength(30);
});

test.each(Object.keys(TASK_DEFINITIONS))("%s: no field is lost, and only the image differs", async (name) => {
  const family = name.replaceAll(/\W+/g, "-");
  const definition = { ...TASK_DEFINITIONS[name], containerDefinitions: TASK_DEFINITIONS[name]?.containerDefinitions };
  const tags = [{ key: "team", value: "books" }];
  const { taskDefinition } = await ecs.send(new RegisterTaskDefinitionCommand({ ...definition, family, tags }));
  const from = taskDefinition?.taskDefinitionArn ?? "";
  const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:2";
  const plan = await aws.definitions.plan({ from, container: "app", image }, "action");
  const tag = { key: "switchyard:deployment", value: family };
  const { arn } = await aws.definitions.register({ from, container: "app", image, tag }, "action");

  const [before, after] = [await read(from), await read(arn)];
  // As it was asked for, beside what ECS fills in.
  const { containerDefinitions = [], cpu: _, memory: __, ...rest } = definition;
  expect(before.taskDefinition).toMatchObject(JSON.parse(JSON.stringify(rest)));
  for (const [index, container] of containerDefinitions.entries())
    expect(before.taskDefinition?.containerDefinitions?.[index]).toMatchObject(container);
  const wanted = kept(before, image);
  expect(kept(after, image)).toEqual({
    ...wanted,
    fields: { ...wanted.fields, containerDefinitions: wanted.containers },
  });
  expect(after.tags).toContainEqual(tag);
  const changes = diffTaskDefinitions(
    await aws.definitions.get(from, "action"),
    await aws.definitions.get(arn, "action"),
  );
  expect(changes.map(({ field }) => field)).toEqual(["app: image"]);
  expect(diffTaskDefinitions(plan, await aws.definitions.get(arn, "action"))).toEqual([]);
});
