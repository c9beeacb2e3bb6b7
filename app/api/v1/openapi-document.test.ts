import { expect, test } from "vitest";
import { openApiDocument } from "./openapi-document.ts";

const document = openApiDocument("1.0.0");

/** Every object in the document with where it stands. */
function objectsIn(value: unknown, at = "#"): [string, Record<string, unknown>][] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, each]) => objectsIn(each, `${at}/${key}`));
  return Array.isArray(value) ? inside : [[at, value as Record<string, unknown>], ...inside];
}

test("schemas are JSON Schema 2020-12, as OpenAPI 3.1 has them: null is a type, and bounds are numbers", () => {
  expect(document).toMatchObject({
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: "/" }],
  });
  for (const [at, object] of objectsIn(document)) {
    if (!at.endsWith("/properties")) expect(object, at).not.toHaveProperty("nullable");
    expect(object, at).not.toHaveProperty("$schema");
    if ("exclusiveMinimum" in object) expect(typeof object.exclusiveMinimum, at).toBe("number");
  }
  const text = JSON.stringify(document);
  expect(text).toContain('{"type":"null"}');
});

test("every operation has a name of its own, for generated clients", () => {
  const paths = document.paths as Record<string, Record<string, { operationId?: string }>>;
  const operations = Object.values(paths).flatMap((item) =>
    Object.entries(item).flatMap(([method, operation]) => (method === "parameters" ? [] : [operation])),
  );
  const ids = operations.map(({ operationId }) => operationId);
  expect(ids.every((id) => id !== undefined && /^[a-z]+(_[A-Za-z0-9]+)+$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every reference leads to a component that is there", () => {
  const components = (document.components as { schemas: object }).schemas;
  const refs = objectsIn(document).flatMap(([, { $ref }]) => (typeof $ref === "string" ? [$ref] : []));
  expect(refs.length).toBeGreaterThan(0);
  for (const ref of refs) expect(components).toHaveProperty([ref.replace("#/components/schemas/", "")]);
});
