// npm run fuzz -- --cases 20000 --seed 7: inputs of any kind to every page, REST route and server action.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { exitCode, fail, forwardSignals, onProjectNode, ROOT } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { values } = parseArgs({ options: { cases: { type: "string" }, seed: { type: "string" } } });
const cases = Number(values.cases ?? 20_000);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isSafeInteger(cases) || cases < 1) fail("--cases is a whole number, 1 or more");
if (!Number.isSafeInteger(seed)) fail("--seed is a whole number");
const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "--project", "fuzz"], {
  cwd: ROOT,
  env: { ...process.env, FUZZ_CASES: String(cases), FUZZ_SEED: String(seed) },
  stdio: "inherit",
});
forwardSignals((signal) => child.kill(signal));
process.exit(await exitCode(child));
