import { VERBS } from "@/lib/domain/verb/verb.ts";
import { acknowledgeInput } from "@/lib/operations/acknowledge-drift.ts";
import { addGroupInput } from "@/lib/operations/add-unused-group.ts";
import { deployInput } from "@/lib/operations/deploy.ts";
import { putOffInput } from "@/lib/operations/put-off-step.ts";
import { revisionFields } from "@/lib/operations/resolve-revision.ts";
import { rollBackInput } from "@/lib/operations/roll-back.ts";
import { switchInput } from "@/lib/operations/switch-traffic.ts";
import {
  body,
  bodyOfOne,
  COLORS,
  change,
  flag,
  HANDOVER_FILES,
  HASH,
  type Json,
  KEY,
  list,
  named,
  oneOf,
  PAGE,
  query,
  read,
  ref,
  text,
  whole,
} from "./openapi-parts.ts";

/** Of one application or all of them: what it is, and what can be done with it. */
export const APPLICATIONS: Record<string, Json> = {
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
