import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { parseTheme, THEME_COOKIE } from "@/components/layout/theme.ts";
import { requestLanguage } from "@/components/messages/request-language.ts";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { HatchDefinition } from "@/components/ui/slot-mark.tsx";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("layout");
  const isEnglish = (await requestLanguage()) === "en";
  return {
    title: { default: "Switchyard", template: "%s · Switchyard" },
    description: t("description"),
    robots: { index: false, follow: false },
    manifest: isEnglish ? "/manifest.webmanifest" : "/manifest.ko.webmanifest",
    appleWebApp: { capable: true, title: "Switchyard", statusBarStyle: "default" },
    icons: { apple: "/apple-touch-icon.png" },
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f3f3f0" },
    { media: "(prefers-color-scheme: dark)", color: "#111312" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    // The theme may be changed in the browser before hydration is over.
    <html
      lang={await requestLanguage()}
      data-theme={theme ?? undefined}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <body>
        <HatchDefinition />
        {children}
      </body>
    </html>
  );
}
