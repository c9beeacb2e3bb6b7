import { expect, test } from "vitest";
import { API_ROUTES, findRouteProblem } from "@/lib/request/api-routes.ts";
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
