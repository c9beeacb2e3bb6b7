import type { Look } from "./look.ts";

/** What Secrets Manager says of a secret besides its value. */
export interface ManagedSecret {
  /** Whether somebody deleted it: until its recovery window ends it is there, and nobody can read it. */
  isDeleted: boolean;
  /** Ids of its versions that have staging labels, such as "AWSCURRENT"; those without one can be read as well, and are in no list. */
  versions: readonly { id: string; stages: readonly string[] }[];
}

/** A secret that a task definition names, and what came of the look at it; null where there is none. */
export interface ManagedSecretFact {
  /** As the task definition says it. */
  from: string;
  look: Look<ManagedSecret | null>;
}

/** What a task definition wants of a secret. */
export interface SecretReference {
  arn: string;
  region: string;
  accountId: string;
  /** The staging label and the version's id; null where none is named. */
  stage: string | null;
  versionId: string | null;
}

/**
 * Reads `arn:aws:secretsmanager:region:account:secret:name-AbCdEf[:json-key:version-stage:version-id]`; null for anything else.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function readSecretReference(from: string): SecretReference | null {
  const [, arn, region, accountId, , stage, versionId] =
    /^(arn:[\w-]+:secretsmanager:([\w-]+):(\d+):secret:[^:]+)(?::([^:]*)(?::([^:]*)(?::([^:]*))?)?)?$/.exec(from) ?? [];
  if (arn === undefined || region === undefined || accountId === undefined) return null;
  return { arn, region, accountId, stage: stage || null, versionId: versionId || null };
}

/** Why tasks cannot read what is wanted of a secret; null where they can, "unlisted" where a version without a label may be there. */
export function findSecretProblem(
  secret: ManagedSecret | null,
  { stage, versionId }: Pick<SecretReference, "stage" | "versionId">,
): "missing" | "deleted" | "noVersion" | "unlisted" | null {
  if (secret === null) return "missing";
  if (secret.isDeleted) return "deleted";
  // Without a label or a version it is the current one.
  const label = versionId === null ? (stage ?? "AWSCURRENT") : stage;
  const version = secret.versions.find(({ id, stages }) =>
    versionId === null ? stages.includes(label ?? "") : id === versionId,
  );
  if (!version) return versionId === null || label !== null ? "noVersion" : "unlisted";
  return label === null || version.stages.includes(label) ? null : "noVersion";
}
