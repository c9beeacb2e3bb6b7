import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { isInFlight } from "@/lib/domain/deployment/deployment.ts";
import { createLogTails } from "@/lib/logs/log-tails.ts";
import { createStreamSeats } from "@/lib/streams/stream-seats.ts";
import { createTestWorld, type TestWorld, until, untilDeployment } from "@/lib/testing/test-world.ts";
import * as commands from "./applications/[name]/commands/route.ts";
import * as deployments from "./applications/[name]/deployments/route.ts";
import * as images from "./applications/[name]/images/route.ts";
import * as live from "./applications/[name]/live/route.ts";
import * as logHistory from "./applications/[name]/logs/history/route.ts";
import * as logs from "./applications/[name]/logs/route.ts";
import * as receipt from "./applications/[name]/receipt/route.ts";
import * as rollback from "./applications/[name]/rollback/route.ts";
import * as application from "./applications/[name]/route.ts";
import * as switching from "./applications/[name]/switch/route.ts";
import * as applications from "./applications/route.ts";
import * as approvals from "./approvals/route.ts";
import * as audit from "./audit/route.ts";
import { auditCsv } from "./audit-csv.ts";
import { deploymentSchema, deploymentWithJournalSchema, receiptSchema } from "./deployment-schemas.ts";
import * as deployment from "./deployments/[id]/route.ts";
import { jsonPatchEventSchema } from "./event-schemas.ts";
import * as overview from "./live/route.ts";
import {
  auditPageSchema,
  commandsSchema,
  deploymentPageSchema,
  imageTagSchema,
  logPageSchema,
  problemSchema,
  waitingApprovalsSchema,
  waitsSchema,
} from "./schemas.ts";
import { snapshotSchema } from "./snapshot-schemas.ts";
import * as waits from "./waits/route.ts";

const TOKEN = "api-test-token-0123456789abcdef0123456789";
const ORIGIN = "http://127.0.0.1:3000";
const RUNTIME = Symbol.for("switchyard.runtime");
const CONFIG = Symbol.for("switchyard.config");
const SEATS = Symbol.for("switchyard.stream-seats");
const process_ = globalThis as Record<symbol, unknown>;

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
  process_[RUNTIME] = { promise: Promise.resolve(world.runtime), current: world.runtime, stopping: null };
  process_[CONFIG] = {
    auth: { secret: "s".repeat(32), url: ORIGIN, oidc: null, sandboxUsers: true, apiToken: TOKEN },
    access: {},
  };
});
afterAll(async () => {
  delete process_[RUNTIME];
  delete process_[CONFIG];
  delete process_[SEATS];
  await world.close();
});

