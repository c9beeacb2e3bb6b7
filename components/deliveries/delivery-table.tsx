import { useSaid, useTranslations } from "#translations";
import type { Translator } from "@/components/messages/translator.ts";
import { type Column, ROW_CELLS, ScrollTable } from "@/components/ui/scroll-table.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { ClockTime, Countdown } from "@/components/ui/time.tsx";
import type { Delivery } from "@/lib/domain/notification/notification.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";
import { deliveryState } from "./delivery-words.ts";
import { RetryButton, type RetryDelivery } from "./retry-button.tsx";

/** One delivery with why its retry is inert, if it is. */
export interface DeliveryRow {
  delivery: Delivery;
  retryBlocked: Sentence | string | null;
}

const columnsIn = (t: Translator<"deliveries">): readonly Column[] => [
  { name: t("column.when") },
  { name: t("column.what") },
  { name: t("column.endpoint") },
  { name: t("state") },
  { name: t("column.tries") },
  { name: t("tryNow"), isQuiet: true },
];

/** What was told to whom and whether it arrived, newest first. */
export function DeliveryTable({ rows, onRetry }: { rows: readonly DeliveryRow[]; onRetry: RetryDelivery }) {
  const t = useTranslations("deliveries");
  return (
    <ScrollTable label={t("title")} order={t("order")} columns={columnsIn(t)} isSmall>
      {rows.map((row) => (
        <Row key={row.delivery.id} row={row} onRetry={onRetry} />
      ))}
    </ScrollTable>
  );
}

function Row({ row: { delivery, retryBlocked }, onRetry }: { row: DeliveryRow; onRetry: RetryDelivery }) {
  const t = useTranslations("deliveries");
  const said = useSaid();
  const { notification, endpoint, attempts, lastError } = delivery;
  const { word, shape, isTrying } = deliveryState(delivery);
  return (
    <tr className={`border-b border-line align-top last:border-b-0 [&>*]:py-2 ${ROW_CELLS}`}>
      <td className="whitespace-nowrap text-second">
        <ClockTime at={delivery.createdAt} precision="day" />
      </td>
      <th scope="row" className="min-w-48 max-w-[420px] break-words">
        {/* Its words are made from what people and AWS wrote: text, and nothing else. */}
        <a href={notification.deepLinkPath} className="underline underline-offset-2">
          {said(notification.titleSaid, notification.title)}
        </a>
        <span className="block font-normal text-second">
          {t(`kind.${notification.kind}`)} <span className="font-mono text-2xs">{notification.kind}</span>
        </span>
      </th>
      <td className="max-w-[220px] font-mono break-all">{endpoint}</td>
      <td className="min-w-36 max-w-[320px] break-words">
        <span className="flex items-center gap-1.5">
          <StateIcon shape={shape} size={13} />
          {said(word)}
          {isTrying ? (
            <span className="text-second">
              {t.rich("again", { left: () => <Countdown until={delivery.nextAt} /> })}
            </span>
          ) : null}
        </span>
        {lastError && delivery.state !== "delivered" ? (
          <span className="block text-second">{said(delivery.lastErrorSaid, lastError)}</span>
        ) : null}
      </td>
      <td className="tabular-nums">{attempts}</td>
      <td className="text-right">
        {delivery.state === "delivered" ? null : (
          <RetryButton
            application={notification.application}
            deliveryId={delivery.id}
            title={said(notification.titleSaid, notification.title)}
            blocked={retryBlocked && said(retryBlocked)}
            onRetry={onRetry}
          />
        )}
      </td>
    </tr>
  );
}
