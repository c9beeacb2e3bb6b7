import { useTranslations } from "#translations";
import { type NotificationKind, USUAL_NOTIFICATION_KINDS } from "@/lib/domain/notification/notification.ts";

/** One place that is told; `host` is all of its address that may be shown. */
export interface EndpointFacts {
  id: string;
  host: string;
  events: readonly NotificationKind[];
}

/** Who is told of what, as switchyard.yaml says it. */
export function EndpointList({ endpoints }: { endpoints: readonly EndpointFacts[] }) {
  const t = useTranslations("deliveries");
  return (
    <ul className="flex flex-col">
      {endpoints.map(({ id, host, events }) => (
        <li key={id} className="border-b border-line px-3.5 py-2 text-xs last:border-b-0">
          <span className="font-mono break-all">{id}</span>
          <span className="block break-words text-second">
            {USUAL_NOTIFICATION_KINDS.every((kind) => events.includes(kind))
              ? t("toldOfAll", { host })
              : t("toldOf", { host, events: events.join(", ") })}
          </span>
        </li>
      ))}
    </ul>
  );
}
