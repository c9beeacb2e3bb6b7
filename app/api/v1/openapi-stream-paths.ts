import { BRIEFLY, ENDS, identified, type Json, named, oneOf, query, ref, stream } from "./openapi-parts.ts";

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
const PATCH_FORM = query(
  "patch",
  "json-patch: changes come as `json-patch` events (RFC 6902) instead of `patch` events, which end on 1 December 2027",
  oneOf(["json-patch"]),
);

/** Snapshots and deployments as streams of events. */
export const STREAMS: Record<string, Json> = {
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
};
