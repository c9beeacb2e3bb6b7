import type { Config } from "../config/config.ts";
import { currentConfig } from "../config/current-config.ts";
import { createPipelineDoor, type PipelineDoor } from "./oidc-exchange.ts";

const KEY = Symbol.for("switchyard.pipeline-door");
type Holder = { [KEY]?: Pick<Config, "pipelines" | "applications"> & { door: PipelineDoor } };

/**
 * The process's own, made at its first token and again once switchyard.yaml has other issuers or rules. Next may load this module
 * more than once, so it hangs on the process.
 */
export function currentPipelineDoor(): PipelineDoor {
  // Safe because only this function writes the key.
  const holder = globalThis as Holder;
  const { pipelines, applications } = currentConfig();
  const known = holder[KEY];
  if (known?.pipelines === pipelines && known.applications === applications) return known.door;
  const door = createPipelineDoor({ ...pipelines, applications, now: Date.now });
  holder[KEY] = { pipelines, applications, door };
  return door;
}
