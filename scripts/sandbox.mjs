// npm run sandbox: the local AWS alone.
import { onProjectNode } from "./setup.mjs";

await onProjectNode(import.meta.url);
await import("../sandbox/main.ts");
