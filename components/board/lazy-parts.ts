import { lazyPart } from "@/components/ui/lazy-part.tsx";

/* What the board's dialogs show: no part of its first load, and there before anybody opens one. */

export const receiptForm = lazyPart(() => import("./receipt-form.tsx").then(({ ReceiptForm }) => ReceiptForm));
export const closeWindowForm = lazyPart(() =>
  import("./close-window-form.tsx").then(({ CloseWindowForm }) => CloseWindowForm),
);
export const retireForm = lazyPart(() => import("./retire-form.tsx").then(({ RetireForm }) => RetireForm));
export const overrideRollback = lazyPart(() =>
  import("./override-rollback.tsx").then(({ OverrideRollback }) => OverrideRollback),
);

/** All of them. */
export const BOARD_PARTS = [receiptForm, closeWindowForm, retireForm, overrideRollback];
