"use client";
import { useId, useState } from "react";
import { tellSessionEnded } from "@/components/live/session-end.ts";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Icon } from "@/components/ui/icon.tsx";
import { openKeys } from "./keys.tsx";
import { toggleTheme } from "./theme.ts";

/** Theme, keys, and who is signed in with which role; one rail's foot. */
export function UserMenu({ name, id, role }: { name: string; id: string; role: string | null }) {
  const menuId = useId();
  const [isLeaving, setLeaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const leave = async () => {
    setLeaving(true);
    setProblem(null);
    try {
      await signOut();
      tellSessionEnded();
      location.assign("/sign-in");
    } catch {
      setLeaving(false);
      setProblem("Not signed out: no answer from Switchyard");
    }
  };
  return (
    <>
      <IconButton label="Light or dark" hasTip={false} title="Light or dark" onClick={toggleTheme}>
        <Icon name="theme" />
      </IconButton>
      <button
        type="button"
        onClick={openKeys}
        aria-label="Keys"
        className="inline-flex size-8 items-center justify-center rounded-control font-mono text-base text-second hover:bg-soft hover:text-ink max-md:hidden"
      >
        ?
      </button>
      <button
        type="button"
        popoverTarget={menuId}
        aria-label={`${name}, ${role ?? "no role"}: account`}
        className="inline-flex size-8 items-center justify-center rounded-control text-second hover:bg-soft hover:text-ink"
      >
        <Icon name="user" />
      </button>
      <div
        id={menuId}
        popover="auto"
        className="fixed inset-auto bottom-4 left-[76px] m-0 max-h-[calc(100dvh-32px)] w-64 overflow-y-auto rounded-card border border-line bg-card p-3 text-ink max-md:top-3 max-md:max-h-[calc(100dvh-24px)] max-md:right-3 max-md:bottom-auto max-md:left-auto"
      >
        <p className="font-semibold">{name}</p>
        <p className="text-xs break-words text-second">{id}</p>
        <p className="mt-1 mb-3 text-xs">
          Role: <b className="font-semibold">{role ?? "none"}</b>
        </p>
        <div className="mb-2">
          <Button wide onClick={openKeys}>
            Keys: turn off or change
          </Button>
        </div>
        <Button wide busy={isLeaving} onClick={leave}>
          Sign out
        </Button>
        {problem ? (
          <p role="alert" className="mt-2 text-xs text-fault">
            {problem}
          </p>
        ) : null}
      </div>
    </>
  );
}

async function signOut(): Promise<void> {
  const response = await fetch("/api/auth/csrf", { cache: "no-store" });
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken, callbackUrl: "/sign-in", json: "true" });
  const left = await fetch("/api/auth/signout", { method: "POST", body });
  if (!left.ok) throw new Error(`sign-out answered ${left.status}`);
}
