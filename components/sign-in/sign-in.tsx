"use client";
import { useState } from "react";
import { useTranslations } from "#translations";
import { Button } from "@/components/ui/button.tsx";
import { useIsHydrated } from "@/components/ui/clock.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { signInProblem } from "./sign-in-problem.ts";

/** What the page offers: made-up users on the sandbox, and identity providers. */
export interface SignInOffer {
  /** NEXTAUTH_URL: where people are meant to open it. */
  url: string;
  sandboxUsers: { id: string; name: string; role: string | null }[] | null;
  providers: { id: string; name: string | null }[];
}

/** One button for every way in. */
export function SignIn({
  offer,
  callbackUrl,
  problem,
  isAgain = false,
}: {
  offer: SignInOffer;
  callbackUrl: string;
  problem: string | null;
  /** Signed in already, but has to prove it anew: the provider must ask, too. */
  isAgain?: boolean;
}) {
  const t = useTranslations("signIn");
  const isHydrated = useIsHydrated();
  const [running, setRunning] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const start = async (id: string, action: () => Promise<string | null>) => {
    setRunning(id);
    setFailure(null);
    try {
      const wrong = await action();
      setFailure(wrong && signInProblem(t, wrong));
    } catch {
      setFailure(t("noAnswer"));
    }
    setRunning(null);
  };
  const shown = failure ?? problem;
  return (
    <div className="flex flex-col gap-5">
      {isHydrated && location.origin !== new URL(offer.url).origin ? (
        <Notice tone="warning" title={t("otherOrigin", { here: location.origin, url: offer.url })}>
          {t.rich("otherOriginWhy", {
            here: location.origin,
            url: offer.url,
            a: (chunks) => <a href={offer.url}>{chunks}</a>,
            code: (chunks) => <code>{chunks}</code>,
          })}
        </Notice>
      ) : null}
      {shown ? (
        <div role="alert">
          <Notice tone="fault" compact title={shown} />
        </div>
      ) : null}
      {offer.providers.map((provider) => (
        <Button
          key={provider.id}
          look="primary"
          size="large"
          wide
          busy={running !== null || !isHydrated}
          onClick={() => void start(provider.id, () => signInWith(provider.id, callbackUrl, isAgain))}
        >
          {t("with", { provider: provider.name ?? t("singleSignOn") })}
        </Button>
      ))}
      {offer.sandboxUsers ? (
        <section aria-labelledby="sandbox-users">
          <h2 id="sandbox-users" className="mb-1 font-semibold">
            {t("sandbox")}
          </h2>
          <p className="mb-3 text-xs text-second">{t("sandboxWhy")}</p>
          <ul className="flex flex-col gap-2">
            {offer.sandboxUsers.map((user) => (
              <li key={user.id}>
                <Button
                  wide
                  size="large"
                  busy={running !== null || !isHydrated}
                  onClick={() => void start(user.id, () => signInAs(user.id, callbackUrl))}
                >
                  <span className="flex w-full items-baseline justify-between gap-3 text-sm">
                    <span className="font-semibold">{user.name}</span>
                    <span className="truncate text-xs font-normal text-second">
                      {t("may", { role: user.role ?? "none" })}
                    </span>
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {offer.providers.length === 0 && !offer.sandboxUsers ? (
        <Notice tone="warning" title={t("none")}>
          {t("noneWhy")}
        </Notice>
      ) : null}
    </div>
  );
}

async function csrfToken(): Promise<string> {
  const response = await fetch("/api/auth/csrf", { cache: "no-store" });
  if (!response.ok) throw new Error(`csrf answered ${response.status}`);
  const body = (await response.json()) as { csrfToken: string };
  return body.csrfToken;
}

async function post(path: string, fields: Record<string, string>): Promise<URL> {
  const body = new URLSearchParams({ ...fields, csrfToken: await csrfToken(), json: "true" });
  const response = await fetch(path, { method: "POST", body });
  const answer = (await response.json()) as { url?: string };
  return new URL(answer.url ?? "/sign-in?error=Default", location.origin);
}

/** Answers the code of what went wrong, or goes on to where the person wanted to be. */
async function signInAs(username: string, callbackUrl: string): Promise<string | null> {
  const url = await post("/api/auth/callback/sandbox", { username, password: "sandbox", callbackUrl });
  const error = url.searchParams.get("error");
  if (error) return error;
  location.assign(callbackUrl);
  return new Promise(() => {});
}

async function signInWith(provider: string, callbackUrl: string, isAgain: boolean): Promise<string | null> {
  const asked = isAgain ? "?prompt=login&max_age=0" : "";
  const url = await post(`/api/auth/signin/${encodeURIComponent(provider)}${asked}`, { callbackUrl });
  const error = url.origin === location.origin ? url.searchParams.get("error") : null;
  if (error) return error;
  location.assign(url);
  return new Promise(() => {});
}
