import type { Timer } from "../clock.ts";
import type { TargetState } from "../service.ts";
import { type ElbState, type TargetGroupRecord, type TargetRecord, targetKey } from "./elb-state.ts";
import type { Probe } from "./health-probe.ts";
import { afterCheck, type CheckResult, newHealth, reportedState } from "./target-health.ts";

const SLOT_MS = 100;
const FIRST_CHECK_MS = 200;
const FIRST_CHECK_JITTER_MS = 500;

/** What the data plane does when targets go. */
export interface TargetExit {
  drain(target: TargetRecord): void;
  drop(target: TargetRecord): void;
}

/**
 * Registers, checks and drains targets. All of it hangs on one timing wheel, so that thousands of targets cost one
 * timer; an entry whose target moved on meanwhile (its epoch changed) is skipped when its slot comes up.
 */
export class HealthChecker {
  readonly #state: ElbState;
  readonly #probe: Probe;
  readonly #exit: TargetExit;
  readonly #slots = new Map<number, { target: TargetRecord; epoch: number }[]>();
  readonly #timer: Timer;
  #slot: number;

  constructor(state: ElbState, probe: Probe, exit: TargetExit) {
    this.#state = state;
    this.#probe = probe;
    this.#exit = exit;
    this.#slot = Math.floor(state.base.clock.now() / SLOT_MS);
    this.#timer = state.base.clock.every(SLOT_MS, () => this.#turn());
  }

  /** Adds a target, or takes a draining one back; one already registered stays as it is. */
  register(group: TargetGroupRecord, id: string, port: number, availabilityZone?: string): void {
    const key = targetKey(id, port);
    const known = group.targets.get(key);
    if (known && known.drainsUntil === null) return;
    const target: TargetRecord = known ?? {
      id,
      port,
      group,
      availabilityZone,
      health: newHealth(),
      drainsUntil: null,
      epoch: 0,
      connections: null,
      requests: 0,
      lastRequestAt: null,
    };
    target.drainsUntil = null;
    group.targets.set(key, target);
    this.#startChecks(target);
  }

  /** Starts draining; in a group that no load balancer uses the target is gone at once. */
  deregister(group: TargetGroupRecord, id: string, port: number): void {
    const target = group.targets.get(targetKey(id, port));
    if (!target || target.drainsUntil !== null) return;
    group.candidates = null;
    const delayMs = Number(group.attributes.get("deregistration_delay.timeout_seconds")) * 1000;
    if (!group.loadBalancer || delayMs === 0) {
      this.#remove(target);
      return;
    }
    target.epoch++;
    target.drainsUntil = this.#state.base.clock.now() + delayMs;
    this.#exit.drain(target);
    this.#schedule(target, target.drainsUntil);
  }

  /** Checks begin anew when a group comes into use; they stop by themselves when it goes out of use. */
  restart(group: TargetGroupRecord): void {
    group.candidates = null;
    for (const target of group.targets.values()) if (target.drainsUntil === null) this.#startChecks(target);
  }

  /** Health stays; the next checks come at once, by the group's changed settings. */
  recheck(group: TargetGroupRecord): void {
    for (const target of group.targets.values()) if (target.drainsUntil === null) this.#scheduleSoon(target);
  }

  /** What the API says of a registered target. */
  report(target: TargetRecord): TargetState {
    return reportedState(target.health, target.drainsUntil !== null, target.group.loadBalancer !== null);
  }

  /** Removes every target of a group that is deleted. */
  removeAll(group: TargetGroupRecord): void {
    for (const target of [...group.targets.values()]) this.#remove(target);
  }

  /** Forgets all scheduled work. */
  clear(): void {
    this.#slots.clear();
  }

  /** Ends the wheel for good. */
  close(): void {
    this.#timer.cancel();
    this.clear();
  }

  #startChecks(target: TargetRecord): void {
    target.health = newHealth();
    target.group.candidates = null;
    this.#scheduleSoon(target);
  }

  #scheduleSoon(target: TargetRecord): void {
    target.epoch++;
    if (!target.group.loadBalancer) return;
    const { clock, random } = this.#state.base;
    this.#schedule(target, clock.now() + FIRST_CHECK_MS + random() * FIRST_CHECK_JITTER_MS);
  }

  #schedule(target: TargetRecord, at: number): void {
    const slot = Math.max(Math.ceil(at / SLOT_MS), this.#slot + 1);
    const entries = this.#slots.get(slot);
    const entry = { target, epoch: target.epoch };
    if (entries) entries.push(entry);
    else this.#slots.set(slot, [entry]);
  }

  #turn(): void {
    const current = Math.floor(this.#state.base.clock.now() / SLOT_MS);
    while (this.#slot < current) {
      this.#slot++;
      const due = this.#slots.get(this.#slot);
      if (!due) continue;
      this.#slots.delete(this.#slot);
      for (const { target, epoch } of due) if (target.epoch === epoch) this.#attend(target);
    }
  }

  #attend(target: TargetRecord): void {
    if (target.drainsUntil !== null) {
      this.#remove(target);
      return;
    }
    const { group } = target;
    if (!group.loadBalancer) return;
    this.#schedule(target, this.#slot * SLOT_MS + (group.settings.HealthCheckIntervalSeconds ?? 30) * 1000);
    if (target.health.phase === "registering") target.health = { ...target.health, phase: "checking" };
    const { epoch } = target;
    this.#probe(target, (result) => {
      if (target.epoch === epoch) this.#conclude(target, result);
    });
  }

  #conclude(target: TargetRecord, result: CheckResult): void {
    const { settings } = target.group;
    const before = target.health.phase;
    target.health = afterCheck(target.health, result, {
      matcher: settings.Matcher?.HttpCode ?? "200",
      healthyThreshold: settings.HealthyThresholdCount ?? 5,
      unhealthyThreshold: settings.UnhealthyThresholdCount ?? 2,
    });
    if (target.health.phase !== before) target.group.candidates = null;
  }

  #remove(target: TargetRecord): void {
    target.epoch++;
    target.group.targets.delete(targetKey(target.id, target.port));
    target.group.candidates = null;
    this.#exit.drop(target);
  }
}
