import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readOtlpSettings } from "../config/traces-config.ts";
import { bindDeployment, type Span, setSpanSink, span, spanOfDeployment, traceOf } from "../trace.ts";
import { type OtlpExporter, startOtlpExporter, type toOtlp } from "./otlp.ts";

/** As a collector would see it. */
interface Received {
  headers: IncomingMessage["headers"];
  body: ReturnType<typeof toOtlp> & { resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] };
}

let received: Received[] = [];
let status = 200;
let exporter: OtlpExporter | null = null;
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    if (status === 200)
      received.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString("utf8")) });
    response.writeHead(status).end("{}");
  });
});

beforeEach(async () => {
  received = [];
  status = 200;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await exporter?.stop();
  exporter = null;
  setSpanSink(null);
  await new Promise((resolve) => server.close(resolve));
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
function start(env: Record<string, string> = {}): OtlpExporter {
  const settings = readOtlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: address(), ...env }, () => undefined);
  if (!settings) throw new Error("There are no settings");
  exporter = startOtlpExporter(settings);
  return exporter;
}
const spans = () => received.flatMap(({ body }) => body.resourceSpans[0]?.scopeSpans[0]?.spans ?? []);

test("a click is one trace: AWS's calls within it, and what the engine does for its deployment later", async () => {
  const { flush } = start({ OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20abc,x-tenant=one" });
  await traceOf("switchyard switch", null, async (notes) => {
    notes.attributes["switchyard.verb"] = "switch";
    await span("elbv2.ModifyListener", "client", async () => undefined);
    bindDeployment("d-1");
  });
  await spanOfDeployment("d-1", "step shift", () => span("elbv2.DescribeListeners", "client", async () => undefined));
  await flush();
  expect(received[0]?.headers).toMatchObject({ authorization: "Basic abc", "x-tenant": "one" });
  const byName = Object.fromEntries(spans().map((each) => [each.name, each]));
  const root = byName["switchyard switch"];
  expect(Object.keys(byName)).toHaveLength(4);
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  expect(root).toMatchObject({ kind: 2, status: {} });
  expect(root).not.toHaveProperty("parentSpanId");
  expect(byName["elbv2.ModifyListener"]).toMatchObject({ kind: 3, parentSpanId: root?.spanId });
  expect(byName["step shift"]).toMatchObject({ kind: 1, parentSpanId: root?.spanId });
  expect(byName["elbv2.DescribeListeners"]).toMatchObject({ parentSpanId: byName["step shift"]?.spanId });
  expect(root?.startTimeUnixNano).toMatch(/^\d{13}000000$/);
});

test("a caller's trace goes on; what fails is an error of its kind, without its words", async () => {
  const { flush } = start();
  const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const failing = traceOf("switchyard deploy", parent, async () => {
    throw new TypeError("postgres://user:secret@host");
  });
  await expect(failing).rejects.toThrow(TypeError);
  await flush();
  expect(spans()).toMatchObject([
    {
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      parentSpanId: "00f067aa0ba902b7",
      status: { code: 2, message: "TypeError" },
    },
  ]);
  expect(JSON.stringify(received)).not.toContain("secret");
});

test.each([
  "",
  "00-0-0-01",
  `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
  `ff-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  "x".repeat(9000),
])("the header %s begins a trace of its own", async (header) => {
  const kept: Span[] = [];
  setSpanSink((each) => kept.push(each));
  await traceOf("switchyard abort", header, async () => undefined);
  expect(kept).toMatchObject([{ parentId: null, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
  expect(kept[0]?.traceId).not.toBe("a".repeat(32));
});

test("what goes on after its click is over is no part of it, and the observer's calls are no trace", async () => {
  const kept: Span[] = [];
  setSpanSink((each) => kept.push(each));
  let later: Promise<unknown> = Promise.resolve();
  let begin: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    begin = resolve;
  });
  await traceOf("switchyard switch", null, async () => {
    later = gate.then(() => span("ecs.DescribeServices", "client", async () => undefined));
  });
  begin();
  await later;
  await span("ecs.DescribeServices", "client", async () => undefined);
  expect(kept.map(({ name }) => name)).toEqual(["switchyard switch"]);
});

test("while the collector is away spans wait, and nothing that they are about does", async () => {
  const { flush } = start();
  status = 503;
  await traceOf("switchyard switch", null, async () => undefined);
  await flush();
  expect(spans()).toEqual([]);
  status = 200;
  await flush();
  expect(spans()).toHaveLength(1);
});

test("without an endpoint nothing is made and nothing kept", async () => {
  expect(readOtlpSettings({}, () => undefined)).toBeNull();
  expect(
    readOtlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: address(), OTEL_SDK_DISABLED: "true" }, () => undefined),
  ).toBeNull();
  expect(
    readOtlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: address(), OTEL_TRACES_EXPORTER: "none" }, () => undefined),
  ).toBeNull();
  await traceOf("switchyard switch", null, async () => bindDeployment("d-1"));
  expect(await traceOf("switchyard switch", null, async () => "done")).toBe("done");
  expect(received).toEqual([]);
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, "OTEL_EXPORTER_OTLP_ENDPOINT"],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "nowhere" }, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
    "OTEL_EXPORTER_OTLP_PROTOCOL",
  ],
])("a setting that cannot work is named at the start: %o", (env, name) => {
  const reported: string[] = [];
  readOtlpSettings(env, (where) => reported.push(where));
  expect(reported).toEqual([name]);
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c:4318/" }, "http://c:4318/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c/otlp" }, "http://c/otlp/v1/traces"],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://c", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://d/t" }, "http://d/t"],
])("the address is made as OpenTelemetry says: %o", (env, url) => {
  expect(readOtlpSettings(env, () => undefined)?.url).toBe(url);
});
