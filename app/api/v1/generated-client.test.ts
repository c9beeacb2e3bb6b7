import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_ROUTES } from "@/lib/request/api-routes.ts";
import { createTestWorld, type TestWorld } from "@/lib/testing/test-world.ts";
import { openApiDocument } from "./openapi-document.ts";

/** A stranger's program: all it knows of Switchyard is the types that were generated from its document. */
const PROGRAM = `
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";
type Deployment = components["schemas"]["Deployment"];

export async function mainJob(fetch: (request: Request) => Promise<Response>, baseUrl: string, token: string) {
  const client = createClient<paths>({ baseUrl, fetch, headers: { authorization: \`Bearer \${token}\` } });
  const first = await client.GET("/api/v1/applications");
  const name = first.data?.[0]?.name ?? "none";
  const path = { name };
  async function reached(id: string, is: (deployment: Deployment) => boolean): Promise<Deployment> {
    for (;;) {
      const { data, error } = await client.GET("/api/v1/deployments/{id}", { params: { path: { id } } });
      if (!data) throw new Error(error?.detail ?? "no answer");
      if (is(data)) return data;
      if (data.finishedAt !== null) throw new Error(data.statusReason ?? data.status);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const nobody = await client.GET("/api/v1/applications/{name}", { params: { path: { name: "nope" } } });
  const none = await client.POST("/api/v1/applications/{name}/deployments", {
    params: { path },
    // @ts-expect-error one of imageTag, image and taskDefinition is needed
    body: { reason: "nothing to run" },
  });
  const begun = await client.POST("/api/v1/applications/{name}/deployments", {
    params: { path, header: { "Idempotency-Key": "stranger-1" } },
    body: { imageTag: "1.1.0" },
  });
  if (!begun.data) throw new Error(begun.error.detail);
  const { id, to } = begun.data;
  await reached(id, ({ stage }) => stage === "PRE_PRODUCTION_TRAFFIC_SHIFT");
  let moved: Deployment | undefined;
  while (!moved) {
    const receipt = await client.GET("/api/v1/applications/{name}/receipt", { params: { path, query: { to } } });
    const { data } = await client.POST("/api/v1/applications/{name}/switch", {
      params: { path },
      body: { to, receipt: receipt.data?.hash ?? "" },
    });
    moved = data;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await reached(id, ({ proof }) => proof !== null);
  const back = await client.POST("/api/v1/applications/{name}/rollback", { params: { path }, body: { reason: "try" } });
  if (!back.data) throw new Error(back.error.detail);
  const ended = await reached(back.data.id, ({ finishedAt }) => finishedAt !== null);
  const history = await client.GET("/api/v1/applications/{name}/deployments", {
    params: { path, query: { limit: 1, idempotencyKey: "stranger-1" } },
  });
  const unchanged = await client.GET("/api/v1/approvals", { params: { query: { count: true } } });
  return {
    name,
    nobody: nobody.error?.code,
    none: none.response.status,
    isContinued: moved.id === id,
    status: ended.status,
    found: history.data?.items[0]?.id === id,
    yours: unchanged.data?.yours,
  };
}
`;

const ORIGIN = "http://127.0.0.1:3000";
const TOKEN = "client-test-token-0123456789abcdef0123456789";
const ROOT = join(import.meta.dirname, "../../..");
const RUNTIME = Symbol.for("switchyard.runtime");
const CONFIG = Symbol.for("switchyard.config");
const process_ = globalThis as Record<symbol, unknown>;

let world: TestWorld;
const folder = mkdtempSync(join(tmpdir(), "switchyard-client-"));
const document = openApiDocument("1.0.0", ORIGIN);

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
  process_[RUNTIME] = { promise: Promise.resolve(world.runtime), current: world.runtime, stopping: null };
  process_[CONFIG] = {
    auth: { secret: "s".repeat(32), url: ORIGIN, oidc: null, sandboxUsers: true, apiToken: TOKEN },
    access: {},
  };
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "schema.d.ts"), await generateTypes());
  writeFileSync(join(folder, "main-job.ts"), PROGRAM);
});
afterAll(async () => {
  delete process_[RUNTIME];
  delete process_[CONFIG];
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

/** The generator builds its answer with the compiler's own API, which this project's compiler does not have. */
async function generateTypes(): Promise<string> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) => next(specifier === "typescript" ? "typescript-api" : specifier, context),
  });
  try {
    const { default: generate, astToString } = await import("openapi-typescript");
    return astToString(await generate(JSON.stringify(document)));
  } finally {
    hooks.deregister();
  }
}

const routes = Object.keys(API_ROUTES).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll(/\[(\w+)\]/g, "(?<$1>[^/]+)")}$`),
}));
/** What was answered and not said in the document. */
const surprises: string[] = [];

/** Calls a route as Next would, and holds its answer against the document. */
async function fetchFromRoutes(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const route = routes.find(({ pattern }) => pattern.test(pathname));
  if (!route) throw new Error(`No route for ${pathname}`);
  const file = join(ROOT, "app", route.path, "route.ts");
  const module: Record<string, (request: Request, props: object) => Promise<Response>> = await import(file);
  const params = Promise.resolve({ ...route.pattern.exec(pathname)?.groups });
  const response = await module[request.method]?.(request, { params });
  if (!response) throw new Error(`No ${request.method} for ${pathname}`);
  const documented = documentedAnswer(request.method, route.path, response.status);
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  if (!documented.includes(type)) surprises.push(`${request.method} ${route.path}: ${response.status} ${type}`);
  return response;
}

function documentedAnswer(method: string, path: string, status: number): string[] {
  type Answer = { $ref?: string; content?: object };
  type Operation = { responses: Record<string, Answer> };
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const found = paths[path.replaceAll(/\[(\w+)\]/g, "{$1}")]?.[method.toLowerCase()]?.responses[String(status)];
  const { responses } = document.components as { responses: Record<string, Answer> };
  const answer = found?.$ref ? responses[found.$ref.split("/").at(-1) ?? ""] : found;
  return Object.keys(answer?.content ?? {});
}

test("a client that was generated from the document does the main job, typed from end to end", {
  timeout: 180_000,
}, async () => {
  const options = [
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--skipLibCheck",
    "--types",
    "",
    "--lib",
    "es2023,dom",
  ];
  const checked = spawnSync("tsc", [...options, "main-job.ts"], { cwd: folder, encoding: "utf8" });
  expect(checked.stdout).toBe("");
  expect(checked.status).toBe(0);

  const program = (await import(pathToFileURL(join(folder, "main-job.ts")).href)) as {
    mainJob(fetch: (request: Request) => Promise<Response>, url: string, token: string): Promise<unknown>;
  };
  expect(await program.mainJob(fetchFromRoutes, ORIGIN, TOKEN)).toEqual({
    name: "library",
    nobody: "NOT_FOUND",
    none: 422,
    isContinued: true,
    status: expect.stringMatching(/SUCCESSFUL$/),
    found: true,
    yours: 0,
  });
  expect(surprises).toEqual([]);
});
