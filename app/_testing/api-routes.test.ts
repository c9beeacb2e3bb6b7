import { expect, test } from "vitest";
import { openApiDocument } from "@/app/api/v1/openapi-document.ts";
import { API_QUERIES, API_ROUTES, findRouteProblem } from "@/lib/request/api-routes.ts";
import { findSubjects } from "./find-subjects.ts";

test("every route and method of the files is known, and no other", async () => {
  const found = (await findSubjects()).filter(({ kind }) => kind === "route");
  const listed = Object.entries(API_ROUTES).flatMap(([path, methods]) => methods.map((method) => `${method} ${path}`));
  expect(listed.toSorted()).toEqual(found.map(({ name }) => name).toSorted());
});

test.each([
  ["GET", "/api/v1/applications/library", null, null],
  ["HEAD", "/api/v1/applications/library", null, null],
  ["OPTIONS", "/api/v1/applications/library/switch", null, null],
  ["POST", "/api/auth/callback/oidc", null, null],
  ["PUT", "/api/v1/applications/library/switch", 405, "POST, OPTIONS"],
  ["POST", "/api/v1/audit", 405, "GET, HEAD, OPTIONS"],
  ["PATCH", "/api/v1/tokens/t-1", 405, "GET, DELETE, HEAD, OPTIONS"],
  ["GET", "/api/v1/nothing", 404, null],
  ["GET", "/api/v1/applications/library/switch/on", 404, null],
  ["GET", "/api/v1/openapiXjson", 404, null],
  ["GET", "/api", 404, null],
  ["GET", "/api/v1/applications/%zz", 400, null],
  ["GET", "/api/v1/applications/%E0%A4%A", 400, null],
  ["GET", "/api/v1/applications/%ff", 400, null],
  ["POST", "/api/%", 400, null],
  ["GET", "/api/healthy", 404, null],
  ["GET", "/api/health/live/x", 404, null],
])("%s %s is answered with %s", async (method, path, status, allow) => {
  const answer = findRouteProblem(method, path);
  expect(answer?.status ?? null).toBe(status);
  expect(answer?.headers.get("allow") ?? null).toBe(allow);
  if (answer) expect(answer.headers.get("content-type")).toBe("application/problem+json");
  if (answer)
    expect(await answer.json()).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
});

test("query parameters are those of the OpenAPI document", () => {
  interface Operation {
    parameters?: { name: string; in: string }[];
  }
  const paths = openApiDocument("1.0.0", "https://switchyard.example.com").paths as Record<string, object>;
  const documented = Object.entries(paths).flatMap(([path, item]) => {
    const parameters = Object.values(item as Record<string, Operation>).flatMap((each) => each.parameters ?? []);
    const names = [...new Set(parameters.flatMap((each) => (each.in === "query" ? [each.name] : [])))];
    return names.length > 0 ? [[path.replaceAll("{", "[").replaceAll("}", "]"), names] as const] : [];
  });
  expect(API_QUERIES).toEqual(Object.fromEntries(documented));
});

test.each([
  ["/api/v1/audit", "aplication=library", '"aplication"'],
  ["/api/v1/audit", "format=csv", '"format"'],
  ["/api/v1/applications/library/deployments", "Limit=1", '"Limit"'],
  ["/api/v1/applications/library/live", "since=1", '"since"'],
  ["/api/v1/applications", "page=2", "has none"],
  ["/api/v1/applications/library/switch", "to=green", "has none"],
])("%s?%s is refused, as it would answer something else than was asked", async (path, query, words) => {
  for (const method of ["GET", "HEAD", "POST"].filter(
    (each) => API_ROUTES[routeOf(path)]?.includes(each) || each === "HEAD",
  )) {
    const answer = findRouteProblem(method, path, new URLSearchParams(query));
    if (answer?.status === 405) continue;
    expect(await answer?.json()).toMatchObject({
      status: 422,
      code: "INVALID_INPUT",
      detail: expect.stringContaining(words),
    });
  }
});

test.each([
  ["/api/v1/audit", "application=library&limit=5&bom"],
  ["/api/v1/applications/library/logs", "slot=both&since=5"],
  ["/api/auth/callback/oidc", "code=a&state=b&state=c"],
  ["/api/health", "probe=1"],
])("%s?%s is let through", (path, query) => {
  expect(findRouteProblem("GET", path, new URLSearchParams(query))).toBeNull();
});

function routeOf(path: string): string {
  return path.replace("/library", "/[name]");
}
