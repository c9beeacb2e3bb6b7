// npm run test:deep: replicas, every browser spec, torture, fuzz. The last line is `N passed, N failed`.
import { onProjectNode } from "./setup.mjs";

await onProjectNode(import.meta.url);
const { browser, check, conclude, torture, vitest } = await import("./checks.mjs");

await check("build", process.execPath, ["scripts/ensure-build.mjs"]);
await vitest("replicas", ["replicas"]);
await vitest("fuzz", ["fuzz"]);
await vitest("fleet", ["fleet"]);
await vitest("the image's folder", ["image"]);
await vitest("Terraform", ["terraform"]);
await vitest("old versions of Node.js", ["old-nodes"]);
await torture(8);
await browser([3100, 3120, 3140]);
// The main job again with the times that AWS takes, faster by so much.
await browser([3160], ["main-job.spec.ts"], { SANDBOX_PROFILE: "aws", SANDBOX_SPEED: "6" });
conclude();
