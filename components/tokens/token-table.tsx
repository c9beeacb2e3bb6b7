"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { type Column, ROW_CELLS, ScrollTable } from "@/components/ui/scroll-table.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { type ApiToken, isTokenValid } from "@/lib/domain/access/api-token.ts";
import { scopeWords, tokenState } from "./token-state.ts";

const COLUMNS: readonly Column[] = [
  { name: "Token" },
  { name: "For" },
  { name: "State" },
  { name: "Ends" },
  { name: "Last use", className: "max-md:hidden" },
  { name: "Revoke", isQuiet: true },
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
      <ScrollTable label="Tokens" order="newest first" columns={COLUMNS} isSmall>
        {tokens.map((token) => (
          <Row key={token.id} token={token} now={now} onAsk={setAsked} />
        ))}
      </ScrollTable>
      <Dialog
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        title={`Revoke ${asked?.name ?? ""}?`}
        footer={
          <>
            <Button onClick={() => setAsked(null)}>Keep it</Button>
            <Button look="primary" busy={isBusy} onClick={() => void revoke()}>
              Revoke
            </Button>
          </>
        }
      >
        <p>
          What uses it is refused from now on, and its open streams end within seconds. A revoked token cannot be
          brought back.
        </p>
      </Dialog>
    </>
  );
}

function Row({ token, now, onAsk }: { token: ApiToken; now: number; onAsk: (token: ApiToken) => void }) {
  const { word, shape } = tokenState(token, now);
  const scope = scopeWords(token);
  return (
    <tr className={`border-b border-line align-top last:border-b-0 [&>*]:py-2 ${ROW_CELLS}`}>
      <th scope="row" className="max-w-[220px] break-words">
        {token.name}
        <span className="block font-mono text-2xs font-normal text-second">{token.id}</span>
        <span className="block font-normal text-second">by {token.createdBy}</span>
      </th>
      <td className="max-w-[260px] break-words">
        {scope.verbs}
        <span className="block text-second">{scope.applications}</span>
      </td>
      <td>
        <span className="flex items-center gap-1.5">
          <StateIcon shape={shape} size={13} />
          {word}
        </span>
      </td>
      <td className="whitespace-nowrap text-second">
        <ClockTime at={token.expiresAt} precision="day" />
      </td>
      <td className="whitespace-nowrap text-second max-md:hidden">
        {token.lastUsedAt === null ? "never" : <ClockTime at={token.lastUsedAt} precision="day" />}
      </td>
      <td className="text-right">
        {isTokenValid(token, now) ? (
          <Button size="small" aria-label={`Revoke ${token.name}`} onClick={() => onAsk(token)}>
            Revoke
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
