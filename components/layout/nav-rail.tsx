"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import type { Translator } from "@/components/messages/translator.ts";
import { Icon, type IconName, Mark } from "@/components/ui/icon.tsx";
import { applicationOf } from "./application-path.ts";
import { useWaitingCount } from "./use-waiting-count.ts";

interface NavItem {
  href: string;
  label: string;
  icon: IconName;
}

function itemsFor(t: Translator<"layout">, application: string | null, hasTokens: boolean): NavItem[] {
  const board = application ? `/${encodeURIComponent(application)}` : null;
  return [
    { href: "/", label: t("nav.overview"), icon: "overview" },
    ...(board
      ? ([
          { href: board, label: t("nav.board"), icon: "board" },
          { href: `${board}/deploy`, label: t("nav.deploy"), icon: "deploy" },
          { href: `${board}/deployments`, label: t("nav.history"), icon: "history" },
          { href: `${board}/logs`, label: t("nav.logs"), icon: "logs" },
        ] as const)
      : []),
    { href: "/approvals", label: t("nav.approvals"), icon: "approvals" },
    { href: "/readiness", label: t("nav.readiness"), icon: "readiness" },
    { href: "/audit", label: t("nav.audit"), icon: "audit" },
    { href: "/freezes", label: t("nav.freezes"), icon: "freezes" },
    { href: "/deliveries", label: t("nav.deliveries"), icon: "deliveries" },
    { href: "/access", label: t("nav.access"), icon: "access" },
    ...(hasTokens ? ([{ href: "/tokens", label: t("nav.tokens"), icon: "tokens" }] as const) : []),
  ];
}

/** Where one can go: a rail at the side, on a phone a sheet behind the menu button. */
export function NavRail({ foot, hasTokens }: { foot: ReactNode; hasTokens: boolean }) {
  const pathname = usePathname();
  const t = useTranslations("layout");
  const items = itemsFor(t, applicationOf(pathname), hasTokens);
  const waiting = useWaitingCount(pathname);
  const links = items.map((item) => (
    <NavLink
      key={item.href}
      item={item}
      isHere={isHere(pathname, item.href)}
      waiting={item.href === "/approvals" ? waiting : null}
    />
  ));
  return (
    <>
      <nav
        aria-label={t("main")}
        className="sticky top-0 flex h-dvh w-[68px] shrink-0 flex-col items-center gap-1 overflow-x-hidden overflow-y-auto border-r border-line bg-card py-3 max-md:hidden [@media(max-height:860px)]:gap-0 [@media(max-height:860px)]:py-2"
      >
        <Link href="/" aria-label={t("toOverview")} className="mb-2 shrink-0 rounded-control p-1">
          <Mark />
        </Link>
        {links}
        <div className="mt-auto flex shrink-0 flex-col items-center gap-1">{foot}</div>
      </nav>
      <div
        id="menu"
        popover="auto"
        className="fixed inset-auto top-12 right-3 m-0 max-h-[calc(100dvh-56px)] w-52 overflow-y-auto rounded-card border border-line bg-card p-2 text-ink md:hidden"
      >
        <nav aria-label={t("mainSmall")} className="flex flex-col gap-1">
          {links}
        </nav>
        <div className="mt-2 flex items-center justify-between border-t border-line pt-2">{foot}</div>
      </div>
    </>
  );
}

function isHere(pathname: string, href: string): boolean {
  if (pathname === href) return true;
  const isLeaf = href.split("/").length > 2 || applicationOf(href) === null;
  return href !== "/" && isLeaf && pathname.startsWith(`${href}/`);
}

const MOST_COUNTED = 99;

/** `waiting` is how much there waits for the reader. */
function NavLink({ item, isHere: here, waiting }: { item: NavItem; isHere: boolean; waiting: number | null }) {
  const t = useTranslations("layout");
  return (
    <Link
      href={item.href}
      prefetch={false}
      aria-current={here ? "page" : undefined}
      className={`relative flex w-[58px] shrink-0 flex-col items-center gap-0.5 rounded-control py-1.5 text-center text-2xs md:[@media(max-height:860px)]:py-1 max-md:w-full max-md:flex-row max-md:gap-3 max-md:px-2.5 max-md:py-2.5 max-md:text-sm ${
        here ? "here bg-soft font-medium text-ink" : "text-second hover:bg-soft hover:text-ink"
      }`}
    >
      <span className="relative">
        <Icon name={item.icon} size={20} />
        {waiting ? (
          <span
            aria-hidden="true"
            className="absolute -top-1.5 -right-3 min-w-4 rounded-full bg-ink px-1 text-center text-2xs leading-4 font-semibold text-ground"
          >
            {waiting > MOST_COUNTED ? `${MOST_COUNTED}+` : waiting}
          </span>
        ) : null}
      </span>
      {item.label}
      {waiting ? <span className="sr-only">{t("waitingNow", { count: waiting })}</span> : null}
    </Link>
  );
}
