"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import { blockerWords } from "@/components/board/board-facts.ts";
import { announce } from "@/components/ui/announcer.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { EmptyState, Notice } from "@/components/ui/notice.tsx";
import type { ApiToken } from "@/lib/domain/access/api-token.ts";
import { notDoneWords } from "@/lib/messages/not-done.ts";
import type { TokenActions, TokenChoice } from "./token-actions.ts";
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
  const t = useTranslations("tokens");
  const said = useSaid();
  const router = useRouter();
  const [made, setMade] = useState<{ token: ApiToken; secret: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const create = async (choice: TokenChoice): Promise<boolean> => {
    setFailure(null);
    setMade(null);
    try {
      const result = await actions.create(choice);
      if (!result.ok) setFailure(blockerWords(said, result));
      else {
        setMade(result.value);
        announce(t("made", { name: result.value.token.name }));
        router.refresh();
      }
      return result.ok;
    } catch (error) {
      setFailure(notDoneWords(error) ?? t("noAnswer"));
      return false;
    }
  };

  const revoke = async (token: ApiToken): Promise<void> => {
    setFailure(null);
    try {
      const result = await actions.revoke({ tokenId: token.id });
      if (!result.ok) return setFailure(blockerWords(said, result));
      if (made?.token.id === token.id) setMade(null);
      announce(t("revoked", { name: token.name }));
      router.refresh();
    } catch (error) {
      setFailure(notDoneWords(error) ?? t("noAnswer"));
    }
  };

  return (
    <div className="grid items-start gap-3 lg:grid-cols-[minmax(0,1fr)_400px]">
      <section aria-label={t("title")} className="card order-2 min-w-0 lg:order-1">
        {tokens.length > 0 ? (
          <TokenTable tokens={tokens} now={now} onRevoke={revoke} />
        ) : (
          <EmptyState title={t("none")}>
            <p>{t("noneWhy")}</p>
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
          <Notice tone="warning" title={t("copyNow", { name: made.token.name })}>
            <span className="flex items-center gap-2">
              <CopyButton text={made.secret} label={t("copy")} />
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
