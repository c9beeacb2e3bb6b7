import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Agenda } from "./agenda.ts";
import type { TaskRunner } from "./task-runtime.ts";

const APPLICATION = fileURLToPath(new URL("../app/library.mjs", import.meta.url));
const SLOW_MS = 20_000;

type Message = { type: "listening"; address: string; port: number } | { type: "health"; health: number | "hang" };

/** Splits a stream of text into lines, keeping the unfinished one for later. */
function lineSplitter(onLines: (lines: string[]) => void): { push(text: string): void; end(): void } {
  let rest = "";
  return {
    push(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      if (lines.length > 0) onLines(lines);
    },
    end() {
      if (rest !== "") onLines([rest]);
      rest = "";
    },
  };
}

/** Real processes, each on its own loopback address. They end with this process: their channel to it closes. */
export function createProcessRunner(agenda: Agenda): TaskRunner {
  const children = new Set<ChildProcess>();
  // Starts at another place in each process, so that two sandboxes on one machine seldom want the same address.
  let lastAddress = (process.pid * 97) % 65_024;
  const nextAddress = () => {
    lastAddress = (lastAddress + 1) % 65_024;
    return `127.0.${1 + Math.floor(lastAddress / 256)}.${lastAddress % 256}`;
  };

  return {
    start({ taskId, behaviour, environment, containerPort }, events) {
      let isKilled = false;
      let isOver = false;
      let awaited: { status: number | "hang"; resolve(): void }[] = [];
      const child = spawn(process.execPath, [APPLICATION], {
        env: {
          // Windows starts no process without it.
          ...(process.env.SystemRoot ? { SystemRoot: process.env.SystemRoot } : {}),
          NODE_ENV: "production",
          ...harmless(environment),
          TAG: behaviour.tag,
          KIND: behaviour.kind,
          TASK_ID: taskId,
          HOST: process.platform === "linux" ? nextAddress() : "127.0.0.1",
          PORT: process.platform === "linux" ? String(containerPort) : "0",
          // Told from here, so that "healthy after 20 s" follows the sandbox's clock.
          SLOW_MS: "0",
        },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      children.add(child);

      const output = lineSplitter(events.lines);
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8");
        stream?.on("data", output.push);
      }
      const setHealth = (status: number | "hang") =>
        new Promise<void>((resolve) => {
          if (isOver || !child.connected) return resolve();
          awaited.push({ status, resolve });
          child.send({ health: status }, () => {});
        });
      const finish = (tell: () => void) => {
        if (isOver) return;
        isOver = true;
        children.delete(child);
        output.end();
        for (const one of awaited) one.resolve();
        awaited = [];
        tell();
      };

      child.on("message", (message: Message) => {
        if (message.type === "health") {
          for (const one of awaited) if (one.status === message.health) one.resolve();
          awaited = awaited.filter((one) => one.status !== message.health);
          return events.healthChanged(message.health);
        }
        events.healthChanged(behaviour.kind === "unhealthy" || behaviour.kind === "slow" ? 503 : 200);
        events.listening(message.address, message.port);
        if (behaviour.kind === "slow") agenda.after(SLOW_MS, () => void setHealth(200));
      });
      child.on("error", (error) => {
        if (child.pid === undefined) finish(() => events.failed(`CannotStartContainerError: ${error.message}`));
      });
      // "close" comes after the last output: the log is complete when the task says that it ended.
      child.on("close", (code, signal) => {
        const exitCode = code ?? (signal === "SIGTERM" ? 143 : 137);
        finish(() => events.exited(exitCode, isKilled));
      });
      return {
        terminate: () => void child.kill("SIGTERM"),
        kill() {
          isKilled = true;
          child.kill("SIGKILL");
        },
        setHealth,
      };
    },
    async killAll() {
      await Promise.all(
        [...children].map(
          (child) =>
            new Promise<void>((resolve) => {
              child.once("close", () => resolve());
              child.kill("SIGKILL");
            }),
        ),
      );
    },
  };
}

/** Without what makes a program load other code: a task is of whoever can reach the sandbox's port. */
export function harmless(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(NODE_|LD_|DYLD_|OPENSSL_)/i.test(name)));
}
