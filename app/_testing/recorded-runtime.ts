import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import type { Grant } from "@/lib/domain/access/grant.ts";
import type { Permission } from "@/lib/domain/access/role.ts";
import type { AuditRow } from "@/lib/domain/audit/audit.ts";
import type { Deployment, Stage, StageStatus } from "@/lib/domain/deployment/deployment.ts";
import type { Proposal } from "@/lib/domain/discovery/discovery.ts";
import { entryText, type Found } from "@/lib/domain/discovery/discovery-report.ts";
import type { PutOff } from "@/lib/domain/readiness/readiness.ts";
import type { Freeze } from "@/lib/domain/rules/freeze.ts";
import { hashOfEntry } from "@/lib/operations/add-applications.ts";
import type { OperationRuntime } from "@/lib/request/context.ts";
import { deploymentRow } from "@/lib/testing/test-rows.ts";

/** Something that an operation did or began to do, and what it was about; "all" is every application. */
export interface Effect {
  /** Null where the operation's own says it. */
  permission: Permission | null;
  applications: readonly string[] | "all";
  call: string;
}

export const APPLICATIONS = ["library", "other"] as const;
export const NOW = 1_800_000_000_000;

const PROPOSAL: Proposal = {
  ...{ name: "found", cluster: "main", controller: "code-deploy", service: "found-service", listener: null },
  ...{ testListener: null, sides: null, container: null, repository: null, logGroup: null, notes: [], open: [] },
};
const FOUND: Found = {
  discovery: { region: "eu-central-1", services: [], entrances: [], definitions: new Map(), notSeen: [] },
  ...{ proposals: [PROPOSAL], undecided: [] },
};
/** What discovery proposes, as whoever has read it names it. */
export const PROPOSED = { name: PROPOSAL.name, hash: hashOfEntry(entryText(PROPOSAL)) };

const about = (application: string | null) => (application === null ? "all" : [application]);

/** Number of a delivery, by application. */
export const DELIVERIES = new Map(APPLICATIONS.map((name, index) => [index + 1, name]));

/** Ids of records of either application, of both and of all. */
export const IDS = {
  deployments: APPLICATIONS.flatMap((name) => [
    `d-${name}`,
    `d-${name}-bake`,
    `d-${name}-finished`,
    `d-${name}-turned`,
  ]),
  freezes: ["f-library", "f-other", "f-all"],
  grants: ["g-00000000000a", "g-00000000000b", "g-00000000000c"],
  tokens: ["t-00000000000a", "t-00000000000b", "t-00000000000c", "t-00000000000d"],
} as const;

const BREACH = { figure: "errorShare", bound: 0.05, measured: 1, samples: 20, message: "5xx", at: NOW - 2 } as const;

function deploymentOf(id: string): Deployment | null {
  const [, application = "", stage] = /^d-([a-z]+)(?:-([a-z]+))?$/.exec(id) ?? [];
  if (!IDS.deployments.includes(id)) return null;
  if (stage === "finished") return deploymentRow({ id, application, status: "SUCCESSFUL", finishedAt: NOW - 1 });
  if (stage === "turned")
    return deploymentRow({ id, application, status: "ROLLBACK_SUCCESSFUL", finishedAt: NOW - 1, breach: BREACH });
  const at = (name: Stage, status: StageStatus): Partial<Deployment> => ({
    stage: name,
    stages: [{ stage: name, status, startedAt: 1, finishedAt: null }],
  });
  if (stage === "bake")
    return deploymentRow({ id, application, ...at("BAKE_TIME", "IN_PROGRESS"), bakeUntil: NOW + 60_000 });
  return deploymentRow({ id, application, ...at("PRE_PRODUCTION_TRAFFIC_SHIFT", "AWAITING_ACTION") });
}

function freezeOf(id: string): Freeze | null {
  const index = IDS.freezes.indexOf(id as (typeof IDS.freezes)[number]);
  if (index < 0) return null;
  const application = APPLICATIONS[index] ?? null;
  const ends = { until: null, liftedAt: null, liftedBy: null };
  return { id, application, reason: "why", startedBy: "Alex", startedAt: 1, ...ends };
}

function grantOf(id: string): Grant | null {
  const index = IDS.grants.indexOf(id as (typeof IDS.grants)[number]);
  if (index < 0) return null;
  const application = APPLICATIONS[index] ?? null;
  const who = { kind: "address", who: "kim@example.com", role: "viewer", reason: null } as const;
  return {
    id,
    application,
    ...who,
    createdBy: "Alex",
    createdAt: 1,
    expiresAt: null,
    revokedAt: null,
    revokedBy: null,
  };
}

function tokenOf(id: string): ApiToken | null {
  const index = IDS.tokens.indexOf(id as (typeof IDS.tokens)[number]);
  const applications = [["library"], ["other"], [...APPLICATIONS], ["*"]][index];
  if (!applications) return null;
  const use = { lastUsedAt: null, revokedAt: null, revokedBy: null };
  return { id, name: "ci", verbs: [], applications, createdBy: "Alex", createdAt: 1, expiresAt: NOW * 2, ...use };
}

/**
 * A runtime that answers from records that never change, and tells everything else that is asked of it with what it is
 * about. A method of the store that is not known here is told as about an application that nobody has. For tests.
 */
