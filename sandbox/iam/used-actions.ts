import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const noted = new Set<string>();

/** Writes an action that a policy allowed, once a process, into a file of the folder that `SANDBOX_USED_ACTIONS` names; without it, nothing. */
export function noteUsedAction(action: string): void {
  const folder = process.env.SANDBOX_USED_ACTIONS;
  if (!folder || noted.has(`${folder} ${action}`)) return;
  noted.add(`${folder} ${action}`);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}-${threadId}.txt`), `${action}\n`);
}
