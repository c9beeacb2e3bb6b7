import { judge, seenOf } from "./look.ts";
import { fail, type Point, pass, unknown, warn } from "./readiness.ts";
import type { ReadinessFacts, Subject } from "./readiness-facts.ts";

/** GitHub's issuer of tokens for workflows, without "https://". */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";
const STS_AUDIENCE = "sts.amazonaws.com";

/** Who Switchyard is to AWS, and which of the actions it needs it may not do. */
export function checkIdentity({ identity, own }: ReadinessFacts): readonly Point[] {
  const who = judge(identity, ({ arn, accountId }) => [pass(`signed in to AWS account ${accountId} as ${arn}`)]);
  if (identity.state !== "seen") return who;
  const may = judge(own, (answers) => {
    const missing = answers.filter(({ isAllowed }) => !isAllowed).map(({ action }) => action);
    return missing.length > 0
      ? [warn(`its policies do not allow ${missing.join(", ")}`)]
      : [pass(`its policies allow the ${answers.length} actions that Switchyard needs`)];
  });
  return [...who, ...may];
}

/** Pipelines sign in with a role through GitHub's OpenID Connect provider. */
export function checkPipelineIdentity({ providers }: ReadinessFacts): readonly Point[] {
  return judge(providers, (all) => {
    const github = all.find(({ url }) => url === GITHUB_ISSUER);
    if (!github) return [fail(`the account has no OpenID Connect provider for ${GITHUB_ISSUER}`)];
    return github.audiences.includes(STS_AUDIENCE)
      ? [pass(`the account trusts ${GITHUB_ISSUER} for ${STS_AUDIENCE}`)]
      : [warn(`the provider for ${GITHUB_ISSUER} does not take the audience ${STS_AUDIENCE}`)];
  });
}

/** What Switchyard cannot see in a repository is proven by a pipeline that has deployed. */
export function checkByPipeline(what: string): (facts: ReadinessFacts) => readonly Point[] {
  return ({ deployments }) =>
    judge(deployments, (all) => {
      const proof = all.find(({ byPipeline }) => byPipeline);
      return [
        proof
          ? pass(`a pipeline has asked for the deployment ${proof.id}, so ${what}`)
          : unknown("could not look: Switchyard reads no repository; a deployment that a pipeline asks for proves it"),
      ];
    });
}

/** Names are written down where everybody finds them. */
export function checkDocuments(_: ReadinessFacts, { application, isConfigured }: Subject): readonly Point[] {
  return isConfigured
    ? [pass(`switchyard.yaml describes ${application}`)]
    : [fail(`switchyard.yaml does not describe ${application}: npx switchyard init proposes how`)];
}

/** An image in the registry was built from a Dockerfile. */
export function checkImageBuilt({ newestImage }: ReadinessFacts): readonly Point[] {
  return judge(newestImage, (image) => [
    image
      ? pass(`the registry has an image: ${image.tag}`)
      : unknown("could not look: Switchyard sees no build; an image in the registry proves it"),
  ]);
}

/** A healthy target shows more than a run on somebody's machine: the same image answers its health check in AWS. */
export function checkRuns(facts: ReadinessFacts): readonly Point[] {
  return judge(facts.targetGroups, (groups) => {
    const healthy = groups.reduce((sum, group) => sum + group.healthyTargets, 0);
    if (healthy > 0) return [pass(`${healthy} healthy target${healthy === 1 ? "" : "s"} in AWS`)];
    const running = (seenOf(facts.services) ?? []).reduce((sum, service) => sum + service.running, 0);
    return [
      running > 0
        ? warn(`${running} task${running === 1 ? " runs" : "s run"} in AWS and none is healthy: try the image locally`)
        : unknown("could not look: Switchyard sees no other machine; a healthy target in AWS proves it"),
    ];
  });
}
