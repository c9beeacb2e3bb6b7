import { expect, test } from "vitest";
import { sideMetrics } from "../observation/side-metrics.ts";
import {
  type CountedRequests,
  countedSince,
  judgeProof,
  NO_TRAFFIC_MS,
  PROOF_LIMIT_MS,
  type ProofEvidence,
  quietMs,
} from "./proof.ts";

const AT = 1_000_000;
const SHIFT = { to: "green", expected: { blue: 100, green: 0 }, sentAt: AT, readBackMs: 40 } as const;
const QUIET_MS = quietMs(null);
const NONE = { firstAt: null, lastAt: null, count: 0, failed: 0 };
const seen = (firstMs: number, lastMs: number, failed = 0) => ({
  firstAt: AT + firstMs,
  lastAt: AT + lastMs,
  count: 5,
  failed,
});

const known = (changes: Partial<ProofEvidence>): ProofEvidence => ({
  onNew: NONE,
  onOld: NONE,
  hadTraffic: true,
  lagMs: null,
  unreadTasks: 0,
  counted: { onNew: [], onOld: [] },
  ...changes,
});

test("is verified once the new side served and the old one has been quiet", () => {
  const evidence = known({ onNew: seen(30, 3_200, 1), onOld: seen(5, 80) });
  expect(judgeProof(SHIFT, evidence, AT + 80 + QUIET_MS - 1)).toMatchObject({
    proof: { proven: false },
    isSettled: false,
  });
  expect(judgeProof(SHIFT, evidence, AT + 80 + QUIET_MS)).toEqual({
    proof: {
      proven: true,
      ruleReadBackMs: 40,
      firstRequestOnNewMs: 30,
      lastRequestOnOldMs: 80,
      requests: 5,
      failedRequests: 1,
    },
    isSettled: true,
  });
});

test("without any traffic the verification is given up and says so", () => {
  const evidence = known({ hadTraffic: false });
  expect(judgeProof(SHIFT, evidence, AT + NO_TRAFFIC_MS - 1).isSettled).toBe(false);
  const { proof, isSettled } = judgeProof(SHIFT, evidence, AT + NO_TRAFFIC_MS);
  expect(isSettled).toBe(true);
  expect(proof.note).toBe("Switched, not verified: no request seen on either side");
});

test("an old side that goes on serving is never verified", () => {
  const now = AT + PROOF_LIMIT_MS;
  const { proof, isSettled } = judgeProof(SHIFT, known({ onNew: seen(30, 59_000), onOld: seen(0, 59_900) }), now);
  expect(isSettled).toBe(true);
  expect(proof).toMatchObject({
    proven: false,
    note: "Switched, not verified: blue has been silent for 0 of 10 s",
  });
});

test("traffic that stopped with the switch is waited for to the limit, not verified by silence", () => {
  const evidence = known({});
  expect(judgeProof(SHIFT, evidence, AT + PROOF_LIMIT_MS - 1)).toMatchObject({
    isSettled: false,
    proof: { proven: false },
  });
  expect(judgeProof(SHIFT, evidence, AT + PROOF_LIMIT_MS)).toMatchObject({ isSettled: true, proof: { proven: false } });
});

test.each<[string, number | null, number]>([
  ["nothing measured: longer than awslogs' five seconds and what comes after", null, 10_000],
  ["lines that arrive at once", 20, 5_020],
  ["lines that take as long as awslogs' batches", 5_900, 10_900],
  ["an agent that sends twice a minute", 30_000, 35_000],
])("silence counts once it is longer than delivery takes: %s", (_name, lagMs, quiet) => {
  const evidence = known({ onNew: seen(30, 40_000), onOld: seen(5, 80), lagMs });
  expect(judgeProof(SHIFT, evidence, AT + 80 + quiet - 1).proof.proven).toBe(false);
  expect(judgeProof(SHIFT, evidence, AT + 80 + quiet).proof.proven).toBe(true);
});

test("says how long the old side has been silent while the verification is taken, and that it is no failure yet", () => {
  const evidence = known({ onNew: seen(30, 3_000), onOld: seen(5, 1_000) });
  expect(judgeProof(SHIFT, evidence, AT + 5_500)).toMatchObject({
    isSettled: false,
    proof: { proven: false, note: "Verifies the switch: blue has been silent for 4 of 10 s" },
  });
});

test("a task of the old side whose log cannot be read is never taken for silent", () => {
  const evidence = known({ onNew: seen(30, 59_000), unreadTasks: 2 });
  expect(judgeProof(SHIFT, evidence, AT + PROOF_LIMIT_MS)).toMatchObject({
    isSettled: true,
    proof: {
      proven: false,
      note: expect.stringContaining("2 tasks of blue write to a log stream that cannot be named"),
    },
  });
});

test.each<[string, Partial<ProofEvidence>, ProofEvidence["counted"], string | null]>([
  ["agrees", {}, { onNew: counted(40, 40), onOld: counted(0, 0) }, null],
  ["is not published yet", {}, { onNew: [], onOld: [] }, null],
  [
    "counted requests on the old side while its log wrote them",
    { onOld: seen(0, 11_000) },
    { onNew: counted(40, 40), onOld: counted(3, 0) },
    null,
  ],
  [
    "counted requests on the old side that its log does not show",
    {},
    { onNew: counted(40, 40), onOld: counted(0, 7) },
    "the load balancer counted 7 requests on blue since then that no log line shows",
  ],
  [
    "counted none on the new side, whatever asked it directly",
    {},
    { onNew: counted(0, 0), onOld: counted(0, 0) },
    "the load balancer counted no request on green, whatever its log shows",
  ],
])("the load balancer's own count %s", (_name, changes, counts, missing) => {
  const evidence = known({ onNew: seen(15_000, 25_000), onOld: seen(5, 80), counted: counts, ...changes });
  const { proof } = judgeProof(SHIFT, evidence, AT + PROOF_LIMIT_MS);
  expect(proof).toMatchObject(
    missing ? { proven: false, note: `Switched, not verified: ${missing}` } : { proven: true },
  );
});

/** Two periods of ten seconds that lie after the shift. */
function counted(first: number, second: number): CountedRequests[] {
  return [first, second].map((requests, index) => ({
    from: AT + 10_000 * (index + 1),
    to: AT + 10_000 * (index + 2),
    requests,
  }));
}

test("counts whole published periods after the write alone", () => {
  const point = (at: number) => ({ at, requests: 5, errors: 0, p95Ms: null, averageMs: null });
  const metrics = sideMetrics([point(AT - 10), point(AT), point(AT + 10_000)], 10, AT + 20_000);
  expect(countedSince(metrics, AT).map(({ from }) => from)).toEqual([AT, AT + 10_000]);
  expect(countedSince(metrics, AT + 1).map(({ from }) => from)).toEqual([AT + 10_000]);
  expect(countedSince(null, AT)).toEqual([]);
});
