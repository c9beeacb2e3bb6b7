"use client";
import { useId } from "react";
import { useSaid, useTranslations } from "#translations";
import {
  ROLLOUT_RANGES,
  ROLLOUT_STRATEGIES,
  type Rollout,
  type RolloutStrategy,
  rolloutSaid,
  rolloutSteps,
  usualRollout,
} from "@/lib/domain/observation/rollout.ts";

/** How traffic will move once somebody switches: ECS's strategies with their numbers, and the plan in words. */
export function RolloutPicker({
  rollout,
  configured,
  onChoose,
}: {
  rollout: Rollout;
  configured: Rollout;
  onChoose: (rollout: Rollout) => void;
}) {
  const t = useTranslations("deploy");
  const said = useSaid();
  const name = useId();
  const steps = rolloutSteps(rollout, "green").length;
  const choose = (strategy: RolloutStrategy) =>
    onChoose(strategy === configured.strategy ? configured : usualRollout(strategy));
  return (
    <fieldset className="mt-4">
      <legend className="mb-1 text-xs text-second">{t("rollout.how")}</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {ROLLOUT_STRATEGIES.map((strategy) => (
          <label key={strategy} className="flex items-center gap-1.5">
            <input type="radio" name={name} checked={rollout.strategy === strategy} onChange={() => choose(strategy)} />
            {t(`rollout.${strategy}`)}
          </label>
        ))}
      </div>
      {rollout.strategy === "CANARY" ? (
        <div className="mt-2 flex flex-wrap gap-3">
          <Figure
            label={t("rollout.percent")}
            range={ROLLOUT_RANGES.percent}
            value={rollout.percent}
            onChange={(percent) => onChoose({ ...rollout, percent })}
          />
          <Figure
            label={t("rollout.watched")}
            range={ROLLOUT_RANGES.bakeMinutes}
            value={rollout.bakeMinutes}
            onChange={(bakeMinutes) => onChoose({ ...rollout, bakeMinutes })}
          />
        </div>
      ) : null}
      {rollout.strategy === "LINEAR" ? (
        <div className="mt-2 flex flex-wrap gap-3">
          <Figure
            label={t("rollout.stepPercent")}
            range={ROLLOUT_RANGES.stepPercent}
            value={rollout.stepPercent}
            onChange={(stepPercent) => onChoose({ ...rollout, stepPercent })}
          />
          <Figure
            label={t("rollout.stepMinutes")}
            range={ROLLOUT_RANGES.stepBakeMinutes}
            value={rollout.stepBakeMinutes}
            onChange={(stepBakeMinutes) => onChoose({ ...rollout, stepBakeMinutes })}
          />
        </div>
      ) : null}
      <p className="mt-1.5 text-xs text-second" aria-live="polite">
        {t.rich("rollout.plan", {
          what: said(rolloutSaid(rollout)),
          b: (chunks) => <span className="font-medium">{chunks}</span>,
        })}
        {steps > 1 ? t("rollout.steps", { count: steps }) : ""}
      </p>
    </fieldset>
  );
}

/** A number within ECS's range; what is out of it stays as it was. */
function Figure({
  label,
  range,
  value,
  onChange,
}: {
  label: string;
  range: { least: number; most: number };
  value: number;
  onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-0.5 block text-2xs text-second">
        {label}
      </label>
      <input
        id={id}
        key={label}
        type="number"
        className="field w-32"
        min={range.least}
        max={range.most}
        step={0.1}
        defaultValue={value}
        onChange={({ currentTarget }) => {
          const next = Math.round(currentTarget.valueAsNumber * 10) / 10;
          if (next >= range.least && next <= range.most) onChange(next);
        }}
        onBlur={({ currentTarget }) => {
          currentTarget.value = String(value);
        }}
      />
    </div>
  );
}
