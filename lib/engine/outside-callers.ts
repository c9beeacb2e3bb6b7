import { AwsFailure } from "../aws/errors.ts";
import type { Trail } from "../aws/trail.ts";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { withCaller } from "../domain/deployment/outside-callers.ts";
import { type CallerQuestion, deploymentQuestions, driftQuestion } from "../domain/drift/caller-questions.ts";
import { type Ledger, withDriftCaller } from "../domain/drift/ledger.ts";
import type { OutsideCaller } from "../domain/observation/outside-caller.ts";
import type { Store } from "../store/store.ts";

/** Finds out from CloudTrail who did what nobody did here, and writes it beside what was done. */
export interface OutsideCallers {
  /** A deployment's record as it is now. Returns at once and never throws. */
  recordSeen(deployment: Deployment): void;
  /** An application's ledger as it is now. Returns at once and never throws. */
  ledgerSeen(application: string, ledger: Ledger): void;
  /** Asks what is due. Never throws. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface OutsideCallersDeps {
  store: Pick<
    Store,
    "acquireLease" | "changeDeployment" | "findDeployment" | "findLedger" | "saveLedger" | "releaseLease"
  >;
  findApplication(name: string): Application | null;
  trailFor(application: Application): Trail;
  /** Names this replica in leases. */
  holder: string;
  /** A deployment's record changed. */
  deploymentChanged(deployment: Deployment): void;
  /** Something else of an application's record changed. */
  recordChanged(application: string): void;
  now(): number;
  log(level: "info", message: string, fields?: Record<string, unknown>): void;
  onError(error: unknown): void;
  /** How often it is looked whether something is due; real time. */
  everyMs?: number;
}

/** One thing to ask about. */
interface Open {
  application: string;
  tries: number;
  /** Not before this (epoch ms). */
  nextAt: number;
  /** What is still to be asked, by the record as it is then; null when somebody knows by now. */
  read(): Promise<CallerQuestion | null>;
  write(caller: OutsideCaller): Promise<void>;
}

/**
 * How long after it was done it is asked, in ms: calls are told after five minutes on average. After the last, which is over the
 * quarter of an hour that AWS gives, there is no such call.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const ASKED_AFTER_MS = [20_000, 60_000, 120_000, 240_000, 420_000, 660_000, 960_000] as const;
const LAST_AFTER_MS = 960_000;
/** The event history goes back 90 days. */
const HISTORY_MS = 89 * 86_400_000;
const EVERY_MS = 10_000;
/** One replica asks for all: CloudTrail takes two look-ups a second of the whole account. */
const LEASE = "cloudtrail";
const LEASE_MS = 60_000;
/** After a refusal nobody in the place is asked about for so long; after no answer, the same is asked again sooner. */
const DENIED_FOR_MS = 10 * 60_000;
const AWAY_FOR_MS = 60_000;
/** So many at most: what comes beyond is asked about after a restart, while it is in the history. */
const MOST_OPEN = 2_000;

