import { DescribeParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { ParameterFact } from "../domain/readiness/service-facts.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import { everyPage } from "./networks.ts";

/** Parameter Store's metadata; there is no way to a value here. */
export interface Parameters {
  /** Those of these names that there are. */
  describe(names: readonly string[], priority: Priority): Promise<ParameterFact[]>;
}

/** What a SecureString is encrypted with unless a key is named; whoever may read the parameter may use it. */
const ACCOUNTS_KEY = "alias/aws/ssm";
/** A filter takes so many names, and a page has as many parameters at most. */
const NAMES_A_CALL = 50;

/** Parameter Store through the SDK's client. */
export function createParameters(client: SSMClient, call: Caller): Parameters {
  return {
    async describe(names, priority) {
      const found = await Promise.all(
        chunks([...new Set(names)], NAMES_A_CALL).map((Values) =>
          everyPage(async (NextToken) => {
            const ParameterFilters = [{ Key: "Name", Option: "Equals", Values }];
            const output = await call(
              { service: "ssm", operation: "DescribeParameters", family: "ssm-read", priority, effect: "read" },
              (abortSignal) =>
                client.send(new DescribeParametersCommand({ ParameterFilters, MaxResults: NAMES_A_CALL, NextToken }), {
                  abortSignal,
                }),
            );
            return { items: output.Parameters ?? [], next: output.NextToken };
          }),
        ),
      );
      return found.flat().map(({ Name = "", Type = "String", KeyId }) => ({
        name: Name,
        type: Type,
        keyId: KeyId === undefined || KeyId === ACCOUNTS_KEY ? null : KeyId,
      }));
    },
  };
}
