/** A repository as GitHub's REST API tells of it. */
export interface GithubRepository {
  /** Names with whether they are protected. */
  branches: Record<string, boolean>;
  secrets: string[];
  variables: string[];
  /** By the workflow's file name, newest first. */
  runs: Record<string, { branch: string; status: string; conclusion: string | null; createdAt: string }[]>;
}

/** Stands in for GitHub's REST API as far as readiness asks it. */
export interface GithubStandIn {
  /** The answer to a path such as "repos/example/library/branches/main"; null for 404. */
  find(path: string, query: URLSearchParams): unknown;
  set(name: string, repository: GithubRepository): void;
  reset(): void;
}

/** With the repository of the seeded `library`, or none. */
export function createGithubStandIn(isEmpty: boolean): GithubStandIn {
  const repositories = new Map<string, GithubRepository>();
  const reset = () => {
    repositories.clear();
    if (isEmpty) return;
    repositories.set("example/library", {
      branches: { main: true },
      secrets: [],
      variables: ["AWS_REGION", "AWS_ROLE_ARN", "SWITCHYARD_URL"],
      runs: {
        "deploy-to-ecs.yml": [
          { branch: "main", status: "completed", conclusion: "success", createdAt: "2026-11-20T09:00:00Z" },
        ],
      },
    });
  };
  reset();
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  return {
    find(path, query) {
      const match = /^repos\/([^/]+\/[^/]+)\/(.+)$/.exec(path);
      const repository = repositories.get(match?.[1] ?? "");
      const rest = match?.[2] ?? "";
      if (!repository) return null;
      const { branches, secrets, variables, runs } = repository;
      if (rest === "actions/secrets") return { total_count: secrets.length, secrets: named(secrets) };
      if (rest === "actions/variables") return { total_count: variables.length, variables: named(variables) };
      const branch = /^branches\/(.+)$/.exec(rest)?.[1];
      if (branch !== undefined) return branch in branches ? { name: branch, protected: branches[branch] } : null;
      const workflow = /^actions\/workflows\/([^/]+)\/runs$/.exec(rest)?.[1];
      const found = workflow === undefined ? undefined : runs[workflow];
      if (!found) return null;
      const ofBranch = found.filter((run) => !query.has("branch") || run.branch === query.get("branch"));
      return {
        total_count: ofBranch.length,
        workflow_runs: ofBranch.slice(0, Number(query.get("per_page") ?? 30)).map((run) => ({
          ...{ status: run.status, conclusion: run.conclusion, created_at: run.createdAt, head_branch: run.branch },
        })),
      };
    },
    set: (name, repository) => void repositories.set(name, repository),
    reset,
  };
}
