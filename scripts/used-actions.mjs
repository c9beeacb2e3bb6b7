// Whether every action of a policy was used by a run, from what the sandbox wrote into the folder `SANDBOX_USED_ACTIONS`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Actions that the policy grants and nobody used, sorted. */
export function unusedActions(policy, folder) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const used = new Set(files.flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n")));
  const granted = policy.Statement.flatMap(({ Action }) => Action);
  return [...new Set(granted)].filter((action) => !used.has(action)).sort();
}
