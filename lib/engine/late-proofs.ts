import type { Application } from "../domain/application/application.ts";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { judgeProof, type RequestCount } from "../domain/deployment/proof.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { otherColor } from "../domain/observation/slot.ts";
import { findUnverified, lateLookEveryMs, provenLate, type Unverified } from "../domain/rules/late-proof.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";
import type { DeploymentRecord } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { countedOn } from "./verify-traffic.ts";

/** Goes on looking for the verification of a switch that ended without it. */
export interface LateProofs {
  /** A record changed here. */
  noted(deployment: Deployment): void;
  /** Looks when it is time to; true when a verification was written. */
  look(application: Application, observation: Observation): Promise<boolean>;
}

/** What earlier looks found, so that each reads only what came since. */
interface Seen {
  id: string;
  onNew: RequestCount;
  onOld: RequestCount;
  /** Epoch ms until which the logs were read. */
  until: number;
  nextAt: number;
}

const NOTHING: RequestCount = { firstAt: null, lastAt: null, count: 0, failed: 0 };
/** Lines may arrive this much later than they were written. */
const OVERLAP_MS = 10_000;
/** Another replica may have left a switch unverified. */
const READ_RECORD_MS = 60_000;
const HISTORY = 20;

/** Two looks at one side, of which the later read some lines again: the first and last of both, the count of the later. */
function joined(earlier: RequestCount, later: RequestCount): RequestCount {
  return {
    ...later,
    firstAt: earlier.firstAt ?? later.firstAt,
    lastAt: later.lastAt ?? earlier.lastAt,
    failed: Math.max(earlier.failed, later.failed),
  };
}

/** One for each engine. */
export function createLateProofs(
  { store, requests, now }: Pick<EngineDeps, "store" | "requests" | "now">,
  record: Pick<DeploymentRecord, "update">,
): LateProofs {
  const newest = new Map<string, { deployment: Deployment | null; history: Deployment[]; readAt: number }>();
  const seen = new Map<string, Seen>();
  const looking = new Set<string>();

  async function known(application: string) {
    const held = newest.get(application);
    if (held && now() - held.readAt < READ_RECORD_MS) return held;
    const { items } = await store.listDeployments(application, { limit: HISTORY });
    const read = {
      deployment: items.find(isInFlight) ?? null,
      history: items.filter((each) => !isInFlight(each)),
      readAt: now(),
    };
    newest.set(application, read);
    return read;
  }

  async function gather(application: Application, observation: Observation, { deployment, shift }: Unverified) {
    const before = seen.get(application.name);
    const known = before?.id === deployment.id ? before : null;
    const from = Math.max(shift.sentAt, (known?.until ?? 0) - OVERLAP_MS);
    const readAt = now();
    const old = otherColor(shift.to);
    const [onNew, onOld, lagMs] = await Promise.all([
      requests.requestsSince(application, shift.to, observation, from, "first"),
      requests.requestsSince(application, old, observation, from, "last"),
      requests.deliveryLagMs(application, old, observation, readAt),
    ]);
    const found: Seen = {
      id: deployment.id,
      onNew: joined(known?.onNew ?? NOTHING, onNew),
      onOld: onOld.lastAt === null ? (known?.onOld ?? NOTHING) : onOld,
      until: readAt,
      nextAt: readAt + lateLookEveryMs(readAt - shift.sentAt),
    };
    seen.set(application.name, found);
    const unreadTasks = requests.unreadTasks(application, old, observation, shift.sentAt);
    return { ...found, lagMs, unreadTasks, hadTraffic: true, counted: countedOn(observation, shift.to, shift.sentAt) };
  }

  async function lookOnce(application: Application, observation: Observation): Promise<boolean> {
    const unverified = findUnverified({ application, observation, ...(await known(application.name)) });
    if (!unverified) {
      seen.delete(application.name);
      return false;
    }
    const { deployment, shift } = unverified;
    const earlier = seen.get(application.name);
    if (earlier?.id === deployment.id && now() < earlier.nextAt) return false;
    const evidence = await gather(application, observation, unverified);
    const { proof } = judgeProof(shift, evidence, evidence.until);
    if (!proof.proven) return false;
    const changed = await record.update(deployment.id, application.name, (current) => {
      if (current.proof?.proven !== false || current.plan?.shift?.sentAt !== shift.sentAt) return null;
      const line = lineMembers(say("step.provenLate"));
      return {
        deployment: provenLate(current, proof),
        entries: [{ at: now(), step: "prove", phase: "done", ...line }],
      };
    });
    return changed !== null;
  }

  return {
    noted(deployment) {
      // Read anew at the next look: cheaper than to keep a history in step.
      newest.delete(deployment.application);
    },
    async look(application, observation) {
      if (application.requestLine === null || looking.has(application.name)) return false;
      looking.add(application.name);
      try {
        return await lookOnce(application, observation);
      } finally {
        looking.delete(application.name);
      }
    },
  };
}
