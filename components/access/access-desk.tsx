"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { blockerWords } from "@/components/board/board-facts.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { Grant } from "@/lib/domain/access/grant.ts";
import type { PersonSession } from "@/lib/domain/access/person-session.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import type { AccessActions } from "./access-actions.ts";
import { GrantForm } from "./grant-form.tsx";
import { GrantTable, type SettledRole } from "./grant-table.tsx";
import { SessionTable, type SignedIn } from "./session-table.tsx";

/** For those who may: who holds what, give and take roles, see who is signed in and end their sessions. */
export function AccessDesk({
  settled,
  grants,
  sessions,
  applications,
  mayGrantEverywhere,
  myId,
  now,
  actions,
}: {
  settled: readonly SettledRole[];
  grants: readonly Grant[];
  /** Null for who may not see them. */
  sessions: readonly PersonSession[] | null;
  applications: readonly string[];
  mayGrantEverywhere: boolean;
  myId: string;
  /** Of the server, when the lists were read. */
  now: number;
  actions: AccessActions;
}) {
  const t = useTranslations("access");
  const said = useSaid();
  const router = useRouter();
  const [failure, setFailure] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Grant | null>(null);
  const [ending, setEnding] = useState<SignedIn | null>(null);
  const [isBusy, setBusy] = useState(false);

  const run = async (words: string, work: () => Promise<Result<unknown>>): Promise<boolean> => {
    setFailure(null);
    setBusy(true);
    try {
      const result = await work();
      if (result.ok) {
        announce(words);
        router.refresh();
      } else setFailure(blockerWords(said, result));
      return result.ok;
    } catch (error) {
      setFailure(notDoneWords(error) ?? t("noAnswer"));
      return false;
    } finally {
      setBusy(false);
      setLeaving(null);
      setEnding(null);
    }
  };

  return (
    <>
      <div className="flex min-w-0 flex-col gap-3">
        {failure ? (
          <div role="alert">
            <Notice tone="fault" compact title={failure} />
          </div>
        ) : null}
        <section aria-labelledby="holders" className="card min-w-0">
          <h2 id="holders" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
            {t("holders")}
          </h2>
          <GrantTable settled={settled} grants={grants} now={now} onAsk={setLeaving} />
        </section>
        {sessions ? <SessionTable sessions={sessions} myId={myId} onAsk={setEnding} /> : null}
      </div>
      <GrantForm
        applications={applications}
        mayGrantEverywhere={mayGrantEverywhere}
        onGrant={(choice) => run(t("granted", { who: choice.who, role: choice.role }), () => actions.grant(choice))}
      />
      <Ask
        isOpen={leaving !== null}
        title={t("revokeAsk", { role: leaving?.role ?? "", who: leaving?.who ?? "" })}
        verb={t("revoke")}
        isBusy={isBusy}
        onClose={() => setLeaving(null)}
        onDo={() =>
          leaving && void run(t("revoked", { who: leaving.who }), () => actions.revoke({ grantId: leaving.id }))
        }
      >
        {leaving?.application
          ? t("revokeWhat", { application: leaving.application, who: leaving.who })
          : t("revokeWhatAll", { who: leaving?.who ?? "" })}
      </Ask>
      <Ask
        isOpen={ending !== null}
        title={t("endAsk", { name: ending?.name ?? "" })}
        verb={t("endSessions")}
        isBusy={isBusy}
        onClose={() => setEnding(null)}
        onDo={() =>
          ending &&
          void run(t("ended", { name: ending.name }), () => actions.endSessions({ personId: ending.personId }))
        }
      >
        {t("endWhat", { you: ending?.personId === myId ? "yes" : "no" })}
      </Ask>
    </>
  );
}

function Ask({
  isOpen,
  title,
  verb,
  isBusy,
  onClose,
  onDo,
  children,
}: {
  isOpen: boolean;
  title: string;
  verb: string;
  isBusy: boolean;
  onClose: () => void;
  onDo: () => void;
  children: ReactNode;
}) {
  const t = useTranslations("access");
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" busy={isBusy} onClick={onDo}>
            {verb}
          </Button>
        </>
      }
    >
      <p>{children}</p>
    </Dialog>
  );
}
