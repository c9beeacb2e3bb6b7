import { expect, test } from "vitest";
import { judgeProof, NO_TRAFFIC_MS, PROOF_LIMIT_MS, QUIET_MS } from "./proof.ts";

const AT = 1_000_000;
const SHIFT = { to: "green", expected: { blue: 100, green: 0 }, sentAt: AT, readBackMs: 40 } as const;
const NONE = { firstAt: null, lastAt: null, count: 0, failed: 0 };
const seen = (firstMs: number, lastMs: number, failed = 0) => ({
  firstAt: AT + firstMs,
  lastAt: AT + lastMs,
  count: 5,
  failed,
});

test("is proven once the new side served and the old one has been quiet", () => {
  const evidence = { onNew: seen(30, 3_200, 1), onOld: seen(5, 80), hadTraffic: true };
  expect(judgeProof(SHIFT, evidence, AT + 80 + QUIET_MS - 1)).toMatchObject({
    proof: { proven: false },
    isSettled: false,
  });
  expect(judgeProof(SHIFT, evidence, AT + 80 + QUIET_MS)).toEqual({
    proof: { proven: true, ruleReadBackMs: 40, firstRequestOnNewMs: 30, lastRequestOnOldMs: 80, failedRequests: 1 },
    isSettled: true,
  });
});

test("without any traffic the proof is given up and says so", () => {
  const evidence = { onNew: NONE, onOld: NONE, hadTraffic: false };
  expect(judgeProof(SHIFT, evidence, AT + NO_TRAFFIC_MS - 1).isSettled).toBe(false);
  const { proof, isSettled } = judgeProof(SHIFT, evidence, AT + NO_TRAFFIC_MS);
  expect(isSettled).toBe(true);
  expect(proof.note).toBe("Switched, not proven: no request seen on either side");
});

test("an old side that goes on serving is never proven", () => {
  const now = AT + PROOF_LIMIT_MS;
  const { proof, isSettled } = judgeProof(
    SHIFT,
    { onNew: seen(30, 59_000), onOld: seen(0, 59_900), hadTraffic: true },
    now,
  );
  expect(isSettled).toBe(true);
  expect(proof).toMatchObject({
    proven: false,
    note: "Switched, not proven: blue served a request within the last seconds",
  });
});

test("traffic that stopped with the switch is waited for to the limit, not proven by silence", () => {
  const evidence = { onNew: NONE, onOld: NONE, hadTraffic: true };
  expect(judgeProof(SHIFT, evidence, AT + PROOF_LIMIT_MS - 1)).toMatchObject({
    isSettled: false,
    proof: { proven: false },
  });
  expect(judgeProof(SHIFT, evidence, AT + PROOF_LIMIT_MS)).toMatchObject({ isSettled: true, proof: { proven: false } });
});
