import { AUDIT_OUTCOMES } from "@/lib/domain/audit/audit.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import { abortInput } from "@/lib/operations/abort-deployment.ts";
import { acknowledgeInput } from "@/lib/operations/acknowledge-drift.ts";
import { acknowledgeRollbackInput } from "@/lib/operations/acknowledge-rollback.ts";
import { addApplicationsInput } from "@/lib/operations/add-applications.ts";
import { addGroupInput } from "@/lib/operations/add-unused-group.ts";
import { approveInput } from "@/lib/operations/approve-deployment.ts";
import { createTokenInput } from "@/lib/operations/create-token.ts";
import { deployInput } from "@/lib/operations/deploy.ts";
import { extendInput } from "@/lib/operations/extend-window.ts";
import { freezeInput } from "@/lib/operations/freeze-line.ts";
import { putOffInput } from "@/lib/operations/put-off-step.ts";
import { rejectInput } from "@/lib/operations/reject-deployment.ts";
import { revisionFields } from "@/lib/operations/resolve-revision.ts";
import { retireInput } from "@/lib/operations/retire-side.ts";
import { rollBackInput } from "@/lib/operations/roll-back.ts";
import { switchInput } from "@/lib/operations/switch-traffic.ts";
import { searchInput } from "@/lib/queries/search-log.ts";
import {
  body,
  bodyOfOne,
  change,
  epoch,
  epochOrIso,
  file,
  flag,
  type Json,
  KEY,
  list,
  oneOf,
  PAGE,
  query,
  read,
  ref,
  stream,
  text,
  whole,
  wholeBody,
} from "./openapi-parts.ts";

const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const COLORS = ["blue", "green"];
const SLOT = query("slot", "Whose lines", oneOf([...COLORS, "both"], { default: "both" }));
const FILTER = query("filter", "Only lines that contain this text", text("timeout", { maxLength: 1000 }));
const HANDOVER_FILES = { "text/markdown": file(), "text/plain": file() };
const COUNT = flag("count", "Only `yours`");

const ENDS = { renew: ref("RenewEvent"), access: ref("AccessEvent"), ping: ref("PingEvent") };
const SNAPSHOT_EVENTS = {
  snapshot: ref("ApplicationSnapshot"),
  patch: ref("PatchEvent"),
  "json-patch": ref("JsonPatchEvent"),
  ...ENDS,
};
/** Where every application is told. */
const FLEET_EVENTS = { ...SNAPSHOT_EVENTS, summary: ref("ApplicationSummary") };
const VIEW = query(
  "view",
  "summary: `summary` events in place of `snapshot` events, with what a list shows, and changes of those",
  oneOf(["snapshot", "summary"], { default: "snapshot" }),
);
const LINE_EVENTS = {
  line: ref("LineEvent"),
  gap: ref("GapEvent"),
  sampled: ref("SampledEvent"),
  clock: ref("ClockEvent"),
  status: ref("StatusEvent"),
  ...ENDS,
};
const PATCH_FORM = query(
  "patch",
  "json-patch: changes come as `json-patch` events (RFC 6902) instead of `patch` events, which end on 1 December 2027",
  oneOf(["json-patch"]),
);

const BRIEFLY = query(
  "briefly",
  "1: the stream ends after 5 s with `renew`, for readers behind a proxy that holds streams back until they end",
  oneOf(["1"]),
);

const named = (item: Json): Json => ({
  parameters: [{ name: "name", in: "path", required: true, description: "The application's", schema: text("library") }],
  ...item,
});
const identified = (of: string, item: Json): Json => ({
  parameters: [{ name: "id", in: "path", required: true, description: `The ${of}'s`, schema: { type: "string" } }],
  ...item,
});

