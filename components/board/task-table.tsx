"use client";
import Link from "next/link";
import { useSaid, useTranslations } from "#translations";
import type { Sayer } from "@/components/messages/said.ts";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { Age } from "@/components/ui/time.tsx";
import { explainStoppedTask, explainTarget, explainTaskState } from "@/lib/domain/observation/plain-words.ts";
import type { Slot, Target, Task } from "@/lib/domain/observation/slot.ts";
import { Ribbon } from "./ribbon.tsx";
import { joinTasks, shortTaskId, type TaskRow, targetShape } from "./task-rows.ts";

const STOPPED_SHOWN = 2;

/** Every task of a side beside its target: AWS's states and codes with plain words, since when, and the last 15 minutes. */
export function TaskTable({ slot, application }: { slot: Slot; application: string }) {
  const t = useTranslations("board");
  const { rows, stopped } = joinTasks(slot);
  if (rows.length === 0 && stopped.length === 0)
    return <p className="flex-1 border-t border-line px-3.5 py-6 text-center text-second">{t("tasks.none")}</p>;
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto -outline-offset-2">
      <table className="w-full table-fixed text-xs [&_td]:px-1 [&_th]:px-1 [&_:is(td,th):first-child]:pl-3.5 [&_:is(td,th):last-child]:pr-3.5">
        <caption className="sr-only">{t("tasks.caption", { color: slot.color })}</caption>
        {/* Of the columns, because rows that go across name all six, and on a narrow card two of these have no width. */}
        <colgroup>
          <col className="w-[80px]" />
          <col className="w-[104px] @max-[560px]:w-[76px] @max-[410px]:w-[92px]" />
          <col className="w-[92px] @max-[410px]:w-auto" />
          <col className="@max-[410px]:w-[56px]" />
          <col className="w-[48px] @max-[410px]:w-0" />
          <col className="w-[98px] @max-[560px]:w-[78px] @max-[410px]:w-0" />
        </colgroup>
        <thead className="sticky top-0 z-10 bg-card text-second">
          <tr className="h-7 border-b border-line">
            <th scope="col">{t("tasks.task")}</th>
            <th scope="col" className="@max-[410px]:hidden">
              {t("tasks.state")}
            </th>
            <th scope="col">{t("tasks.target")}</th>
            <th scope="col" className="truncate">
              {t("tasks.why")}
            </th>
            <th scope="col" className="text-right @max-[410px]:pr-3.5!">
              {t("tasks.since")}
            </th>
            <th scope="col" className="whitespace-nowrap @max-[410px]:hidden">
              {t("tasks.last15")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} />
          ))}
          {stopped.slice(0, STOPPED_SHOWN).map((task) => (
            <StoppedRow key={task.id} task={task} />
          ))}
        </tbody>
      </table>
      {stopped.length > 0 ? (
        <p className="px-3.5 py-1.5 text-xs text-second">
          <Link href={`/${application}/logs#stopped`} className="inline-flex items-center underline underline-offset-2">
            {t("tasks.stopped", { count: stopped.length })}
          </Link>
        </p>
      ) : null}
    </div>
  );
}

function Row({ row: { task, target } }: { row: TaskRow }) {
  const t = useTranslations("board");
  const said = useSaid();
  const since = target?.since ?? task?.startedAt ?? task?.createdAt;
  const words =
    target && target.state !== "healthy"
      ? target.description || said(explainTarget(target.state, target.reason))
      : null;
  const line = words ? "" : "border-b border-line";
  return (
    <>
      <tr className={`h-7 ${line}`}>
        <th scope="row" className="truncate font-mono font-normal" title={task?.arn ?? target?.id}>
          {task ? shortTaskId(task.id) : target?.id}
        </th>
        <td
          className="truncate @max-[410px]:hidden"
          title={task ? said(explainTaskState(task.lastStatus)) : t("tasks.noneBehind")}
        >
          {task?.lastStatus ?? t("tasks.noTask")}
        </td>
        {target ? (
          <>
            <td>
              <TargetState target={target} />
            </td>
            <td className="truncate" title={whyTitle(target, said)}>
              <Why target={target} />
            </td>
          </>
        ) : (
          <td colSpan={2}>
            <span className="flex items-center gap-1.5 text-second">
              <StateIcon shape="off" size={13} />
              <span className="min-w-0 truncate" title={task ? said(explainTaskState(task.lastStatus)) : undefined}>
                {task ? said(explainTaskState(task.lastStatus)) : t("tasks.noneYet")}
              </span>
            </span>
          </td>
        )}
        <td className="text-right whitespace-nowrap @max-[410px]:pr-3.5!">{since ? <Age at={since} /> : null}</td>
        <td className="@max-[410px]:hidden">{target ? <Ribbon history={target.history} /> : null}</td>
      </tr>
      {words ? (
        <tr className="border-b border-line">
          <td
            colSpan={6}
            className={`pb-1.5 break-words ${target?.state === "unhealthy" ? "text-fault" : "text-second"}`}
          >
            {target?.reason ? <span className="font-medium">{target.reason}: </span> : null}
            {words}
          </td>
        </tr>
      ) : null}
    </>
  );
}

function TargetState({ target }: { target: Target }) {
  return (
    <span className="flex items-center gap-1.5">
      <StateIcon shape={targetShape(target.state)} size={13} />
      <span className="truncate">{target.state}</span>
    </span>
  );
}

/** What a healthy target was before; of any other, the line below says it in full. */
function Why({ target }: { target: Target }) {
  const t = useTranslations("board");
  if (target.state === "healthy")
    return target.previous?.reason && target.previous.state !== "initial" ? (
      <span className="text-second">{t("tasks.was", { reason: target.previous.reason })}</span>
    ) : null;
  return null;
}

function whyTitle(target: Target, say: Sayer): string {
  const words = say(explainTarget(target.state, target.reason));
  return [target.reason, words, target.description].filter(Boolean).join("\n");
}

function StoppedRow({ task }: { task: Task }) {
  const t = useTranslations("board");
  const said = useSaid();
  const words = said(explainStoppedTask(task));
  const { stoppedAt } = task;
  return (
    <tr className="h-7 border-b border-line text-second">
      <th scope="row" className="truncate font-mono font-normal" title={task.arn}>
        {shortTaskId(task.id)}
      </th>
      <td className="truncate text-2xs @max-[410px]:hidden">STOPPED</td>
      <td
        className="py-1 break-words"
        colSpan={4}
        title={[task.stopCode, task.stoppedReason].filter(Boolean).join(": ")}
      >
        {words}
        {stoppedAt ? <>, {t.rich("ago", { age: () => <Age at={stoppedAt} /> })}</> : null}
      </td>
    </tr>
  );
}
