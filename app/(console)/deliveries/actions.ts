"use server";

import type { Delivery } from "@/lib/domain/notification/notification.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { retryDelivery } from "@/lib/operations/retry-delivery.ts";
import { act } from "../act.ts";

export async function retryDeliveryAction(input: {
  application: string;
  deliveryId: number;
}): Promise<Result<Delivery>> {
  return act((ctx) => retryDelivery(ctx, input));
}
