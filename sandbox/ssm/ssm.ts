import type * as Ssm from "@aws-sdk/client-ssm";
import { AwsError, type SandboxBase, type SimulatedService } from "../service.ts";
import { passesEvery } from "./parameter-filters.ts";
import type { StoredParameter } from "./stored-parameter.ts";

/** Simulated Parameter Store. */
export interface SsmSimulator {
  service: SimulatedService;
  /** By name, or by the path that its ARN has. */
  hasParameter(name: string): boolean;
  reset(): void;
}

const PAGE = 50;

/** An empty Parameter Store. */
export function createSsm({ clock, place }: SandboxBase): SsmSimulator {
  const parameters = new Map<string, StoredParameter>();
  const arnOf = (name: string) =>
    `arn:aws:ssm:${place.region}:${place.accountId}:parameter${name.startsWith("/") ? "" : "/"}${name}`;

  const toMetadata = (parameter: StoredParameter): Ssm.ParameterMetadata => ({
    Name: parameter.name,
    ARN: arnOf(parameter.name),
    Type: parameter.type,
    KeyId: parameter.keyId,
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt,
    Description: parameter.description,
    AllowedPattern: parameter.allowedPattern,
    LastModifiedUser: `arn:aws:iam::${place.accountId}:user/sandbox`,
    Tier: "Standard",
    DataType: "text",
    Policies: [],
  });

  return {
    service: {
      name: "ssm",
      operations: {
        PutParameter(input: Ssm.PutParameterRequest): Ssm.PutParameterResult {
          const name = checkName(input.Name ?? "");
          const known = parameters.get(name);
          if (known && !input.Overwrite)
            throw new AwsError(
              "ParameterAlreadyExists",
              "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
            );
          const type = input.Type ?? known?.type;
          if (!type)
            throw new AwsError("ValidationException", "A parameter type is required when you create a parameter.");
          if (known && input.Type && input.Type !== known.type)
            throw new AwsError("ValidationException", "A parameter's type cannot be changed: delete it first");
          const version = (known?.version ?? 0) + 1;
          const keyId = type === "SecureString" ? (input.KeyId ?? "alias/aws/ssm") : undefined;
          const modifiedAt = new Date(clock.now());
          const allowedPattern = input.AllowedPattern ?? known?.allowedPattern;
          checkPattern(input.Value ?? "", allowedPattern);
          if (known && input.Tags?.length)
            throw new AwsError(
              "ValidationException",
              "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag.",
            );
          const description = input.Description ?? known?.description;
          const stored = {
            name,
            value: input.Value ?? "",
            type,
            keyId,
            version,
            modifiedAt,
            description,
            allowedPattern,
          };
          parameters.set(name, stored);
          return { Version: version, Tier: "Standard" };
        },

        DescribeParameters(input: Ssm.DescribeParametersRequest): Ssm.DescribeParametersResult {
          if (input.Filters?.length && input.ParameterFilters?.length)
            throw new AwsError("ValidationException", "Filters and ParameterFilters cannot be used together");
          const passes = passesEvery(input.ParameterFilters ?? []);
          const found = [...parameters.values()].filter(passes).toSorted((a, b) => a.name.localeCompare(b.name));
          const start = input.NextToken === undefined ? 0 : offsetOf(input.NextToken);
          const end = start + (input.MaxResults ?? PAGE);
          const NextToken = end < found.length ? Buffer.from(`offset:${end}`).toString("base64url") : undefined;
          return { Parameters: found.slice(start, end).map(toMetadata), NextToken };
        },

        DeleteParameter(input: Ssm.DeleteParameterRequest): Ssm.DeleteParameterResult {
          if (!parameters.delete(input.Name ?? "")) throw new AwsError("ParameterNotFound", "");
          return {};
        },

        GetParameter(input: Ssm.GetParameterRequest): Ssm.GetParameterResult {
          const found = parameters.get(input.Name ?? "");
          if (!found) throw new AwsError("ParameterNotFound", "");
          const isHidden = found.type === "SecureString" && !input.WithDecryption;
          const Value = isHidden ? Buffer.from(`encrypted:${found.version}`).toString("base64") : found.value;
          return {
            Parameter: { Name: found.name, Type: found.type, Value, Version: found.version, ARN: arnOf(found.name) },
          };
        },
      },
    },
    hasParameter: (name) => parameters.has(name) || parameters.has(name.replace(/^\//, "")),
    reset: () => parameters.clear(),
  };
}

function checkName(name: string): string {
  if (/^\/?(?:aws|ssm)/i.test(name))
    throw new AwsError(
      "ValidationException",
      `Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`,
    );
  if (!/^\/?[\w.-]+(?:\/[\w.-]+)*$/.test(name) || (name.includes("/") && !name.startsWith("/")))
    throw new AwsError(
      "ValidationException",
      "Parameter name must be a fully qualified name: only a mix of letters, numbers and . - _ between slashes",
    );
  if (name.split("/").length > 16)
    throw new AwsError("HierarchyLevelLimitExceededException", "A hierarchy can have a maximum of 15 levels.");
  return name;
}

/** Assumption: that an expression of Java's means here what it means to AWS. */
function checkPattern(value: string, pattern: string | undefined): void {
  if (pattern === undefined) return;
  let isMatch: boolean;
  try {
    isMatch = new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    throw new AwsError("InvalidAllowedPatternException", `The pattern ${pattern} is not valid.`);
  }
  if (!isMatch)
    throw new AwsError(
      "ParameterPatternMismatchException",
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
}

function offsetOf(token: string): number {
  const found = /^offset:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!found) throw new AwsError("InvalidNextToken", "The specified token isn't valid.");
  return Number(found[1]);
}
