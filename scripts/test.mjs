// npm test: static checks, unit and integration tests, the build, the main job in a browser. The last line is `N passed, N failed`.
import { onProjectNode } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { browser, check, conclude, everyActionUsed, usedActionsFolder, vitest } = await import("./checks.mjs");

await check("format and lint", "biome", ["check", "."]);
// Types of pages and routes, which a fresh checkout does not have.
await check("route types", "next", ["typegen"]);
await check("types", "tsc", ["--noEmit", "--checkers", "2"]);
await check("unused code", "knip", ["--no-progress"]);
await vitest("unit tests", ["unit"]);
// Integration tests mostly wait for processes and worlds: the build has the processor meanwhile.
await Promise.all([
  vitest("integration tests", ["integration"], { SANDBOX_USED_ACTIONS: usedActionsFolder }),
  check("build", process.execPath, ["scripts/ensure-build.mjs"]),
]);
await browser([3100], ["main-job.spec.ts", "phone.spec.ts"], { SANDBOX_USED_ACTIONS: usedActionsFolder });
everyActionUsed();
conclude();
