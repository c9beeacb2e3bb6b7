import type { Aws } from "../aws/aws.ts";
import type { ApplicationConfig } from "../config/application-config.ts";
import { type ReadinessHistory, readHistory, withLook } from "../domain/readiness/history.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { DeploymentFact, ReadinessFacts } from "../domain/readiness/readiness-facts.ts";
import { readinessReport } from "../domain/readiness/readiness-report.ts";
import type { StandIn, Subject } from "../domain/readiness/subject.ts";
import { gatherReadiness } from "../gather/gather-readiness.ts";
import type { Github } from "../gather/github.ts";
import { proposedSubject, subjectOf } from "../gather/readiness-subject.ts";
import type { Store } from "../store/store.ts";

/** Looks at how ready applications are, on behalf of everybody: however many ask, AWS is asked once within a span. */
export interface ReadinessLooks {
  /** What there is to be ready: every application of switchyard.yaml, or the one proposed to an installation without any. */
  subjects(): readonly Subject[];
  /** A look no older than `ageMs`; whoever asks while one is under way shares it. Null when there is no such subject. */
  look(application: string, ageMs?: number): Promise<ReadinessLook | null>;
}

/** One look. */
interface ReadinessLook {
  subject: Subject;
  facts: ReadinessFacts;
  /** With this look; null while the database is away. */
  history: ReadinessHistory | null;
}

/** What looks for changes every minute finds one of its own. */
const USUAL_AGE_MS = 30_000;
/** Nobody gets a newer one than this, so that no number of clicks is a number of looks. */
const LEAST_AGE_MS = 3_000;

/** One a process. `readDeployments` answers from the record, newest first. */
export function createReadinessLooks(options: {
  /** AWS as the application's settings place it; for null, which proposes one, the process's own. */
  awsOf: (config: ApplicationConfig | null) => Aws;
  /** AWS of another Region of the same account. */
  inRegion: (aws: Aws, region: string) => Aws;
  /** As switchyard.yaml has them by now. */
  configs: () => readonly ApplicationConfig[];
  /** What answers in AWS's place; null with AWS. */
  standIn: StandIn | null;
  readDeployments: (application: string) => Promise<Look<readonly DeploymentFact[]>>;
  /** Where what looks have shown is kept. */
  store: Pick<Store, "loadMemory" | "saveMemory">;
  /** Null without a token. */
  github?: Github | null;
  now: () => number;
}): ReadinessLooks {
  const { awsOf, inRegion, configs, standIn, readDeployments, store, github = null, now } = options;
  const subjects = () => {
    const configured = configs().map((config) => subjectOf(config, awsOf(config).region, standIn));
    return configured.length > 0 ? configured : [proposedSubject(awsOf(null).region, standIn)];
  };
  const last = new Map<string, { asked: string; startedAt: number; look: Promise<ReadinessLook> }>();
  /** One application after another: fifty of them must not empty the budgets at once. */
  let turn: Promise<unknown> = Promise.resolve();

  async function remember({ subject, facts }: Omit<ReadinessLook, "history">): Promise<ReadinessHistory> {
    const key = `readiness ${subject.application}`;
    const before = readHistory(await store.loadMemory(key));
    const { steps } = readinessReport(subject, facts, []);
    const deployments = facts.deployments.state === "seen" ? facts.deployments.value : [];
    const history = withLook(before, { at: facts.at, steps, deployments });
    if (JSON.stringify(history) !== JSON.stringify(before)) await store.saveMemory(key, history, facts.at);
    return history;
  }

  return {
    subjects,
    async look(application, ageMs = USUAL_AGE_MS) {
      const subject = subjects().find((one) => one.application === application);
      if (!subject) return null;
      const known = last.get(application);
      // What switchyard.yaml names otherwise by now is another look.
      const asked = JSON.stringify(subject);
      if (known?.asked === asked && now() - known.startedAt <= Math.max(ageMs, LEAST_AGE_MS)) return known.look;
      const look = turn.then(async () => {
        const config = configs().find(({ name }) => name === application) ?? null;
        const deployments = await readDeployments(application);
        const aws = awsOf(config);
        const found = await gatherReadiness(aws, subject, deployments, now, github, (region) => inRegion(aws, region));
        return { ...found, history: await remember(found).catch(() => null) };
      });
      turn = look.catch(() => undefined);
      last.set(application, { asked, startedAt: now(), look });
      // A look that failed is not kept: the next who asks tries again.
      look.catch(() => last.delete(application));
      return look;
    },
  };
}
