import { useTranslations } from "#translations";
import { ScrollRegion } from "@/components/ui/scroll-region.tsx";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import { SLOT_COLORS } from "@/lib/domain/observation/slot.ts";

/** The last lines of each side, closed until somebody wants them. */
export function IncidentLines({ application, lines }: { application: string; lines: readonly LogLine[] }) {
  const t = useTranslations("incident");
  return (
    <>
      {[...SLOT_COLORS, null].map((side) => {
        const own = lines.filter(({ slot }) => slot === side);
        if (side === null && own.length === 0) return null;
        const title = side ? t("linesOf", { side }) : t("linesUnknown");
        return (
          <details key={side} open={side !== null} className="card p-4">
            <summary className="cursor-pointer font-semibold">{title}</summary>
            {own.length === 0 ? (
              <p className="mt-2 text-second">{t("linesNone")}</p>
            ) : (
              <ScrollRegion label={title} className="mt-2 max-h-96 rounded-control bg-ground p-3">
                {own.map((line) => (
                  <p
                    key={line.id}
                    className={`font-mono text-xs break-words whitespace-pre-wrap ${line.level === "error" ? "text-fault" : ""}`}
                  >
                    <a
                      href={`/${encodeURIComponent(application)}/logs?${new URLSearchParams({ at: String(line.at), line: line.id })}`}
                      className="text-second hover:underline"
                    >
                      {new Date(line.at).toISOString().slice(11, 23)}
                    </a>{" "}
                    {line.taskId?.slice(0, 4) ?? "-"} {(line.level ?? "-").toUpperCase()} {line.text}
                  </p>
                ))}
              </ScrollRegion>
            )}
          </details>
        );
      })}
    </>
  );
}
