"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { blockerWords } from "@/components/board/board-facts.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import type { DeployActions, UnusedGroup } from "./deploy-plan.ts";

/** What adding the side's target group at weight 0 would write, and the button that does it. No request moves. */
export function AddGroup({
  application,
  unused: { side, targetGroupName: group, weights, names },
  add,
  onAdded,
}: {
  application: string;
  unused: UnusedGroup;
  add: DeployActions["addGroup"];
  onAdded: () => void;
}) {
  const t = useTranslations("deploy");
  const said = useSaid();
  const [isAdding, setAdding] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const start = async () => {
    setAdding(true);
    setFailure(null);
    try {
      const result = await add({ application, to: side, weights });
      if (result.ok) {
        announce(t("groupAdded", { group }));
        onAdded();
      } else setFailure(blockerWords(said, result));
    } catch (error) {
      setFailure(notDoneWords(error) ?? t("noAnswerMaybe"));
    }
    setAdding(false);
  };
  return (
    <section aria-label={t("addGroup", { group })} className="mt-3 rounded-md border border-line p-3">
      <p className="mb-2 text-xs">{t("addGroupWrites", { group, names: names.join(", "), ...weights, side })}</p>
      {failure ? (
        <div role="alert" className="mb-2">
          <Notice tone="fault" compact title={failure} />
        </div>
      ) : null}
      <Button busy={isAdding} onClick={() => void start()}>
        {isAdding ? t("addingGroup") : t("addGroup", { group })}
      </Button>
    </section>
  );
}
