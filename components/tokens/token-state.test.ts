import { expect, test } from "vitest";
import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { scopeSaid, tokenState } from "./token-state.ts";

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
  expect(inEnglish(tokenState({ ...token, ...change }, now).word)).toBe(word);
});

test("a scope without verbs and one for everything are said in words", () => {
  const said = (each: Parameters<typeof scopeSaid>[0]) =>
    Object.values(scopeSaid(each)).map((one) => (typeof one === "string" ? one : inEnglish(one)));
  expect(said(token)).toEqual(["only looks", "library"]);
  expect(said({ verbs: ["deploy", "switch"], applications: ["*"] })).toEqual(["deploy, switch", "all applications"]);
});
