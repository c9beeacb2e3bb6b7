import { say } from "../sentence/sentence.ts";
import { judge } from "./judge-look.ts";
import type { Look } from "./look.ts";
import { fail, pass, unknown, warn } from "./point.ts";
import type { Point } from "./readiness.ts";
import type { GithubFacts, ReadinessFacts } from "./readiness-facts.ts";
import type { Subject } from "./subject.ts";

/** What deploy/github/deploy-to-ecs.yml reads, as variables or secrets. */
const NEEDED = ["AWS_ROLE_ARN", "AWS_REGION", "SWITCHYARD_URL"];
/** What an access key is kept as. */
const ACCESS_KEY = "AWS_SECRET_ACCESS_KEY";
const GOOD = "success";

type Github = NonNullable<Subject["github"]>;
/** What a pipeline that has deployed shows. */
type ByPipeline = "secrets" | "branch" | "workflow";
type Judge = (github: GithubFacts, of: Github) => readonly Point[];

/** Judges what GitHub answers; where it is not asked, a pipeline that has deployed shows the same. */
function byGithub(judgeGithub: Judge, what: ByPipeline) {
  return ({ github, deployments }: ReadinessFacts, { github: of }: Subject): readonly Point[] =>
    github.state === "seen" && of ? judgeGithub(github.value, of) : byPipeline(deployments, what);
}

/** What Switchyard cannot see in a repository is shown by a pipeline that has deployed. */
function byPipeline(deployments: ReadinessFacts["deployments"], what: ByPipeline): readonly Point[] {
  return judge(deployments, (all) => {
    const proof = all.find((one) => one.byPipeline);
    return [
      proof
        ? pass(say("finding.byPipeline", { id: proof.id, what: say(`finding.pipeline.${what}`) }))
        : unknown(say("finding.noRepositoryRead")),
    ];
  });
}

/** The names that the workflow reads are there, and no access key is. */
export const checkNames = byGithub(({ secrets, variables }, { repository }) => {
  const points = [secrets, variables].flatMap((look) => lookedAt(look, repository));
  const names = [secrets, variables].flatMap((look) => (look.state === "seen" ? (look.value ?? []) : []));
  const missing = NEEDED.filter((name) => !names.includes(name));
  if (names.includes(ACCESS_KEY)) points.push(warn(say("check.accessKeyKept", { repository, name: ACCESS_KEY })));
  if (missing.length === 0) return [pass(say("check.namesThere", { repository, names: NEEDED.join(", ") })), ...points];
  // A name that is not among those that were seen may be among those that were not.
  return points.some(({ outcome }) => outcome !== "warn")
    ? points
    : [fail(say("check.namesMissing", { repository, names: missing.join(", ") })), ...points];
}, "secrets");

/** The branch is there, and protected. */
export const checkBranch = byGithub(({ branch }, { repository, branch: name }) => {
  return judge(branch, (found) => {
    if (!found) return [fail(say("check.branchMissing", { repository, branch: name }))];
    return [
      found.isProtected
        ? pass(say("check.branchProtected", { repository, branch: name }))
        : warn(say("check.branchOpen", { repository, branch: name })),
    ];
  });
}, "branch");

/** The workflow's last run on the branch ended well. */
export const checkWorkflow = byGithub(({ run }, { repository, workflow, branch }) => {
  const of = { repository, workflow, branch };
  return judge(run, (last) => {
    if (!last) return [fail(say("check.runMissing", of))];
    const day = last.at === null ? "" : new Date(last.at).toISOString().slice(0, 10);
    if (last.conclusion === null) return [warn(say("check.runUnderWay", { ...of, status: last.status }))];
    return [
      last.conclusion === GOOD
        ? pass(say("check.runGood", { ...of, day }))
        : fail(say("check.runBad", { ...of, day, conclusion: last.conclusion })),
    ];
  });
}, "workflow");

/** A repository that the token may not see is answered as one that is not there. */
function lookedAt(look: Look<readonly string[] | null>, repository: string): readonly Point[] {
  return judge(look, (names) => (names === null ? [unknown(say("check.repositoryHidden", { repository }))] : []));
}
