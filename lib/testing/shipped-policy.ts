import { readFileSync } from "node:fs";
import { ADMINISTRATOR_KEY } from "../../sandbox/iam/authorizer.ts";

/** The identity policy that people give the program, as it is shipped; the worlds of tests run under exactly it. */
export const SHIPPED_POLICY: unknown = JSON.parse(
  readFileSync(new URL("../../deploy/iam-policy.json", import.meta.url), "utf8"),
);

/** Credentials of whoever else works in the account, whom that policy does not bind. */
export const ADMINISTRATOR = { accessKeyId: ADMINISTRATOR_KEY, secretAccessKey: "any" };
