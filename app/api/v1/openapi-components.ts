import type { z } from "zod";
import { deploymentSchema, deploymentWithJournalSchema, receiptSchema } from "./deployment-schemas.ts";
import { addedApplicationsSchema, discoverySchema } from "./discovery-schemas.ts";
import {
  accessEventSchema,
  clockEventSchema,
  gapEventSchema,
  jsonPatchEventSchema,
  lineEventSchema,
  patchEventSchema,
  pingEventSchema,
  renewEventSchema,
  sampledEventSchema,
  statusEventSchema,
} from "./event-schemas.ts";
import { type Json, ref, schemaOf } from "./openapi-parts.ts";
import { putOffSchema, readinessSchema } from "./readiness-schemas.ts";
import {
  apiTokenSchema,
  auditPageSchema,
  auditRowSchema,
  commandsSchema,
  createdTokenSchema,
  deploymentPageSchema,
  errorsSchema,
  handoverSchema,
  imageTagSchema,
  incidentListSchema,
  incidentSchema,
  logLineSchema,
  logPageSchema,
  logSearchSchema,
  problemSchema,
  waitingApprovalsSchema,
  waitsSchema,
} from "./schemas.ts";
import { addedGroupSchema, driftSchema, freezeSchema, snapshotSchema, summarySchema } from "./snapshot-schemas.ts";

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  ApplicationSnapshot: snapshotSchema,
  ApplicationSummary: summarySchema,
  Deployment: deploymentSchema,
  DeploymentPage: deploymentPageSchema,
  DeploymentWithJournal: deploymentWithJournalSchema,
  Receipt: receiptSchema,
  Commands: commandsSchema,
  ImageTag: imageTagSchema,
  LogLine: logLineSchema,
  LogPage: logPageSchema,
  LogSearch: logSearchSchema,
  Errors: errorsSchema,
  IncidentList: incidentListSchema,
  Incident: incidentSchema,
  AuditRow: auditRowSchema,
  AuditPage: auditPageSchema,
  Handover: handoverSchema,
  WaitingApprovals: waitingApprovalsSchema,
  Waits: waitsSchema,
  ApiToken: apiTokenSchema,
  CreatedToken: createdTokenSchema,
  Drift: driftSchema,
  AddedGroup: addedGroupSchema,
  Freeze: freezeSchema,
  Readiness: readinessSchema,
  PutOff: putOffSchema,
  Discovery: discoverySchema,
  AddedApplications: addedApplicationsSchema,
  Problem: problemSchema,
  PatchEvent: patchEventSchema,
  JsonPatchEvent: jsonPatchEventSchema,
  LineEvent: lineEventSchema,
  GapEvent: gapEventSchema,
  SampledEvent: sampledEventSchema,
  ClockEvent: clockEventSchema,
  StatusEvent: statusEventSchema,
  RenewEvent: renewEventSchema,
  AccessEvent: accessEventSchema,
  PingEvent: pingEventSchema,
};

/** Each status that refuses: when, and one code with its words. */
const PROBLEMS: readonly [status: number, when: string, code: string, detail: string][] = [
  [401, "Nobody is signed in, or the token is none", "UNAUTHENTICATED", "Nobody is signed in"],
  [403, "Not with these roles, this token or from this origin", "FORBIDDEN", "This needs the role operator on library"],
  [404, "There is none, or none that the asker may see", "NOT_FOUND", "There is no application library"],
  [406, "Not in any media type of the Accept header", "NOT_ACCEPTABLE", "This is answered as application/json"],
  [409, "In conflict with what is", "RECEIPT_OUTDATED", "The listener has changed since the receipt was read"],
  [413, "The body is larger than 64 KB", "INVALID_INPUT", "The body is larger than 64 KB"],
  [415, "The body is not JSON by its Content-Type", "INVALID_INPUT", "The body is not JSON by its Content-Type"],
  [422, "Not understood, or a rule stands in the way", "INVALID_INPUT", "Not understood: to is missing"],
  [429, "Too many requests, or too many streams", "RATE_LIMITED", "More than 40 changes at once"],
  [500, "A fault of Switchyard's; its log has the request id", "FAILED", "Switchyard failed; its log says why"],
  [502, "AWS refused or failed", "AWS_DENIED", "AWS denies elasticloadbalancing:ModifyListener"],
  [503, "Not now: starting, stopping, the database away, AWS throttles", "STORE_UNAVAILABLE", "The database is away"],
];

function problem([status, when, code, detail]: (typeof PROBLEMS)[number]): Json {
  const also = {
    ...(status === 401 ? { "WWW-Authenticate": { $ref: "#/components/headers/WwwAuthenticate" } } : {}),
    ...([429, 503].includes(status) ? { "Retry-After": { $ref: "#/components/headers/RetryAfter" } } : {}),
  };
  const example = { type: `urn:switchyard:problem:${code}`, title: when, status, detail, code };
  return {
    description: when,
    headers: { "X-Request-Id": { $ref: "#/components/headers/RequestId" }, ...also },
    content: { "application/problem+json": { schema: ref("Problem"), example } },
  };
}

const header = (description: string, example: string | number): Json => ({
  description,
  schema: { type: typeof example === "number" ? "integer" : "string", examples: [example] },
});

/** What operations refer to. */
export function components(): Json {
  return {
    schemas: Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, schemaOf(schema, "output")])),
    responses: Object.fromEntries(PROBLEMS.map((each) => [`Problem${each[0]}`, problem(each)])),
    headers: {
      RequestId: header("Names this answer in Switchyard's log", "6f1c2a9e-58a5-4c76-9d0b-2f3f0c8d7a11"),
      ETag: header("Weak: ages and times of looking are left out", 'W/"0f343b0931126a20f133d67c2b018a3b"'),
      RetryAfter: header("Seconds", 1),
      WwwAuthenticate: header("How to say who asks", "Bearer"),
    },
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer", description: "An API token (swy_…), or a pipeline's OIDC token" },
      session: {
        type: "apiKey",
        in: "cookie",
        name: "next-auth.session-token",
        description: "A signed-in person; over https the name begins with __Secure-",
      },
    },
  };
}
