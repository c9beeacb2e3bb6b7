import type { Metadata } from "next";
import { FreezeDesk } from "@/components/freezes/freeze-desk.tsx";
import { PageHeader } from "@/components/layout/page-header.tsx";
import { getTranslations } from "@/components/messages/server-translations.ts";
import { Problem } from "@/components/ui/problem.tsx";
import { can, maySee } from "@/lib/domain/access/role.ts";
import { listFreezes } from "@/lib/queries/list-freezes.ts";
import { pageContext } from "../page-context.ts";
import { freezeAction, liftAction } from "./actions.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("freezes"))("title") };
}

const ACTIONS = { freeze: freezeAction, lift: liftAction };

export default async function FreezesPage() {
  const t = await getTranslations("freezes");
  const ctx = await pageContext();
  const { identity, runtime } = ctx;
  const result = await listFreezes(ctx);
  const names = [...runtime.observer.applications(), ...runtime.observer.unresolved()]
    .map(({ name }) => name)
    .filter((name) => maySee(identity, name));
  return (
    <>
      <PageHeader title={t("title")} detail={t("detail")} />
      {result.ok ? (
        <FreezeDesk
          freezes={result.value}
          now={runtime.now()}
          mayFreeze={[
            ...(can(identity, "freeze", null) ? [null] : []),
            ...names.filter((n) => can(identity, "freeze", n)),
          ]}
          actions={ACTIONS}
        />
      ) : (
        <Problem title={t("cannotBeShown")} problem={result} />
      )}
    </>
  );
}