function request(path: string, init: RequestInit & { token?: string | null } = {}): Request {
  const { token = TOKEN, ...rest } = init;
  const headers = new Headers(rest.headers);
  if (token) headers.set("authorization", `Bearer ${token}`);
  return new Request(`${ORIGIN}/api/v1${path}`, { ...rest, headers });
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  request(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
const named = (name = "library") => ({ params: Promise.resolve({ name }) });

async function answered<T extends z.ZodType>(response: Response, status: number, schema: T): Promise<z.infer<T>> {
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(status);
  return schema.parse(body);
}

const freshReceipt = async (to: string) =>
  answered(await receipt.GET(request(`/applications/library/receipt?to=${to}`), named()), 200, receiptSchema);

test.each(["to=green&to=blue", "to=green&%74o=green", "fresh&to=green&fresh"])(
  "a question whose address gives a parameter twice is refused: %s",
  async (query) => {
    const answer = await receipt.GET(request(`/applications/library/receipt?${query}`), named());
    const { detail } = await answered(answer, 422, problemSchema);
    expect(detail).toMatch(/^(to|fresh) is given twice in the address$/);
  },
);

test("reads answer in the shapes that the document promises", async () => {
  await answered(await applications.GET(request("/applications")), 200, snapshotSchema.array().length(1));
  await answered(await application.GET(request("/applications/library"), named()), 200, snapshotSchema);
  await answered(
    await images.GET(request("/applications/library/images"), named()),
    200,
    imageTagSchema.array().min(6),
  );
  await freshReceipt("green");
  expect(await answered(await approvals.GET(request("/approvals")), 200, waitingApprovalsSchema)).toEqual({
    items: [],
    yours: 0,
  });
  expect(await (await approvals.GET(request("/approvals?count"))).json()).toEqual({ yours: 0 });
  expect(await answered(await waits.GET(request("/waits")), 200, waitsSchema)).toEqual({ items: [], yours: 0 });
  expect(await (await waits.GET(request("/waits?count"))).json()).toEqual({ yours: 0 });
  const manualCommands = await answered(
    await commands.GET(request("/applications/library/commands?action=switch&to=green"), named()),
    200,
    commandsSchema,
  );
  expect(manualCommands.script).toContain("aws elbv2 modify-listener");
  const unknown = commands.GET(request("/applications/library/commands?action=destroy"), named());
  await answered(await unknown, 422, problemSchema);
  const problem = await answered(
    await application.GET(request("/applications/nope"), named("nope")),
    404,
    problemSchema,
  );
  expect(problem.code).toBe("NOT_FOUND");
});

test("nobody reads or changes anything without an identity, and a wrong token is none", async () => {
  for (const token of [null, "wrong"]) {
    const read = await applications.GET(request("/applications", { token }));
    expect(read.status).toBe(401);
    expect(read.headers.get("content-type")).toBe("application/problem+json");
    expect((await live.GET(request("/applications/library/live", { token }), named())).status).toBe(401);
    const init = { method: "POST", body: "{}", headers: { "content-type": "application/json" }, token };
    expect((await rollback.POST(request("/applications/library/rollback", init), named())).status).toBe(401);
  }
  const rows = (await world.runtime.store.listAudit({ actor: "anonymous" }, { limit: 50 })).items;
  expect(rows.map((row) => row.action)).toEqual(expect.arrayContaining(["request.refused", "token.refused"]));
  expect(rows.every((row) => row.outcome === "refused" && row.code === "UNAUTHENTICATED")).toBe(true);
});

test("denied attempts leave few rows, and the audit says how many it left out", async () => {
  const count = async () => (await world.runtime.store.listAudit({ actor: "anonymous" }, { limit: 200 })).items.length;
  const headers = (address: string) => ({ "x-forwarded-for": address });
  const attempt = (address: string) =>
    applications.GET(request("/applications", { token: "guessed", headers: headers(address) }));
  const before = await count();
  for (let i = 0; i < 40; i++) expect((await attempt("198.51.100.7")).status).toBe(401);
  expect((await count()) - before).toBeLessThan(8);
  await attempt("198.51.100.8");
  const [newest] = (await world.runtime.store.listAudit({ action: "token.refused" }, { limit: 1 })).items;
  expect(newest).toMatchObject({ address: "198.51.100.8" });
  expect(newest?.message).toMatch(/3\d more denied attempts were not written down/);
});

test("what is polled has an entity tag, and is sent again only when something has changed", async () => {
  const ask = (etag?: string | null) =>
    applications.GET(request("/applications", etag ? { headers: { "if-none-match": `"other", ${etag}` } } : {}));
  const first = await ask();
  const etag = first.headers.get("etag");
  expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/);
  await answered(first, 200, snapshotSchema.array().length(1));
  const again = await until(async () => {
    const tag = (await ask()).headers.get("etag");
    const answer = await ask(tag);
    return answer.status === 304 ? answer : null;
  });
  expect(await again.text()).toBe("");
  expect(again.headers.get("etag")).toMatch(/^W\//);
  expect((await ask('"another"')).status).toBe(200);
});

test("an answer is what Accept wants most, and 406 when it wants nothing of what there is", async () => {
  const accepting = (accept: string, query = "") =>
    audit.GET(request(`/audit?limit=1${query}`, { headers: { accept } }));
  const typeOf = async (accept: string) => (await accepting(accept)).headers.get("content-type")?.split(";")[0];
  expect(await typeOf("text/csv;q=0.5, application/x-ndjson;q=0.6")).toBe("application/x-ndjson");
  expect(await typeOf("text/csv;q=0.5, application/json")).toBe("application/json");
  expect(await typeOf("text/*")).toBe("text/csv");
  const refused = await answered(await accepting("text/html"), 406, problemSchema);
  expect(refused).toMatchObject({ code: "NOT_ACCEPTABLE", detail: expect.stringContaining("application/x-ndjson") });
  const none = applications.GET(request("/applications", { headers: { accept: "application/json;q=0" } }));
  await answered(await none, 406, problemSchema);
  const bytes = async (query: string) => [...new Uint8Array(await (await accepting("text/csv", query)).arrayBuffer())];
  expect((await bytes("&bom")).slice(0, 3)).toEqual([0xef, 0xbb, 0xbf]);
  expect((await bytes("&bom=false"))[0]).toBe("a".charCodeAt(0));
});

test("flags that say no are as if they were not there, and a file of a kind that there is not is refused", async () => {
  expect(await (await waits.GET(request("/waits?count=true"))).json()).toEqual({ yours: 0 });
  expect(await (await waits.GET(request("/waits?count=false"))).json()).toHaveProperty("items");
  const file = logHistory.GET(request("/applications/library/logs/history?download=pdf"), named());
  await answered(await file, 422, problemSchema);
});

test("a body that is not JSON, not an object or too large is told so", async () => {
  const send = async (body: string, type: string) => {
    const init = { method: "POST", body, headers: { "content-type": type } };
    return (await rollback.POST(request("/applications/library/rollback", init), named())).status;
  };
  expect(await send("a=b", "application/x-www-form-urlencoded")).toBe(415);
  expect(await send("{", "application/json")).toBe(422);
  expect(await send("[]", "application/json")).toBe(422);
  expect(await send(JSON.stringify({ reason: "x".repeat(70_000) }), "application/json")).toBe(413);
});

test("a switch is taken on, repeated under its key, followed to its end and found in history and audit", async () => {
  const { hash } = await until(async () => {
    const fresh = await freshReceipt("green");
    return fresh.blockers.length === 0 ? fresh : null;
  });
  const ask = () => post("/applications/library/switch", { to: "green", receipt: hash }, { "idempotency-key": "k-1" });
  const first = await answered(await switching.POST(ask(), named()), 202, deploymentSchema);
  await untilDeployment(world, first.id, (d) => !isInFlight(d));
  const repeated = await answered(await switching.POST(ask(), named()), 202, deploymentSchema);
  expect(repeated.id).toBe(first.id);

  const params = Promise.resolve({ id: first.id });
  const read = await answered(
    await deployment.GET(request(`/deployments/${first.id}`), { params }),
    200,
    deploymentWithJournalSchema,
  );
  expect(read.status).toBe("SUCCESSFUL");
  expect(read.journal.map((entry) => `${entry.step} ${entry.phase}`)).toContain("shift done");
  const page = await answered(
    await deployments.GET(request("/applications/library/deployments?limit=1"), named()),
    200,
    deploymentPageSchema,
  );
  expect(page.items[0]?.id).toBe(first.id);
  const rows = await answered(await audit.GET(request("/audit?application=library")), 200, auditPageSchema);
  expect(rows.items.find((row) => row.action === "deployment.switch")).toMatchObject({
    actorId: "bootstrap-token",
    via: "token",
    receipt: hash,
    before: expect.stringMatching(/^blue/),
    after: "green 1.0.0",
  });
  const cameOf = rows.items.filter((row) => row.deploymentId === first.id && row.via === "engine");
  expect(cameOf.map((row) => row.action)).toEqual(["deployment.succeeded", "traffic.switched"]);
  const written = read.journal.flatMap((entry) => entry.awsRequestId ?? []);
  expect(cameOf[0]?.awsRequestIds).toEqual(written);
});

test("refusals carry their code, blockers and the fresh receipt", async () => {
  const stale = post("/applications/library/switch", { to: "blue", receipt: "0".repeat(64) });
  await until(async () => (await freshReceipt("blue")).blockers.length === 0);
  const outdated = await answered(await switching.POST(stale, named()), 409, problemSchema);
  expect(outdated.code).toBe("RECEIPT_OUTDATED");
  expect(outdated.receipt?.hash).toBe((await freshReceipt("blue")).hash);
  const again = post("/applications/library/switch", { to: "green", receipt: "0".repeat(64) });
  const blocked = await answered(await switching.POST(again, named()), 422, problemSchema);
  expect(blocked.blockers?.map((blocker) => blocker.code)).toEqual(["ALREADY_LIVE"]);
  const bad = await answered(
    await deployments.POST(post("/applications/library/deployments", {}), named()),
    422,
    problemSchema,
  );
  expect(bad.detail).toContain("imageTag is missing");
});

test("AWS's refusal keeps AWS's code and request id", async () => {
  world.sandbox.faults.add({
    service: "ecr",
    operation: "DescribeImages",
    kind: "error",
    code: "AccessDeniedException",
    rate: 1,
    ms: 0,
    remaining: 1,
    phase: "before",
  });
  const problem = await answered(
    await images.GET(request("/applications/library/images"), named()),
    502,
    problemSchema,
  );
  expect(problem.code).toBe("AWS_DENIED");
  expect(problem.aws?.code).toContain("AccessDenied");
  expect(problem.aws?.requestId).toBeTruthy();
});

test("the live stream begins with the whole and goes on with patches", async () => {
  const left = new AbortController();
  const response = await live.GET(request("/applications/library/live", { signal: left.signal }), named());
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!/event: patch\n/.test(text)) text += (await reader?.read())?.value ?? "";
  left.abort();
  await reader?.cancel();
  const snapshot = /event: snapshot\ndata: (.*)\n/.exec(text)?.[1] ?? "null";
  expect(snapshotSchema.parse(JSON.parse(snapshot)).name).toBe("library");
  expect(text.indexOf("event: snapshot")).toBeLessThan(text.indexOf("event: patch"));
});

test("changes come as RFC 6902 for who asks for it, and the form that ends says when", async () => {
  const left = new AbortController();
  const open = (query: string) =>
    live.GET(request(`/applications/library/live${query}`, { signal: left.signal }), named());
  const old = await open("");
  expect(old.headers.get("deprecation")).toMatch(/^@\d+$/);
  expect(old.headers.get("sunset")).toBe("Wed, 01 Dec 2027 00:00:00 GMT");
  await old.body?.cancel();
  const response = await open("?patch=json-patch");
  expect(response.headers.get("sunset")).toBe(null);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!/event: json-patch\ndata: .*\n/.test(text)) text += (await reader?.read())?.value ?? "";
  left.abort();
  await reader?.cancel();
  const told = jsonPatchEventSchema.parse(JSON.parse(/event: json-patch\ndata: (.*)\n/.exec(text)?.[1] ?? "null"));
  expect(told.application).toBe("library");
  expect(told.patch.every(({ path }) => path.startsWith("/"))).toBe(true);
  await answered(await open("?patch=xml"), 422, problemSchema);
});

