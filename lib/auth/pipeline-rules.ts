import type { PipelineRule } from "../config/pipelines-config.ts";
import { roleOfVerbs } from "../domain/access/api-token.ts";
import type { Identity, Role } from "../domain/access/role.ts";
import { subjectName } from "../domain/deployment/person.ts";
import { cutText } from "../domain/text/cut-text.ts";
import type { Verb } from "../domain/verb/verb.ts";
import { VERBS } from "../domain/verb/verb.ts";

/** What a verified token says. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** As much of an application's settings as decides who may act on it from a pipeline. */
export interface PipelineApplication {
  name: string;
  pipelines: readonly PipelineRule[];
}

/** Whether a verified token of the rule's issuer says everything that the rule wants. */
function matchesRule(rule: PipelineRule, claims: TokenClaims): boolean {
  const { repository, branch, environment, workflow, subject } = rule;
  const says = (claim: string, isRight: (value: string) => boolean) => {
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    return typeof value === "string" && isRight(value);
  };
  return (
    (rule.pullRequests || !mayBeStrangers(claims, rule.claims)) &&
    (repository === null || says("repository", (value) => value === repository)) &&
    (branch === null || says("ref", (value) => matches(`refs/heads/${branch}`, value))) &&
    (environment === null || says("environment", (value) => value === environment)) &&
    (workflow === null ||
      says("workflow_ref", (value) => {
        const path = value.slice(0, value.lastIndexOf("@"));
        return repository === null ? path.endsWith(`/${workflow}`) : path === `${repository}/${workflow}`;
      })) &&
    (subject === null || says("sub", (value) => matches(subject, value))) &&
    Object.entries(rule.claims).every(([claim, wanted]) => says(claim, (value) => value === wanted))
  );
}

/** GitHub's events that only who may write to the repository starts; others run on the default branch for anybody, by an issue or a comment. */
const EVENTS_OF_WRITERS = [
  "push",
  "workflow_dispatch",
  "repository_dispatch",
  "schedule",
  "release",
  "deployment",
  "create",
];

/** Whether somebody who may not write to the repository may have started the run, as far as GitHub or GitLab say; what is named is known. */
function mayBeStrangers(claims: TokenClaims, named: Readonly<Record<string, string>>): boolean {
  if (isOfPullRequest(claims)) return true;
  const { event_name: event } = claims;
  return event !== undefined && named.event_name !== event && !EVENTS_OF_WRITERS.includes(String(event));
}

/** GitHub's and GitLab's word for a run that a pull or merge request started: a fork's among them, and with the base branch's name. */
function isOfPullRequest({ event_name, pipeline_source, sub, ref, ref_path, head_ref }: TokenClaims): boolean {
  return (
    [event_name, pipeline_source].some((event) => /(pull|merge)_request/i.test(String(event ?? ""))) ||
    /:pull_request(:|$)/.test(String(sub ?? "")) ||
    [ref, ref_path].some((name) => /^refs\/(pull|merge-requests)\//.test(String(name ?? ""))) ||
    // GitHub fills it for pull requests alone.
    String(head_ref ?? "") !== ""
  );
}

/** Whom a verified token makes its bearer; null where no application has a rule for it. */
export function identityOfPipeline(
  issuer: string,
  claims: TokenClaims,
  applications: readonly PipelineApplication[],
  addresses: Readonly<Record<string, string>> = {},
): Identity | null {
  const verbsOn: Record<string, readonly Verb[]> = {};
  for (const { name, pipelines } of applications) {
    const matching = pipelines.filter((rule) => rule.issuer === issuer && matchesRule(rule, claims));
    if (matching.length > 0) verbsOn[name] = VERBS.filter((verb) => matching.some((rule) => rule.verbs.includes(verb)));
  }
  const names = Object.keys(verbsOn);
  if (names.length === 0) return null;
  const text = (claim: string) => (typeof claims[claim] === "string" ? cutText(String(claims[claim]), 200) : null);
  const subject = text("sub") ?? "";
  return {
    // The same for every token of one subject, so that a repeat with an Idempotency-Key is known when its token is not.
    id: `${issuer}:${subject}`,
    name: pipelineName(text) ?? `${issuer} ${subject}`,
    role: null,
    applicationRoles: Object.fromEntries(
      Object.entries(verbsOn).map(([name, verbs]): [string, Role] => [name, roleOfVerbs(verbs)]),
    ),
    via: "token",
    people: startersOf(issuer, text, addresses),
    scope: {
      tokenId: `${issuer}:${text("jti") ?? text("run_id") ?? subject}`,
      verbs: VERBS.filter((verb) => names.some((name) => verbsOn[name]?.includes(verb))),
      applications: names,
      verbsOn,
    },
  };
}

/** Every name of whoever started the run: GitHub's `actor`, GitLab's `user_login` and `user_email`, and their address. */
function startersOf(
  issuer: string,
  text: (claim: string) => string | null,
  addresses: Readonly<Record<string, string>>,
): string[] {
  const logins = [text("actor"), text("triggering_actor"), text("user_login")].filter((login) => login !== null);
  const known = logins.flatMap((login) => {
    const address = Object.hasOwn(addresses, login) ? addresses[login] : undefined;
    return [subjectName(issuer, login), ...(address === undefined ? [] : [address])];
  });
  const email = text("user_email");
  return [...new Set([...known, ...(email === null ? [] : [email])])];
}

/** "octo/repo@refs/heads/main run 123" from the claims of GitHub or GitLab; null from others. */
function pipelineName(text: (claim: string) => string | null): string | null {
  const repository = text("repository") ?? text("project_path");
  if (repository === null) return null;
  const ref = text("ref");
  const run = text("run_id") ?? text("pipeline_id");
  return `${repository}${ref ? `@${ref}` : ""}${run ? ` run ${run}` : ""}`;
}

/** A star stands for any characters; everything else for itself. */
function matches(pattern: string, value: string): boolean {
  const source = pattern.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(value);
}
