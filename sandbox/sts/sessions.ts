import type * as Sts from "@aws-sdk/client-sts";
import type { Clock } from "../clock.ts";
import { AwsError } from "../service.ts";

/** A role that may be assumed, as its trust policy has it. */
export interface SandboxRole {
  arn: string;
  /** The policy's sts:ExternalId; without it none is asked for. */
  externalId?: string;
  /** Whether the policy allows sts:SetSourceIdentity; false without it. */
  allowsSourceIdentity?: boolean;
  /** Whether the policy allows sts:TagSession; false without it. */
  allowsTags?: boolean;
}

/** One session of a role. */
export interface RoleSession {
  roleArn: string;
  accountId: string;
  name: string;
  sourceIdentity: string | null;
  tags: Readonly<Record<string, string>>;
  accessKeyId: string;
  sessionToken: string;
  /** Epoch ms. */
  expiresAt: number;
}

/** Roles and the sessions that were begun of them. */
export interface RoleSessions {
  /** @throws AwsError AccessDenied, as for a role that there is not; ValidationError */
  assume(caller: string, input: Sts.AssumeRoleCommandInput): Sts.AssumeRoleCommandOutput;
  /** Null for keys of no session. @throws AwsError for a token that is another's or has ended */
  find(accessKeyId: string, token: string | null): RoleSession | null;
  /** All that were begun, oldest first. */
  begun(): readonly RoleSession[];
  /** From now on the role cannot be assumed, or can again; sessions go on. */
  setRefused(roleArn: string, isRefused: boolean): void;
}

const DEFAULT_SECONDS = 3600;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

/** AWS gives as much away of a role that does not exist as of one that may not be assumed: nothing. */
export function createRoleSessions(clock: Clock, random: () => number, roles: readonly SandboxRole[]): RoleSessions {
  const sessions: RoleSession[] = [];
  const refused = new Set<string>();
  const id = (length: number) =>
    Array.from({ length }, () => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Math.floor(random() * 32)]).join("");

  function deny(caller: string, action: string, arn: string): never {
    throw new AwsError(
      "AccessDenied",
      `User: ${caller} is not authorized to perform: ${action} on resource: ${arn}`,
      403,
    );
  }

  return {
    assume(caller, { RoleArn: arn = "", RoleSessionName: name = "", ...input }) {
      if (!SESSION_NAME.test(name))
        throw new AwsError(
          "ValidationError",
          `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
        );
      const seconds = input.DurationSeconds ?? DEFAULT_SECONDS;
      if (seconds < 900 || seconds > DEFAULT_SECONDS)
        throw new AwsError(
          "ValidationError",
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        );
      const role = roles.find((each) => each.arn === arn);
      if (!role || refused.has(arn)) return deny(caller, "sts:AssumeRole", arn);
      if (role.externalId !== undefined && role.externalId !== input.ExternalId)
        return deny(caller, "sts:AssumeRole", arn);
      if (input.SourceIdentity !== undefined && !role.allowsSourceIdentity)
        return deny(caller, "sts:SetSourceIdentity", arn);
      if ((input.Tags ?? []).length > 0 && !role.allowsTags) return deny(caller, "sts:TagSession", arn);
      const accountId = arn.split(":")[4] ?? "";
      const session: RoleSession = {
        ...{ roleArn: arn, accountId, name, sourceIdentity: input.SourceIdentity ?? null },
        tags: Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
        accessKeyId: `ASIA${id(16)}`,
        sessionToken: id(80),
        expiresAt: clock.now() + seconds * 1000,
      };
      sessions.push(session);
      return {
        $metadata: {},
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: id(40),
          SessionToken: session.sessionToken,
          Expiration: new Date(session.expiresAt),
        },
        AssumedRoleUser: { AssumedRoleId: `AROA${id(17)}:${name}`, Arn: assumedArn(session) },
        ...(session.sourceIdentity === null ? {} : { SourceIdentity: session.sourceIdentity }),
      };
    },
    find(accessKeyId, token) {
      const session = sessions.find((each) => each.accessKeyId === accessKeyId);
      if (!session) return null;
      if (session.sessionToken !== token)
        throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
      if (clock.now() >= session.expiresAt)
        throw new AwsError("ExpiredToken", "The security token included in the request is expired", 403);
      return session;
    },
    begun: () => sessions,
    setRefused(arn, isRefused) {
      if (isRefused) refused.add(arn);
      else refused.delete(arn);
    },
  };
}

/** Who a session is to AWS: "arn:aws:sts::111122223333:assumed-role/switchyard/kim@example.com". */
export function assumedArn({ roleArn, accountId, name }: Pick<RoleSession, "roleArn" | "accountId" | "name">): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleArn.slice(roleArn.lastIndexOf("/") + 1)}/${name}`;
}
