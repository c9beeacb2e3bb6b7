"use client";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "#translations";
import type { ApplicationSummary } from "@/lib/domain/snapshot/summary.ts";
import { ApplicationRow } from "./application-row.tsx";
import type { RowGroup } from "./application-rows.ts";

/** Rows that come into the page and leave it together. */
const TOGETHER = 20;
const COLUMNS = 6;
/** While none of them has been drawn. */
const ROW_HEIGHT = 61;
/** Rows this near to what is seen are in the page, so that scrolling and the Tab key meet them there. */
const NEAR = "800px 0px";

/** Applications in one dense table, group by group; only the rows near to what is seen are in the page. */
export function ApplicationTable({ groups }: { groups: readonly RowGroup[] }) {
  const t = useTranslations("overview");
  let before = 0;
  return (
    <table className="w-full table-fixed max-lg:block">
      <caption className="sr-only">{t("caption")}</caption>
      <thead className="text-xs text-second max-lg:sr-only">
        <tr className="h-8 border-b border-line [&>th]:px-2 [&>th:first-child]:pl-3.5 [&>th:last-child]:pr-3.5">
          <th scope="col" className="w-[24%]">
            {t("application")}{" "}
          </th>
          <th scope="col" className="w-[16%]">
            {t("live")}{" "}
          </th>
          <th scope="col" className="w-[16%]">
            {t("standby")}{" "}
          </th>
          <th scope="col" className="w-[132px]">
            {t("traffic")}{" "}
          </th>
          <th scope="col">{t("now")}</th>
          <th scope="col" className="w-[72px] text-right">
            {t("data")}{" "}
          </th>
        </tr>
      </thead>
      {groups.map((group) => {
        const first = before;
        before += group.rows.length;
        return [
          group.name === null ? null : (
            <tbody key={`group ${group.name}`} className="max-lg:block">
              <tr className="border-b border-line bg-soft max-lg:block">
                <th scope="rowgroup" colSpan={COLUMNS} className="px-3.5 py-1.5 text-xs font-medium max-lg:block">
                  {t("group", { name: group.name || t("groupNone"), count: group.rows.length })}
                </th>
              </tr>
            </tbody>
          ),
          ...chunks(group.rows).map((rows, index) => (
            <NearRows
              key={`${group.name} ${rows[0]?.name}`}
              rows={rows}
              isFirst={first + index * TOGETHER < 2 * TOGETHER}
            />
          )),
        ];
      })}
    </table>
  );
}

function NearRows({ rows, isFirst }: { rows: readonly ApplicationSummary[]; isFirst: boolean }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [isNear, setNear] = useState(isFirst);
  const height = useRef(rows.length * ROW_HEIGHT);
  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        if (entry.isIntersecting) return setNear(true);
        // What has the focus keeps it.
        if (element.contains(document.activeElement)) return;
        height.current = element.offsetHeight || height.current;
        setNear(false);
      },
      { rootMargin: NEAR },
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return (
    <tbody ref={body} className="max-lg:block">
      {isNear ? (
        rows.map((snapshot) => <ApplicationRow key={snapshot.name} snapshot={snapshot} />)
      ) : (
        <tr aria-hidden className="max-lg:block" style={{ height: height.current }}>
          <td colSpan={COLUMNS} />
        </tr>
      )}
    </tbody>
  );
}

function chunks(rows: readonly ApplicationSummary[]): ApplicationSummary[][] {
  const count = Math.ceil(rows.length / TOGETHER);
  return Array.from({ length: count }, (_, n) => rows.slice(n * TOGETHER, (n + 1) * TOGETHER));
}
