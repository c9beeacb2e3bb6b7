import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Operated } from "../request/operated.ts";
import type { Question, ReplicaSettings } from "./test-replica.ts";

/** One replica's process. */
export interface Replica {
  holder: string;
  process: ChildProcess;
  /** Never resolves when the process ends before it answers. */
  ask(ask: Question["ask"], input?: Record<string, unknown>): Promise<Operated>;
  kill(): Promise<void>;
}

/** Starts one; it can be asked at once. With REPLICA_ERRORS in the environment it tells its errors. */
export function spawnReplica(settings: ReplicaSettings): Replica {
  const child = spawn(
    process.execPath,
    ["--conditions=react-server", new URL("./test-replica.ts", import.meta.url).pathname, JSON.stringify(settings)],
    {
      stdio: ["pipe", "pipe", process.env.REPLICA_ERRORS ? "inherit" : "ignore"],
      env: { ...process.env, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    },
  );
  const waiting = new Map<number, (answer: Operated) => void>();
  let asked = 0;
  if (!child.stdout) throw new Error("no output");
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith('{"id"')) return;
    const { id, answer } = JSON.parse(line) as { id: number; answer: Operated };
    waiting.get(id)?.(answer);
  });
  return {
    holder: settings.holder,
    process: child,
    ask: (ask, input = {}) =>
      new Promise((resolve) => {
        asked += 1;
        waiting.set(asked, resolve);
        // What names a deployment knows its application, and refuses a member that it does not know.
        const about = "deploymentId" in input ? {} : { application: "library" };
        const question: Question = { id: asked, ask, input: { ...about, ...input } };
        child.stdin?.write(`${JSON.stringify(question)}\n`);
      }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
