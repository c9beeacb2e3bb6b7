"use client";
import { useEffect } from "react";
import { useTranslations } from "#translations";
import { useLive } from "./live-provider.tsx";

/** While Switchyard has rolled something back that nobody has acknowledged, the tab's title says so first. */
export function TitleAlert() {
  const t = useTranslations("live");
  const names = useLive((state) =>
    Object.values(state.snapshots)
      .filter(({ automaticRollback }) => automaticRollback !== undefined)
      .map(({ name }) => name)
      .join(", "),
  );
  useEffect(() => {
    if (names === "") return;
    const prefix = t("titleAlert", { names });
    const put = () => {
      if (!document.title.startsWith(prefix)) document.title = prefix + document.title;
    };
    put();
    // Going to another page writes its own title.
    const watch = new MutationObserver(put);
    watch.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => {
      watch.disconnect();
      document.title = document.title.replace(prefix, "");
    };
  }, [names, t]);
  return null;
}
