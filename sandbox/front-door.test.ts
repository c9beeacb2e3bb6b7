import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { DescribeClustersCommand, DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { DescribeRulesCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFrontDoor, type FrontDoor } from "./front-door.ts";
import { createGithubStandIn } from "./github.ts";
import { createLambdaHooks } from "./lambda-hooks.ts";
import { testBase } from "./protocol/test-server.ts";
import type { SimulatedService } from "./service.ts";

const base = testBase();
let desiredCount = 2;
let door: FrontDoor;
let url: string;
let ecs: ECSClient;
let elb: ElasticLoadBalancingV2Client;
let stop: () => Promise<void>;
let seen: unknown[] = [];

const services: SimulatedService[] = [
  {
    name: "ecs",
    operations: {
      DescribeClusters: () => ({ clusters: [] }),
      DescribeServices: () => ({ services: [{ desiredCount }] }),
      UpdateService(input: { desiredCount: number }) {
        desiredCount = input.desiredCount;
        return { service: { desiredCount } };
      },
    },
  },
  { name: "elbv2", operations: { DescribeRules: () => ({ Rules: [{ Priority: String(desiredCount) }] }) } },
];

beforeEach(async () => {
  desiredCount = 2;
  seen = [];
  door = createFrontDoor(
    base,
    services,
    {
      findBlob: () => null,
      github: createGithubStandIn(true),
      describe: () => ({ listeners: { "library-alb:80": "http://127.0.0.1:8080" }, images: [] }),
      traffic: () => ({ listeners: {} }),
      listTasks: () => [{ id: "task1" }],
      lambda: createLambdaHooks(),
      killTask: (id) => id === "task1" && Boolean(seen.push(["kill", id])),
      setTaskHealth: async (id, status) => id === "task1" && Boolean(seen.push(["health", id, status])),
      generateLogs: (lines) => void seen.push(lines),
      listeners: () => ["library-alb:80"],
      targetGroupsFor: () => ["library-blue-tg", "library-green-tg"],
      setWeights: (listener, weights) => void seen.push([listener, weights]),
      reset: async () => void seen.push("reset"),
    },
    { throttling: true },
  );
  const server = createServer(door.listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = {
    endpoint: url,
    region: "ap-northeast-2",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  };
  ecs = new ECSClient(settings);
  elb = new ElasticLoadBalancingV2Client(settings);
  stop = async () => {
    ecs.destroy();
    elb.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
});

afterEach(() => stop());

const describeServices = () => ecs.send(new DescribeServicesCommand({ services: ["a"] }));
const updateService = (count: number) => ecs.send(new UpdateServiceCommand({ service: "a", desiredCount: count }));
/** The name the SDK gives to an ECONNRESET. */
const CONNECTION_RESET = "TimeoutError";
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => "ok",
    (error: Error) => error.name,
  );

async function control(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const init = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await fetch(`${url}/_sandbox${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("faults", () => {
  it("throttles as the service does, counts it, and stops after `count` calls", async () => {
    await control("POST", "/faults", { service: "ecs", kind: "throttle", rate: 1, count: 2 });
    expect(await outcome(describeServices())).toBe("ThrottlingException");
    expect(await outcome(describeServices())).toBe("ThrottlingException");
    expect(await outcome(describeServices())).toBe("ok");
    const calls = await control("GET", "/calls");
    expect(calls.body).toMatchObject({ "ecs.DescribeServices": { count: 3, throttled: 2 } });
  });

  it("fails with the service's server error, for the named operation only", async () => {
    await control("POST", "/faults", { service: "ecs", operation: "DescribeServices", kind: "error", rate: 1 });
    await expect(describeServices()).rejects.toMatchObject({
      name: "ServerException",
      $metadata: { httpStatusCode: 500 },
    });
    expect(await outcome(ecs.send(new DescribeClustersCommand({})))).toBe("ok");
  });

  it("delays a call", async () => {
    await control("POST", "/faults", { service: "ecs", kind: "latency", rate: 1, ms: 60 });
    const start = performance.now();
    await describeServices();
    expect(performance.now() - start).toBeGreaterThanOrEqual(55);
  });

  it("hits about the share of calls that `rate` asks for", async () => {
    await control("POST", "/faults", { service: "elbv2", kind: "error", rate: 0.5 });
    const outcomes = [];
    for (let index = 0; index < 40; index++) outcomes.push(await outcome(elb.send(new DescribeRulesCommand({}))));
    const failed = outcomes.filter((name) => name !== "ok").length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
  });

  it("loses the answer of a call that took effect", async () => {
    await control("POST", "/faults", { service: "ecs", operation: "UpdateService", kind: "reset", rate: 1, count: 1 });
    expect(await outcome(updateService(5))).toBe(CONNECTION_RESET);
    expect((await describeServices()).services?.[0]?.desiredCount).toBe(5);
    const { body } = await control("GET", "/journal");
    expect(body).toMatchObject([{ operation: "UpdateService", error: null, input: { desiredCount: 5 } }]);
  });

  it("breaks the connection before the call takes effect when told so", async () => {
    await control("POST", "/faults", { service: "ecs", kind: "reset", rate: 1, count: 1, phase: "before" });
    expect(await outcome(updateService(5))).toBe(CONNECTION_RESET);
    expect(desiredCount).toBe(2);
    expect((await control("GET", "/journal")).body).toEqual([]);
  });

  it("stays silent for the given time, then breaks the connection", async () => {
    await control("POST", "/faults", { service: "ecs", kind: "timeout", rate: 1, ms: 50, count: 1 });
    const start = performance.now();
    expect(await outcome(updateService(7))).toBe(CONNECTION_RESET);
    expect(performance.now() - start).toBeGreaterThanOrEqual(45);
    expect(desiredCount).toBe(7);
  });

  it("answers reads with the state of `ms` ago, in both protocols, with a request id of their own", async () => {
    const rules = () => elb.send(new DescribeRulesCommand({}));
    await describeServices();
    const first = await rules();
    base.clock.advance(10_000);
    await updateService(3);
    await control("POST", "/faults", { service: "*", kind: "stale", ms: 5000 });
    expect((await describeServices()).services?.[0]?.desiredCount).toBe(2);
    const stale = await rules();
    expect(stale.Rules?.[0]?.Priority).toBe("2");
    expect(stale.$metadata.requestId).not.toBe(first.$metadata.requestId);
    base.clock.advance(5000);
    expect((await describeServices()).services?.[0]?.desiredCount).toBe(3);
    expect((await rules()).Rules?.[0]?.Priority).toBe("3");
  });

  it("ends one fault by its id and all of them at once", async () => {
    const { body } = await control("POST", "/faults", { service: "ecs", kind: "error" });
    await control("POST", "/faults", { service: "elbv2", kind: "error" });
    expect((await control("DELETE", `/faults/${body.id}`)).status).toBe(200);
    expect((await control("DELETE", `/faults/${body.id}`)).status).toBe(404);
    expect(await outcome(describeServices())).toBe("ok");
    await control("DELETE", "/faults");
    expect((await control("GET", "/faults")).body).toEqual([]);
  });
});

describe("controls", () => {
  it("shows the world", async () => {
    const { body } = await control("GET", "");
    expect(body).toEqual({
      listeners: { "library-alb:80": "http://127.0.0.1:8080" },
      images: [],
      tasks: [{ id: "task1" }],
      faults: [],
    });
    expect((await control("GET", "/tasks")).body).toEqual([{ id: "task1" }]);
    expect((await control("GET", "/traffic")).body).toEqual({ listeners: {} });
  });

  it("acts on tasks by id or ARN, on logs and on listeners", async () => {
    await control("POST", "/tasks/task1/kill");
    await control("POST", "/tasks/arn:aws:ecs:r:1:task%2Fcluster%2Ftask1/health", { status: "hang" });
    const logs = { logGroup: "g", logStream: "s", linesPerSecond: 10, seconds: 3, bytesPerLine: 200 };
    expect((await control("POST", "/logs", logs)).body).toEqual({ lines: 30 });
    await control("POST", "/listeners", { listener: "library-alb:80", weights: { blue: 0, "library-green-tg": 100 } });
    await control("POST", "/reset");
    expect(seen).toEqual([
      ["kill", "task1"],
      ["health", "task1", "hang"],
      logs,
      ["library-alb:80", { "library-blue-tg": 0, "library-green-tg": 100 }],
      "reset",
    ]);
  });

  it("counts calls, keeps the mutating ones, and forgets both when told", async () => {
    await describeServices();
    await updateService(4);
    const journal = (await control("GET", "/journal")).body as unknown as { requestId: string; at: string }[];
    expect(journal).toHaveLength(1);
    expect(journal[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(journal[0]?.at).toBe(new Date(base.clock.now()).toISOString());
    await control("DELETE", "/calls");
    await control("DELETE", "/journal");
    expect((await control("GET", "/calls")).body).toEqual({});
    expect((await control("GET", "/journal")).body).toEqual([]);
  });

  it.each([
    ["/faults", { service: "s3", kind: "error" }, "service"],
    ["/faults", { service: "ecs", operation: "UpdateServices", kind: "error" }, "operation"],
    ["/faults", { service: "ecs", kind: "explode" }, "kind"],
    ["/faults", { service: "ecs", kind: "error", rate: 2 }, "rate"],
    ["/faults", { service: "ecs", kind: "latency", ms: "fast" }, "ms"],
    ["/faults", { service: "ecs", kind: "error", count: 0 }, "count"],
    ["/faults", { service: "ecs", kind: "error", raet: 1 }, "raet"],
    ["/tasks/task1/health", { status: 1000 }, "status"],
    ["/logs", { logStream: "s", linesPerSecond: 1, seconds: 1 }, "logGroup"],
    ["/listeners", { listener: "other:80", weights: { blue: 1 } }, "listener"],
    ["/listeners", { listener: "library-alb:80", weights: { blue: 1000 } }, "weights.blue"],
    ["/listeners", { listener: "library-alb:80", weights: { red: 1 } }, "weights.red"],
    ["/listeners", { listener: "library-alb:80", weights: { library: 1 } }, "weights.library"],
  ])("refuses bad input of %s %j, naming %s and the fix", async (path, body, field) => {
    const answer = await control("POST", path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.field).toBe(field);
    expect(answer.body.fix).toBeTruthy();
    expect(answer.body.error).toContain(field.split(".").at(-1));
    expect(seen).toEqual([]);
    expect(door.faults.list()).toEqual([]);
  });

  it("answers 404 for an unknown task or path, 405 for a wrong method, 403 for a web page", async () => {
    expect((await control("POST", "/tasks/task9/kill")).status).toBe(404);
    expect((await control("POST", "/tasks/task9/health", { status: 503 })).status).toBe(404);
    expect((await control("GET", "/nonsense")).status).toBe(404);
    expect((await control("PUT", "/faults")).status).toBe(405);
    expect((await control("POST", "/reset", undefined, { origin: "https://example.com" })).status).toBe(403);
    expect(seen).toEqual([]);
  });
});

describe("strangers", () => {
  /** One call of the AWS protocol with these headers; Node's fetch does not send a Host of ours. */
  const call = (headers: Record<string, string>) =>
    new Promise<string>((done, fail) => {
      const sent = httpRequest(
        url,
        {
          method: "POST",
          headers: { "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeClusters", ...headers },
        },
        (response) => void text(response).then(done, fail),
      );
      sent.on("error", fail).end("{}");
    });

  it.each([
    ["a page of another site", { origin: "https://evil.example" }, true],
    ["a page of no site", { origin: "null" }, true],
    ["a name that was made to lead here", { host: "evil.example:4566" }, true],
    ["an SDK by address", {}, false],
    ["an SDK by a container's name", { host: "sandbox:4566" }, false],
    ["an SDK by localhost", { host: "localhost:4566" }, false],
    ["an SDK in a container", { host: "host.docker.internal:4566" }, false],
  ])("%s", async (_name, headers, isRefused) => {
    expect((await call(headers)).includes("not web pages")).toBe(isRefused);
  });
});
