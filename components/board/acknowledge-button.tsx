"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { PERMISSIONS, ROLES, type Role } from "@/lib/domain/access/role.ts";
import type { BoardActions } from "./board-actions.ts";

/** Says for the person that they have taken note; `onProblem` gets why that could not be kept, null when it is tried anew. */
export function AcknowledgeButton({
  role,
  send,
  onProblem,
}: {
  role: Role | null;
  send: () => ReturnType<BoardActions["acknowledge"]>;
  onProblem: (problem: string | null) => void;
}) {
  const said = useSaid();
  const t = useTranslations("board");
  const [isBusy, setBusy] = useState(false);
  const needed = PERMISSIONS.acknowledge;
  const may = role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
  const press = async () => {
    setBusy(true);
    onProblem(null);
    try {
      const result = await send();
      if (result.ok) announce(t("acknowledged"));
      else onProblem(said(result.said, result.message));
    } catch {
      onProblem(t("noAnswer"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size="small"
      busy={isBusy}
      blocked={may ? null : t("acknowledgeNeeds", { needed })}
      onClick={() => void press()}
    >
      {t("acknowledge")}
    </Button>
  );
}
