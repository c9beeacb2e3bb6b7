import { readBounded } from "../aws/read-bounded.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { GithubFacts } from "../domain/readiness/readiness-facts.ts";
import type { Subject } from "../domain/readiness/subject.ts";
import { say } from "../domain/sentence/sentence.ts";

/** GitHub's REST API, read-only: names of secrets and variables, a branch, and a workflow's last run; never a value. */
export interface Github {
  look(of: NonNullable<Subject["github"]>): Promise<GithubFacts>;
}

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 1024 * 1024;
/** As many as a repository's variables and secrets may be named on one page. */
const NAMES = 100;

/** What a fine-grained token needs for each question, in the words of GitHub's settings. */
const PERMISSIONS = {
  branch: "contents: read",
  secrets: "secrets: read",
  variables: "variables: read",
  runs: "actions: read",
};

/** Asks with a token. `api` is https://api.github.com, or GitHub Enterprise's address. */
export function createGithub(settings: { api: string; token: string; fetch?: typeof fetch }): Github {
  const { api, token, fetch: send = fetch } = settings;

  async function ask<T>(path: string, permission: string, read: (body: unknown) => T): Promise<Look<T | null>> {
    try {
      const response = await send(`${api}${path}`, {
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "user-agent": "switchyard",
          "x-github-api-version": "2022-11-28",
        },
        // Whatever the answer leads to is not asked with the token.
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.ok) return { state: "seen", value: read(JSON.parse(await readBounded(response, MOST_BYTES))) };
      await response.body?.cancel();
      if (response.status === 404) return { state: "seen", value: null };
      const isLimited = response.status === 429 || response.headers.get("x-ratelimit-remaining") === "0";
      if (isLimited) return { state: "not seen", why: say("finding.why.githubLimit") };
      if (response.status === 401) return { state: "not seen", why: say("finding.why.githubToken") };
      if (response.status === 403) return { state: "denied", permission: `GitHub ${permission}` };
      return { state: "not seen", why: say("finding.why.githubAnswered", { status: response.status }) };
    } catch (error) {
      return {
        state: "not seen",
        why: say("finding.why.githubNone", { code: error instanceof Error ? error.name : "unknown" }),
      };
    }
  }

  return {
    async look({ repository, branch, workflow }) {
      const base = `/repos/${repository.split("/").map(encodeURIComponent).join("/")}`;
      const runs = `${base}/actions/workflows/${encodeURIComponent(workflow)}/runs?branch=${encodeURIComponent(branch)}&per_page=1`;
      const [found, secrets, variables, run] = await Promise.all([
        ask(`${base}/branches/${encodeURIComponent(branch)}`, PERMISSIONS.branch, toBranch),
        ask(`${base}/actions/secrets?per_page=${NAMES}`, PERMISSIONS.secrets, namesIn("secrets")),
        ask(`${base}/actions/variables?per_page=${NAMES}`, PERMISSIONS.variables, namesIn("variables")),
        ask(runs, PERMISSIONS.runs, toRun),
      ]);
      return { branch: found, secrets, variables, run };
    },
  };
}

function toBranch(body: unknown): { isProtected: boolean } {
  return { isProtected: memberOf(body, "protected") === true };
}

function namesIn(list: string): (body: unknown) => string[] {
  return (body) => itemsOf(body, list).flatMap((one) => textOf(one, "name") ?? []);
}

function toRun(body: unknown): { conclusion: string | null; status: string; at: number | null } | null {
  const [newest] = itemsOf(body, "workflow_runs");
  if (newest === undefined) return null;
  const at = Date.parse(textOf(newest, "created_at") ?? "");
  return {
    status: textOf(newest, "status") ?? "",
    conclusion: textOf(newest, "conclusion"),
    at: Number.isNaN(at) ? null : at,
  };
}

function itemsOf(body: unknown, list: string): unknown[] {
  const items = memberOf(body, list);
  return Array.isArray(items) ? items : [];
}

function textOf(value: unknown, member: string): string | null {
  const text = memberOf(value, member);
  return typeof text === "string" ? text : null;
}

function memberOf(value: unknown, member: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[member] : undefined;
}
