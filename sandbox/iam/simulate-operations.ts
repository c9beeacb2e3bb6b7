import type * as Iam from "@aws-sdk/client-iam";
import { AwsError, type Handler } from "../service.ts";
import { type Principal, statementsOf } from "./principal.ts";
import { evaluate, parsePolicy } from "./simulated-policy.ts";

/** What a principal may do, as IAM's policy simulator answers it. */
export function simulateOperations(find: (arn: string) => Principal | null): Readonly<Record<string, Handler>> {
  return {
    SimulatePrincipalPolicy(input: Iam.SimulatePrincipalPolicyRequest): Iam.SimulatePolicyResponse {
      const arn = input.PolicySourceArn ?? "";
      if (/:assumed-role\//.test(arn))
        throw new AwsError(
          "InvalidInputException",
          `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`,
        );
      const principal = find(arn);
      if (!principal) throw new AwsError("NoSuchEntityException", `The entity ${arn} cannot be found.`, 404);
      for (const action of input.ActionNames ?? [])
        if (!/^[a-z0-9-]+:[A-Za-z*]+$/.test(action))
          throw new AwsError("InvalidInputException", `Invalid Action: ${action}`);
      const statements = [...statementsOf(principal), ...(input.PolicyInputList ?? []).flatMap(parsePolicy)];
      const context = new Map(
        (input.ContextEntries ?? []).map(({ ContextKeyName = "", ContextKeyValues = [] }) => [
          ContextKeyName.toLowerCase(),
          ContextKeyValues,
        ]),
      );
      const resources = input.ResourceArns?.length ? input.ResourceArns : ["*"];
      const results = (input.ActionNames ?? []).flatMap((action) =>
        resources.map((resource): Iam.EvaluationResult => {
          const { decision, missingKeys } = evaluate(statements, action, resource, context);
          return {
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: decision,
            MatchedStatements: [],
            MissingContextValues: [...missingKeys],
          };
        }),
      );
      const start = input.Marker === undefined ? 0 : Number(input.Marker);
      const end = start + (input.MaxItems ?? 100);
      const IsTruncated = end < results.length;
      return {
        EvaluationResults: results.slice(start, end),
        IsTruncated,
        Marker: IsTruncated ? String(end) : undefined,
      };
    },
  };
}
