import type { Config } from "../config/config.ts";
import { currentConfig } from "../config/current-config.ts";
import { createOidcExchange, type OidcExchange } from "./oidc-exchange.ts";

const KEY = Symbol.for("switchyard.pipeline-exchange");
type Holder = { [KEY]?: Pick<Config, "pipelines" | "applications"> & { exchange: OidcExchange } };

/**
 * The process's own, made at its first token and again once switchyard.yaml has other issuers or rules. Next may load this module
 * more than once, so it hangs on the process.
 */
export function currentOidcExchange(): OidcExchange {
  // Safe because only this function writes the key.
  const holder = globalThis as Holder;
  const { pipelines, applications } = currentConfig();
  const known = holder[KEY];
  if (known?.pipelines === pipelines && known.applications === applications) return known.exchange;
  const exchange = createOidcExchange({ ...pipelines, applications, now: Date.now });
  holder[KEY] = { pipelines, applications, exchange };
  return exchange;
}
