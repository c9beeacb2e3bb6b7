import { currentConfig } from "../config/current-config.ts";
import { createPipelineDoor, type PipelineDoor } from "./oidc-exchange.ts";

const KEY = Symbol.for("switchyard.pipeline-door");
type Holder = { [KEY]?: PipelineDoor };

/** The process's own, made at its first token: Next may load this module more than once, so it hangs on the process. */
export function currentPipelineDoor(): PipelineDoor {
  // Safe because only this function writes the key.
  const holder = globalThis as Holder;
  if (!holder[KEY]) {
    const { pipelines, applications } = currentConfig();
    holder[KEY] = createPipelineDoor({ ...pipelines, applications, now: Date.now });
  }
  return holder[KEY];
}
