import type { ComparisonOperator, StateValue } from "@aws-sdk/client-cloudwatch";

/** What decides an alarm's state, besides its metric. */
export interface AlarmRule {
  threshold: number;
  comparison: ComparisonOperator;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  treatMissing: "missing" | "ignore" | "breaching" | "notBreaching";
}

/** One period of the evaluation range; null while the metric has no samples in it. */
export interface EvaluatedPeriod {
  at: number;
  value: number | null;
}

/** An alarm's state with AWS's wording of why. */
export interface AlarmVerdict {
  state: StateValue;
  reason: string;
}

/** AWS looks further back than the evaluation periods, so that late datapoints do not count as missing. */
export const EXTRA_PERIODS = 2;

const WORDS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/**
 * The verdict over the evaluation range, oldest period first; null keeps the state as it is. The newest real
 * datapoints decide; where they are fewer than the evaluation periods, the treatment of missing data fills in.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluateAlarm(rule: AlarmRule, range: readonly EvaluatedPeriod[]): AlarmVerdict | null {
  const real = range.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]));
  const newest = real.slice(-rule.evaluationPeriods);
  const breaching = newest.filter(({ value }) => isBreaching(rule, value)).length;
  const missing = rule.evaluationPeriods - newest.length;
  const needed = rule.datapointsToAlarm;
  if (newest.length === 0) return verdictOfNothing(rule);
  if (breaching >= needed) return verdict(rule, "ALARM", newest);
  if (missing === 0) return verdict(rule, "OK", newest);
  switch (rule.treatMissing) {
    case "breaching":
      return verdict(rule, breaching + missing >= needed ? "ALARM" : "OK", newest);
    case "notBreaching":
      return verdict(rule, "OK", newest);
    case "missing":
      return verdict(rule, breaching >= Math.min(needed, newest.length) ? "ALARM" : "OK", newest);
    case "ignore":
      return breaching === newest.length ? null : verdict(rule, "OK", newest);
  }
}

function isBreaching({ comparison, threshold }: AlarmRule, value: number): boolean {
  switch (comparison) {
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    default:
      return false;
  }
}

function verdictOfNothing({ treatMissing, evaluationPeriods: periods }: AlarmRule): AlarmVerdict | null {
  const unknown = periods === 1 ? "1 datapoint was unknown" : `${periods} datapoints were unknown`;
  const span = periods === 1 ? "1 period" : `${periods} periods`;
  const treated = periods === 1 ? "1 missing datapoint was treated" : `${periods} missing datapoints were treated`;
  const crossed = `Threshold Crossed: no datapoints were received for ${span} and ${treated} as`;
  if (treatMissing === "ignore") return null;
  if (treatMissing === "missing") return { state: "INSUFFICIENT_DATA", reason: `Insufficient Data: ${unknown}.` };
  if (treatMissing === "breaching") return { state: "ALARM", reason: `${crossed} [Breaching].` };
  return { state: "OK", reason: `${crossed} [NonBreaching].` };
}

function verdict(rule: AlarmRule, state: "OK" | "ALARM", newest: readonly { at: number; value: number }[]) {
  const { evaluationPeriods, datapointsToAlarm, threshold } = rule;
  const isAlarm = state === "ALARM";
  const shown = newest.filter(({ value }) => isBreaching(rule, value) === isAlarm).toReversed();
  const values = shown.map(({ at, value }) => `${decimal(value)} (${stamp(at)})`).join(", ");
  const verb = `${shown.length === 1 ? "was" : "were"} ${isAlarm ? "" : "not "}${WORDS[rule.comparison]}`;
  const minimum = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const transition = isAlarm ? "OK -> ALARM" : "ALARM -> OK";
  return {
    state,
    reason:
      `Threshold Crossed: ${shown.length} out of the last ${evaluationPeriods} datapoints [${values}] ${verb} the threshold ` +
      `(${decimal(threshold)}) (minimum ${minimum} ${minimum === 1 ? "datapoint" : "datapoints"} for ${transition} transition).`,
  };
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** AWS's "16/09/18 00:21:00". */
function stamp(at: number): string {
  const [date = "", time = ""] = new Date(at).toISOString().split("T");
  const [year = "", month, day] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}
