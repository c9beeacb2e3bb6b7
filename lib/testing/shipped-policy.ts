import { readFileSync } from "node:fs";
import { ADMINISTRATOR_KEY } from "../../sandbox/iam/authorizer.ts";

/** The identity policy that people give the program, as it is shipped; the worlds of tests run under exactly it. */
export const SHIPPED_POLICY: PolicyDocument = read("iam-policy.json");

/** The same for those who have events of AWS's read. */
export const WITH_EVENTS_POLICY: PolicyDocument = {
  ...SHIPPED_POLICY,
  Statement: [...SHIPPED_POLICY.Statement, ...read("iam/events.json").Statement],
};

interface PolicyDocument {
  Version: string;
  Statement: readonly unknown[];
}

function read(file: string): PolicyDocument {
  return JSON.parse(readFileSync(new URL(`../../deploy/${file}`, import.meta.url), "utf8"));
}

/** Credentials of whoever else works in the account, whom that policy does not bind. */
export const ADMINISTRATOR = { accessKeyId: ADMINISTRATOR_KEY, secretAccessKey: "any" };
