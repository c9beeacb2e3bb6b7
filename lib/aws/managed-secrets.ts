import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { ManagedSecret } from "../domain/readiness/managed-secret.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { AwsFailure } from "./errors.ts";

/** Secrets Manager's metadata; there is no way to a value here. */
export interface ManagedSecrets {
  /** By its ARN; null where there is none. @throws AwsFailure */
  describe(arn: string, priority: Priority): Promise<ManagedSecret | null>;
}

/** Secrets Manager through the SDK's client. */
export function createManagedSecrets(client: SecretsManagerClient, call: Caller): ManagedSecrets {
  return {
    async describe(SecretId, priority) {
      try {
        const found = await call(
          {
            service: "secretsmanager",
            operation: "DescribeSecret",
            family: "secretsmanager-read",
            priority,
            effect: "read",
          },
          (abortSignal) => client.send(new DescribeSecretCommand({ SecretId }), { abortSignal }),
        );
        const versions = Object.entries(found.VersionIdsToStages ?? {}).map(([id, stages]) => ({ id, stages }));
        return { isDeleted: found.DeletedDate !== undefined, versions };
      } catch (error) {
        if (error instanceof AwsFailure && error.code === "ResourceNotFoundException") return null;
        throw error;
      }
    },
  };
}
