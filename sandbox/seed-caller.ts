import type { SimulatedService } from "./service.ts";

type Caller = <Output>(service: SimulatedService, operation: string, input: object) => Promise<Output>;

/** Calls operations of simulated services as a client would. */
export function createCaller(): Caller {
  const signal = new AbortController().signal;
  return async <Output>(service: SimulatedService, operation: string, input: object) => {
    const handler = service.operations[operation];
    if (!handler) throw new Error(`The seed needs ${service.name} ${operation}, which is not simulated`);
    // Safe because the table holds the handler of exactly this operation.
    return (await handler(input, { requestId: "00000000-0000-0000-0000-000000000000", signal })) as Output;
  };
}
