"use client";
import type { ReactNode } from "react";
import { useIsNarrow } from "./use-is-narrow.ts";

/** Draws what belongs into a phone's window alone, or into any other: a part of its own, because a page that learns its width is drawn twice. */
export function WhereNarrow({ is, children }: { is: boolean; children: ReactNode }) {
  return useIsNarrow() === is ? children : null;
}
