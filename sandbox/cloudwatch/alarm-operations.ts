import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  DisableAlarmActionsInput,
  EnableAlarmActionsInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError, type Handler } from "../service.ts";
import { type AlarmRecord, type Alarms, describeAlarm } from "./alarms.ts";
import { isStatistic } from "./datapoint.ts";
import { validationError } from "./errors.ts";
import { pageOf } from "./paging.ts";

const MISSING = ["missing", "ignore", "breaching", "notBreaching"] as const;
const COMPARISONS = [
  "GreaterThanThreshold",
  "GreaterThanOrEqualToThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
const DAY_SECONDS = 86_400;
const DEFAULT_PAGE = 50;

/** Operations on metric alarms. */
export function alarmOperations(alarms: Alarms): Readonly<Record<string, Handler>> {
  const getAlarm = (name: string): AlarmRecord => {
    const alarm = alarms.find(name);
    if (!alarm) throw new AwsError("ResourceNotFound", `Alarm ${name} does not exist`, 404);
    return alarm;
  };
  const setActions = (names: readonly string[], isEnabled: boolean) => {
    for (const name of names) {
      const alarm = alarms.find(name);
      if (alarm) alarm.actionsEnabled = isEnabled;
    }
  };
  return {
    PutMetricAlarm(input: PutMetricAlarmInput & { AlarmName: string }) {
      alarms.put(input.AlarmName, settingsOf(input));
      return {};
    },

    DescribeAlarms(input: DescribeAlarmsInput): DescribeAlarmsOutput {
      const { AlarmNames: names, AlarmNamePrefix: prefix } = input;
      if (names && prefix !== undefined)
        throw validationError("The parameters AlarmNames and AlarmNamePrefix cannot be used together");
      const wanted = (input.AlarmTypes?.includes("MetricAlarm") ?? true) ? alarms.list() : [];
      const found = wanted.filter(
        (alarm) =>
          (names?.includes(alarm.name) ?? true) &&
          alarm.name.startsWith(prefix ?? "") &&
          (input.StateValue === undefined || alarm.state === input.StateValue) &&
          (input.ActionPrefix === undefined ||
            actionsOf(alarm).some((one) => one.startsWith(input.ActionPrefix ?? ""))),
      );
      const page = pageOf(found, input.NextToken, input.MaxRecords ?? DEFAULT_PAGE);
      return { MetricAlarms: page.items.map(describeAlarm), CompositeAlarms: [], NextToken: page.nextToken };
    },

    SetAlarmState(input: SetAlarmStateInput & { AlarmName: string; StateValue: AlarmRecord["state"] }) {
      alarms.setState(getAlarm(input.AlarmName), input.StateValue, input.StateReason ?? "");
      return {};
    },

    DeleteAlarms({ AlarmNames = [] }: DeleteAlarmsInput) {
      // All or none: one unknown name leaves the others where they are.
      for (const name of AlarmNames) getAlarm(name);
      for (const name of AlarmNames) alarms.delete(name);
      return {};
    },

    EnableAlarmActions({ AlarmNames = [] }: EnableAlarmActionsInput) {
      setActions(AlarmNames, true);
      return {};
    },

    DisableAlarmActions({ AlarmNames = [] }: DisableAlarmActionsInput) {
      setActions(AlarmNames, false);
      return {};
    },
  };
}

function actionsOf({ input }: AlarmRecord): string[] {
  return [...(input.OKActions ?? []), ...(input.AlarmActions ?? []), ...(input.InsufficientDataActions ?? [])];
}

function settingsOf(input: PutMetricAlarmInput): Parameters<Alarms["put"]>[1] {
  if (input.Metrics || input.EvaluationCriteria)
    throw validationError("The sandbox evaluates alarms on one metric: send MetricName, Namespace and Statistic");
  const name = required(input.MetricName, "MetricName");
  const namespace = required(input.Namespace, "Namespace");
  const period = required(input.Period, "Period");
  const threshold = required(input.Threshold, "Threshold");
  const evaluationPeriods = required(input.EvaluationPeriods, "EvaluationPeriods");
  const comparison = required(input.ComparisonOperator, "ComparisonOperator");
  const statistic = input.Statistic ?? input.ExtendedStatistic;
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  const treatMissing = MISSING.find((one) => one === (input.TreatMissingData ?? "missing"));
  if (!statistic || (input.Statistic && input.ExtendedStatistic))
    throw validationError("Exactly one of Statistic and ExtendedStatistic must be specified");
  if (!isStatistic(statistic)) throw validationError(`The value ${statistic} for ExtendedStatistic is not supported`);
  if (!treatMissing)
    throw validationError(`The value ${input.TreatMissingData} is not supported for TreatMissingData parameter`);
  if (!COMPARISONS.includes(comparison))
    throw validationError(`The sandbox does not evaluate anomaly bands: ComparisonOperator ${comparison}`);
  if (![10, 20, 30].includes(period) && period % 60 !== 0)
    throw validationError("Metric period must be 10, 20, 30 or a multiple of 60");
  if (period * evaluationPeriods > DAY_SECONDS)
    throw validationError(
      "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)",
    );
  if (datapointsToAlarm > evaluationPeriods)
    throw validationError("DatapointsToAlarm must be less than or equal to EvaluationPeriods");
  return {
    input,
    rule: { threshold, comparison, evaluationPeriods, datapointsToAlarm, treatMissing },
    metric: { namespace, name, dimensions: input.Dimensions ?? [] },
    statistic,
    periodMs: period * 1000,
    actionsEnabled: input.ActionsEnabled ?? true,
  };
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw validationError(`The parameter ${name} is required`);
  return value;
}
