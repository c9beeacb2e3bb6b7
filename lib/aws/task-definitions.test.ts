import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { diffTaskDefinitions } from "../domain/observation/task-definition.ts";
import { createAws } from "./aws.ts";

/* An AWS that is newer than this SDK: its answers have members that the SDK's model drops. */

const RUNNING = {
  taskDefinitionArn: "arn:aws:ecs:eu-central-1:123456789012:task-definition/library:7",
  family: "library",
  revision: 7,
  status: "ACTIVE",
  registeredAt: 1_800_000_000.123,
  requiresAttributes: [{ name: "ecs.capability.task-eni" }],
  compatibilities: ["FARGATE"],
  cpu: "256",
  memory: "512",
  futureTaskField: { mode: "strict", ratio: 0.1, tiers: [1, 2] },
  containerDefinitions: [
    {
      name: "library",
      image: "library:1",
      environment: [{ name: "A", value: "hunter2", futureEntryField: true }],
      futureContainerField: ["x", { y: 1 }],
      healthCheck: { command: ["CMD", "true"], futureHealthField: 5 },
    },
    { name: "agent", image: "agent:1", essential: false },
  ],
};
const TAGS = [
  { key: "team", value: "library" },
  { key: "aws:cloudformation:stack-name", value: "x" },
];

async function newerAws(running: object = RUNNING) {
  process.env.AWS_ACCESS_KEY_ID ??= "test";
  process.env.AWS_SECRET_ACCESS_KEY ??= "test";
  const registered: Record<string, unknown>[] = [];
  const lengths: boolean[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    response.setHeader("content-type", "application/x-amz-json-1.1");
    if (String(request.headers["x-amz-target"]).endsWith(".RegisterTaskDefinition")) {
      registered.push(JSON.parse(body.toString()));
      lengths.push(Number(request.headers["content-length"]) === body.length);
      response.end(
        JSON.stringify({ taskDefinition: { ...RUNNING, taskDefinitionArn: `${RUNNING.taskDefinitionArn}8` } }),
      );
    } else response.end(JSON.stringify({ taskDefinition: running, tags: TAGS }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const aws = createAws({ region: "eu-central-1", endpoint: `http://127.0.0.1:${port}` });
  onTestFinished(() => {
    aws.destroy();
    server.close();
  });
  return { aws, registered, lengths };
}

test("a registered copy keeps all that AWS answered, also what this SDK does not know, and changes only the image", async () => {
  const { aws, registered, lengths } = await newerAws();
  const tag = { key: "switchyard:deployment", value: "d-1" };
  const from = RUNNING.taskDefinitionArn;
  const made = await aws.definitions.register({ from, container: "library", image: "library:2", tag }, "action");
  expect(made.arn).toBe(`${RUNNING.taskDefinitionArn}8`);
  const { taskDefinitionArn, revision, status, registeredAt, requiresAttributes, compatibilities, ...kept } = RUNNING;
  const [first, agent] = RUNNING.containerDefinitions;
  expect(registered).toEqual([
    { ...kept, containerDefinitions: [{ ...first, image: "library:2" }, agent], tags: [TAGS[0], tag] },
  ]);
  expect(lengths).toEqual([true]);
});

test("further containers get the same image, and which one gets it is never guessed", async () => {
  const [first, agent] = RUNNING.containerDefinitions;
  const proxy = { name: "envoy", image: "envoy:1" };
  const { aws, registered } = await newerAws({ ...RUNNING, containerDefinitions: [proxy, first, agent] });
  const tag = { key: "switchyard:deployment", value: "d-1" };
  const from = RUNNING.taskDefinitionArn;
  const order = { from, image: "library:2", tag };
  await aws.definitions.register({ ...order, container: "library", containers: ["agent"] }, "action");
  const sent = registered[0]?.containerDefinitions as { image: string }[];
  expect(sent.map(({ image }) => image)).toEqual(["envoy:1", "library:2", "library:2"]);
  await expect(aws.definitions.register({ ...order, container: null }, "action")).rejects.toThrow(
    "library has the essential containers envoy and library: say with container in switchyard.yaml",
  );
  const absent = aws.definitions.register({ ...order, container: "library", containers: ["init"] }, "action");
  await expect(absent).rejects.toThrow("library has no container init");
  expect(registered).toHaveLength(1);
});

test("the diff shows fields that this SDK does not know, and no value of an environment variable", async () => {
  const before = await (await newerAws()).aws.definitions.get(RUNNING.taskDefinitionArn, "action");
  const [first, agent] = RUNNING.containerDefinitions;
  const { futureTaskField: _, ...without } = RUNNING;
  const changed = {
    ...without,
    containerDefinitions: [
      { ...first, futureContainerField: ["z"], environment: [{ name: "A", value: "hunter3", futureEntryField: true }] },
      agent,
    ],
  };
  const after = await (await newerAws(changed)).aws.definitions.get(RUNNING.taskDefinitionArn, "action");
  const changes = diffTaskDefinitions(before, after);
  expect(changes).toEqual([
    { field: "library: environment A", before: "set", after: "changed" },
    { field: "library: future container field", before: "x; y 1", after: '["z"]' },
    { field: "Future task field", before: "mode strict, ratio 0.1, tiers [1,2]", after: null },
  ]);
  expect(JSON.stringify([before, after])).not.toContain("hunter");
});
