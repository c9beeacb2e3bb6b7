import Link from "next/link";
import { useTranslations } from "#translations";

/** The ways to a list's newest and next older page, each kept to what the list is filtered by; nothing where it has one page. */
export function PageLinks({
  filter = {},
  cursor,
  nextCursor,
}: {
  filter?: Readonly<Record<string, string>>;
  /** Where the page shown begins; empty for the newest. */
  cursor: string;
  nextCursor: string | null;
}) {
  const t = useTranslations("paging");
  if (!cursor && !nextCursor) return null;
  return (
    <nav aria-label={t("pages")} className="flex justify-between border-t border-line px-3.5 py-2">
      {cursor ? <Link href={`?${new URLSearchParams(filter)}`}>{t("newest")}</Link> : <span />}
      {nextCursor ? (
        <Link href={`?${new URLSearchParams({ ...filter, cursor: nextCursor })}`}>{t("older")}</Link>
      ) : null}
    </nav>
  );
}
