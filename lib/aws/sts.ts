import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { missingFailure } from "./errors.ts";

/** Who Switchyard is to AWS. */
export interface Sts {
  /** The account's id; asked once a process. */
  getAccountId(priority: Priority): Promise<string>;
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
      if (!output.Account)
        throw missingFailure("sts", "GetCallerIdentity", "NoAccount", "AWS did not say which account this is");
      known = output.Account;
      return known;
    },
  };
}