const APPLICATIONS: Record<string, Json> = {
  "/api/v1/applications": { get: read("Every application", list(ref("ApplicationSnapshot"))) },
  "/api/v1/summaries": { get: read("Every application, with what a list shows", list(ref("ApplicationSummary"))) },
  "/api/v1/applications/{name}": named({ get: read("One application", ref("ApplicationSnapshot")) }),
  "/api/v1/applications/{name}/receipt": named({
    get: read("What a switch would rest on", ref("Receipt"), [
      query("to", "The side that gets the traffic", oneOf(COLORS), { required: true }),
    ]),
  }),
  "/api/v1/applications/{name}/commands": named({
    get: read("The AWS CLI's commands that do the same as an action", ref("Commands"), [
      query("action", "The action", oneOf(VERBS), { required: true }),
      query("to", "For switch", oneOf(COLORS)),
      query("imageTag", "For deploy, or image or taskDefinition", text("1.4.0")),
      query("image", "For deploy", text("123456789012.dkr.ecr.eu-central-1.amazonaws.com/library:1.4.0")),
      query("taskDefinition", "For deploy", text("library:12")),
    ]),
  }),
  "/api/v1/applications/{name}/images": named({
    get: read(
      "Tags of its repository, newest first; with the header Switchyard-Truncated: true it has more",
      list(ref("ImageTag")),
    ),
  }),
  "/api/v1/applications/{name}/deployments": named({
    get: read("Its deployments, newest first", ref("DeploymentPage"), [
      ...PAGE,
      query("idempotencyKey", "Only what your own request with this Idempotency-Key came to", text("build-4711")),
    ]),
    post: change(
      "Start a release on the side that is not live",
      202,
      ref("Deployment"),
      bodyOfOne(deployInput, Object.keys(revisionFields), { imageTag: "1.4.0", reason: "Release of the week" }),
      [KEY],
    ),
  }),
  "/api/v1/applications/{name}/switch": named({
    post: change(
      "Send all production traffic to one side",
      202,
      ref("Deployment"),
      body(switchInput, { to: "green", receipt: HASH, rollout: { strategy: "CANARY", percent: 5, bakeMinutes: 10 } }),
      [KEY],
    ),
  }),
  "/api/v1/applications/{name}/rollback": named({
    post: change(
      "Bring back what was live before",
      202,
      ref("Deployment"),
      body(rollBackInput, { reason: "Checkout fails" }),
      [KEY],
    ),
  }),
  "/api/v1/applications/{name}/handover": named({
    get: read(
      "What happened in the last hours, from the audit",
      ref("Handover"),
      [query("hours", "How far back", whole(1, 168, 12))],
      HANDOVER_FILES,
    ),
  }),
  "/api/v1/applications/{name}/drifts": named({
    post: change(
      "Acknowledge a change that Switchyard did not make",
      200,
      ref("Drift"),
      body(acknowledgeInput, { drift: "dr-0f343b09", reason: "Ours, by hand" }),
    ),
  }),
  "/api/v1/applications/{name}/target-groups": named({
    post: change(
      "Name a side's target group at weight 0, where nothing names it: its targets are checked then, and no request moves",
      200,
      ref("AddedGroup"),
      body(addGroupInput, { to: "green", weights: { blue: 1, green: 0 }, reason: "First release" }),
    ),
  }),
  "/api/v1/applications/{name}/readiness": named({
    get: read("How ready the application is, step by step", ref("Readiness"), [
      flag("fresh", "AWS is asked again, once in a few seconds for all who ask"),
    ]),
    post: change(
      "Put a step off, with a reason and a date",
      200,
      ref("PutOff"),
      body(putOffInput, { step: "local-test", reason: "After the pilot", until: "2026-12-24T09:00:00Z" }),
    ),
  }),
};

