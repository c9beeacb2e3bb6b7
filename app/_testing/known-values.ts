import { z } from "zod";
import { ROLES } from "@/lib/domain/access/role.ts";
import { VERBS } from "@/lib/domain/verb/verb.ts";
import type { Operation } from "@/lib/request/judge.ts";
import { APPLICATIONS, DELIVERIES, IDS, NOW, PROPOSED } from "./recorded-runtime.ts";

const HASH = "0".repeat(64);

/** By the member's name what it may hold somewhere: of either application, of both, of all. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  application: [...APPLICATIONS, null],
  applications: [["library"], ["other"], [...APPLICATIONS], ["*"], ["library", "*"]],
  deploymentId: IDS.deployments,
  freezeId: IDS.freezes,
  gate: ["hook-1"],
  proposals: [[PROPOSED]],
  step: ["load-balancer", "coffee"],
  grantId: IDS.grants,
  tokenId: IDS.tokens,
  deliveryId: [...DELIVERIES.keys()],
  personId: ["kim@example.com"],
  drift: ["dr-00000000"],
  to: ["blue", "green"],
  weights: [{ blue: 1, green: 0 }],
  receipt: [HASH],
  reason: ["why"],
  comment: ["why"],
  minutes: [10],
  imageTag: ["1.1.0"],
  image: ["library:1.1.0"],
  taskDefinition: ["library:1"],
  rollout: [{ strategy: "ALL_AT_ONCE" }],
  override: APPLICATIONS.map((application) => ({ application, reason: "why" })),
  source: [{ commit: "abc" }],
  idempotencyKey: ["key-1"],
  name: ["ci"],
  verbs: [[...VERBS], []],
  expiresAt: [NOW + 60_000],
  until: [NOW + 60_000, null],
  kind: ["group"],
  who: ["team"],
  role: ROLES,
};

/** Every member that any operation knows, and what an attacker would try beside them. */
export const SMUGGLED: Readonly<Record<string, readonly unknown[]>> = {
  ...VALUES,
  applicationRoles: [{ other: "admin" }],
  scope: ["all"],
  identity: [{ role: "admin" }],
  force: [true],
};

/** What a member may hold; @throws for one that is new, so that whoever adds it says what it may name. */
export function valuesOf(member: string): readonly unknown[] {
  const values = VALUES[member];
  if (!values) throw new Error(`Say in app/_testing/known-values.ts what ${member} may hold`);
  return values;
}

/** What an operation takes, as JSON Schema. */
export function inputSchemaOf({ judged }: Pick<Operation<unknown>, "judged">): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(judged.schema, { io: "input", unrepresentable: "any" });
}

/** The members that an operation takes, and which of them it needs. */
export function membersOf(operation: Pick<Operation<unknown>, "judged">): { all: string[]; needed: string[] } {
  const shape = inputSchemaOf(operation);
  return { all: Object.keys(shape.properties ?? {}), needed: [...(shape.required ?? [])] };
}
