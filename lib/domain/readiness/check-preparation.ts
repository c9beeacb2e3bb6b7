import { isOtherPlatform } from "../observation/image-platform.ts";
import { say } from "../sentence/sentence.ts";
import { judge, judgeAll } from "./judge-look.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { ReadinessFacts } from "./readiness-facts.ts";
import type { OwnRights } from "./role-facts.ts";
import { seenOf } from "./seen-of.ts";
import type { Subject } from "./subject.ts";

/** GitHub's issuer of tokens for workflows, without "https://". */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";
const STS_AUDIENCE = "sts.amazonaws.com";

/** Who Switchyard is to AWS, whether it looks in the right place, and which of the actions it needs it may not do. */
export function checkIdentity(facts: ReadinessFacts, subject: Subject): readonly Point[] {
  const { identity, own } = facts;
  const who = judge(identity, ({ arn, accountId }) => [pass(say("finding.signedIn", { account: accountId, arn }))]);
  if (identity.state !== "seen") return who;
  const may = judge(own, (rights) => (rights.way === "simulated" ? bySimulator(rights) : byAnswers(rights)));
  const lost = warn(say("check.nothingHere", { region: subject.region, account: identity.value.accountId }));
  return [...who, ...(subject.isConfigured && isNothingThere(facts) ? [lost] : []), ...may];
}

/** Nothing of what runs by switchyard.yaml, whose images may be anywhere: then it is more likely to be in another Region or account than to be missing. */
function isNothingThere({ cluster, services, targetGroups, loadBalancer }: ReadinessFacts): boolean {
  const all = [cluster, services, targetGroups, loadBalancer];
  return (
    all.every((look) => look.state !== "seen" || [look.value ?? []].flat().length === 0) && cluster.state === "seen"
  );
}

function bySimulator({ answers }: OwnRights): readonly Point[] {
  const missing = actionsOf(answers, "denied");
  const open = actionsOf(answers, "unknown");
  return [
    missing === ""
      ? pass(say("finding.policiesAllow", { actions: answers.length - count(answers, "unknown") }))
      : warn(say("finding.policiesDeny", { missing })),
    ...(open === "" ? [] : [unknown(say("check.ownConditions", { actions: open }))]),
  ];
}

/** What AWS answered was allowed and what it denied was not; about the rest nobody knows. */
function byAnswers({ why, answers }: OwnRights): readonly Point[] {
  const denied = actionsOf(answers, "denied");
  const open = actionsOf(answers, "unknown");
  return [
    pass(say("check.ownTried", { why: why ?? "", count: count(answers, "allowed") })),
    ...(denied === "" ? [] : [warn(say("check.ownDenied", { actions: denied }))]),
    ...(open === "" ? [] : [unknown(say("check.ownNotTried", { actions: open }))]),
  ];
}

function actionsOf(answers: OwnRights["answers"], which: string): string {
  return [...new Set(answers.filter(({ answer }) => answer === which).map(({ action }) => action))].join(", ");
}

function count(answers: OwnRights["answers"], which: string): number {
  return answers.filter(({ answer }) => answer === which).length;
}

/** Pipelines sign in with a role through GitHub's OpenID Connect provider. */
export function checkPipelineIdentity({ providers }: ReadinessFacts): readonly Point[] {
  return judge(providers, (all) => {
    const github = all.find(({ url }) => url === GITHUB_ISSUER);
    if (!github) return [fail(say("finding.noProvider", { issuer: GITHUB_ISSUER }))];
    return github.audiences.includes(STS_AUDIENCE)
      ? [pass(say("finding.trusts", { issuer: GITHUB_ISSUER, audience: STS_AUDIENCE }))]
      : [warn(say("finding.noAudience", { issuer: GITHUB_ISSUER, audience: STS_AUDIENCE }))];
  });
}

/** Names are written down where everybody finds them. */
export function checkDocuments(_: ReadinessFacts, { application, isConfigured }: Subject): readonly Point[] {
  return isConfigured
    ? [pass(say("finding.described", { application }))]
    : [fail(say("finding.notDescribed", { application }))];
}

/** An image in the registry was built from a Dockerfile. */
export function checkDockerfile({ newestImage }: ReadinessFacts): readonly Point[] {
  return judge(newestImage, (image) => [
    image ? pass(say("finding.hasImage", { tag: image.tag })) : unknown(say("finding.noBuildSeen")),
  ]);
}

/** The image was built for the processor that the tasks have. */
export function checkImageBuilt(facts: ReadinessFacts): readonly Point[] {
  if (seenOf(facts.newestImage) === null) return checkDockerfile(facts);
  const built = judgeAll([facts.platforms, facts.taskDefinition], ([found, definition]) => {
    const platforms = found.join(", ");
    const wanted = definition?.platform ?? null;
    if (wanted === null) return [pass(say("check.platformNamed", { platforms }))];
    return [
      isOtherPlatform(found, wanted)
        ? fail(say("check.platformProblem", { platforms, wanted }))
        : pass(say("check.platformFits", { platforms })),
    ];
  });
  return [...checkDockerfile(facts), ...built];
}

/** A healthy target shows more than a run on somebody's machine: the same image answers its health check in AWS. */
export function checkRuns(facts: ReadinessFacts): readonly Point[] {
  return judge(facts.targetGroups, (groups) => {
    const healthy = groups.reduce((sum, group) => sum + group.healthyTargets, 0);
    if (healthy > 0) return [pass(say("finding.healthyInAws", { healthy }))];
    const running = (seenOf(facts.services) ?? []).reduce((sum, service) => sum + service.running, 0);
    return [running > 0 ? warn(say("finding.runsSick", { running })) : unknown(say("finding.noMachineSeen"))];
  });
}
