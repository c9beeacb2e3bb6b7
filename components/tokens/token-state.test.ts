import { expect, test } from "vitest";
import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import { scopeWords, tokenState } from "./token-state.ts";

const DAY = 24 * 60 * 60_000;
const token: ApiToken = {
  id: "t-0123456789ab",
  name: "ci",
  verbs: [],
  applications: ["library"],
  createdBy: "Kim",
  createdAt: 0,
  expiresAt: 30 * DAY,
  lastUsedAt: null,
  revokedAt: null,
  revokedBy: null,
};

test.each([
  [{}, 0, "valid"],
  [{}, 24 * DAY, "ends soon"],
  [{}, 30 * DAY, "over"],
  [{ revokedAt: 1, revokedBy: "Kim" }, 31 * DAY, "revoked by Kim"],
])("a token with %o at %i is %s", (change, now, word) => {
  expect(tokenState({ ...token, ...change }, now).word).toBe(word);
});

test("a scope without verbs and one for everything are said in words", () => {
  expect(scopeWords(token)).toEqual({ verbs: "only looks", applications: "library" });
  expect(scopeWords({ verbs: ["deploy", "switch"], applications: ["*"] })).toEqual({
    verbs: "deploy, switch",
    applications: "all applications",
  });
});
