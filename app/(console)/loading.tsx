import { useTranslations } from "#translations";
import { Skeleton } from "@/components/ui/notice.tsx";

export default function Loading() {
  const t = useTranslations("layout");
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">
        {t("loading")}
      </p>
      <div className="flex h-12 items-center">
        <Skeleton className="h-6 w-40" />
      </div>
      <div className="card flex flex-col gap-4 p-4">
        <Skeleton className="h-8 w-80 max-w-full" />
        {["a", "b", "c", "d"].map((row) => (
          <Skeleton key={row} className="h-10" />
        ))}
      </div>
    </div>
  );
}
