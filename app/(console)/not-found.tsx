import { PageHeader } from "@/components/layout/page-header.tsx";
import { buttonLook } from "@/components/ui/button-look.ts";
import { EmptyState } from "@/components/ui/notice.tsx";

export const metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <div className="card">
        <EmptyState title="There is nothing here">
          <p className="mb-4">
            No application or deployment has this name, or your role does not show it to you. Applications are described
            in switchyard.yaml.
          </p>
          <a href="/" className={buttonLook("primary")}>
            To the overview
          </a>
        </EmptyState>
      </div>
    </>
  );
}
