import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { locateRepository } from "../domain/observation/image-repository.ts";
import type { IdentityFact, RepositoryFact } from "../domain/readiness/readiness-facts.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import type { Clients } from "./clients.ts";
import { AwsFailure } from "./errors.ts";
import { createEcsInventory, type EcsInventory } from "./inventory-ecs.ts";
import { createElbInventory, type ElbInventory } from "./inventory-elb.ts";

/** What there is in an account, whoever made it: what readiness judges and discovery proposes from. Nothing is changed. */
export interface Inventory {
  ecs: EcsInventory;
  elb: ElbInventory;
  getIdentity(priority: Priority): Promise<IdentityFact>;
  /** Null when there is none. */
  findRepository(name: string, priority: Priority): Promise<RepositoryFact | null>;
  /** Null when there is none of exactly this name. */
  findLogGroup(
    name: string,
    priority: Priority,
  ): Promise<{ arn: string; name: string; retentionDays: number | null } | null>;
}

/** The account through the SDK's clients. */
export function createInventory(
  clients: Pick<Clients, "ecs" | "elb" | "logs" | "ecr" | "ecrIn" | "sts">,
  call: Caller,
): Inventory {
  return {
    ecs: createEcsInventory(clients.ecs, call),
    elb: createElbInventory(clients.elb, call),

    async getIdentity(priority) {
      const { Account = "", Arn = "" } = await call(
        { service: "sts", operation: "GetCallerIdentity", family: "sts", priority, effect: "read" },
        (abortSignal) => clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal }),
      );
      return { accountId: Account, arn: Arn };
    },

    async findRepository(name, priority) {
      const located = locateRepository(name);
      if (!located) return null;
      const { registryId, region, repositoryName } = located;
      try {
        const output = await call(
          { service: "ecr", operation: "DescribeRepositories", family: "ecr-read", priority, effect: "read" },
          (abortSignal) =>
            (region === undefined ? clients.ecr : clients.ecrIn(region)).send(
              new DescribeRepositoriesCommand({ registryId, repositoryNames: [repositoryName] }),
              {
                abortSignal,
              },
            ),
        );
        const [found] = output.repositories ?? [];
        if (!found) return null;
        return {
          name: found.repositoryName ?? name,
          // IMMUTABLE_WITH_EXCLUSION leaves out tags that somebody chose to move.
          isImmutable: found.imageTagMutability?.startsWith("IMMUTABLE") ?? false,
          scansOnPush: found.imageScanningConfiguration?.scanOnPush ?? false,
        };
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === "missing") return null;
        throw error;
      }
    },

    async findLogGroup(name, priority) {
      const output = await call(
        { service: "logs", operation: "DescribeLogGroups", family: "logs-groups", priority, effect: "read" },
        (abortSignal) => clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }), { abortSignal }),
      );
      // The name itself sorts before every longer one, so it is on the first page.
      const found = (output.logGroups ?? []).find(({ logGroupName }) => logGroupName === name);
      return found
        ? {
            arn: (found.logGroupArn ?? found.arn ?? "").replace(/:\*$/, ""),
            name,
            retentionDays: found.retentionInDays ?? null,
          }
        : null;
    },
  };
}
