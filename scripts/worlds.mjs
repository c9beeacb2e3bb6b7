// npm run worlds -- --worlds 2000 --seed 7: whatever is offered is pressed in generated worlds of load balancers and sides.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { exitCode, fail, forwardSignals, onProjectNode, ROOT } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { values } = parseArgs({ options: { worlds: { type: "string" }, seed: { type: "string" } } });
const worlds = Number(values.worlds ?? 2_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(worlds) || worlds < 1) fail("--worlds is a whole number, 1 or more");
if (!Number.isSafeInteger(seed)) fail("--seed is a whole number");
const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "lib/engine/route-worlds.test.ts"], {
  cwd: ROOT,
  env: { ...process.env, WORLDS: String(worlds), WORLD_SEED: String(seed) },
  stdio: "inherit",
});
forwardSignals((signal) => child.kill(signal));
process.exit(await exitCode(child));
