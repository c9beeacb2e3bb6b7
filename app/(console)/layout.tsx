import type { ReactNode } from "react";
import { Keys } from "@/components/layout/keys.tsx";
import { NavRail } from "@/components/layout/nav-rail.tsx";
import { UserMenu } from "@/components/layout/user-menu.tsx";
import { FreshWhenShown } from "@/components/live/kept-page.ts";
import { Messages } from "@/components/messages/messages.tsx";
import { CONSOLE_ROOMS } from "@/components/messages/rooms.ts";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Announcer } from "@/components/ui/announcer.tsx";
import { ClockProvider } from "@/components/ui/clock.tsx";
import { canSomewhere } from "@/lib/domain/access/role.ts";
import { requireIdentity } from "./page-context.ts";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const identity = await requireIdentity();
  const t = await getTranslations("layout");
  return (
    <Messages rooms={CONSOLE_ROOMS}>
      <ClockProvider serverNow={Date.now()}>
        <a
          href="#main"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-card focus:px-3 focus:py-2"
        >
          {t("toContent")}
        </a>
        <div className="flex min-h-dvh">
          <NavRail
            hasTokens={canSomewhere(identity, "tokens")}
            foot={<UserMenu name={identity.name} id={identity.id} role={identity.role} />}
          />
          <main
            id="main"
            tabIndex={-1}
            className="flex min-w-0 flex-1 flex-col overflow-x-clip px-4 pb-4 outline-none max-md:px-3.5"
          >
            {children}
          </main>
        </div>
        <Keys />
        <FreshWhenShown />
        <Announcer />
      </ClockProvider>
    </Messages>
  );
}