test("asked for briefly, a stream ends within seconds and says to connect again, so that whatever holds it back lets go", async () => {
  const { signal } = new AbortController();
  const open = (query: string) => live.GET(request(`/applications/library/live${query}`, { signal }), named());
  const text = await (await open("?briefly=1")).text();
  expect(text).toMatch(/event: snapshot\ndata: [\s\S]*event: renew\ndata: \{\}\n\n$/);
  await answered(await open("?briefly=yes"), 422, problemSchema);
});

test("one identity may open so many event streams of any kind and no more, until it closes one", async () => {
  process_[SEATS] = createStreamSeats({ each: 6, all: 100 });
  const { runtime } = world;
  const logTails = createLogTails({ reader: world.aws.logs, now: runtime.now });
  onTestFinished(() => logTails.stop());
  Object.assign(runtime, { logTails });
  const left = new AbortController();
  const { signal } = left;
  const kinds = [
    () => live.GET(request("/applications/library/live", { signal }), named()),
    () => logs.GET(request("/applications/library/logs", { signal }), named()),
    () => overview.GET(request("/live", { signal })),
  ];
  const opened = await Promise.all(Array.from({ length: 6 }, (_, n) => kinds[n % kinds.length]?.()));
  expect(new Set(opened.map((response) => response?.status))).toEqual(new Set([200]));
  for (const kind of kinds) {
    const refused = await kind();
    expect(refused.headers.get("retry-after")).toBe("1");
    const problem = await answered(refused, 429, problemSchema);
    expect(problem).toMatchObject({ code: "RATE_LIMITED", detail: expect.stringContaining("6 event streams open") });
  }
  // What is no stream takes no place.
  expect((await live.GET(request("/applications/nowhere/live", { signal }), named("nowhere"))).status).toBe(429);
  await opened[1]?.body?.cancel();
  expect((await live.GET(request("/applications/nowhere/live", { signal }), named("nowhere"))).status).toBe(404);
  expect((await kinds[0]?.())?.status).toBe(200);
  left.abort();
  const again = await live.GET(request("/applications/library/live"), named());
  expect(again.status).toBe(200);
  await again.body?.cancel();
});

