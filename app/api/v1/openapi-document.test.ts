import { createConfig, lintFromString } from "@redocly/openapi-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { deployInput } from "@/lib/operations/deploy.ts";
import { revisionIsOne } from "@/lib/operations/resolve-revision.ts";
import { API_ROUTES } from "@/lib/request/api-routes.ts";
import { openApiDocument } from "./openapi-document.ts";

const URL_OF = "https://switchyard.company.net";
const document = openApiDocument("1.0.0", URL_OF);

interface Operation {
  operationId?: string;
  security?: unknown;
  parameters?: { name?: string; in?: string; schema?: Record<string, unknown> }[];
  requestBody?: { content: { "application/json": { schema: Record<string, unknown>; example: unknown } } };
  responses: Record<string, { content?: Record<string, Record<string, unknown>> }>;
}
const paths = document.paths as Record<string, Record<string, Operation>>;
const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, operation]) =>
    method === "parameters" ? [] : [{ path, name: `${method.toUpperCase()} ${path}`, operation }],
  ),
);

/** Every object in the document with where it stands. */
function objectsIn(value: unknown, at = "#"): [string, Record<string, unknown>][] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, each]) => objectsIn(each, `${at}/${key}`));
  return Array.isArray(value) ? inside : [[at, value as Record<string, unknown>], ...inside];
}

test("a linter that others use finds nothing, not even to warn of", async () => {
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: JSON.stringify(document), config, absoluteRef: "openapi.json" });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
});

test("the linter would find a schema of 3.0, a reference to nothing and a parameter that no path has", async () => {
  const bad = { ...document, paths: { ...paths, "/x/{y}": { get: { responses: { 200: { $ref: "#/nothing" } } } } } };
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: JSON.stringify(bad), config, absoluteRef: "openapi.json" });
  expect(problems.map(({ ruleId }) => ruleId)).toEqual(
    expect.arrayContaining(["no-unresolved-refs", "path-parameters-defined", "operation-operationId"]),
  );
});

test("it names where it is served, and every route of the API with its methods", () => {
  expect(document).toMatchObject({ openapi: "3.1.0", servers: [{ url: URL_OF }] });
  const routes = Object.entries(API_ROUTES)
    .filter(([path]) => path.startsWith("/api/v1/"))
    .flatMap(([path, methods]) => methods.map((method) => `${method} ${path.replaceAll(/\[(\w+)\]/g, "{$1}")}`));
  expect(operations.map(({ name }) => name).toSorted()).toEqual(routes.toSorted());
});

test("schemas are JSON Schema 2020-12: null is a type, and bounds are numbers", () => {
  for (const [at, object] of objectsIn(document)) {
    if (!at.endsWith("/properties")) expect(object, at).not.toHaveProperty("nullable");
    expect(object, at).not.toHaveProperty("$schema");
    if ("exclusiveMinimum" in object) expect(typeof object.exclusiveMinimum, at).toBe("number");
  }
  expect(JSON.stringify(document)).toContain('{"type":"null"}');
});

test("every operation has a name of its own, and says what refuses it; only the document is for anybody", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.every((id) => id !== undefined && /^[a-z]+(_[A-Za-z0-9]+)+$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, operation } of operations) {
    if (operation.security) expect(name).toBe("GET /api/v1/openapi.json");
    else
      for (const status of ["401", "403", "404", "422", "429", "500", "503"])
        expect(operation.responses, name).toHaveProperty(status);
  }
});

test("query parameters have types that a generator can use: whole numbers, times, choices and flags", () => {
  const queries = operations.flatMap(({ name, operation }) =>
    (operation.parameters ?? []).filter((each) => each.in === "query").map((each) => [name, each] as const),
  );
  const typed = Object.fromEntries(queries.map(([, each]) => [each.name, each.schema]));
  expect(typed).toMatchObject({
    limit: { type: "integer", minimum: 1 },
    hours: { type: "integer", minimum: 1, maximum: 168 },
    since: { type: "integer" },
    slot: { enum: ["blue", "green", "both"] },
    action: { type: "string", enum: expect.arrayContaining(["rollback"]) },
    count: { type: "boolean" },
    outcome: { enum: ["done", "refused", "failed"] },
  });
});

test("codes are an open set: a client is told those there are, and takes any other", () => {
  const { Problem } = (document.components as { schemas: Record<string, { properties: Record<string, object> }> })
    .schemas;
  expect(Problem?.properties.code).toMatchObject({ type: "string" });
  expect(Problem?.properties.code).not.toHaveProperty("enum");
  expect(Problem?.properties.code).toHaveProperty("x-extensible-enum", expect.arrayContaining(["RECEIPT_OUTDATED"]));
});

test("every body has an example that its schema takes", () => {
  const bodies = operations.flatMap(({ name, operation }) =>
    operation.requestBody ? [[name, operation.requestBody.content["application/json"]] as const] : [],
  );
  expect(bodies.length).toBeGreaterThan(12);
  for (const [name, { schema, example }] of bodies)
    expect(z.fromJSONSchema(schema).safeParse(example).error, name).toBeUndefined();
});

test("what the document takes for a deployment is what the operation takes: exactly one way to say what to run", () => {
  const content = paths["/api/v1/applications/{name}/deployments"]?.post?.requestBody?.content["application/json"];
  const documented = z.fromJSONSchema(content?.schema ?? {});
  const real = deployInput.refine(...revisionIsOne);
  const given = { imageTag: "1.4.0", image: "library:1.4.0", taskDefinition: "library:3" };
  for (let mask = 0; mask < 8; mask++) {
    const ways = Object.fromEntries(Object.entries(given).filter((_way, index) => mask & (1 << index)));
    for (const more of [{}, { reason: "why" }, { resaon: "why" }, { rolout: {} }]) {
      const isTaken = real.safeParse({ application: "library", ...ways, ...more }).success;
      expect(documented.safeParse({ ...ways, ...more }).success, JSON.stringify({ ...ways, ...more })).toBe(isTaken);
    }
  }
});

test("event streams say every event with its data", () => {
  const streams = operations.flatMap(({ path, operation }) => {
    const content = operation.responses["200"]?.content?.["text/event-stream"];
    const { oneOf } = (content?.schema as { contentSchema: { oneOf: { title: string }[] } })?.contentSchema ?? {};
    return oneOf ? [[path, oneOf.map(({ title }) => title)] as const] : [];
  });
  expect(Object.fromEntries(streams)).toEqual({
    "/api/v1/live": ["snapshot", "patch", "json-patch", "renew", "access", "ping", "summary"],
    "/api/v1/applications/{name}/live": ["snapshot", "patch", "json-patch", "renew", "access", "ping"],
    "/api/v1/deployments/{id}/live": ["deployment", "renew", "access", "ping"],
    "/api/v1/applications/{name}/logs": ["line", "gap", "sampled", "clock", "status", "renew", "access", "ping"],
  });
});
