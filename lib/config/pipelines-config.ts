import { z } from "zod";
import { VERBS } from "../domain/verb/verb.ts";
import { isLoopback } from "./environment.ts";

/** Signatures that need the issuer's private key: nothing that the published keys, or no key at all, could make. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] as const;
/** The name of the one issuer that need not be listed. */
const GITHUB = "github";

const ADDRESS_FIX = "give an https:// address";
const address = z.url({ protocol: /^https?$/, error: ADDRESS_FIX }).refine(isEncrypted, ADDRESS_FIX);
const issuerName = z
  .string("give a name")
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "use lower-case letters, digits and single hyphens")
  .max(64, "use 64 characters or fewer");

const issuer = z.strictObject(
  {
    name: issuerName,
    /** Exactly as tokens say it in `iss`. */
    issuer: address,
    /** Where its keys are; null means as its openid-configuration says. */
    jwksUri: address.nullable().default(null),
    algorithms: z
      .array(z.enum(ALGORITHMS, `choose from ${ALGORITHMS.join(", ")}`))
      .min(1, "name one algorithm or more")
      .default(["RS256"]),
  },
  "give { name, issuer, jwksUri?, algorithms? }",
);
export type PipelineIssuer = z.infer<typeof issuer>;

/** GitHub Actions, as GitHub documents it. */
const GITHUB_ISSUER: PipelineIssuer = {
  name: GITHUB,
  issuer: "https://token.actions.githubusercontent.com",
  jwksUri: "https://token.actions.githubusercontent.com/.well-known/jwks",
  algorithms: ["RS256"],
};

/** `pipelines:` of switchyard.yaml: whose tokens are read at all. */
export const pipelinesSchema = z.strictObject(
  {
    /** What tokens must be made for; null means NEXTAUTH_URL. */
    audience: z.string("give the audience").min(1, "give the audience").nullable().default(null),
    /** Addresses of people by what an issuer calls them: "octocat: kim@example.com". Who started a run does not approve it. */
    people: z
      .record(z.string(), z.email("give the person's e-mail address"), "give { octocat: kim@example.com }")
      .default({}),
    /** Besides GitHub, or instead of its usual address under the name github. */
    issuers: z.array(issuer, "give a list of { name, issuer }").default([]),
  },
  "give { audience, people: {...}, issuers: [...] }",
);
export type PipelinesConfig = z.infer<typeof pipelinesSchema>;

/** What is said when nothing is. */
export const NO_PIPELINES: PipelinesConfig = pipelinesSchema.parse({});

/**
 * How issuers that sign for everybody begin a subject, up to and with what names one project of theirs: GitHub, GitLab,
 * Buildkite (and Terraform Cloud), CircleCI. A star before that is everybody's.
 */
const SUBJECTS = [
  { begins: "repo:", project: /^repo:([\w.-]+\/[\w.-]+):/, say: "repo:owner/name:", who: "GitHub", of: "repository" },
  {
    ...{
      begins: "project_path:",
      project: /^project_path:((?:[\w.-]+\/)+[\w.-]+):/,
      say: "project_path:group/project:",
    },
    ...{ who: "GitLab", of: "project" },
  },
  {
    ...{ begins: "organization:", project: /^organization:([\w.-]+:(?:pipeline|project):[^:*]+):/ },
    ...{ say: "organization:name:pipeline:name:", who: "The issuer", of: "pipeline" },
  },
  {
    ...{ begins: "org/", project: /^org\/([\w-]+\/project\/[\w-]+)\//, say: "org/id/project/id/" },
    ...{ who: "CircleCI", of: "project" },
  },
];

/** How the subject begins, or may begin where a star comes that early; null where nothing here knows. */
function subjectForm(subject: string) {
  const [fixed = ""] = subject.split("*");
  const isOpen = fixed.length < subject.length;
  return SUBJECTS.find(({ begins }) => fixed.startsWith(begins) || (isOpen && begins.startsWith(fixed))) ?? null;
}

const text = (what: string) => z.string(`give ${what}`).min(1, `give ${what}`).max(300, "use 300 characters or fewer");

/** One entry of an application's `pipelines:`: what a token must say to act on it, and what it may do then. */
export const pipelineRuleSchema = z
  .strictObject(
    {
      issuer: issuerName.default(GITHUB),
      /** "octo/repo". */
      repository: z
        .string("give owner/name")
        .regex(/^[\w.-]+\/[\w.-]+$/, "give owner/name, without wildcards")
        .nullable()
        .default(null),
      /** "main", or "release/*". */
      branch: text("a branch").nullable().default(null),
      environment: text("an environment").nullable().default(null),
      /** ".github/workflows/deploy.yml". */
      workflow: text("a workflow's path").nullable().default(null),
      /** The whole `sub`; a star stands for any characters. */
      subject: text("a subject")
        .refine((subject) => !/^[\s*]/.test(subject), "begin with a text, not with a star")
        .nullable()
        .default(null),
      /** Whether workflows that a pull request started count; what they run may be anybody's. */
      pullRequests: z.boolean("give true or false").default(false),
      /** Any other claims and their exact values. */
      claims: z.record(z.string(), text("a value")).default({}),
      verbs: z.array(z.enum(VERBS, `give verbs of ${VERBS.join(", ")}`)).default(["deploy"]),
    },
    "give { repository, branch, environment, workflow, subject, pullRequests, claims, verbs }",
  )
  .superRefine((rule, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const isNarrow = rule.branch !== null || rule.environment !== null || rule.subject !== null;
    if (rule.repository === null && rule.subject === null)
      issue(
        "repository",
        "give repository or subject: the issuer signs for everybody, and claims alone do not say whom",
      );
    else if (rule.repository !== null && !isNarrow)
      issue(
        "repository",
        "give branch, environment or subject as well: a pull request's workflow has the repository too",
      );
    const form = rule.subject === null ? null : rule.issuer === GITHUB ? SUBJECTS[0] : subjectForm(rule.subject);
    if (rule.subject !== null && form) {
      const project = form.project.exec(rule.subject)?.[1];
      if (project === undefined)
        issue("subject", `begin with ${form.say} without stars: ${form.who} signs for every ${form.of} there is`);
      else if (form === SUBJECTS[0] && rule.repository !== null && rule.repository !== project)
        issue("subject", `begin with repo:${rule.repository}: or leave repository out`);
    }
    const isOfPullRequest = [rule.subject, ...Object.values(rule.claims)].some((wanted) =>
      /(pull|merge)_request/.test(wanted ?? ""),
    );
    if (isOfPullRequest && !rule.pullRequests)
      issue("pullRequests", "give true: without it nothing that a pull request started is taken");
  });
export type PipelineRule = z.infer<typeof pipelineRuleSchema>;

/** Every issuer that may be named, GitHub among them. */
export function issuersOf(config: PipelinesConfig): readonly PipelineIssuer[] {
  return config.issuers.some(({ name }) => name === GITHUB) ? config.issuers : [GITHUB_ISSUER, ...config.issuers];
}

function isEncrypted(url: string): boolean {
  return url.startsWith("https:") || isLoopback(url);
}