test("lines of the past come by page, or as a file", async () => {
  const ask = (query: string) => logHistory.GET(request(`/applications/library/logs/history?${query}`), named());
  const { runtime } = world;
  const task = runtime.observer.observation("library")?.slots.blue.tasks[0];
  const line = { timestamp: Math.floor(runtime.now()), message: "ERROR 대출 실패" };
  world.sandbox.logs.sink.write("/ecs/library-management-task", `ecs/library/${task?.id}`, [line]);
  const asked = `until=${Math.floor(runtime.now()) + 60_000}&filter=${encodeURIComponent("대출".normalize("NFD"))}`;
  const page = await answered(await ask(asked), 200, logPageSchema);
  expect(page.lines.at(-1)).toMatchObject({ slot: "blue", level: "error", text: line.message });
  const file = await ask(`${asked}&download=txt`);
  expect(file.headers.get("content-disposition")).toContain("library-log.txt");
  expect(await file.text()).toContain("blue");
  await answered(await ask("before=yesterday"), 422, problemSchema);
});

const ROW = {
  id: "1",
  at: 0,
  actorId: "a",
  actorName: '=HYPERLINK("x")',
  role: null,
  via: "token",
  address: null,
  action: "deployment.switch",
  application: null,
  deploymentId: null,
  outcome: "done",
  code: null,
  message: "a,b",
  reason: "+1",
} as const;

