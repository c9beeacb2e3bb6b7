"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { announce } from "@/components/ui/announcer.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { EmptyState, Notice } from "@/components/ui/notice.tsx";
import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import { notDoneWords } from "@/lib/domain/access/not-done.ts";
import { NO_ANSWER, refusalWords, type TokenActions, type TokenChoice } from "./token-actions.ts";
import { TokenForm } from "./token-form.tsx";
import { TokenTable } from "./token-table.tsx";

/** Make a token, take its secret this once, see what the others are for, revoke them. */
export function TokenDesk({
  tokens,
  applications,
  mayBeForAll,
  now,
  actions,
}: {
  tokens: readonly ApiToken[];
  applications: readonly string[];
  /** Whether the asker may make a token for every application. */
  mayBeForAll: boolean;
  /** Of the server, when the list was read. */
  now: number;
  actions: TokenActions;
}) {
  const router = useRouter();
  const [made, setMade] = useState<{ token: ApiToken; secret: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const create = async (choice: TokenChoice): Promise<boolean> => {
    setFailure(null);
    setMade(null);
    try {
      const result = await actions.create(choice);
      if (!result.ok) setFailure(refusalWords(result));
      else {
        setMade(result.value);
        announce(`Token ${result.value.token.name} made. Copy it now`);
        router.refresh();
      }
      return result.ok;
    } catch (error) {
      setFailure(notDoneWords(error) ?? NO_ANSWER);
      return false;
    }
  };

  const revoke = async (token: ApiToken): Promise<void> => {
    setFailure(null);
    try {
      const result = await actions.revoke({ tokenId: token.id });
      if (!result.ok) return setFailure(refusalWords(result));
      if (made?.token.id === token.id) setMade(null);
      announce(`Token ${token.name} revoked`);
      router.refresh();
    } catch (error) {
      setFailure(notDoneWords(error) ?? NO_ANSWER);
    }
  };

  return (
    <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_400px]">
      <section aria-label="Tokens" className="card order-2 min-w-0 lg:order-1">
        {tokens.length > 0 ? (
          <TokenTable tokens={tokens} now={now} onRevoke={revoke} />
        ) : (
          <EmptyState title="No tokens yet">
            <p>
              A pipeline calls Switchyard with a token of its own: for some verbs, some applications, until some day.
            </p>
          </EmptyState>
        )}
      </section>
      <div className="order-1 flex min-w-0 flex-col gap-3 lg:order-2">
        {failure ? (
          <div role="alert">
            <Notice tone="fault" compact title={failure} />
          </div>
        ) : null}
        {made ? (
          <Notice tone="warning" title={`Copy ${made.token.name} now: it is not shown again`}>
            <span className="flex items-center gap-2">
              <CopyButton text={made.secret} label="Copy the token" />
              <code data-secret className="min-w-0 font-mono text-xs break-all text-ink">
                {made.secret}
              </code>
            </span>
          </Notice>
        ) : null}
        <TokenForm applications={applications} mayBeForAll={mayBeForAll} onCreate={create} />
      </div>
    </div>
  );
}
