import { randomUUID } from "node:crypto";
import type * as SecretsManager from "@aws-sdk/client-secrets-manager";
import { AwsError, type SandboxBase, type SimulatedService } from "../service.ts";
import { readSecretReference, secretArn } from "./secret-arn.ts";

/** Simulated Secrets Manager. */
export interface SecretsManagerSimulator {
  service: SimulatedService;
  /** Why tasks cannot read what a task definition's `valueFrom` names, in Secrets Manager's words; null where they can. */
  findProblem(valueFrom: string): string | null;
  reset(): void;
}

interface Secret {
  arn: string;
  name: string;
  description: string | undefined;
  kmsKeyId: string | undefined;
  tags: SecretsManager.Tag[];
  createdAt: Date;
  changedAt: Date;
  /** When it is gone for good; null unless somebody deleted it. */
  deletedAt: Date | null;
  versions: { id: string; value: string | Uint8Array | undefined; stages: string[]; createdAt: Date }[];
}

const DAY_MS = 86_400_000;
const PAGE = 100;
const NO_SECRET = "Secrets Manager can't find the specified secret.";
const MARKED = "You can't perform this operation on the secret because it was marked for deletion.";

/** An empty Secrets Manager. */
export function createSecretsManager({ clock, place }: SandboxBase): SecretsManagerSimulator {
  const secrets = new Map<string, Secret>();
  const made = new Map<string, number>();

  const present = () => {
    for (const [arn, { deletedAt }] of secrets)
      if (deletedAt !== null && deletedAt.getTime() <= clock.now()) secrets.delete(arn);
    return [...secrets.values()];
  };
  /** By ARN, by an ARN without its last six characters, or by name. @throws AwsError ResourceNotFoundException */
  const find = (id: string | undefined): Secret => {
    const found = present().find(({ arn, name }) => id === arn || id === name || `${id}-` === arn.slice(0, -6));
    if (!found) throw new AwsError("ResourceNotFoundException", NO_SECRET);
    return found;
  };
  const findUsable = (id: string | undefined): Secret => {
    const found = find(id);
    if (found.deletedAt !== null) throw new AwsError("InvalidRequestException", MARKED);
    return found;
  };
  const findVersion = ({ versions }: Secret, stage = "AWSCURRENT", id?: string) => {
    const version = versions.find((one) => (id === undefined ? one.stages.includes(stage) : one.id === id));
    if (version) return version;
    const wanted = id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`;
    throw new AwsError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${wanted}`,
    );
  };
  /** The new version is the current one, and what was it until now the one before. */
  const addVersion = (secret: Secret, value: string | Uint8Array | undefined, token: string | undefined) => {
    for (const version of secret.versions) {
      const wasCurrent = version.stages.includes("AWSCURRENT");
      version.stages = wasCurrent ? ["AWSPREVIOUS"] : [];
    }
    const version = { id: token ?? randomUUID(), value, stages: ["AWSCURRENT"], createdAt: new Date(clock.now()) };
    secret.versions = [...secret.versions, version];
    secret.changedAt = version.createdAt;
    return version;
  };
  const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });
  const described = (secret: Secret) => ({
    ...named(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Tags: secret.tags,
    CreatedDate: secret.createdAt,
    LastChangedDate: secret.changedAt,
    DeletedDate: secret.deletedAt ?? undefined,
  });
  // A version without a label can be read by its id, and is in no list.
  const stagesOf = ({ versions }: Secret) =>
    Object.fromEntries(versions.flatMap(({ id, stages }) => (stages.length > 0 ? [[id, stages]] : [])));

  return {
    service: {
      name: "secretsmanager",
      operations: {
        CreateSecret(input: SecretsManager.CreateSecretRequest): SecretsManager.CreateSecretResponse {
          const name = checkName(input.Name ?? "");
          checkValue(input);
          const known = present().find((one) => one.name === name);
          if (known?.deletedAt)
            throw new AwsError(
              "InvalidRequestException",
              "You can't create this secret because a secret with this name is already scheduled for deletion.",
            );
          if (known)
            throw new AwsError(
              "ResourceExistsException",
              `The operation failed because the secret ${name} already exists.`,
            );
          made.set(name, (made.get(name) ?? 0) + 1);
          const now = new Date(clock.now());
          const secret: Secret = {
            ...{ arn: secretArn(place, name, made.get(name)), name, tags: [...(input.Tags ?? [])], versions: [] },
            ...{ description: input.Description, kmsKeyId: input.KmsKeyId, deletedAt: null },
            ...{ createdAt: now, changedAt: now },
          };
          secrets.set(secret.arn, secret);
          const value = input.SecretString ?? input.SecretBinary;
          const version = value === undefined ? null : addVersion(secret, value, input.ClientRequestToken);
          return { ...named(secret), ...(version ? { VersionId: version.id } : {}) };
        },

        DescribeSecret({ SecretId }: SecretsManager.DescribeSecretRequest): SecretsManager.DescribeSecretResponse {
          const secret = find(SecretId);
          return { ...described(secret), VersionIdsToStages: stagesOf(secret) };
        },

        ListSecrets(input: SecretsManager.ListSecretsRequest): SecretsManager.ListSecretsResponse {
          if (input.Filters?.some(({ Key }) => Key !== "name"))
            throw new AwsError("InvalidParameterException", "The sandbox filters secrets by name alone.");
          const wanted = (input.Filters ?? []).flatMap(({ Values = [] }) => Values);
          const found = present()
            .filter(({ deletedAt }) => deletedAt === null || input.IncludePlannedDeletion === true)
            .filter(({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)))
            .toSorted((a, b) => a.name.localeCompare(b.name));
          const start = input.NextToken === undefined ? 0 : offsetOf(input.NextToken);
          const end = start + (input.MaxResults ?? PAGE);
          return {
            SecretList: found
              .slice(start, end)
              .map((one) => ({ ...described(one), SecretVersionsToStages: stagesOf(one) })),
            NextToken: end < found.length ? Buffer.from(`offset:${end}`).toString("base64url") : undefined,
          };
        },

        GetSecretValue(input: SecretsManager.GetSecretValueRequest): SecretsManager.GetSecretValueResponse {
          const secret = findUsable(input.SecretId);
          const { id, value, stages, createdAt } = findVersion(secret, input.VersionStage, input.VersionId);
          const kept = typeof value === "string" ? { SecretString: value } : { SecretBinary: value };
          return { ...named(secret), VersionId: id, ...kept, VersionStages: stages, CreatedDate: createdAt };
        },

        PutSecretValue(input: SecretsManager.PutSecretValueRequest): SecretsManager.PutSecretValueResponse {
          checkValue(input);
          if (input.VersionStages?.some((stage) => stage !== "AWSCURRENT"))
            throw new AwsError("InvalidParameterException", "The sandbox keeps no staging labels but AWS's own.");
          const secret = findUsable(input.SecretId);
          const version = addVersion(secret, input.SecretString ?? input.SecretBinary, input.ClientRequestToken);
          return { ...named(secret), VersionId: version.id, VersionStages: version.stages };
        },

        DeleteSecret(input: SecretsManager.DeleteSecretRequest): SecretsManager.DeleteSecretResponse {
          const days = input.RecoveryWindowInDays;
          const isAtOnce = input.ForceDeleteWithoutRecovery === true;
          if (isAtOnce && days !== undefined)
            throw new AwsError(
              "InvalidParameterException",
              "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
            );
          if (days !== undefined && (days < 7 || days > 30))
            throw new AwsError(
              "InvalidParameterException",
              "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
            );
          const secret = findUsable(input.SecretId);
          secret.deletedAt = new Date(clock.now() + (isAtOnce ? 0 : (days ?? 30) * DAY_MS));
          return { ...named(secret), DeletionDate: secret.deletedAt };
        },

        RestoreSecret({ SecretId }: SecretsManager.RestoreSecretRequest): SecretsManager.RestoreSecretResponse {
          const secret = find(SecretId);
          secret.deletedAt = null;
          return named(secret);
        },

        TagResource({ SecretId, Tags = [] }: SecretsManager.TagResourceRequest) {
          const secret = findUsable(SecretId);
          const keys = new Set(Tags.map(({ Key }) => Key));
          secret.tags = [...secret.tags.filter(({ Key }) => !keys.has(Key)), ...Tags];
          return {};
        },
      },
    },
    findProblem(valueFrom) {
      // A registry's credentials may be named without their ARN.
      const isName = !valueFrom.startsWith("arn:");
      const wanted = isName ? { id: valueFrom, stage: "", versionId: "" } : readSecretReference(valueFrom);
      if (wanted === null) return null;
      try {
        findVersion(findUsable(wanted.id), wanted.stage || undefined, wanted.versionId || undefined);
        return null;
      } catch (error) {
        if (error instanceof AwsError) return `${error.code}: ${error.message}`;
        throw error;
      }
    },
    reset() {
      secrets.clear();
      made.clear();
    },
  };
}

function checkName(name: string): string {
  if (!/^[\w/+=.@-]+$/.test(name))
    throw new AwsError(
      "ValidationException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  return name;
}

function checkValue({ SecretString, SecretBinary }: { SecretString?: string; SecretBinary?: Uint8Array }): void {
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw new AwsError(
      "InvalidParameterException",
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
}

function offsetOf(token: string): number {
  const found = /^offset:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!found) throw new AwsError("InvalidNextTokenException", "The NextToken value is invalid.");
  return Number(found[1]);
}
