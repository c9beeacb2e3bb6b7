import type { MetricAlarm, PutMetricAlarmInput, StateValue, Tag } from "@aws-sdk/client-cloudwatch";
import type { SandboxBase } from "../service.ts";
import { type AlarmRule, type EvaluatedPeriod, EXTRA_PERIODS, evaluateAlarm } from "./alarm-evaluation.ts";
import { statisticOf } from "./datapoint.ts";
import type { MetricName, MetricStore } from "./metric-store.ts";

/** An alarm with all that its evaluation needs. */
export interface AlarmRecord {
  tags: readonly Tag[];
  name: string;
  arn: string;
  /** As put; `settings` are what follow from it. */
  input: PutMetricAlarmInput;
  rule: AlarmRule;
  metric: MetricName;
  statistic: string;
  periodMs: number;
  actionsEnabled: boolean;
  state: StateValue;
  reason: string;
  configuredAt: number;
  updatedAt: number;
  transitionedAt: number;
  /** End of the last period that was evaluated; 0 before the first evaluation. */
  evaluatedUntil: number;
}

/** Every alarm of the sandbox, by name. */
export class Alarms {
  readonly #base: SandboxBase;
  readonly #metrics: MetricStore;
  readonly #byName = new Map<string, AlarmRecord>();

  constructor(base: SandboxBase, metrics: MetricStore) {
    this.#base = base;
    this.#metrics = metrics;
  }

  /** Creates or replaces; a replaced alarm keeps its state until the next evaluation. */
  put(
    name: string,
    settings: Pick<AlarmRecord, "input" | "rule" | "metric" | "statistic" | "periodMs" | "actionsEnabled">,
  ): void {
    const { clock, place } = this.#base;
    const now = clock.now();
    const before = this.#byName.get(name);
    this.#byName.set(name, {
      name,
      arn: `arn:aws:cloudwatch:${place.region}:${place.accountId}:alarm:${name}`,
      state: before?.state ?? "INSUFFICIENT_DATA",
      reason: before?.reason ?? "Unchecked: Initial alarm creation",
      updatedAt: before?.updatedAt ?? now,
      transitionedAt: before?.transitionedAt ?? now,
      configuredAt: now,
      evaluatedUntil: 0,
      // Those of the first put: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      tags: before?.tags ?? settings.input.Tags ?? [],
      ...settings,
    });
  }

  find(name: string): AlarmRecord | null {
    return this.#byName.get(name) ?? null;
  }

  delete(name: string): void {
    this.#byName.delete(name);
  }

  clear(): void {
    this.#byName.clear();
  }

  /** By name. */
  list(): AlarmRecord[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  setState(alarm: AlarmRecord, state: StateValue, reason: string): void {
    const now = this.#base.clock.now();
    if (state !== alarm.state) alarm.transitionedAt = now;
    if (state !== alarm.state || reason !== alarm.reason) alarm.updatedAt = now;
    alarm.state = state;
    alarm.reason = reason;
  }

  /** Judges every alarm whose newest whole period has not been judged yet. */
  evaluate(): void {
    const now = this.#base.clock.now();
    for (const alarm of this.#byName.values()) {
      const until = Math.floor(now / alarm.periodMs) * alarm.periodMs;
      if (alarm.evaluatedUntil >= until) continue;
      alarm.evaluatedUntil = until;
      const verdict = evaluateAlarm(alarm.rule, this.#rangeOf(alarm, until));
      if (verdict) this.setState(alarm, verdict.state, verdict.reason);
    }
  }

  /** Of the newest whole periods that it is judged by, the last one with data; null without any. */
  newestValue(name: string): number | null {
    const alarm = this.#byName.get(name);
    if (!alarm) return null;
    const until = Math.floor(this.#base.clock.now() / alarm.periodMs) * alarm.periodMs;
    return this.#rangeOf(alarm, until).findLast(({ value }) => value !== null)?.value ?? null;
  }

  #rangeOf(alarm: AlarmRecord, until: number): EvaluatedPeriod[] {
    const { periodMs, rule, metric, statistic, input } = alarm;
    const periods = rule.evaluationPeriods + EXTRA_PERIODS;
    const from = until - periods * periodMs;
    const points = this.#metrics.read(metric, from, until, periodMs, input.Unit);
    const values = new Map(points.map((point) => [point.at, statisticOf(point, statistic)]));
    return Array.from({ length: periods }, (_, index) => {
      const at = from + index * periodMs;
      return { at, value: values.get(at) ?? null };
    });
  }
}

/** As DescribeAlarms shows it. */
export function describeAlarm(alarm: AlarmRecord): MetricAlarm {
  const { input } = alarm;
  return {
    ...input,
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: input.OKActions ?? [],
    AlarmActions: input.AlarmActions ?? [],
    InsufficientDataActions: input.InsufficientDataActions ?? [],
    Dimensions: input.Dimensions ?? [],
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.transitionedAt),
  };
}
