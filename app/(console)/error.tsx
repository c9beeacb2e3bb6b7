"use client";
import { Button } from "@/components/ui/button.tsx";
import { buttonLook } from "@/components/ui/button-look.ts";
import { EmptyState } from "@/components/ui/notice.tsx";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="card mt-12" role="alert">
      <EmptyState title="This page could not be drawn">
        <p className="mb-1">
          Nothing was changed in AWS. The fault is in Switchyard or in its database; the server's log has it
          {error.digest ? (
            <>
              {" "}
              under <span className="font-mono text-xs">{error.digest}</span>
            </>
          ) : null}
          .
        </p>
        <div className="mt-4 flex justify-center gap-2">
          <Button look="primary" onClick={reset}>
            Try again
          </Button>
          <a href="/" className={buttonLook()}>
            To the overview
          </a>
        </div>
      </EmptyState>
    </div>
  );
}
