import { AssumeRoleCommand, GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { say } from "../domain/sentence/sentence.ts";
import type { SessionCredentials, SessionRequest } from "./assumed-role.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { missingFailure } from "./errors.ts";

/** Who Switchyard is to AWS. */
export interface Sts {
  /** The account's id; asked once a process. */
  getAccountId(priority: Priority): Promise<string>;
  /** Begins a session of a role, of an hour. @throws AwsFailure */
  assumeRole(request: SessionRequest): Promise<SessionCredentials>;
}

/** STS through the SDK's client. `accountId` given means nothing is asked. */
export function createSts(client: STSClient, call: Caller, accountId: string | null): Sts {
  let known = accountId;
  return {
    async getAccountId(priority) {
      if (known) return known;
      const output = await call(
        { service: "sts", operation: "GetCallerIdentity", family: "sts", priority, effect: "read" },
        (abortSignal) => client.send(new GetCallerIdentityCommand({}), { abortSignal }),
      );
      if (!output.Account) throw missingFailure("sts", "GetCallerIdentity", "NoAccount", say("awsError.noAccount"));
      known = output.Account;
      return known;
    },
    async assumeRole({ roleArn, externalId, sessionName, sourceIdentity, tags }) {
      const pairs = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const { Credentials } = await call(
        // A rollback may wait for it.
        { service: "sts", operation: "AssumeRole", family: "sts", priority: "action", effect: "read" },
        (abortSignal) =>
          client.send(
            new AssumeRoleCommand({
              RoleArn: roleArn,
              RoleSessionName: sessionName,
              ...(externalId === null ? {} : { ExternalId: externalId }),
              ...(sourceIdentity === null ? {} : { SourceIdentity: sourceIdentity }),
              ...(pairs.length > 0 ? { Tags: pairs } : {}),
            }),
            { abortSignal },
          ),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
        throw missingFailure("sts", "AssumeRole", "NoCredentials", say("awsError.noCredentials", { role: roleArn }));
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      };
    },
  };
}
