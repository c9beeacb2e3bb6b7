import { z } from "zod";
import { abortInput } from "@/lib/operations/abort-deployment.ts";
import { acknowledgeInput } from "@/lib/operations/acknowledge-drift.ts";
import { acknowledgeRollbackInput } from "@/lib/operations/acknowledge-rollback.ts";
import { approveInput } from "@/lib/operations/approve-deployment.ts";
import { createTokenInput } from "@/lib/operations/create-token.ts";
import { deployInput } from "@/lib/operations/deploy.ts";
import { extendInput } from "@/lib/operations/extend-window.ts";
import { freezeInput } from "@/lib/operations/freeze-line.ts";
import { putOffInput } from "@/lib/operations/put-off-step.ts";
import { rejectInput } from "@/lib/operations/reject-deployment.ts";
import { retireInput } from "@/lib/operations/retire-side.ts";
import { rollBackInput } from "@/lib/operations/roll-back.ts";
import { switchInput } from "@/lib/operations/switch-traffic.ts";
import { deploymentSchema, deploymentWithJournalSchema, receiptSchema } from "./deployment-schemas.ts";
import { putOffSchema, readinessSchema } from "./readiness-schemas.ts";
import {
  apiTokenSchema,
  auditPageSchema,
  commandsSchema,
  createdTokenSchema,
  deploymentPageSchema,
  handoverSchema,
  imageTagSchema,
  logPageSchema,
  problemSchema,
  waitingApprovalsSchema,
  waitsSchema,
} from "./schemas.ts";
import { driftSchema, freezeSchema, snapshotSchema } from "./snapshot-schemas.ts";

type Json = Record<string, unknown>;

const COMPONENTS = {
  ApplicationSnapshot: snapshotSchema,
  Deployment: deploymentSchema,
  DeploymentPage: deploymentPageSchema,
  DeploymentWithJournal: deploymentWithJournalSchema,
  Receipt: receiptSchema,
  Commands: commandsSchema,
  ImageTag: imageTagSchema,
  LogPage: logPageSchema,
  AuditPage: auditPageSchema,
  Handover: handoverSchema,
  WaitingApprovals: waitingApprovalsSchema,
  Waits: waitsSchema,
  ApiToken: apiTokenSchema,
  CreatedToken: createdTokenSchema,
  Drift: driftSchema,
  Freeze: freezeSchema,
  Readiness: readinessSchema,
  PutOff: putOffSchema,
  Problem: problemSchema,
} as const;
type Component = keyof typeof COMPONENTS;

const query = (name: string, description: string, required = false): Json => ({
  name,
  in: "query",
  description,
  required,
  schema: { type: "string" },
});
const PAGE = [query("limit", "1 to 200, 50 by default"), query("cursor", "nextCursor of the page before")];
const KEY: Json = {
  name: "Idempotency-Key",
  in: "header",
  description: "A repeat with the same key within 24 h answers with the same deployment",
  schema: { type: "string", maxLength: 200 },
};

/** Fields that the address and the header carry are left out of the body. */
function body(input: z.ZodObject): Json {
  const { application: _a, deploymentId: _d, idempotencyKey: _k, ...shape } = input.shape;
  const schema = schemaOf(z.strictObject(shape), "input");
  return { required: "required" in schema, content: { "application/json": { schema } } };
}

/** Where the application is part of what is asked. */
function wholeBody(input: z.ZodObject): Json {
  const schema = schemaOf(input, "input");
  return { required: true, content: { "application/json": { schema } } };
}

/** OpenAPI 3.1's schemas are JSON Schema 2020-12; the document says so once for all. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  return rest;
}

/** Every operation by a name of its own, as generated clients call it: "post_applications_name_switch". */
function withOperationIds(paths: Record<string, Json>): Record<string, Json> {
  const idOf = (method: string, path: string) =>
    [method, ...(path.replace("/api/v1/", "").match(/[A-Za-z0-9]+/g) ?? [])].join("_");
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          method === "parameters" ? operation : { operationId: idOf(method, path), ...(operation as Json) },
        ]),
      ),
    ]),
  );
}

const ref = (component: Component): Json => ({ $ref: `#/components/schemas/${component}` });

function read(summary: string, schema: Json, parameters: Json[] = []): Json {
  return operation(summary, parameters, { 200: { description: "OK", content: { "application/json": { schema } } } });
}

