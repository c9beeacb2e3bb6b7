// npm run day [-- --minutes 10 --viewers 50]: a day of life of two replicas, judged by the sandbox's own record.
import { ensureFreshBuild } from "./build.mjs";
import { onProjectNode } from "./setup.mjs";

await onProjectNode(import.meta.url);
await ensureFreshBuild();
await import("../torture/day.ts");
