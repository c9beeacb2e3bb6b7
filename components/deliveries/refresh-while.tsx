"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";

const EVERY_MS = 5000;

/** Has the server draw the page anew every few seconds while something on it is still going on and somebody looks. */
export function RefreshWhile({ isGoingOn }: { isGoingOn: boolean }) {
  const router = useRouter();
  useEffect(() => {
    if (!isGoingOn) return;
    const timer = setInterval(() => document.visibilityState === "visible" && router.refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, [isGoingOn, router]);
  return null;
}
