"use client";
import { useRouter } from "next/navigation";
import { useCallback, useId, useRef, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { actionFor, blockerWords, standbyColor } from "@/components/board/board-facts.ts";
import { isDriven } from "@/components/board/driven-facts.ts";
import { LeverLine } from "@/components/board/lever-line.tsx";
import { useSnapshot } from "@/components/live/live-provider.tsx";
import { versionOf } from "@/components/live/stage-words.ts";
import { ManualCommands } from "@/components/manual-commands/manual-commands.tsx";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { focusOnArrival } from "@/components/ui/kept-focus.ts";
import { Notice, Skeleton } from "@/components/ui/notice.tsx";
import { ReasonField } from "@/components/ui/reason-field.tsx";
import { SlotMark } from "@/components/ui/slot-mark.tsx";
import type { Role } from "@/lib/domain/access/role.ts";
import { driverName } from "@/lib/domain/deployment/gate-words.ts";
import type { Rollout } from "@/lib/domain/observation/rollout.ts";
import { otherColor } from "@/lib/domain/observation/slot.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import { AddGroup } from "./add-group.tsx";
import {
  besidePlan,
  choiceWords,
  type DeployActions,
  type DeployChoice,
  type DeployPlan,
  type ListedTags,
} from "./deploy-plan.ts";
import { ImagePicker } from "./image-picker.tsx";
import { PlanDiff } from "./plan-diff.tsx";
import { RolloutPicker } from "./rollout-picker.tsx";

type Planned = { state: "none" } | { state: "loading" } | { state: "done"; result: Result<DeployPlan> };

/** Choose a version, see what it changes on the standby side, say why, start. The live side is never touched. */
export function DeployForm({
  application,
  role,
  tags,
  actions,
}: {
  application: string;
  role: Role | null;
  tags: Result<ListedTags>;
  actions: DeployActions;
}) {
  const t = useTranslations("deploy");
  const said = useSaid();
  const router = useRouter();
  const snapshot = useSnapshot(application);
  const whyId = useId();
  const [choice, setChoice] = useState<DeployChoice | null>(null);
  const [planned, setPlanned] = useState<Planned>({ state: "none" });
  const [reason, setReason] = useState("");
  /** Null until somebody chooses another than the configured one. */
  const [chosenRollout, setChosenRollout] = useState<Rollout | null>(null);
  const [isStarting, setStarting] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const key = useRef("");
  const newest = useRef(0);

  const choose = useCallback(
    async (next: DeployChoice) => {
      const turn = ++newest.current;
      key.current = crypto.randomUUID();
      setChoice(next);
      setFailure(null);
      setPlanned({ state: "loading" });
      const result = await actions.plan(application, next).catch(
        (): Result<DeployPlan> => ({
          ok: false,
          code: "STORE_UNAVAILABLE",
          message: t("noAnswer"),
        }),
      );
      if (turn === newest.current) setPlanned({ state: "done", result });
    },
    [actions, application, t],
  );

  const start = async () => {
    if (!choice) return;
    setStarting(true);
    setFailure(null);
    try {
      const result = await actions.deploy({
        ...choice,
        application,
        idempotencyKey: key.current,
        ...(chosenRollout ? { rollout: chosenRollout } : {}),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      });
      if (result.ok) {
        announce(t("started", { to: result.value.to }));
        focusOnArrival();
        router.push(`/${encodeURIComponent(application)}`);
        return;
      }
      setFailure(blockerWords(said, result));
    } catch (error) {
      setFailure(notDoneWords(error) ?? t("noAnswerMaybe"));
    }
    setStarting(false);
  };

  const plan = planned.state === "done" && planned.result.ok ? planned.result.value : null;
  const slot = plan?.slot ?? standbyColor(snapshot);
  const liveRevision = slot ? snapshot.slots[otherColor(slot)].revision : null;
  const liveVersion = liveRevision ? versionOf(liveRevision) : null;
  const state = actionFor(snapshot, "deploy", role);
  const blocker = state.blockers[0] ?? plan?.blockers[0];
  const blocked = !choice
    ? t("chooseFirst")
    : !state.allowed || (plan?.blockers.length ?? 0) > 0
      ? blocker
        ? blockerWords(said, besidePlan(blocker, plan))
        : t("notPossible")
      : plan
        ? null
        : planned.state === "loading"
          ? t("beingRead")
          : t("notRead");

  return (
    <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_460px]">
      <ImagePicker snapshot={snapshot} tags={tags} choice={choice} onChoose={(next) => void choose(next)} />
      <section aria-labelledby="plan-heading" className="card sticky top-3 p-4">
        <h2 id="plan-heading" className="flex items-center gap-2 text-base font-semibold">
          {slot ? <SlotMark color={slot} size={20} /> : null}
          {choice
            ? slot
              ? t("choiceTo", { choice: choiceWords(choice), slot })
              : t("choiceToStandby", { choice: choiceWords(choice) })
            : slot
              ? t("wouldChangeOn", { slot })
              : t("wouldChange")}
        </h2>
        {slot ? (
          <p className="mt-0.5 mb-3 text-xs text-second">
            {liveVersion
              ? t("staysLiveWith", { side: otherColor(slot), version: liveVersion })
              : t("staysLive", { side: otherColor(slot) })}{" "}
            {isDriven(snapshot)
              ? t("movesBySettings", { driver: driverName(snapshot.controller) })
              : t("movesWhenYouSwitch")}
          </p>
        ) : null}
        <div className="min-h-40" aria-live="polite" aria-busy={planned.state === "loading"}>
          {planned.state === "none" ? <p className="py-8 text-center text-second">{t("chooseToSee")}</p> : null}
          {planned.state === "loading" ? (
            <div className="flex flex-col gap-2">
              <Skeleton className="h-10" />
              <Skeleton className="h-10" />
              <Skeleton className="h-10" />
            </div>
          ) : null}
          {planned.state === "done" && !planned.result.ok ? (
            <Notice tone="fault" compact title={said(planned.result.said, planned.result.message)}>
              {said(planned.result.fixSaid, planned.result.fix ?? "")}
            </Notice>
          ) : null}
          {plan ? <PlanDiff plan={plan} /> : null}
          {plan?.unused && choice && state.allowed ? (
            <AddGroup
              application={application}
              unused={plan.unused}
              add={actions.addGroup}
              onAdded={() => void choose(choice)}
            />
          ) : null}
        </div>
        {plan && choice ? (
          <div className="mt-3">
            <ManualCommands
              title={t("sameWithCli")}
              application={application}
              request={{ action: "deploy", ...choice }}
            />
          </div>
        ) : null}
        {plan && snapshot.capabilities?.choosesRollout !== false ? (
          <RolloutPicker
            rollout={chosenRollout ?? plan.rollout}
            configured={plan.rollout}
            onChoose={(next) => {
              // Another plan is another request.
              key.current = crypto.randomUUID();
              setChosenRollout(next);
            }}
          />
        ) : null}
        <div className="mb-3">
          <ReasonField value={reason} onChange={setReason} />
        </div>
        {failure ? (
          <div role="alert" className="mb-3">
            <Notice tone="fault" compact title={failure} />
          </div>
        ) : null}
        <Button
          look="primary"
          size="large"
          wide
          blocked={blocked}
          reasonId={blocked ? whyId : undefined}
          busy={isStarting}
          onClick={() => void start()}
        >
          {isStarting ? t("starting") : slot ? t("startTo", { slot }) : t("start")}
          {slot ? <SlotMark color={slot} size={18} dimmed={blocked !== null} /> : null}
        </Button>
        {blocked ? null : <LeverLine snapshot={snapshot} verb="deploy" />}
        {blocked ? (
          <p id={whyId} className="mt-1.5 text-center text-xs text-second">
            {blocked}
          </p>
        ) : null}
      </section>
    </div>
  );
}
