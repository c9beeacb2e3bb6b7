import { AwsFailure } from "./errors.ts";

/**
 * Asks for several ARNs with one call; what is missing is a failure under its ARN. One ARN that is gone fails AWS's whole
 * call, so a batch that fails so is asked one by one.
 */
export async function readBatch<T>(
  arns: readonly string[],
  ask: (arns: string[]) => Promise<Map<string, T>>,
  missing: (arn: string) => AwsFailure,
): Promise<Map<string, T | AwsFailure>> {
  const found = new Map<string, T | AwsFailure>();
  try {
    for (const [arn, answer] of await ask([...arns])) found.set(arn, answer);
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    if (error.kind !== "missing" || arns.length === 1) {
      for (const arn of arns) found.set(arn, error);
      return found;
    }
    for (const part of await Promise.all(arns.map((arn) => readBatch([arn], ask, missing))))
      for (const [arn, answer] of part) found.set(arn, answer);
  }
  for (const arn of arns) if (!found.has(arn)) found.set(arn, missing(arn));
  return found;
}
