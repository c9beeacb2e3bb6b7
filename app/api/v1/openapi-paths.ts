import { AUDIT_OUTCOMES } from "@/lib/domain/audit/audit.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import { addApplicationsInput } from "@/lib/operations/add-applications.ts";
import { createTokenInput } from "@/lib/operations/create-token.ts";
import { freezeInput } from "@/lib/operations/freeze-line.ts";
import { APPLICATIONS } from "./openapi-application-paths.ts";
import { DEPLOYMENTS } from "./openapi-deployment-paths.ts";
import { LOGS } from "./openapi-log-paths.ts";
import {
  change,
  epochOrIso,
  file,
  flag,
  identified,
  type Json,
  list,
  oneOf,
  PAGE,
  query,
  read,
  ref,
  text,
  wholeBody,
} from "./openapi-parts.ts";
import { STREAMS } from "./openapi-stream-paths.ts";

const COUNT = flag("count", "Only `yours`");

const REST: Record<string, Json> = {
  "/api/v1/approvals": { get: read("What waits for approval, newest first", ref("WaitingApprovals"), [COUNT]) },
  "/api/v1/waits": {
    get: read(
      "Every gate, approval and window that waits for a person, what happens by itself first on top",
      ref("Waits"),
      [COUNT],
    ),
  },
  "/api/v1/discovery": {
    get: read(
      "What the account has, as a proposed switchyard.yaml; for who has a role on all applications",
      ref("Discovery"),
      [flag("fresh", "Asks AWS again, as often as that takes no long time")],
    ),
    post: change(
      "Add proposals to this replica's switchyard.yaml and read it again; for admins of all applications",
      200,
      ref("AddedApplications"),
      wholeBody(addApplicationsInput, { proposals: [{ name: "library", hash: "0f343b0931126a20" }] }),
    ),
  },
  "/api/v1/readiness": {
    get: read("How ready every application is for its first deployment, step by step", list(ref("Readiness"))),
  },
  "/api/v1/audit": {
    get: read(
      "Who asked for what, newest first; as a file every row of the filter",
      ref("AuditPage"),
      [
        query("application", "Only this one", text("library")),
        query("actor", "Only this id or name", text("someone@example.com")),
        query("verb", "Only this verb, or this action", text("rollback", { examples: [...VERBS, "session.started"] })),
        query("outcome", "Only this outcome", oneOf(AUDIT_OUTCOMES)),
        query("from", "Epoch milliseconds or ISO 8601", epochOrIso),
        query("to", "Epoch milliseconds or ISO 8601", epochOrIso),
        flag("bom", "A CSV file begins with a byte order mark, which Excel needs to read it as UTF-8"),
        ...PAGE,
      ],
      { "text/csv": file(), "application/x-ndjson": file(ref("AuditRow")) },
    ),
  },
  "/api/v1/tokens": {
    get: read("API tokens, newest first; for admins", list(ref("ApiToken"))),
    post: change(
      "Make an API token; its secret is in this answer only",
      201,
      ref("CreatedToken"),
      wholeBody(createTokenInput, {
        name: "ci",
        verbs: ["deploy"],
        applications: ["library"],
        expiresAt: "2027-11-30T09:00:00Z",
      }),
    ),
  },
  "/api/v1/tokens/{id}": identified("token", {
    get: read("One API token; for admins", ref("ApiToken")),
    delete: change("Revoke an API token", 200, ref("ApiToken"), null),
  }),
  "/api/v1/freezes": {
    get: read("Deploy freezes, newest first", list(ref("Freeze"))),
    post: change(
      "Freeze deployments of one application or all; for admins",
      201,
      ref("Freeze"),
      wholeBody(freezeInput, { application: "library", reason: "Stocktaking", until: "2026-12-24T09:00:00Z" }),
    ),
  },
  "/api/v1/freezes/{id}": identified("freeze", {
    get: read("One freeze", ref("Freeze")),
    delete: change("Lift a freeze", 200, ref("Freeze"), null),
  }),
};

/** Every route under /api/v1 but the one of the document itself. */
export const PATHS: Readonly<Record<string, Json>> = { ...APPLICATIONS, ...STREAMS, ...LOGS, ...DEPLOYMENTS, ...REST };
