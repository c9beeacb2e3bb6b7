"use client";
import { usePathname } from "next/navigation";
import { pageOf } from "./application-path.ts";

/** The heading of an application's page: the application, and which page of it this is. */
export function ApplicationTitle({ name }: { name: string }) {
  const page = pageOf(usePathname());
  return (
    <>
      {name}
      <span className="sr-only">:</span> <span className="font-normal text-second">{page}</span>
    </>
  );
}
