import { useTranslations } from "#translations";
import { ClockTime } from "@/components/ui/time.tsx";
import type { Role } from "@/lib/domain/access/role.ts";

/** A role of the person who looks, with where it comes from in words. */
export interface MyRole {
  role: Role;
  /** Null means all of them. */
  application: string | null;
  source: string;
  /** Epoch ms; null when it has no end. */
  expiresAt: number | null;
}

/** What the person holds, on what, and why. */
export function MyRoles({ name, roles }: { name: string; roles: readonly MyRole[] }) {
  const t = useTranslations("access");
  return (
    <section aria-labelledby="my-roles" className="card">
      <h2 id="my-roles" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
        {t("yourRoles", { name })}
      </h2>
      {roles.length === 0 ? (
        <p className="px-3.5 py-3 text-second">{t("noRole")}</p>
      ) : (
        <ul>
          {roles.map((held) => (
            <li
              key={`${held.role} ${held.application} ${held.source}`}
              className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-3.5 py-2 last:border-b-0"
            >
              <b className="font-semibold">{held.role}</b>
              <span>{held.application === null ? t("onAll") : t("onOne", { name: held.application })}</span>
              <span className="min-w-0 break-words text-second">
                {held.expiresAt === null ? held.source : <Ending source={held.source} at={held.expiresAt} />}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Ending({ source, at }: { source: string; at: number }) {
  return useTranslations("access").rich("sourceUntil", {
    source,
    time: () => <ClockTime at={at} precision="day" />,
  });
}
