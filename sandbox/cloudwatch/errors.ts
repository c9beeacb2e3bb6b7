import { AwsError } from "../service.ts";

/** A value that the API cannot accept. */
export function invalidValue(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

/** Values that do not go together. */
export function invalidCombination(message: string): AwsError {
  return new AwsError("InvalidParameterCombinationException", message);
}

/** A request that the API refuses before it looks at the operation's own rules. */
export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}
