"use client";
import { useState } from "react";
import { useSaid, useTranslations } from "#translations";
import type { Translator } from "@/components/messages/translator.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { type Column, ROW_CELLS, ScrollTable } from "@/components/ui/scroll-table.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { type ApiToken, isTokenValid } from "@/lib/domain/access/api-token.ts";
import { nameSaid } from "@/lib/domain/access/person-name.ts";
import { scopeSaid, tokenState } from "./token-state.ts";

const columnsIn = (t: Translator<"tokens">): readonly Column[] => [
  { name: t("column.token") },
  { name: t("column.for") },
  { name: t("column.state") },
  { name: t("column.ends") },
  { name: t("column.lastUse"), className: "max-md:hidden" },
  { name: t("revoke"), isQuiet: true },
];

/** Every token with what it is for, its end and its last use; valid ones can be revoked. */
export function TokenTable({
  tokens,
  now,
  onRevoke,
}: {
  tokens: readonly ApiToken[];
  now: number;
  onRevoke: (token: ApiToken) => Promise<void>;
}) {
  const t = useTranslations("tokens");
  const [asked, setAsked] = useState<ApiToken | null>(null);
  const [isBusy, setBusy] = useState(false);
  const revoke = async () => {
    if (!asked) return;
    setBusy(true);
    await onRevoke(asked);
    setBusy(false);
    setAsked(null);
  };
  return (
    <>
      <ScrollTable label={t("title")} order={t("order")} columns={columnsIn(t)} isSmall>
        {tokens.map((token) => (
          <Row key={token.id} token={token} now={now} onAsk={setAsked} />
        ))}
      </ScrollTable>
      <Dialog
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        title={t("revokeAsk", { name: asked?.name ?? "" })}
        footer={
          <>
            <Button onClick={() => setAsked(null)}>{t("keep")}</Button>
            <Button look="primary" busy={isBusy} onClick={() => void revoke()}>
              {t("revoke")}
            </Button>
          </>
        }
      >
        <p>{t("revokeWhat")}</p>
      </Dialog>
    </>
  );
}

function Row({ token, now, onAsk }: { token: ApiToken; now: number; onAsk: (token: ApiToken) => void }) {
  const t = useTranslations("tokens");
  const said = useSaid();
  const { word, shape } = tokenState(token, now);
  const scope = scopeSaid(token);
  return (
    <tr className={`border-b border-line align-top last:border-b-0 [&>*]:py-2 ${ROW_CELLS}`}>
      <th scope="row" className="max-w-[220px] break-words">
        {token.name}
        <span className="block font-mono text-2xs font-normal text-second">{token.id}</span>
        <span className="block font-normal text-second">{t("by", { name: said(nameSaid(token.createdBy)) })}</span>
      </th>
      <td className="max-w-[260px] break-words">
        {said(scope.verbs)}
        <span className="block text-second">{said(scope.applications)}</span>
      </td>
      <td>
        <span className="flex items-center gap-1.5">
          <StateIcon shape={shape} size={13} />
          {said(word)}
        </span>
      </td>
      <td className="whitespace-nowrap text-second">
        <ClockTime at={token.expiresAt} precision="day" />
      </td>
      <td className="whitespace-nowrap text-second max-md:hidden">
        {token.lastUsedAt === null ? t("never") : <ClockTime at={token.lastUsedAt} precision="day" />}
      </td>
      <td className="text-right">
        {isTokenValid(token, now) ? (
          <Button size="small" aria-label={t("revokeThis", { name: token.name })} onClick={() => onAsk(token)}>
            {t("revoke")}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
