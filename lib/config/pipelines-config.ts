import { z } from "zod";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { VERBS } from "../domain/verb/verb.ts";
import { isLoopback } from "./environment.ts";
import { fix } from "./fix.ts";

/** Signatures that need the issuer's private key: nothing that the published keys, or no key at all, could make. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] as const;
/** The name of the one issuer that need not be listed. */
const GITHUB = "github";

const ADDRESS_FIX = fix(say("input.httpsAddress"));
const address = z.url({ protocol: /^https?$/, error: ADDRESS_FIX }).refine(isEncrypted, ADDRESS_FIX);
const issuerName = z
  .string(fix(say("input.name")))
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, fix(say("input.lowerCase")))
  .max(64, fix(say("input.atMost", { count: 64 })));

const issuer = z.strictObject(
  {
    name: issuerName,
    /** Exactly as tokens say it in `iss`. */
    issuer: address,
    /** Where its keys are; null means as its openid-configuration says. */
    jwksUri: address.nullable().default(null),
    algorithms: z
      .array(z.enum(ALGORITHMS, fix(say("input.chooseFrom", { values: ALGORITHMS.join(", ") }))))
      .min(1, fix(say("config.algorithms")))
      .default(["RS256"]),
  },
  fix(say("input.shape", { shape: "{ name, issuer, jwksUri?, algorithms? }" })),
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
    audience: z
      .string(fix(say("config.audience")))
      .min(1, fix(say("config.audience")))
      .nullable()
      .default(null),
    /** Addresses of people by what an issuer calls them: "octocat: kim@example.com". Who started a run does not approve it. */
    people: z
      .record(
        z.string(),
        z.email(fix(say("config.personEmail"))),
        fix(say("input.shape", { shape: "{ octocat: kim@example.com }" })),
      )
      .default({}),
    /** Besides GitHub, or instead of its usual address under the name github. */
    issuers: z.array(issuer, fix(say("input.listOf", { what: "{ name, issuer }" }))).default([]),
  },
  fix(say("input.shape", { shape: "{ audience, people: {...}, issuers: [...] }" })),
);
export type PipelinesConfig = z.infer<typeof pipelinesSchema>;

/** What is said when nothing is. */
export const NO_PIPELINES: PipelinesConfig = pipelinesSchema.parse({});

/**
 * How issuers that sign for everybody begin a subject, up to and with what names one project of theirs: GitHub, GitLab,
 * Buildkite (and Terraform Cloud), CircleCI. A star before that is everybody's.
 */
const SUBJECTS = [
  { begins: "repo:", project: /^repo:([\w.-]+\/[\w.-]+):/, begin: "repo:owner/name:", who: "GitHub", of: "repository" },
  {
    ...{
      begins: "project_path:",
      project: /^project_path:((?:[\w.-]+\/)+[\w.-]+):/,
      begin: "project_path:group/project:",
    },
    ...{ who: "GitLab", of: "project" },
  },
  {
    ...{ begins: "organization:", project: /^organization:([\w.-]+:(?:pipeline|project):[^:*]+):/ },
    ...{ begin: "organization:name:pipeline:name:", who: "none", of: "pipeline" },
  },
  {
    ...{ begins: "org/", project: /^org\/([\w-]+\/project\/[\w-]+)\//, begin: "org/id/project/id/" },
    ...{ who: "CircleCI", of: "project" },
  },
];

/** How the subject begins, or may begin where a star comes that early; null where nothing here knows. */
function subjectForm(subject: string) {
  const [fixed = ""] = subject.split("*");
  const isOpen = fixed.length < subject.length;
  return SUBJECTS.find(({ begins }) => fixed.startsWith(begins) || (isOpen && begins.startsWith(fixed))) ?? null;
}

const text = (what: Sentence) => {
  const given = fix(say("input.give", { what }));
  return z
    .string(given)
    .min(1, given)
    .max(300, fix(say("input.atMost", { count: 300 })));
};

/** One entry of an application's `pipelines:`: what a token must say to act on it, and what it may do then. */
export const pipelineRuleSchema = z
  .strictObject(
    {
      issuer: issuerName.default(GITHUB),
      /** "octo/repo". */
      repository: z
        .string(fix(say("config.ownerSlashName")))
        .regex(/^[\w.-]+\/[\w.-]+$/, fix(say("config.ownerSlashNameForm")))
        .nullable()
        .default(null),
      /** "main", or "release/*". */
      branch: text(say("config.noun.branch")).nullable().default(null),
      environment: text(say("config.noun.environment")).nullable().default(null),
      /** ".github/workflows/deploy.yml". */
      workflow: text(say("config.noun.workflow")).nullable().default(null),
      /** The whole `sub`; a star stands for any characters. */
      subject: text(say("config.noun.subject"))
        .refine((subject) => !/^[\s*]/.test(subject), fix(say("config.subjectStar")))
        .nullable()
        .default(null),
      /** Whether workflows that a pull request started count; what they run may be anybody's. */
      pullRequests: z.boolean(fix(say("input.trueOrFalse"))).default(false),
      /** Any other claims and their exact values. */
      claims: z.record(z.string(), text(say("config.noun.value"))).default({}),
      verbs: z.array(z.enum(VERBS, fix(say("input.verbsOf", { values: VERBS.join(", ") })))).default(["deploy"]),
    },
    fix(
      say("input.shape", {
        shape: "{ repository, branch, environment, workflow, subject, pullRequests, claims, verbs }",
      }),
    ),
  )
  .superRefine((rule, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const isNarrow = rule.branch !== null || rule.environment !== null || rule.subject !== null;
    if (rule.repository === null && rule.subject === null) issue("repository", fix(say("config.repositoryOrSubject")));
    else if (rule.repository !== null && !isNarrow) issue("repository", fix(say("config.narrower")));
    const form = rule.subject === null ? null : rule.issuer === GITHUB ? SUBJECTS[0] : subjectForm(rule.subject);
    if (rule.subject !== null && form) {
      const project = form.project.exec(rule.subject)?.[1];
      if (project === undefined)
        issue("subject", fix(say("config.subjectOfProject", { begin: form.begin, issuer: form.who, of: form.of })));
      else if (form === SUBJECTS[0] && rule.repository !== null && rule.repository !== project)
        issue("subject", fix(say("config.subjectOfRepository", { repository: rule.repository })));
    }
    const isOfPullRequest = [rule.subject, ...Object.values(rule.claims)].some((wanted) =>
      /(pull|merge)_request/.test(wanted ?? ""),
    );
    if (isOfPullRequest && !rule.pullRequests) issue("pullRequests", fix(say("config.pullRequests")));
  });
export type PipelineRule = z.infer<typeof pipelineRuleSchema>;

/** Every issuer that may be named, GitHub among them. */
export function issuersOf(config: PipelinesConfig): readonly PipelineIssuer[] {
  return config.issuers.some(({ name }) => name === GITHUB) ? config.issuers : [GITHUB_ISSUER, ...config.issuers];
}

function isEncrypted(url: string): boolean {
  return url.startsWith("https:") || isLoopback(url);
}
