import { expect, test } from "vitest";
import type { Deployment, JournalEntry } from "../lib/domain/deployment/deployment.ts";
import { deploymentRow } from "../lib/testing/test-rows.ts";
import type { AwsEnd, Click, DrivenEvidence } from "./driven-evidence.ts";
import { verifyDriven } from "./driven-verify.ts";

const START = 1_000_000;
const at = (seconds: number) => START + seconds * 1000;
const ARN = "arn:aws:ecs:ap-northeast-2:123456789012:service-deployment/main/orders/abc";
const GATE = "ecs-pause-1";

const answer = (seconds: number, hookId = GATE, error: string | null = null) => ({
  ...{ at: at(seconds), requestId: `r-${seconds}`, service: "ecs", operation: "ContinueServiceDeployment", error },
  input: { serviceDeploymentArn: ARN, hookId, action: "CONTINUE" },
});

const click = (seconds: number, changes: Partial<Click> = {}): Click => ({
  ...{ at: at(seconds), application: "orders", verb: "switch", gate: GATE, deploymentId: "d-1", status: 202 },
  ...changes,
});

function journal(...seconds: number[]): JournalEntry[] {
  return seconds.flatMap((when, i) => [
    { sequence: 2 * i, at: at(when - 0.1), step: "answerGate", phase: "intent", message: "Answer" },
    { sequence: 2 * i + 1, at: at(when + 0.1), step: "answerGate", phase: "done", message: "Told" },
  ]);
}

const ours = (entries: JournalEntry[], changes: Partial<Deployment> = {}) => ({
  ...deploymentRow({ id: "d-1", application: "orders", status: "SUCCESSFUL" }),
  aws: { id: ARN, sentAt: START, gate: null, answer: null, answered: [] },
  journal: entries,
  ...changes,
});

const theirs = (changes: Partial<AwsEnd> = {}): AwsEnd => ({
  ...{ application: "orders", id: ARN, status: "SUCCESSFUL", isOver: true, finishedAt: at(60), undoes: null },
  gates: [{ id: GATE, status: "SUCCEEDED", expiresAt: at(3600) }],
  ...changes,
});

/** A release that was answered once, with nothing wrong; each case breaks one thing. */
function kept(change: Partial<DrivenEvidence> = {}): DrivenEvidence {
  return {
    ...{ startedAt: START, endedAt: at(90), hands: [], troubles: [], requests: [], approved: [] },
    writes: [answer(20)],
    clicks: [click(19)],
    deployments: [ours(journal(20))],
    aws: [theirs()],
    ...change,
  };
}

const promises = (evidence: DrivenEvidence) => verifyDriven(evidence).map(({ promise }) => promise);
const approval = { state: "approved" } as Deployment["approval"];

test("a release that was answered once by somebody who had read its receipt keeps every promise", () => {
  expect(verifyDriven(kept())).toEqual([]);
});

test.each<[string, string, Partial<DrivenEvidence>]>([
  ["is in flight in the end", "every deployment ends", { deployments: [ours(journal(20), { status: "IN_PROGRESS" })] }],
  ["goes on at AWS", "every deployment ends", { aws: [theirs({ isOver: false, status: "IN_PROGRESS" })] }],
  [
    "has a rule written",
    "no rule that AWS drives is written",
    { writes: [answer(20), { ...answer(21), service: "elbv2", operation: "ModifyRule", input: {} }] },
  ],
  [
    "has its gate answered twice",
    "no gate is answered twice",
    { writes: [answer(20), answer(40)], deployments: [ours(journal(20, 40))] },
  ],
  [
    "has an old gate answered",
    "no gate is answered with an old id",
    {
      writes: [answer(20), answer(40, "ecs-pause-0", "InvalidParameterException")],
      clicks: [click(19), click(39, { gate: "ecs-pause-0" })],
      deployments: [ours(journal(20, 40))],
    },
  ],
  ["has a gate answered that nobody read", "nothing is answered that was not seen", { clicks: [] }],
  [
    "has a gate answered for a click that was refused",
    "nothing is answered that was not seen",
    { clicks: [click(19, { status: 409 })] },
  ],
  [
    "goes on by a click where it has to be approved",
    "no release goes live without its approvals",
    { approved: ["orders"], deployments: [ours(journal(20), { approval })] },
  ],
  ["ends otherwise at AWS", "the record says what AWS says", { aws: [theirs({ status: "ROLLBACK_SUCCESSFUL" })] }],
])("one that %s breaks a promise", (_what, promise, change) => {
  expect(promises(kept(change))).toContain(promise);
});

test("what somebody answered at the console, what a kill left open and an approval excuse what they explain", () => {
  const refused = {
    writes: [answer(20), answer(40, GATE, "InvalidParameterException")],
    deployments: [ours(journal(20, 40))],
  };
  const hand = { at: at(38), until: at(39), application: "orders", what: `CONTINUE ${GATE}` } as const;
  expect(promises(kept({ ...refused, hands: [hand], troubles: [{ at: at(30), kind: "kill" }] }))).toEqual([]);
  const approved = { approved: ["orders"], deployments: [ours(journal(20), { approval })] } as const;
  expect(promises(kept({ ...approved, clicks: [click(18, { verb: "approve" })] }))).toEqual([]);
});