export function recordedRuntime(): { runtime: OperationRuntime; effects: Effect[]; audit: AuditRow[] } {
  const effects: Effect[] = [];
  const audit: AuditRow[] = [];
  const did = (call: string, permission: Permission | null, applications: Effect["applications"]) =>
    void effects.push({ call, permission, applications });
  const ofToken = ({ applications }: ApiToken) => (applications.includes("*") ? "all" : applications);

  const reads = {
    findDeployment: async (id: string) => deploymentOf(id),
    findFreeze: async (id: string) => freezeOf(id),
    findGrant: async (id: string) => grantOf(id),
    findApiToken: async ({ id }: { id: string }) => tokenOf(id),
    findDelivery: async (id: number) => {
      const application = DELIVERIES.get(id);
      return application ? { id, endpoint: "team", state: "failed", notification: { application } } : null;
    },
    listFreezes: async () => [],
    listGrants: async () => [],
    claimIdempotencyKey: async () => null,
    completeIdempotencyKey: async () => undefined,
    releaseIdempotencyKey: async () => undefined,
    appendAudit: async (row: AuditRow) => void audit.push(row),
    findDeploymentInFlight: async () => null,
    listDeployments: async () => ({ items: [], nextCursor: null }),
    findIdempotencyKey: async () => null,
    findLedger: async () => null,
    listUnapprovedReleases: async () => [],
    listPutOffs: async () => [],
  };
  const writes = {
    insertFreeze: async (freeze: Freeze) => did("insertFreeze", "freeze", about(freeze.application)),
    liftFreeze: async (id: string) => {
      const freeze = freezeOf(id);
      if (freeze) did("liftFreeze", "freeze", about(freeze.application));
      return freeze;
    },
    savePutOff: async ({ application }: PutOff) => did("savePutOff", "acknowledge", about(application)),
    insertGrant: async (grant: Grant) => did("insertGrant", "access", about(grant.application)),
    revokeGrant: async (id: string) => {
      const grant = grantOf(id);
      if (grant) did("revokeGrant", "access", about(grant.application));
      return grant;
    },
    insertApiToken: async (token: ApiToken) => did("insertApiToken", "tokens", ofToken(token)),
    revokeApiToken: async (id: string) => {
      const token = tokenOf(id);
      if (token) did("revokeApiToken", "tokens", ofToken(token));
      return token;
    },
    endSessionsOf: async () => {
      did("endSessionsOf", "access", "all");
      return 1;
    },
    changeDeployment: async (id: string) => {
      const deployment = deploymentOf(id);
      if (deployment) did("changeDeployment", "acknowledge", about(deployment.application));
      return deployment;
    },
    retryDelivery: async (id: number) => {
      did("retryDelivery", "deliveries", about(DELIVERIES.get(id) ?? null));
      return { id, endpoint: "team", notification: { application: DELIVERIES.get(id) } };
    },
  };
  const store = new Proxy({ ...reads, ...writes } as Record<string, unknown>, {
    get(target, key) {
      // As an effect that nobody may have: an error of the store would be answered as its absence, and nobody would see it.
      if (!(key in target)) did(`store.${String(key)}, unknown to app/_testing/recorded-runtime.ts`, null, ["nowhere"]);
      return target[String(key)];
    },
  });
  const application = (name: string) =>
    APPLICATIONS.includes(name as (typeof APPLICATIONS)[number]) ? { name, windowMinutes: 0 } : null;
  const runtime = {
    store,
    observer: {
      findApplication: application,
      unresolved: () => [],
      observation: () => null,
      // Every look is about one application; none is answered, so that nothing has to be as AWS would have it.
      async refreshNow(name: string) {
        did("refreshNow", null, [name]);
        const failure = { kind: "other", code: "Nothing", message: "", requestId: null, retryable: false };
        throw Object.assign(new Error("AWS is not asked here"), failure, { name: "AwsFailure" });
      },
    },
    engine: {
      turn: () => null,
      underLease: (_: string, work: () => Promise<unknown>) => work(),
      async write(name: string) {
        did("engine.write", "switch", [name]);
        return [];
      },
      async change(deployment: Deployment) {
        did("engine.change", null, [deployment.application]);
        return deployment;
      },
      late: { keepAudit: () => false },
    },
    hub: { recordChanged: () => undefined, lastKnown: () => null },
    accessCache: { refresh: async () => undefined },
    tokens: { forget: () => undefined },
    hasConfiguredAdmin: true,
    readiness: {
      subjects: () => APPLICATIONS.map((name) => ({ application: name })),
      look: async () => null,
    },
    discovery: { region: "eu-central-1", look: async () => ({ found: FOUND, at: NOW, lookingSince: null }) },
    settings: {
      path: "switchyard.yaml",
      applications: () => [],
      isWritable: () => true,
      async add() {
        did("settings.add", "access", "all");
        return { ok: true, added: [PROPOSED.name] };
      },
    },
    notifier: { endpoints: () => [{ id: "team" }] },
    controllers: {},
    now: () => NOW,
  };
  // Safe because what is missing throws when it is asked for, and then the test says so.
  return { runtime: runtime as unknown as OperationRuntime, effects, audit };
}
