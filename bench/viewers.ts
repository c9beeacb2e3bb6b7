import { type Figure, quantile } from "./figure.ts";
import { until } from "./local-process.ts";
import { residentMiB, TOKEN, type World } from "./world.ts";

/** Garbage is collected and what compiling took is given back within a minute or so of the last work. */
const AT_REST_MS = 60_000;
const LONGEST_REST_MS = 300_000;

type Calls = Record<string, { count: number }>;

/** Opens event streams of the board until aborted; resolves once each has had its first snapshot. */
async function openViewers(world: World, count: number, signal: AbortSignal): Promise<void> {
  const open = async () => {
    const response = await fetch(`${world.appUrl}/api/v1/applications/library/live`, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal,
    });
    if (!response.ok || !response.body) throw new Error(`A viewer's stream answered ${response.status}`);
    const reader = response.body.getReader();
    await reader.read();
    void (async () => {
      while (!(await reader.read()).done);
    })().catch(() => {});
  };
  await Promise.all(Array.from({ length: count }, open));
}

/** Resolves once the server holds no stream open. */
async function allLetGo(world: World): Promise<void> {
  await until("the streams are let go", async () => {
    const health = await world.api<{ checks: { streams: { open: number } } }>("GET", "/api/health");
    return health.checks.streams.open === 0;
  });
}

/** AWS calls a minute that the sandbox counted over `seconds`. */
async function callsPerMinute(world: World, seconds: number): Promise<number> {
  await world.sandbox("DELETE", "/_sandbox/calls");
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const calls = await world.sandbox<Calls>("GET", "/_sandbox/calls");
  const elapsed = (performance.now() - startedAt) / 1000;
  return (Object.values(calls).reduce((sum, call) => sum + call.count, 0) / elapsed) * 60;
}

/** Resident memory once what the start and the last viewers took has been given back: when it fell no further for a minute. */
async function residentAtRest(pid: number): Promise<number> {
  let least = await residentMiB(pid);
  const endsAt = performance.now() + LONGEST_REST_MS;
  for (let fellAt = performance.now(); performance.now() < Math.min(fellAt + AT_REST_MS, endsAt); ) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const mib = await residentMiB(pid);
    if (mib < least - 1) fellAt = performance.now();
    least = Math.min(least, mib);
  }
  return residentMiB(pid);
}

/** What viewers cost: AWS calls and memory with 1 and with 200 of them. */
export async function measureViewers(world: World, seconds = 30): Promise<Figure[]> {
  const one = new AbortController();
  await openViewers(world, 1, one.signal);
  const callsWithOne = await callsPerMinute(world, seconds);
  one.abort();
  await allLetGo(world);
  const idleMiB = await residentAtRest(world.serverPid);

  const many = new AbortController();
  await openViewers(world, 200, many.signal);
  const callsWithMany = await callsPerMinute(world, seconds);
  const busyMiB = await residentMiB(world.serverPid);
  many.abort();
  const freedAt = performance.now();
  await allLetGo(world);
  const freedSeconds = (performance.now() - freedAt) / 1000;

  return [
    { name: "AWS calls a minute, 1 viewer", value: callsWithOne, unit: "/min", target: null },
    { name: "AWS calls a minute, 200 viewers", value: callsWithMany, unit: "/min", target: null },
    {
      name: "calls with 200 viewers over calls with 1",
      value: callsWithMany / callsWithOne,
      unit: "x",
      target: { kind: "<=", value: 1.05 },
      note: "equal but for where the minute is cut",
    },
    {
      name: "resident memory, idle",
      value: idleMiB,
      unit: "MiB",
      target: { kind: "<=", value: 400 },
      note: "server process with the embedded record, and its children",
    },
    { name: "resident memory, 200 viewers", value: busyMiB, unit: "MiB", target: null },
    { name: "200 vanished viewers let go after", value: freedSeconds, unit: "s", target: { kind: "<=", value: 5 } },
  ];
}

/** p95 of AWS API calls to the idle sandbox, through plain HTTP as a client sends them. */
export async function measureSandboxApi(world: World, count = 200): Promise<Figure[]> {
  const durations: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedAt = performance.now();
    const response = await fetch(world.sandboxUrl, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeServices",
        authorization:
          "AWS4-HMAC-SHA256 Credential=bench/20260101/ap-northeast-2/ecs/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify({ cluster: "library-management-cluster", services: ["library-service"] }),
    });
    await response.arrayBuffer();
    if (response.ok) durations.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return [
    {
      name: "sandbox: start to first answer",
      value: world.startSeconds.sandbox,
      unit: "s",
      target: { kind: "<=", value: 1 },
    },
    {
      name: "sandbox: API call when idle, p95",
      value: quantile(durations, 0.95),
      unit: "ms",
      target: { kind: "<=", value: 10 },
      note: `DescribeServices, ${durations.length} of ${count} answered`,
    },
  ];
}
