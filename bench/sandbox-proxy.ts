import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { systemClock } from "../sandbox/clock.ts";
import { createElb } from "../sandbox/elb/elb.ts";
import type { Figure } from "./figure.ts";

const CONNECTIONS = 200;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const TARGET_RATE = 2000;
const TASK = `require("node:http").createServer((q, s) => s.end("hello from a task\\n")).listen(0, "127.0.0.1", function () { process.stdout.write(String(this.address().port)); })`;

interface Measure {
  perSecond: number;
  p50: number;
  p99: number;
  failed: number;
}

/** Sends requests over `CONNECTIONS` kept connections; at `rate` a second, or as fast as they are answered. */
async function load(ports: readonly number[], seconds: number, rate: number | null): Promise<Measure> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: "fifo" });
  const times: number[] = [];
  let failed = 0;
  let next = 0;
  const once = () =>
    new Promise<void>((resolve) => {
      const from = performance.now();
      const port = ports[next++ % ports.length];
      const call = request({ host: "127.0.0.1", port, path: "/", agent }, (response) => {
        if (response.statusCode !== 200) failed++;
        response.resume();
        response.on("end", () => {
          times.push(performance.now() - from);
          resolve();
        });
      });
      call.on("error", () => {
        failed++;
        resolve();
      });
      call.end();
    });
  const start = performance.now();
  const end = start + seconds * 1000;
  if (rate === null) {
    const worker = async () => {
      while (performance.now() < end) await once();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  } else {
    const open = new Set<Promise<void>>();
    for (let sent = 0; performance.now() < end; ) {
      const due = Math.floor(((performance.now() - start) / 1000) * rate);
      for (; sent < due; sent++) {
        const call = once();
        open.add(call);
        void call.then(() => open.delete(call));
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all(open);
  }
  const took = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { perSecond: times.length / took, p50: at(0.5), p99: at(0.99), failed };
}

async function startTask(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ["-e", TASK], { stdio: ["ignore", "pipe", "inherit"] });
  if (!child.stdout) throw new Error("the task has no output");
  const [port] = await once(child.stdout, "data");
  return { child, port: Number(String(port)) };
}

/** The proxy runs in a process of its own, as the sandbox does. */
async function serveProxy(ports: readonly number[]): Promise<void> {
  const clock = systemClock();
  const elb = createElb(
    { clock, place: { accountId: "123456789012", region: "ap-northeast-2" }, random: Math.random },
    { listenerPort: () => 0 },
  );
  const call = async (name: string, input: object) =>
    elb.service.operations[name]?.(input, { requestId: "bench", signal: new AbortController().signal });
  const lb = (await call("CreateLoadBalancer", { Name: "bench", Subnets: ["subnet-1", "subnet-2"] })) as {
    LoadBalancers: [{ LoadBalancerArn: string }];
  };
  const tg = (await call("CreateTargetGroup", {
    Name: "bench",
    Protocol: "HTTP",
    Port: 80,
    VpcId: "vpc-1",
    TargetType: "ip",
  })) as { TargetGroups: [{ TargetGroupArn: string }] };
  const TargetGroupArn = tg.TargetGroups[0].TargetGroupArn;
  await call("CreateListener", {
    LoadBalancerArn: lb.LoadBalancers[0].LoadBalancerArn,
    Protocol: "HTTP",
    Port: 80,
    DefaultActions: [{ Type: "forward", TargetGroupArn }],
  });
  await call("RegisterTargets", { TargetGroupArn, Targets: ports.map((Port) => ({ Id: "127.0.0.1", Port })) });
  process.stdout.write(new URL(elb.controls.listenerUrls()["bench:80"] ?? "").port);
}

/** What goes through the proxy at the promised rate and at most, beside the same without it. */
export async function measureProxy(): Promise<Figure[]> {
  const tasks = await Promise.all([1, 2, 3, 4].map(startTask));
  const ports = tasks.map((task) => task.port);
  const proxy = spawn(process.execPath, [import.meta.filename, ...ports.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [proxyPort] = await once(proxy.stdout, "data");
    const through = [Number(String(proxyPort))];
    await load(through, 2, null);
    await load(ports, 1, null);
    const steady = await load(through, SECONDS, TARGET_RATE);
    const most = await load(through, SECONDS, null);
    const direct = await load(ports, SECONDS, null);
    return [
      {
        name: `proxy: answered of ${TARGET_RATE} requests/s over ${CONNECTIONS} connections`,
        value: Math.round(steady.perSecond),
        unit: "/s",
        // What is still under way when the time is over is no shortfall.
        target: { kind: ">=", value: TARGET_RATE * 0.98 },
        note: latencies(steady),
      },
      { name: "proxy: failed requests at that rate", value: steady.failed, unit: "", target: { kind: "=", value: 0 } },
      { name: "proxy: at most", value: Math.round(most.perSecond), unit: "/s", target: null, note: latencies(most) },
      {
        name: "proxy: the same without it, at most",
        value: Math.round(direct.perSecond),
        unit: "/s",
        target: null,
        note: latencies(direct),
      },
    ];
  } finally {
    for (const child of [proxy, ...tasks.map((task) => task.child)]) child.kill();
  }
}

const latencies = ({ p50, p99 }: Measure) => `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;

if (import.meta.main) await serveProxy(process.argv.slice(2).map(Number));
