import { say } from "../domain/sentence/sentence.ts";
import type { Report } from "./problem.ts";

/** The variables as the process has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where spans go, by OpenTelemetry's own variables. */
export interface OtlpSettings {
  url: string;
  headers: Record<string, string>;
  /** Attributes of what sends them, `service.name` among them. */
  resource: Record<string, string>;
}

/** OTEL_EXPORTER_OTLP_ENDPOINT and its kin, as OpenTelemetry reads them; null where none is set, or traces are turned off. */
export function readOtlpSettings(env: Env, report: Report): OtlpSettings | null {
  const own = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim();
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim();
  const isOff = env.OTEL_SDK_DISABLED?.toLowerCase() === "true" || env.OTEL_TRACES_EXPORTER === "none";
  if ((!own && !base) || isOff) return null;
  const url = own || `${base?.replace(/\/+$/, "")}/v1/traces`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const name = own ? "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" : "OTEL_EXPORTER_OTLP_ENDPOINT";
    report(
      name,
      say("config.notHttp", { value: own || base || "" }),
      say("config.setLike", { example: `http://collector:4318${own ? "/v1/traces" : ""}` }),
    );
    return null;
  }
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol === "grpc") report("OTEL_EXPORTER_OTLP_PROTOCOL", say("config.notGrpc"), say("config.httpPort"));
  const resource = readPairs(env.OTEL_RESOURCE_ATTRIBUTES);
  return {
    url,
    headers: readPairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS),
    resource: { ...resource, "service.name": env.OTEL_SERVICE_NAME || resource["service.name"] || "switchyard" },
  };
}

/** "a=1,b=two%20words", as OpenTelemetry writes lists. */
function readPairs(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 ? [[pair.slice(0, at).trim(), decode(pair.slice(at + 1).trim())] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
