import { components } from "./openapi-components.ts";
import type { Json } from "./openapi-parts.ts";
import { PATHS } from "./openapi-paths.ts";

const DOCUMENT: Json = {
  get: {
    summary: "This document; no identity needed",
    security: [],
    responses: {
      200: {
        description: "OK",
        headers: { "X-Request-Id": { $ref: "#/components/headers/RequestId" } },
        content: { "application/json": { schema: { type: "object" } } },
      },
      406: { $ref: "#/components/responses/Problem406" },
    },
  },
};

/** Every operation by a name of its own, as generated clients call it: "post_applications_name_switch". */
function operationIdOf(method: string, path: string): string {
  return [method, ...(path.replace("/api/v1/", "").match(/[A-Za-z0-9]+/g) ?? [])].join("_");
}

function withNames(path: string, item: Json): Json {
  const tags = [tagOf(path)];
  const entries = Object.entries(item).map(([method, operation]) => [
    method,
    method === "parameters" ? operation : { operationId: operationIdOf(method, path), tags, ...(operation as Json) },
  ]);
  return Object.fromEntries(entries);
}

const tagOf = (path: string) => path.split("/")[3]?.replace(".json", "") ?? "";

const TAGS: Readonly<Record<string, string>> = {
  openapi: "This description",
  applications: "Applications, and what can be done with them",
  live: "What changes, as a stream of events",
  deployments: "One deployment: how it is, and what people say to it",
  approvals: "What waits for an approval",
  waits: "What waits for a person",
  discovery: "What an account has, as a proposed switchyard.yaml",
  readiness: "How ready applications are for their first deployment",
  audit: "Who asked for what, and what came of it",
  tokens: "API tokens",
  freezes: "Deploy freezes",
};

/**
 * Every route under /api/v1, as OpenAPI 3.1 describes it; a test holds it against the routes there are, and their answers against it.
 * `url` is the origin that people open, without a slash at its end.
 */
export function openApiDocument(version: string, url: string): Json {
  const paths: Record<string, Json> = { "/api/v1/openapi.json": DOCUMENT, ...PATHS };
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url, description: "This installation" }],
    info: {
      title: "Switchyard",
      version,
      summary: "Blue/green deployments on Amazon ECS",
      description:
        "Times are epoch milliseconds. Objects of answers are open: members, codes and events are added, never taken away before the date that the Sunset header and docs/api.md name. Every refusal is application/problem+json, also 404 and 405 for what no route answers.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { session: [] }],
    paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, withNames(path, item)])),
    components: components(),
  };
}
