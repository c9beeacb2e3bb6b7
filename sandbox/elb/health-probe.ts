import { request } from "node:http";
import type { Clock } from "../clock.ts";
import type { ElbState, TargetRecord } from "./elb-state.ts";
import type { CheckResult } from "./target-health.ts";

/** Checks a target once and tells the result, at once for virtual targets. */
export type Probe = (target: TargetRecord, onResult: (result: CheckResult) => void) => void;

/** Real targets get a real request on a connection of its own; virtual ones answer from memory, 200 unless told otherwise. */
export function createProbe(state: ElbState): Probe {
  return (target, onResult) => {
    const reach = state.reachOf(target);
    if (!reach.isVirtual) return probeOverHttp(state.base.clock, target, reach, onResult);
    const health = state.virtualHealth.get(reach.host) ?? 200;
    if (health === "hang") onResult({ kind: "timeout" });
    else if (health === "refused") onResult({ kind: "failed" });
    else onResult({ kind: "status", code: health });
  };
}

/** The port a target's health checks go to. */
export function healthCheckPort(target: TargetRecord): number {
  const { HealthCheckPort } = target.group.settings;
  return HealthCheckPort === undefined || HealthCheckPort === "traffic-port" ? target.port : Number(HealthCheckPort);
}

function probeOverHttp(
  clock: Clock,
  target: TargetRecord,
  reach: { host: string; port: number },
  onResult: (result: CheckResult) => void,
): void {
  const port = healthCheckPort(target);
  const { HealthCheckPath, HealthCheckTimeoutSeconds } = target.group.settings;
  let isOver = false;
  const check = request({
    host: reach.host,
    port: port === target.port ? reach.port : port,
    path: HealthCheckPath,
    agent: false,
    setHost: false,
    headers: [
      "Host",
      `${target.id}:${port}`,
      "Connection",
      "close",
      "User-Agent",
      "ELB-HealthChecker/2.0",
      "Accept-Encoding",
      "gzip, compressed",
    ],
  });
  const end = (result: CheckResult) => {
    if (isOver) return;
    isOver = true;
    timer.cancel();
    check.destroy();
    onResult(result);
  };
  const timer = clock.after((HealthCheckTimeoutSeconds ?? 5) * 1000, () => end({ kind: "timeout" }));
  check.on("response", (response) => {
    response.on("error", () => {});
    end({ kind: "status", code: response.statusCode ?? 0 });
  });
  check.on("error", () => end({ kind: "failed" }));
  check.end();
}
