import type { ParameterStringFilter } from "@aws-sdk/client-ssm";
import { AwsError } from "../service.ts";
import type { StoredParameter } from "./stored-parameter.ts";

/** Whether a parameter passes all of these. @throws AwsError InvalidFilterKey, InvalidFilterOption, InvalidFilterValue */
export function passesEvery(filters: readonly ParameterStringFilter[]): (parameter: StoredParameter) => boolean {
  const tests = filters.map(toTest);
  return (parameter) => tests.every((test) => test(parameter));
}

function toTest({ Key = "", Option, Values = [] }: ParameterStringFilter): (parameter: StoredParameter) => boolean {
  if (Values.length === 0) throw new AwsError("InvalidFilterValue", `Filter ${Key} needs a value`);
  switch (Key) {
    case "Name": {
      const test = textTest(Key, Option ?? "Equals");
      return ({ name }) => Values.some((value) => test(name, value));
    }
    case "Type":
      if (Option !== undefined && Option !== "Equals") throw unknownOption(Key, Option);
      return ({ type }) => Values.includes(type);
    case "Path": {
      if (Option !== undefined && Option !== "Recursive" && Option !== "OneLevel") throw unknownOption(Key, Option);
      return ({ name }) =>
        Values.some((path) => {
          const prefix = path.endsWith("/") ? path : `${path}/`;
          const rest = name.startsWith(prefix) ? name.slice(prefix.length) : null;
          return rest !== null && (Option === "Recursive" || !rest.includes("/"));
        });
    }
    default:
      throw new AwsError("InvalidFilterKey", `The specified key isn't valid: ${Key}`);
  }
}

function textTest(key: string, option: string): (name: string, value: string) => boolean {
  if (option === "Equals") return (name, value) => name === value;
  if (option === "BeginsWith") return (name, value) => name.startsWith(value);
  if (option === "Contains") return (name, value) => name.includes(value);
  throw unknownOption(key, option);
}

function unknownOption(key: string, option: string): AwsError {
  return new AwsError("InvalidFilterOption", `The specified filter option isn't valid: ${option} for ${key}`);
}
