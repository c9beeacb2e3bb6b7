import { answers, endProcess, type JsonCall, jsonClient, launchScript, until } from "../bench/local-process.ts";
import { freePort } from "../lib/testing/free-port.ts";

/** How `library` is deployed: a service for each side, or one service with task sets; or what AWS deploys itself instead. */
export type WorldKind = "paired" | "task-sets" | "driven";

/** A sandbox that lives for many runs. */
export interface SandboxProcess {
  kind: WorldKind;
  url: string;
  albUrl: string;
  speed: number;
  call: JsonCall;
  stop(): Promise<void>;
}

/** The local AWS as a process of its own, `speed` times faster than real time. */
export async function startSandbox(kind: WorldKind, speed: number): Promise<SandboxProcess> {
  const [port, albPort] = [await freePort(), await freePort(4)];
  const child = launchScript("sandbox/main.ts", {
    ...process.env,
    SANDBOX_PORT: String(port),
    SANDBOX_LISTENER_PORT: String(albPort),
    SANDBOX_SPEED: String(speed),
    SANDBOX_SEED: kind,
    SANDBOX_VISITORS: "0",
  });
  const url = `http://127.0.0.1:${port}`;
  await until("the sandbox answers", () => answers(`${url}/_sandbox`));
  return {
    kind,
    url,
    albUrl: `http://127.0.0.1:${albPort}`,
    speed,
    call: jsonClient(`${url}/_sandbox`),
    stop: () => endProcess(child),
  };
}
