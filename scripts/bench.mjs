// npm run bench: measures every performance claim; arguments choose single benches.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./browser.mjs";
import { ensureFreshBuild } from "./build.mjs";
import { fail, onProjectNode, ROOT } from "./setup.mjs";

await onProjectNode(import.meta.url);
if (!existsSync(join(ROOT, "bench/main.ts"))) fail("there is no bench/main.ts yet");
// What reads a file and no server needs no build.
const names = process.argv.slice(2);
if (names.length === 0 || !names.every((name) => ["levels", "log-kinds", "log-reads", "readiness"].includes(name)))
  await ensureFreshBuild();
const browser = findBrowser();
if (browser !== null) process.env.SWITCHYARD_CHROMIUM = browser;
await import("../bench/main.ts");
