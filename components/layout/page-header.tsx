import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { Icon } from "@/components/ui/icon.tsx";

/** A page's name and what belongs to all of it; on a phone also the way to the menu. */
export function PageHeader({
  title,
  detail,
  children,
}: {
  title: ReactNode;
  detail?: ReactNode;
  children?: ReactNode;
}) {
  const t = useTranslations("layout");
  return (
    <header className="flex h-12 shrink-0 items-center gap-3">
      <h1
        className="break-words text-base font-semibold max-sm:line-clamp-2 max-sm:min-w-0 max-sm:leading-5 sm:truncate sm:text-lg"
        title={typeof title === "string" ? title : undefined}
      >
        {title}
      </h1>
      {detail ? (
        <p
          className="min-w-0 flex-1 truncate text-second max-sm:hidden"
          title={typeof detail === "string" ? detail : undefined}
        >
          {detail}
        </p>
      ) : null}
      <div className="ml-auto flex shrink-0 items-center gap-2.5">
        {children}
        <button
          type="button"
          popoverTarget="menu"
          aria-label={t("menu")}
          className="inline-flex size-9 items-center justify-center rounded-control border border-line bg-card md:hidden"
        >
          <Icon name="menu" />
        </button>
      </div>
    </header>
  );
}