const STREAMS: Record<string, Json> = {
  "/api/v1/live": {
    get: stream("Snapshots of all applications, then what changes", FLEET_EVENTS, [PATCH_FORM, VIEW, BRIEFLY]),
  },
  "/api/v1/applications/{name}/live": named({
    get: stream("Its snapshot, then what changes", SNAPSHOT_EVENTS, [PATCH_FORM, BRIEFLY]),
  }),
  "/api/v1/deployments/{id}/live": identified("deployment", {
    get: stream(
      "The deployment as it is, then at every change; ends after its last one",
      { deployment: ref("Deployment"), ...ENDS },
      [],
      { 204: { description: "There is no more than what was read up to Last-Event-ID" } },
    ),
  }),
  "/api/v1/applications/{name}/logs": named({
    get: stream("Log lines as they are written", LINE_EVENTS, [
      SLOT,
      query("since", "Epoch milliseconds", epoch),
      FILTER,
      BRIEFLY,
    ]),
  }),
  "/api/v1/applications/{name}/logs/history": named({
    get: read(
      "Lines of the past, by page or as a file",
      ref("LogPage"),
      [
        query("before", "Epoch milliseconds; the lines up to then, the nearest first", epoch),
        query("after", "Epoch milliseconds; the lines from then on instead", epoch),
        query("since", "Epoch milliseconds; none before it", epoch),
        query("until", "Epoch milliseconds; none after it", epoch),
        SLOT,
        FILTER,
        query("query", "Only lines that match, in the notation of the log panel's filter", text("level:error timeout")),
        query("limit", "How many at most", whole(1, 1000, 500)),
        query("download", "As a file, whatever Accept says", oneOf(["txt", "ndjson"])),
      ],
      { "text/plain": file(), "application/x-ndjson": file(ref("LogLine")) },
    ),
  }),
  "/api/v1/applications/{name}/logs/search": named({
    post: change(
      "What Logs Insights would read of a long span, in bytes that AWS bills; with `acceptBytes`, the newest lines with the text",
      200,
      ref("LogSearch"),
      body(searchInput, {
        since: 1_767_225_600_000,
        until: 1_767_312_000_000,
        text: "timeout",
        acceptBytes: 5_000_000,
      }),
    ),
  }),
  "/api/v1/applications/{name}/errors": named({
    get: read("Kinds of error that the newest deployment's side writes and the other does not", ref("Errors")),
  }),
  "/api/v1/applications/{name}/incidents": named({
    get: read("What was kept of things that went wrong or ended, newest first", ref("IncidentList")),
  }),
  "/api/v1/applications/{name}/incidents/{id}": named({
    parameters: [
      ...(named({}).parameters as Json[]),
      { name: "id", in: "path", required: true, description: "The incident's", schema: { type: "string" } },
    ],
    get: read(
      "All that was kept of one of them",
      ref("Incident"),
      [query("download", "As one file that needs nothing else", oneOf(["html"]))],
      { "text/html": file() },
    ),
  }),
};

const accepted = (summary: string, input: Json): Json => ({
  post: change(summary, 202, ref("Deployment"), input),
});
const DEPLOYMENTS: Record<string, Json> = {
  "/api/v1/deployments/{id}": identified("deployment", {
    get: read("One deployment with its journal", ref("DeploymentWithJournal")),
  }),
  "/api/v1/deployments/{id}/handover": identified("deployment", {
    get: read("What happened to it, from the audit", ref("Handover"), [], HANDOVER_FILES),
  }),
  "/api/v1/deployments/{id}/approve": identified(
    "deployment",
    accepted("Approve a deployment that waits", body(approveInput, { receipt: HASH, comment: "Looked at it" })),
  ),
  "/api/v1/deployments/{id}/reject": identified(
    "deployment",
    accepted("Reject a deployment that waits", body(rejectInput, { comment: "Not before Monday" })),
  ),
  "/api/v1/deployments/{id}/abort": identified(
    "deployment",
    accepted("End it with the old side live", body(abortInput, { comment: "Wrong tag" })),
  ),
  "/api/v1/deployments/{id}/extend": identified(
    "deployment",
    accepted("Move the end of its bake or window", body(extendInput, { minutes: 30 })),
  ),
  "/api/v1/deployments/{id}/retire": identified(
    "deployment",
    accepted("Stop the side that is not live", body(retireInput, { comment: "Not needed" })),
  ),
  "/api/v1/deployments/{id}/acknowledge": identified("deployment", {
    post: change(
      "Take note that Switchyard rolled it back by itself; for people",
      200,
      ref("Deployment"),
      body(acknowledgeRollbackInput, { reason: "Fixed in 1.4.1" }),
    ),
  }),
};

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
    get: read("When the line was stopped, newest first", list(ref("Freeze"))),
    post: change(
      "Stop the line for one application or all; for admins",
      201,
      ref("Freeze"),
      wholeBody(freezeInput, { application: "library", reason: "Stocktaking", until: "2026-12-24T09:00:00Z" }),
    ),
  },
  "/api/v1/freezes/{id}": identified("freeze", {
    get: read("One freeze", ref("Freeze")),
    delete: change("Let the line run again", 200, ref("Freeze"), null),
  }),
};

/** Every route under /api/v1 but the one of the document itself. */
export const PATHS: Readonly<Record<string, Json>> = { ...APPLICATIONS, ...STREAMS, ...DEPLOYMENTS, ...REST };
