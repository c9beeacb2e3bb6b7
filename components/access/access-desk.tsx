"use client";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { announce } from "@/components/ui/announcer.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import type { Grant } from "@/lib/domain/access/grant.ts";
import { notDoneWords } from "@/lib/domain/access/not-done.ts";
import type { PersonSession } from "@/lib/domain/access/person-session.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { type AccessActions, NO_ANSWER, refusalWords } from "./access-actions.ts";
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
      } else setFailure(refusalWords(result));
      return result.ok;
    } catch (error) {
      setFailure(notDoneWords(error) ?? NO_ANSWER);
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
            Who holds which role
          </h2>
          <GrantTable settled={settled} grants={grants} now={now} onAsk={setLeaving} />
        </section>
        {sessions ? <SessionTable sessions={sessions} myId={myId} onAsk={setEnding} /> : null}
      </div>
      <GrantForm
        applications={applications}
        mayGrantEverywhere={mayGrantEverywhere}
        onGrant={(choice) => run(`${choice.who} is ${choice.role} now`, () => actions.grant(choice))}
      />
      <Ask
        isOpen={leaving !== null}
        title={`Revoke ${leaving?.role ?? ""} of ${leaving?.who ?? ""}?`}
        verb="Revoke"
        isBusy={isBusy}
        onClose={() => setLeaving(null)}
        onDo={() =>
          leaving && void run(`Role of ${leaving.who} revoked`, () => actions.revoke({ grantId: leaving.id }))
        }
      >
        The role on {leaving?.application ?? "all applications"} is gone within seconds, on open pages too. What else
        gives {leaving?.who} a role stays.
      </Ask>
      <Ask
        isOpen={ending !== null}
        title={`End all sessions of ${ending?.name ?? ""}?`}
        verb="End sessions"
        isBusy={isBusy}
        onClose={() => setEnding(null)}
        onDo={() =>
          ending && void run(`${ending.name} is signed out`, () => actions.endSessions({ personId: ending.personId }))
        }
      >
        Within seconds every page of theirs says that they are signed out. Roles stay: they may sign in again.
        {ending?.personId === myId ? " This is you." : ""}
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
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
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