function stream(summary: string, parameters: Json[] = []): Json {
  const content = { "text/event-stream": { schema: { type: "string" } } };
  return operation(summary, parameters, { 200: { description: "Events, each with an id", content } });
}

function change(summary: string, input: z.ZodObject, parameters: Json[] = []): Json {
  const accepted = { description: "Taken on", content: { "application/json": { schema: ref("Deployment") } } };
  return { ...operation(summary, parameters, { 202: accepted }), requestBody: body(input) };
}

function operation(summary: string, parameters: Json[], responses: Json): Json {
  const problem = {
    description: "Refused or failed, as RFC 9457 says it",
    content: { "application/problem+json": { schema: ref("Problem") } },
  };
  return { summary, ...(parameters.length > 0 ? { parameters } : {}), responses: { ...responses, default: problem } };
}

const list = (items: Json): Json => ({ type: "array", items });

/** Every route under /api/v1, as OpenAPI 3.1 describes it; a test holds it against the routes there are. */
export function openApiDocument(version: string): Json {
  const schemas = Object.entries(COMPONENTS).map(([name, schema]) => [name, schemaOf(schema, "output")]);
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: "/" }],
    info: { title: "Switchyard", version, description: "Blue/green deployments on Amazon ECS" },
    security: [{ bearer: [] }, { session: [] }],
    paths: withOperationIds({
      "/api/v1/openapi.json": { get: read("This document", { type: "object" }) },
      "/api/v1/applications": { get: read("Every application", list(ref("ApplicationSnapshot"))) },
      "/api/v1/applications/{name}": named({ get: read("One application", ref("ApplicationSnapshot")) }),
      "/api/v1/applications/{name}/receipt": named({
        get: read("What a switch would rest on", ref("Receipt"), [query("to", "blue or green", true)]),
      }),
      "/api/v1/applications/{name}/commands": named({
        get: read("The AWS CLI's commands that do the same as an action", ref("Commands"), [
          query("action", "A verb, such as rollback", true),
          query("to", "blue or green, for switch"),
          query("imageTag", "For deploy, or image or taskDefinition"),
          query("image", "For deploy"),
          query("taskDefinition", "For deploy"),
        ]),
      }),
      "/api/v1/applications/{name}/images": named({
        get: read("Tags of its repository, newest first", list(ref("ImageTag"))),
      }),
      "/api/v1/applications/{name}/deployments": named({
        get: read("Its deployments, newest first", ref("DeploymentPage"), [
          ...PAGE,
          query("idempotencyKey", "Only what your own request with this Idempotency-Key came to"),
        ]),
        post: change("Start a release on the side that is not live", deployInput, [KEY]),
      }),
      "/api/v1/applications/{name}/switch": named({
        post: change("Send all production traffic to one side", switchInput, [KEY]),
      }),
      "/api/v1/applications/{name}/rollback": named({
        post: change("Bring back what was live before", rollBackInput, [KEY]),
      }),
      "/api/v1/applications/{name}/handover": named({
        get: read(
          "What happened in the last hours, from the audit; Accept: text/markdown or text/plain",
          ref("Handover"),
          [query("hours", "1 to 168, 12 by default")],
        ),
      }),
      "/api/v1/applications/{name}/live": named({ get: stream("Its snapshot, then what changes") }),
      "/api/v1/applications/{name}/logs": named({
        get: stream("Log lines as they are written", [
          query("slot", "blue, green or both"),
          query("since", "Epoch milliseconds"),
          query("filter", "Only lines that contain this text"),
        ]),
      }),
      "/api/v1/applications/{name}/logs/history": named({
        get: read("Lines of the past, by page or, with ?download, as a file", ref("LogPage"), [
          query("before", "Epoch milliseconds; the lines up to then, the nearest first"),
          query("after", "Epoch milliseconds; the lines from then on instead"),
          query("since", "Epoch milliseconds; none before it"),
          query("until", "Epoch milliseconds; none after it"),
          query("slot", "blue, green or both"),
          query("filter", "Only lines that contain this text"),
          query("query", "Only lines that match, in the notation of the log panel's filter"),
          query("limit", "1 to 1000, 500 by default"),
          query("download", "txt or ndjson"),
        ]),
      }),
      "/api/v1/deployments/{id}": identified({
        get: read("One deployment with its journal", ref("DeploymentWithJournal")),
      }),
      "/api/v1/deployments/{id}/handover": identified({
        get: read("What happened to it, from the audit; Accept: text/markdown or text/plain", ref("Handover")),
      }),
      "/api/v1/deployments/{id}/live": identified({
        get: stream("The deployment as it is, then at every change; ends after its last one"),
      }),
      "/api/v1/approvals": {
        get: read(
          "What waits for approval, newest first; with ?count only how many wait for the asker",
          ref("WaitingApprovals"),
          [query("count", "Only `yours`")],
        ),
      },
      "/api/v1/waits": {
        get: read(
          "Every gate, approval and window that waits for a person, what happens by itself first on top",
          ref("Waits"),
          [query("count", "Only `yours`")],
        ),
      },
      "/api/v1/deployments/{id}/approve": identified({ post: change("Approve a deployment that waits", approveInput) }),
      "/api/v1/deployments/{id}/reject": identified({ post: change("Reject a deployment that waits", rejectInput) }),
      "/api/v1/deployments/{id}/abort": identified({ post: change("End it with the old side live", abortInput) }),
      "/api/v1/deployments/{id}/extend": identified({ post: change("Move the end of its bake", extendInput) }),
      "/api/v1/deployments/{id}/retire": identified({ post: change("Stop the side that is not live", retireInput) }),
      "/api/v1/live": { get: stream("Snapshots of all applications, then what changes") },
      "/api/v1/audit": {
        get: read(
          "Who asked for what, newest first; Accept: text/csv or application/x-ndjson exports",
          ref("AuditPage"),
          [
            query("application", "Only this one"),
            query("actor", "Only this id or name"),
            query("verb", "Only this verb, or this action, such as session.started"),
            query("outcome", "done, refused or failed"),
            query("from", "Epoch milliseconds or ISO 8601"),
            query("to", "Epoch milliseconds or ISO 8601"),
            ...PAGE,
          ],
        ),
      },
      "/api/v1/tokens": {
        get: read("API tokens, newest first; for admins", list(ref("ApiToken"))),
        post: {
          ...operation("Make an API token; its secret is in this answer only", [], {
            201: { description: "Made", content: { "application/json": { schema: ref("CreatedToken") } } },
          }),
          requestBody: body(createTokenInput),
        },
      },
      "/api/v1/applications/{name}/drifts": named({
        post: {
          ...read("Acknowledge a change that Switchyard did not make", ref("Drift")),
          requestBody: body(acknowledgeInput),
        },
      }),
      "/api/v1/deployments/{id}/acknowledge": identified({
        post: {
          ...read("Take note that Switchyard rolled it back by itself; for people", ref("Deployment")),
          requestBody: body(acknowledgeRollbackInput),
        },
      }),
      "/api/v1/readiness": {
        get: read("How ready every application is for its first deployment, step by step", list(ref("Readiness"))),
      },
      "/api/v1/applications/{name}/readiness": named({
        get: read("How ready the application is, step by step", ref("Readiness"), [
          query("fresh", "Present: AWS is asked again, once in a few seconds for all who ask"),
        ]),
        post: { ...read("Put a step off, with a reason and a date", ref("PutOff")), requestBody: body(putOffInput) },
      }),
      "/api/v1/freezes": {
        get: read("When the line was stopped, newest first", list(ref("Freeze"))),
        post: {
          ...operation("Stop the line for one application or all; for admins", [], {
            201: { description: "Stopped", content: { "application/json": { schema: ref("Freeze") } } },
          }),
          requestBody: wholeBody(freezeInput),
        },
      },
      "/api/v1/freezes/{id}": identified({
        get: read("One freeze", ref("Freeze")),
        delete: read("Let the line run again", ref("Freeze")),
      }),
      "/api/v1/tokens/{id}": identified({
        get: read("One API token; for admins", ref("ApiToken")),
        delete: read("Revoke an API token", ref("ApiToken")),
      }),
    }),
    components: {
      schemas: Object.fromEntries(schemas),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "next-auth.session-token" },
      },
    },
  };
}

function named(item: Json): Json {
  return { parameters: [{ name: "name", in: "path", required: true, schema: { type: "string" } }], ...item };
}

function identified(item: Json): Json {
  return { parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }], ...item };
}
