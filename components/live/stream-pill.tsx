"use client";
import { useSaid, useTranslations } from "#translations";
import { buttonLook } from "@/components/ui/button-look.ts";
import { useNow } from "@/components/ui/clock.tsx";
import { ageSaid } from "@/components/ui/format-time.ts";
import { Notice } from "@/components/ui/notice.tsx";
import { Pill } from "@/components/ui/pill.tsx";
import { StateIcon } from "@/components/ui/state-icon.tsx";
import { InFront } from "@/components/ui/top-dialog.tsx";
import type { ApplicationSummary } from "@/lib/domain/snapshot/summary.ts";
import { useLive } from "./live-provider.tsx";
import type { LiveState } from "./live-store.ts";

const OLD_MS = 15_000;

/** "Live, 0.8 s old": how the data reaches this page and how old the oldest of it is. */
export function StreamPill({ application }: { application?: string }) {
  const t = useTranslations("live");
  const said = useSaid();
  const stream = useLive((state) => state.stream);
  const observedAt = useLive((state) => oldest(state, application));
  const now = useNow(500);
  if (observedAt === null) return null;
  const age = now - observedAt;
  const old = t("old", { age: said(ageSaid(age)) });
  if (stream === "live" || stream === "connecting") {
    const isOld = age > OLD_MS;
    return (
      <Pill tone={isOld ? "warning" : "plain"}>
        <Dot filled={stream === "live" && !isOld} />
        <span className="sm:min-w-[88px]">
          <span className="max-sm:hidden">
            {`${stream === "live" ? (isOld ? t("oldData") : t("live")) : t("stream.connecting")}, `}
          </span>
          {old}
        </span>
      </Pill>
    );
  }
  return (
    <Pill tone="warning">
      <StateIcon shape="warning" size={12} />
      <span>
        {t(`stream.${stream}`)}
        <span className="max-sm:hidden">, {old}</span>
      </span>
    </Pill>
  );
}

/** A source that is well may be read less often on purpose; one that is not makes the whole picture old. */
function troubledAges(snapshot: ApplicationSummary): number[] {
  return snapshot.sources.flatMap((source) => (source.state === "ok" ? [] : source.ageMs));
}

function oldest(state: LiveState, application: string | undefined): number | null {
  const all = application ? [state.snapshots[application]] : Object.values(state.snapshots);
  const times = all.flatMap((snapshot) => {
    if (!snapshot || snapshot.isUnread) return [];
    const { observedAt, answeredAt = observedAt } = snapshot;
    return Math.min(observedAt, ...troubledAges(snapshot).map((ageMs) => answeredAt - ageMs));
  });
  return times.length > 0 ? Math.min(...times) : null;
}

function Dot({ filled }: { filled: boolean }) {
  return (
    <svg aria-hidden="true" width={8} height={8} viewBox="0 0 8 8">
      <circle
        cx={4}
        cy={4}
        r={3.2}
        className="stroke-ink"
        strokeWidth={1.4}
        fill={filled ? "var(--color-ink)" : "none"}
      />
    </svg>
  );
}

/**
 * Lies over the page when the session has ended, in another tab or by an admin: what is shown is no longer kept up. In an open
 * dialog it stands at the top, and there a lost stream is told as well, because the pill is behind.
 */
export function StreamBanner() {
  const t = useTranslations("live");
  const stream = useLive((state) => state.stream);
  if (stream === "signed-out")
    return (
      <InFront behind={<SignedOut className="fixed inset-x-0 top-0 z-40 border-b px-4 py-2" />}>
        <SignedOut className="rounded-control border px-3 py-2" />
      </InFront>
    );
  if (stream !== "lost") return null;
  return (
    <InFront behind={null}>
      <div role="alert">
        <Notice tone="warning" compact title={t("stream.lost")}>
          {t("seenStale")}
        </Notice>
      </div>
    </InFront>
  );
}

function SignedOut({ className }: { className: string }) {
  const t = useTranslations("live");
  return (
    <div
      role="alert"
      className={`flex flex-wrap items-center justify-center gap-x-4 gap-y-1 border-warning bg-warning-ground ${className}`}
    >
      <p className="min-w-0 font-semibold">{t("signedOut")}</p>
      <a href="/sign-in" className={buttonLook("primary", "small")}>
        {t("signInAgain")}
      </a>
    </div>
  );
}
