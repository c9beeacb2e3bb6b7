import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  type IAMClient,
  ListOpenIDConnectProvidersCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import type { MayFact, RoleFact } from "../domain/readiness/role-facts.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { AwsFailure } from "./errors.ts";
import { everyPage } from "./networks.ts";

/** IAM in our words; nothing of it is ever changed. */
export interface Roles {
  /** Null when the account has no such role. */
  findRole(name: string, priority: Priority): Promise<RoleFact | null>;
  /** What a role or user may do, by IAM's own simulator: its policies, not those of resources or of the organization. */
  simulate(
    arn: string,
    actions: readonly string[],
    resources: readonly string[],
    priority: Priority,
  ): Promise<MayFact[]>;
  /** OpenID Connect providers by the URL in their ARN, with their audiences for those that `wants` names. */
  listProviders(
    wants: (url: string) => boolean,
    priority: Priority,
  ): Promise<{ url: string; audiences: readonly string[] }[]>;
}

/** IAM through the SDK's client. */
export function createRoles(client: IAMClient, call: Caller): Roles {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "iam", operation, family: "iam-read", priority, effect: "read" }, send);

  return {
    async findRole(RoleName, priority) {
      try {
        const { Role } = await read("GetRole", priority, (abortSignal) =>
          client.send(new GetRoleCommand({ RoleName }), { abortSignal }),
        );
        return { arn: Role?.Arn ?? "", trusts: trustedServices(Role?.AssumeRolePolicyDocument) };
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === "missing") return null;
        throw error;
      }
    },

    async simulate(PolicySourceArn, ActionNames, ResourceArns, priority) {
      const results = await everyPage(async (Marker) => {
        const input = { PolicySourceArn, ActionNames: [...ActionNames], ResourceArns: [...ResourceArns], Marker };
        const output = await read("SimulatePrincipalPolicy", priority, (abortSignal) =>
          client.send(new SimulatePrincipalPolicyCommand(input), { abortSignal }),
        );
        return { items: output.EvaluationResults ?? [], next: output.IsTruncated ? output.Marker : undefined };
      });
      return results.map(({ EvalActionName = "", EvalResourceName = "*", EvalDecision, MissingContextValues }) => ({
        action: EvalActionName,
        resource: EvalResourceName,
        isAllowed: EvalDecision === "allowed",
        needsContext: (MissingContextValues ?? []).length > 0,
      }));
    },

    async listProviders(wants, priority) {
      const output = await read("ListOpenIDConnectProviders", priority, (abortSignal) =>
        client.send(new ListOpenIDConnectProvidersCommand({}), { abortSignal }),
      );
      return Promise.all(
        (output.OpenIDConnectProviderList ?? []).map(async ({ Arn = "" }) => {
          const url = Arn.slice(Arn.indexOf("/") + 1);
          if (!wants(url)) return { url, audiences: [] };
          const found = await read("GetOpenIDConnectProvider", priority, (abortSignal) =>
            client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Arn }), { abortSignal }),
          );
          return { url, audiences: found.ClientIDList ?? [] };
        }),
      );
    },
  };
}

/** Services that a trust policy, URL-encoded as IAM answers it, lets assume the role; none where it cannot be read. */
function trustedServices(document: string | undefined): string[] {
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(document ?? ""));
    const statements = listOf(isRecord(parsed) ? parsed.Statement : undefined).filter(isRecord);
    const allowing = statements.filter(({ Effect }) => Effect === "Allow");
    return allowing
      .flatMap(({ Principal }) => listOf(isRecord(Principal) ? Principal.Service : undefined))
      .filter((name) => typeof name === "string");
  } catch {
    return [];
  }
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
