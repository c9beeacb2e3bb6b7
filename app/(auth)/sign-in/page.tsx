import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Messages } from "@/components/messages/messages.tsx";
import { SIGN_IN_ROOMS } from "@/components/messages/rooms.ts";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { SignIn } from "@/components/sign-in/sign-in.tsx";
import { signInProblem } from "@/components/sign-in/sign-in-problem.ts";
import { Mark } from "@/components/ui/icon.tsx";
import { Notice } from "@/components/ui/notice.tsx";
import { currentAccessCache } from "@/lib/auth/access-cache.ts";
import { currentIdentity } from "@/lib/auth/current-identity.ts";
import { ownPath } from "@/lib/auth/own-path.ts";
import { signInChoices } from "@/lib/auth/providers.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signIn"))("title") };
}

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const query = await searchParams;
  const callbackUrl = ownPath(query.callbackUrl);
  const isAgain = query.again === "1";
  if (!isAgain && (await currentIdentity())) redirect(callbackUrl);
  const t = await getTranslations("signIn");
  const error = Array.isArray(query.error) ? query.error[0] : query.error;
  return (
    <main className="grid min-h-dvh grid-cols-1 max-lg:grid-rows-[auto_1fr] lg:grid-cols-[minmax(0,1fr)_480px]">
      <section aria-label="Switchyard" className="flex flex-col justify-between gap-10 p-8 max-lg:gap-6 lg:p-12">
        <p className="flex items-center gap-3 text-lg font-semibold">
          <Mark size={32} />
          Switchyard
        </p>
        <div className="max-lg:hidden">
          <TrackDrawing />
        </div>
        <p className="max-w-[460px] text-base text-second">{t("about")}</p>
      </section>
      <section className="flex flex-col border-line lg:justify-center bg-card p-8 max-lg:border-t lg:border-l lg:p-12">
        <h1 className="mb-5 text-xl font-semibold">{isAgain ? t("titleAgain") : t("title")}</h1>
        {isAgain ? <p className="mb-5 text-second">{t("againWhy")}</p> : null}
        {currentAccessCache().canJudge() ? null : (
          <div className="mb-5">
            <Notice tone="warning" title={t("databaseAway")}>
              {t("databaseAwayWhy")}
            </Notice>
          </div>
        )}
        <Messages rooms={SIGN_IN_ROOMS}>
          <SignIn
            offer={signInChoices()}
            callbackUrl={callbackUrl}
            problem={error ? signInProblem(t, error) : null}
            isAgain={isAgain}
          />
        </Messages>
      </section>
    </main>
  );
}

const SLEEPERS = [
  ...Array.from({ length: 9 }, (_, i) => `M${24 + i * 16} 108v24`),
  ...Array.from({ length: 12 }, (_, i) => `M${352 + i * 16} 44v24m0 104v24`),
].join("");

/** A switchyard from above: one track comes in, two leave, and the points lie towards blue. */
function TrackDrawing() {
  return (
    <svg aria-hidden="true" viewBox="0 0 640 240" className="w-full max-w-[720px]" fill="none" strokeLinecap="round">
      <path d={SLEEPERS} className="stroke-line" strokeWidth={3} />
      <path d="M8 120h150" className="stroke-ink" strokeWidth={5} />
      <path d="M158 120c90 0 90-64 180-64h214" className="stroke-blue" strokeWidth={5} />
      <path d="M196 128c60 14 74 56 142 56h208" className="stroke-green" strokeWidth={5} strokeDasharray="2 12" />
      <circle cx={584} cy={56} r={26} className="fill-blue" />
      <rect x={562} y={162} width={44} height={44} rx={4} transform="rotate(45 584 184)" className="fill-green" />
      <text x={584} y={64} textAnchor="middle" fontSize={24} fontWeight={700} className="fill-on-slot">
        B
      </text>
      <text x={584} y={192} textAnchor="middle" fontSize={24} fontWeight={700} className="fill-on-slot">
        G
      </text>
    </svg>
  );
}
