"use client";
import { usePathname } from "next/navigation";
import { useTranslations } from "#translations";
import { pageOf } from "./application-path.ts";

/** The heading of an application's page: the application, and which page of it this is. */
export function ApplicationTitle({ name }: { name: string }) {
  const t = useTranslations("layout");
  const { page, id } = pageOf(usePathname());
  return (
    <>
      {name}
      <span className="sr-only">:</span>{" "}
      <span className="font-normal text-second">{id === null ? t(`page.${page}`) : t("page.deployment", { id })}</span>
    </>
  );
}