/** One a process. */
export function createOutsideCallers(deps: OutsideCallersDeps): OutsideCallers {
  const { store, now } = deps;
  const open = new Map<string, Open>();
  /** What is answered or given up here. */
  const done = new Set<string>();
  const deniedUntil = new Map<Trail, { until: number; permission: string }>();
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;

  function add(key: string, at: number, entry: Omit<Open, "tries" | "nextAt">): void {
    if (open.has(key) || done.has(key) || open.size >= MOST_OPEN || now() - at > HISTORY_MS) return;
    const tries = ASKED_AFTER_MS.findIndex((after) => at + after > now());
    const nextAt = tries < 0 ? now() : at + (ASKED_AFTER_MS[tries] ?? LAST_AFTER_MS);
    open.set(key, { ...entry, tries: Math.max(0, tries), nextAt });
    schedule();
  }

  function schedule(): void {
    if (timer || isStopped || open.size === 0) return;
    timer = setTimeout(() => {
      timer = null;
      looking = look().finally(schedule);
    }, deps.everyMs ?? EVERY_MS);
    timer.unref();
  }

  async function look(): Promise<void> {
    const due = [...open].filter(([, { nextAt }]) => nextAt <= now());
    if (due.length === 0) return;
    try {
      for (const [key, entry] of due) {
        if (isStopped) return;
        if (!(await store.acquireLease(LEASE, deps.holder, now(), LEASE_MS))) return;
        if (await ask(entry)) {
          open.delete(key);
          done.add(key);
        }
      }
    } catch (error) {
      deps.onError(error);
    }
  }

  /** True when nothing is left to ask. */
  async function ask(entry: Open): Promise<boolean> {
    const question = await entry.read();
    const application = deps.findApplication(entry.application);
    if (!question || !application) return true;
    const trail = deps.trailFor(application);
    const age = now() - question.at;
    const isLast = age >= LAST_AFTER_MS;
    const refused = deniedUntil.get(trail);
    if (refused && now() < refused.until) {
      await entry.write({ state: "denied", permission: refused.permission });
      return true;
    }
    const answer = await lookUp(trail, question, isLast);
    if (answer.state === "away" && age < 2 * LAST_AFTER_MS) {
      entry.nextAt = now() + AWAY_FOR_MS;
      return false;
    }
    if (answer.state === "unknown" && !isLast) {
      entry.tries += 1;
      entry.nextAt = question.at + (ASKED_AFTER_MS[entry.tries] ?? LAST_AFTER_MS);
      return false;
    }
    await entry.write(answer);
    return true;
  }

  async function lookUp(trail: Trail, question: CallerQuestion, isLast: boolean): Promise<OutsideCaller> {
    const { calls, to, isAbout } = question;
    const from = isLast ? question.earliest : question.from;
    try {
      const found = [];
      for (const name of calls) found.push(await trail.findCall({ name, from, to, isWanted: isAbout }, "logs"));
      const [call] = found.filter((each) => each !== null).toSorted((a, b) => b.at - a.at);
      return call?.who
        ? { state: "known", who: call.who, call: call.name, at: call.at, event: call.id }
        : { state: "unknown" };
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      if (error.kind !== "denied") return { state: "away" };
      const permission = error.permission ?? "cloudtrail:LookupEvents";
      deniedUntil.set(trail, { until: now() + DENIED_FOR_MS, permission });
      deps.log("info", "Who did something outside Switchyard is not looked up: CloudTrail refuses it", { permission });
      return { state: "denied", permission };
    }
  }

  return {
    recordSeen(deployment) {
      for (const { act, question } of deploymentQuestions(deployment)) {
        const isIt = (each: { act: unknown }) => JSON.stringify(each.act) === JSON.stringify(act);
        add(`${deployment.id} ${JSON.stringify(act)}`, question.at, {
          application: deployment.application,
          async read() {
            const newest = await store.findDeployment(deployment.id);
            return (newest && deploymentQuestions(newest).find(isIt)?.question) ?? null;
          },
          async write(caller) {
            const changed = await store.changeDeployment(deployment.id, null, async (newest) =>
              deploymentQuestions(newest).some(isIt)
                ? { deployment: withCaller(newest, act, caller), entries: [], audit: [] }
                : null,
            );
            if (changed) deps.deploymentChanged(changed);
          },
        });
      }
    },
    ledgerSeen(application, ledger) {
      for (const drift of ledger.drifts) {
        const question = driftQuestion(drift, ledger);
        if (!question) continue;
        const newest = async () => {
          const found = await store.findLedger(application);
          const known = found?.drifts.find(({ id }) => id === drift.id);
          return found && known ? { ledger: found, question: driftQuestion(known, found) } : null;
        };
        add(`${application} ${drift.id}`, question.at, {
          application,
          read: async () => (await newest())?.question ?? null,
          async write(caller) {
            // Whoever else changes the ledger meanwhile is first: it is written into theirs.
            for (let saved = false; !saved; ) {
              const found = await newest();
              if (!found?.question) return;
              saved = (await store.saveLedger(application, withDriftCaller(found.ledger, drift.id, caller))) !== null;
            }
            deps.recordChanged(application);
          },
        });
      }
    },
    look() {
      looking = look();
      return looking;
    },
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await looking;
    },
  };
}
