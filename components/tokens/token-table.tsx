"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime } from "@/components/ui/time.tsx";
import { type ApiToken, isTokenValid } from "@/lib/domain/api-token.ts";
import { scopeWords, tokenState } from "./token-state.ts";

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
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Tokens, scrollable"
        className="overflow-x-auto -outline-offset-2"
      >
        <table className="w-full text-xs">
          <caption className="sr-only">Tokens, newest first</caption>
          <thead className="text-second">
            <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
              <th scope="col">Token</th>
              <th scope="col">For</th>
              <th scope="col">State</th>
              <th scope="col">Ends</th>
              <th scope="col" className="max-md:hidden">
                Last use
              </th>
              <th scope="col">
                <span className="sr-only">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <Row key={token.id} token={token} now={now} onAsk={setAsked} />
            ))}
          </tbody>
        </table>
      </section>
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
    <tr className="border-b border-line align-top last:border-b-0 [&>*]:px-2 [&>*]:py-2 [&>*:first-child]:pl-3.5 [&>*:last-child]:pr-3.5">
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
