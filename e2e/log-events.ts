import { CloudWatchLogsClient, type InputLogEvent, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { SANDBOX_URL } from "./world.ts";

/** Puts lines into a task's own stream, as a log router would. Not as the product: its policy does not bind this key. */
export async function putLogEvents(
  logStreamName: string,
  logEvents: InputLogEvent[],
  logGroupName = "/ecs/library-management-task",
): Promise<void> {
  const logs = new CloudWatchLogsClient({
    endpoint: SANDBOX_URL,
    region: "ap-northeast-2",
    credentials: { accessKeyId: "administrator", secretAccessKey: "any" },
  });
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  logs.destroy();
}
