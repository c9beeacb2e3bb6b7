import type { Look } from "./look.ts";

/** What Secrets Manager says of a secret besides its value. */
export interface ManagedSecret {
  /** Whether somebody deleted it: until its recovery window ends it is there, and nobody can read it. */
  isDeleted: boolean;
  /** Its versions' ids and the staging labels that they have, such as "AWSCURRENT". */
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

/** Why tasks cannot read what is wanted of a secret; null where they can. */
export function findSecretProblem(
  secret: ManagedSecret | null,
  { stage, versionId }: Pick<SecretReference, "stage" | "versionId">,
): "missing" | "deleted" | "noVersion" | null {
  if (secret === null) return "missing";
  if (secret.isDeleted) return "deleted";
  const isThere = secret.versions.some(
    (one) => (versionId === null || one.id === versionId) && (stage === null || one.stages.includes(stage)),
  );
  // Without a label or a version it is the current one.
  const isCurrent = stage !== null || versionId !== null || secret.versions.some(hasCurrent);
  return isThere && isCurrent ? null : "noVersion";
}

function hasCurrent({ stages }: ManagedSecret["versions"][number]): boolean {
  return stages.includes("AWSCURRENT");
}