test("an audit as CSV is quoted and runs no formula", async () => {
  const csv = await audit.GET(request("/audit", { headers: { accept: "text/csv" } }));
  expect(csv.headers.get("content-type")).toContain("text/csv");
  expect((await csv.text()).split("\r\n")[0]).toMatch(/^at,actorId/);
  expect(auditCsv([ROW])).toBe(
    '1970-01-01T00:00:00.000Z,a,"\'=HYPERLINK(""x"")",,token,,deployment.switch,,,done,,"a,b",\'+1,,,,,,,,,,,,,\r\n',
  );
});

test("an export holds every row of the filter, streamed a page at a time; with a limit it is one page", async () => {
  const { store } = world.runtime;
  const total = 2_300;
  for (let i = 0; i < total; i++)
    await store.appendAudit({ ...ROW, id: `export-${i}`, at: 1_000 + i, application: "exported", outcome: "refused" });
  let reads = 0;
  const counting = { ...world.runtime, store: { ...store, listAudit: countedRead } };
  function countedRead(...args: Parameters<typeof store.listAudit>) {
    reads += 1;
    return store.listAudit(...args);
  }
  process_[RUNTIME] = { promise: Promise.resolve(counting), current: counting, stopping: null };
  try {
    const accept = (type: string) => ({ headers: { accept: type } });
    const path = "/audit?application=exported&verb=switch&outcome=refused";
    const lines = await audit.GET(request(path, accept("application/x-ndjson")));
    expect(lines.headers.get("content-type")).toContain("application/x-ndjson");
    expect(reads).toBeLessThan(3);
    const rows = (await lines.text()).trimEnd().split("\n");
    expect(rows).toHaveLength(total);
    expect(reads).toBe(3);
    expect(new Set(rows.map((row) => JSON.parse(row).id)).size).toBe(total);
    expect(JSON.parse(rows[0] ?? "")).toMatchObject({ id: `export-${total - 1}`, hash: expect.any(String) });
    const csv = await (await audit.GET(request(path, accept("text/csv")))).text();
    expect(csv.trimEnd().split("\r\n")).toHaveLength(total + 1);

    const page = await audit.GET(request(`${path}&limit=5`, accept("text/csv")));
    expect(page.headers.get("x-next-cursor")).not.toBeNull();
    expect((await page.text()).trimEnd().split("\r\n")).toHaveLength(6);
    const none = await audit.GET(request("/audit?application=exported&outcome=done", accept("application/x-ndjson")));
    expect(await none.text()).toBe("");
  } finally {
    process_[RUNTIME] = { promise: Promise.resolve(world.runtime), current: world.runtime, stopping: null };
  }
});

test("the audit narrows by verb, action and outcome, and refuses what is none", async () => {
  const read = async (query: string) =>
    (await answered(await audit.GET(request(`/audit?application=exported&limit=2&${query}`)), 200, auditPageSchema))
      .items.length;
  expect(await read("verb=switch")).toBe(2);
  expect(await read("verb=deployment.switch&outcome=refused")).toBe(2);
  expect(await read("verb=deploy")).toBe(0);
  expect(await read("outcome=failed")).toBe(0);
  for (const wrong of ["verb=Switch it", "outcome=maybe", "from=yesterday"]) {
    const problem = await answered(await audit.GET(request(`/audit?${wrong}`)), 422, problemSchema);
    expect(problem.detail).toContain(wrong.split("=")[0]);
    const refused = await audit.GET(request(`/audit?${wrong}`, { headers: { accept: "application/x-ndjson" } }));
    expect(refused.status).toBe(422);
  }
});
