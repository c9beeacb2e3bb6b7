import { regionSchema } from "../config/region.ts";
import type { ContainerSummary } from "../domain/observation/task-definition.ts";

/**
 * Where a container's lines go. The awslogs driver names its streams `prefix/container/task`, or by the container runtime's id
 * without a prefix; FireLens's CloudWatch outputs append their tag, `container-firelens-task`, to the prefix.
 */
export function logDestinationOf(
  name: string,
  driver: string | null,
  given: Readonly<Record<string, unknown>>,
): Pick<ContainerSummary, "logGroup" | "logStreamPrefix" | "logStream" | "logRegion"> {
  const options = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  ) as Readonly<Record<string, string | undefined>>;
  if (driver === "awslogs") {
    const prefix = options["awslogs-stream-prefix"] || null;
    const group = options["awslogs-group"] || null;
    const stream = prefix ? `${prefix}/${name}/{task}` : "{runtime}";
    return { logGroup: group, logStreamPrefix: prefix, logStream: stream, ...regionOf(options["awslogs-region"]) };
  }
  if (driver === "awsfirelens" && /^cloudwatch(?:_logs)?$/i.test(options.Name ?? options.name ?? "")) {
    const prefix = options.log_stream_prefix || null;
    const fixed = options.log_stream_name && !options.log_stream_name.includes("$(") ? options.log_stream_name : null;
    const stream = prefix === null ? fixed : `${prefix}${name}-firelens-{task}`;
    const logGroup = options.log_group_name || null;
    return { logGroup, logStreamPrefix: prefix, logStream: stream, ...regionOf(options.region) };
  }
  return { logGroup: null, logStreamPrefix: null, logStream: null };
}

/** What is no Region's name is read as none: it would become part of a host's name. */
function regionOf(given: string | undefined): Pick<ContainerSummary, "logRegion"> {
  const region = regionSchema.safeParse(given);
  return region.success ? { logRegion: region.data } : {};
}
