import { expect, test } from "vitest";
import { createTranslator } from "@/components/messages/translator.ts";
import type { Holder } from "@/lib/domain/access/role.ts";
import { compiledRoom } from "@/lib/messages/catalogues.ts";
import { mayWords, whereMay } from "./may-words.ts";

const viewer: Holder = { role: "viewer", applicationRoles: { library: "operator", billing: "admin" } };

const t = createTranslator("en", "access", compiledRoom("en", "access"));

test.each([
  [viewer, "view", "yes"],
  [viewer, "deploy", "on billing and library"],
  [viewer, "approve", "on billing"],
  [{ role: "operator" }, "deploy", "yes"],
  [{ role: "operator" }, "approve", "no"],
  [{ role: null }, "view", "no"],
  [{ role: null, applicationRoles: { library: "viewer" } }, "view", "on library"],
  [{ role: null, applicationRoles: { a: "viewer", b: "viewer", c: "viewer" } }, "view", "on 3 applications"],
] as const)("%j may %s: %s", (holder, permission, words) => {
  expect(mayWords(t, whereMay(holder, permission))).toBe(words);
});
