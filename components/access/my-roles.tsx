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
  return (
    <section aria-labelledby="my-roles" className="card">
      <h2 id="my-roles" className="border-b border-line px-3.5 py-2.5 text-base font-semibold">
        Your roles, {name}
      </h2>
      {roles.length === 0 ? (
        <p className="px-3.5 py-3 text-second">
          You have no role yet, so there is nothing to see. Ask an admin for one, and tell them the address you signed
          in with.
        </p>
      ) : (
        <ul>
          {roles.map((held) => (
            <li
              key={`${held.role} ${held.application} ${held.source}`}
              className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-3.5 py-2 last:border-b-0"
            >
              <b className="font-semibold">{held.role}</b>
              <span>{held.application === null ? "on all applications" : `on ${held.application}`}</span>
              <span className="min-w-0 break-words text-second">
                {held.source}
                {held.expiresAt === null ? null : (
                  <>
                    , until <ClockTime at={held.expiresAt} precision="day" />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
