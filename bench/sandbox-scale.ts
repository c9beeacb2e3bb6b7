/* Five thousand virtual tasks in a hundred services, in a process of its own, so that its memory is theirs alone. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { createSandbox } from "../sandbox/sandbox.ts";
import { type Figure, quantile } from "./figure.ts";
import { jsonClient } from "./local-process.ts";

const SERVICES = 100;
const TASKS = 50;
const CLUSTER = "scale";

interface Answer {
  startSeconds: number;
  residentMiB: number;
  running: number;
  describeMs: number[];
}

/** Memory and answers of the sandbox with all of them running. */
export async function measureScale(): Promise<Figure[]> {
  const child = spawn(process.execPath, [import.meta.filename, "serve"], { stdio: ["ignore", "pipe", "inherit"] });
  const answer = JSON.parse(await text(child.stdout)) as Answer;
  return [
    {
      name: `sandbox: resident memory, ${SERVICES * TASKS} virtual tasks in ${SERVICES} services`,
      value: answer.residentMiB,
      unit: "MiB",
      target: { kind: "<=", value: 300 },
      note: `all running after ${answer.startSeconds.toFixed(1)} s`,
    },
    {
      name: "sandbox: virtual tasks running",
      value: answer.running,
      unit: `of ${SERVICES * TASKS}`,
      target: { kind: "=", value: SERVICES * TASKS },
    },
    {
      name: "sandbox: DescribeServices of ten among them, p95",
      value: quantile(answer.describeMs, 0.95),
      unit: "ms",
      target: null,
    },
  ];
}

async function serve(): Promise<void> {
  const startedAt = performance.now();
  const sandbox = await createSandbox({ seed: false, throttling: false, speed: 20, ecs: { virtual: true } });
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    authorization:
      "AWS4-HMAC-SHA256 Credential=bench/20260101/ap-northeast-2/ecs/aws4_request, SignedHeaders=host, Signature=0",
  };
  const ecs = <T>(operation: string, input: object) =>
    jsonClient(sandbox.url, { ...headers, "x-amz-target": `AmazonEC2ContainerServiceV20141113.${operation}` })<T>(
      "POST",
      "/",
      input,
    );
  sandbox.ecr.push({ repository: "many", tag: "1", pushedAt: new Date(), sizeBytes: 1 });
  await ecs("CreateCluster", { clusterName: CLUSTER });
  await ecs("RegisterTaskDefinition", {
    family: "many",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    executionRoleArn: "arn:aws:iam::123456789012:role/many-execution",
    containerDefinitions: [
      { name: "app", image: `${sandbox.ecr.host}/many:1`, portMappings: [{ containerPort: 8081 }] },
    ],
  });
  const names = Array.from({ length: SERVICES }, (_, index) => `service-${index}`);
  for (const serviceName of names)
    await ecs("CreateService", {
      cluster: CLUSTER,
      serviceName,
      taskDefinition: "many",
      desiredCount: TASKS,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
    });
  const describeMs: number[] = [];
  const countRunning = async () => {
    let running = 0;
    for (let from = 0; from < SERVICES; from += 10) {
      const askedAt = performance.now();
      const { services } = await ecs<{ services: { runningCount: number }[] }>("DescribeServices", {
        cluster: CLUSTER,
        services: names.slice(from, from + 10),
      });
      describeMs.push(performance.now() - askedAt);
      running += services.reduce((sum, service) => sum + service.runningCount, 0);
    }
    return running;
  };
  const deadline = Date.now() + 120_000;
  let running = await countRunning();
  while (running < SERVICES * TASKS && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    running = await countRunning();
  }
  const startSeconds = (performance.now() - startedAt) / 1000;
  describeMs.length = 0;
  for (let round = 0; round < 20; round++) await countRunning();
  const residentMiB = process.memoryUsage.rss() / 1024 / 1024;
  const answer: Answer = { startSeconds, residentMiB, running, describeMs };
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
}

if (import.meta.main) await serve();
