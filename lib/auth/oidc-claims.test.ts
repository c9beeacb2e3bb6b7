import { expect, test } from "vitest";
import { mergeClaims } from "./oidc-claims.ts";

test.each([
  ["groups that only userinfo has", { sub: "1" }, { sub: "1", groups: ["a"] }, { sub: "1", groups: ["a"] }],
  ["the signed claim, where both have it", { sub: "1", groups: ["a"] }, { groups: ["b"] }, { sub: "1", groups: ["a"] }],
  [
    "a verified address of userinfo",
    { sub: "1" },
    { email: "kim@example.com", email_verified: true },
    { sub: "1", email: "kim@example.com", email_verified: true },
  ],
  [
    "that it is verified, of the same address",
    { sub: "1", email: "kim@example.com" },
    { email: "kim@example.com", email_verified: true },
    { sub: "1", email: "kim@example.com", email_verified: true },
  ],
  [
    "nothing about another address",
    { sub: "1", email: "ceo@example.com" },
    { email: "kim@example.com", email_verified: true },
    { sub: "1", email: "ceo@example.com" },
  ],
  [
    "no word of the ID token for an address that only userinfo names",
    { sub: "1", email_verified: true },
    { email: "ceo@example.com", email_verified: false },
    { sub: "1", email: "ceo@example.com", email_verified: false },
  ],
  [
    "nor where userinfo does not say it",
    { sub: "1", email_verified: true },
    { email: "ceo@example.com" },
    { sub: "1", email: "ceo@example.com", email_verified: undefined },
  ],
  ["no time of signing in that is not signed", { sub: "1" }, { auth_time: 1_800_000_000 }, { sub: "1" }],
])("takes %s", (_name, own, asked, expected) => {
  expect(mergeClaims(own, asked)).toEqual(expected);
});
