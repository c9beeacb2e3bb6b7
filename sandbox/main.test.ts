import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";

const MAIN = new URL("main.ts", import.meta.url).pathname;
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

function start(environment: Record<string, string>) {
  const env = {
    ...process.env,
    SANDBOX_PORT: "0",
    SANDBOX_LISTENER_PORT: "0",
    SANDBOX_SPEED: "4",
    SANDBOX_SEED: "task-sets",
    ...environment,
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output.text += String(chunk)));
  return { child, output, exited: once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]> };
}

async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 15_000;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}`);
    await sleep(25);
  }
}

/** Addresses of the six tasks of library and catalog, all serving. */
async function servingTasks(url: string): Promise<string[]> {
  let tasks: { lastStatus: string; address: string; port: number }[] = [];
  await until("six tasks run", async () => {
    tasks = (await (await fetch(`${url}/_sandbox/tasks`)).json()) as typeof tasks;
    return tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length === 6;
  });
  return tasks.map(({ address, port }) => `http://${address}:${port}/`);
}

const isServing = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

async function startedUrl(output: { text: string }): Promise<string> {
  let url: string | undefined;
  await until("the address is printed", () => {
    url = /AWS API at (\S+)/.exec(output.text)?.[1];
    return url !== undefined;
  });
  return url ?? "";
}

describe("npm run sandbox", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("ends every task and itself on %s", async (signal) => {
    const { child, output, exited } = start({});
    const tasks = await servingTasks(await startedUrl(output));
    expect(await Promise.all(tasks.map(isServing))).toEqual(tasks.map(() => true));
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    expect(await Promise.all(tasks.map(isServing))).toEqual(tasks.map(() => false));
  });

  it("takes its tasks along when it is killed outright", async () => {
    const { child, output, exited } = start({});
    const tasks = await servingTasks(await startedUrl(output));
    child.kill("SIGKILL");
    await exited;
    await until("no task serves", async () => !(await Promise.all(tasks.map(isServing))).includes(true));
  });

  it("sends its visitors through the load balancer", async () => {
    const { output } = start({ SANDBOX_VISITORS: "40" });
    const url = await startedUrl(output);
    await until("visitors were served", async () => {
      const { visitors } = (await (await fetch(`${url}/_sandbox`)).json()) as { visitors: { ok: number } };
      return visitors.ok > 10;
    });
  });

  it("says everything that is wrong with its settings and exits", async () => {
    const { output, exited } = start({ SANDBOX_PORT: "x", SANDBOX_SPEED: "fast" });
    expect(await exited).toEqual([1, null]);
    expect(output.text).toContain("SANDBOX_PORT");
    expect(output.text).toContain("SANDBOX_SPEED");
  });

  it("judges calls by the policy of its file", async () => {
    const url = await startedUrl(start({ SANDBOX_POLICY: "deploy/iam-policy.json" }).output);
    /** The kind of refusal of an action that no shipped policy allows. */
    const refusalOf = (accessKeyId: string) =>
      fetch(url, {
        method: "POST",
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/ap-northeast-2/ecs/aws4_request`,
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AmazonEC2ContainerServiceV20141113.DeleteCluster",
        },
        body: JSON.stringify({ cluster: "no-such-cluster" }),
      })
        .then((response) => response.json() as Promise<{ __type: string }>)
        .then((body) => body.__type);
    expect(await refusalOf("product")).toBe("AccessDeniedException");
    expect(await refusalOf("administrator")).toBe("ClusterNotFoundException");
  });

  it("does not start on a policy that it cannot read", async () => {
    const { output, exited } = start({ SANDBOX_POLICY: "deploy/no-policy.json" });
    expect(await exited).toEqual([1, null]);
    expect(output.text).toContain('SANDBOX_POLICY is "deploy/no-policy.json"');
  });

  it("says which port is taken and exits", async () => {
    const port = new URL(await startedUrl(start({}).output)).port;
    const { output, exited } = start({ SANDBOX_PORT: port });
    expect(await exited).toEqual([1, null]);
    expect(output.text).toContain(`Port ${port} is taken`);
  });
});
