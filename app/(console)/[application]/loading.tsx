import { useTranslations } from "#translations";
import { Skeleton } from "@/components/ui/notice.tsx";

export default function Loading() {
  const t = useTranslations("layout");
  return (
    <div aria-busy="true" className="flex flex-1 flex-col gap-3">
      <p className="sr-only" role="status">
        {t("loading")}
      </p>
      <Skeleton className="h-[57px] rounded-card max-md:hidden" />
      <div className="grid gap-3 max-md:grid-cols-1 md:grid-cols-2 lg:h-[428px] lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_316px]">
        <Skeleton className="min-h-16 rounded-card" />
        <Skeleton className="min-h-16 rounded-card" />
        <Skeleton className="min-h-16 rounded-card" />
      </div>
      <Skeleton className="min-h-[280px] flex-1 rounded-card" />
    </div>
  );
}
