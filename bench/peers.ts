import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type Figure, quantile } from "./figure.ts";
import { until } from "./local-process.ts";
import type { World } from "./world.ts";

/** AWS CLI version 2, which has `logs tail`; null where it is missing. */
function findCli(): string | null {
  for (const path of ["aws", "/usr/bin/aws", "/usr/local/bin/aws"]) {
    const answer = spawnSync(path, ["--version"], { encoding: "utf8" });
    if (answer.status === 0 && answer.stdout.startsWith("aws-cli/2")) return path;
  }
  return null;
}

interface Ran {
  seconds: number;
  stdout: string;
}

/** What a person without Switchyard would type, timed on the same sandbox. */
export async function measureCli(world: World): Promise<Figure[]> {
  const cli = findCli();
  if (!cli) return [];
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_DEFAULT_REGION: "ap-northeast-2",
    AWS_PAGER: "",
  };
  const run = async (...args: string[]): Promise<Ran> => {
    const startedAt = performance.now();
    const child = spawn(cli, ["--endpoint-url", world.sandboxUrl, ...args], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`aws ${args.join(" ")} ended with ${code}`);
    return { seconds: (performance.now() - startedAt) / 1000, stdout: stdout.trim() };
  };

  const balancer = await run(
    "elbv2",
    "describe-load-balancers",
    "--names",
    "library-alb",
    "--query",
    "LoadBalancers[0].LoadBalancerArn",
    "--output",
    "text",
  );
  const listener = await run(
    ...["elbv2", "describe-listeners", "--load-balancer-arn", balancer.stdout],
    ...["--query", "Listeners[?Port==`80`].ListenerArn|[0]", "--output", "text"],
  );
  const groups = JSON.parse(
    (await run("elbv2", "describe-target-groups", "--query", "TargetGroups[].[TargetGroupName,TargetGroupArn]")).stdout,
  ) as [string, string][];
  const arn = (color: string) => groups.find(([name]) => name === `library-${color}-tg`)?.[1] ?? "";
  const actions = (blue: number, green: number) =>
    JSON.stringify([
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: arn("blue"), Weight: blue },
            { TargetGroupArn: arn("green"), Weight: green },
          ],
        },
      },
    ]);
  const switches: number[] = [];
  for (let i = 0; i < 6; i++) {
    const weights = i % 2 === 0 ? actions(0, 100) : actions(100, 0);
    const { seconds } = await run(
      "elbv2",
      "modify-listener",
      "--listener-arn",
      listener.stdout,
      "--default-actions",
      weights,
    );
    switches.push(seconds * 1000);
  }
  return [
    {
      name: "peer: aws elbv2 modify-listener, median",
      value: quantile(switches, 0.5),
      unit: "ms",
      target: null,
      note: "the same write, without receipt, read-back or verification",
    },
    ...(await measureWait(world, run)),
    await measureTail(world, cli, env),
  ];
}

/** A new deployment of the standby side of `catalog`, whose side is a service of its own: when Switchyard calls it healthy and stable, and when the CLI's waiter returns. */
async function measureWait(world: World, run: (...args: string[]) => Promise<Ran>): Promise<Figure[]> {
  const service = ["--cluster", "library-management-cluster"];
  await run("ecs", "update-service", ...service, "--service", "catalog-green-service", "--force-new-deployment");
  const startedAt = performance.now();
  const ours = until(
    "the standby side is ready again",
    async () => {
      const { blockers } = await world.api<{ blockers: unknown[] }>(
        "GET",
        "/api/v1/applications/catalog/receipt?to=green",
      );
      // The first look may come before ECS has begun.
      return blockers.length === 0 && performance.now() - startedAt > 3000 ? performance.now() - startedAt : null;
    },
    180_000,
  );
  const [waiter, oursMs] = await Promise.all([
    run("ecs", "wait", "services-stable", ...service, "--services", "catalog-green-service"),
    ours,
  ]);
  return [
    {
      name: "new tasks to ready, ours",
      value: oursMs / 1000,
      unit: "s",
      target: null,
      note: "healthy and stable targets",
    },
    {
      name: "peer: aws ecs wait services-stable",
      value: waiter.seconds,
      unit: "s",
      target: null,
      note: "looks every 15 s, at counts",
    },
  ];
}

/** From a request that is logged to its line in `aws logs tail --follow`. */
async function measureTail(world: World, cli: string, env: NodeJS.ProcessEnv): Promise<Figure> {
  const child = spawn(
    cli,
    ["--endpoint-url", world.sandboxUrl, "logs", "tail", "/ecs/library-management-task", "--follow", "--since", "1m"],
    { env: { ...env, PYTHONUNBUFFERED: "1" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let seen = "";
  child.stdout.on("data", (chunk) => {
    seen += chunk;
  });
  const durations: number[] = [];
  try {
    for (let i = 0; i < 10; i++) {
      const marker = `page=8${String(i).padStart(4, "0")}`;
      const sentAt = performance.now();
      await (await fetch(`${world.albUrl}/books?${marker}`)).arrayBuffer();
      await until("the CLI prints the line", async () => seen.includes(marker));
      durations.push(performance.now() - sentAt);
    }
  } finally {
    child.kill("SIGTERM");
    await once(child, "close");
  }
  return { name: "peer: aws logs tail --follow, line p95", value: quantile(durations, 0.95), unit: "ms", target: null };
}
