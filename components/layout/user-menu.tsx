"use client";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { useLanguage, useTranslations } from "#translations";
import { tellSessionEnded } from "@/components/live/session-end.ts";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { Icon } from "@/components/ui/icon.tsx";
import { LANGUAGE_COOKIE, LANGUAGE_NAMES, LANGUAGES, type Language } from "@/lib/messages/language.ts";
import { openKeys } from "./keys.tsx";
import { toggleTheme } from "./theme.ts";

/** Theme, keys, and who is signed in with which role; one rail's foot. */
export function UserMenu({ name, id, role }: { name: string; id: string; role: string | null }) {
  const t = useTranslations("layout");
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
      setProblem(t("notSignedOut"));
    }
  };
  return (
    <>
      <IconButton label={t("theme")} hasTip={false} title={t("theme")} onClick={toggleTheme}>
        <Icon name="theme" />
      </IconButton>
      <button
        type="button"
        onClick={openKeys}
        aria-label={t("keys")}
        className="inline-flex size-8 items-center justify-center rounded-control font-mono text-base text-second hover:bg-soft hover:text-ink max-md:hidden"
      >
        ?
      </button>
      <button
        type="button"
        popoverTarget={menuId}
        aria-label={t("account", { name, role: role ?? t("noRole") })}
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
          {t.rich("role", { role: role ?? t("roleNone"), b: (chunks) => <b className="font-semibold">{chunks}</b> })}
        </p>
        <LanguageChoice />
        <div className="mb-2">
          <Button wide onClick={openKeys}>
            {t("keysChange")}
          </Button>
        </div>
        <Button wide busy={isLeaving} onClick={leave}>
          {t("signOut")}
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

function LanguageChoice() {
  const t = useTranslations("layout");
  const language = useLanguage();
  const router = useRouter();
  // The menu stands in the rail and in the phone's menu: two groups of radio buttons, each with a name of its own.
  const name = useId();
  const [chosen, setChosen] = useState<Language | null>(null);
  const choose = (next: Language) => {
    setChosen(next);
    keepLanguage(next);
    router.refresh();
  };
  return (
    <fieldset className="mb-3 flex items-center gap-3 text-xs">
      <legend className="sr-only">{t("language")}</legend>
      {LANGUAGES.map((each) => (
        <label key={each} lang={each} className="inline-flex items-center gap-1.5">
          <input
            type="radio"
            name={name}
            checked={each === (chosen ?? language)}
            onChange={() => choose(each)}
            className="accent-ink"
          />
          {LANGUAGE_NAMES[each]}
        </label>
      ))}
    </fieldset>
  );
}

/** Here and for the next visits; the server reads it with every page. */
function keepLanguage(language: Language): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing from Safari and Firefox ESR.
  document.cookie = `${LANGUAGE_COOKIE}=${language}; path=/; max-age=31536000; samesite=lax`;
}

async function signOut(): Promise<void> {
  const response = await fetch("/api/auth/csrf", { cache: "no-store" });
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken, callbackUrl: "/sign-in", json: "true" });
  const left = await fetch("/api/auth/signout", { method: "POST", body });
  if (!left.ok) throw new Error(`sign-out answered ${left.status}`);
}
