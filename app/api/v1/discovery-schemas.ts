import { z } from "zod";

const time = z.number().describe("Epoch milliseconds");
const said = z.looseObject({ code: z.string(), params: z.record(z.string(), z.unknown()) });
const told = z.looseObject({ message: z.string().describe("In English"), said });

export const discoverySchema = z.looseObject({
  region: z.string(),
  at: time.nullable().describe("When the look that is shown was over; null before the first"),
  lookingSince: time.nullable().describe("Since when a look is under way; ask again until it is null"),
  services: z.number(),
  entrances: z.number().describe("Listeners and rules"),
  notSeen: z.array(told).describe("What could not be looked at, and why"),
  proposals: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.string(),
      controller: z.string(),
      services: z.array(z.string()),
      text: z.string().describe("Its entry in switchyard.yaml"),
      hash: z.string().describe("Of the entry: adding it takes this hash"),
      describedBy: z.string().nullable().describe("The application of switchyard.yaml that moves its services already"),
      notes: z.array(told).describe("What the proposal rests on"),
      open: z.array(told).describe("What could not be decided"),
    }),
  ),
  leftOut: z.array(told.extend({ service: z.string(), cluster: z.string() })),
  text: z.string().describe("The whole of a switchyard.yaml"),
  file: z
    .looseObject({ path: z.string(), isWritable: z.boolean() })
    .nullable()
    .describe("Where it can be added; null for who may not add"),
});

export const addedApplicationsSchema = z.looseObject({
  added: z.array(z.string()).describe("Their names in switchyard.yaml; none where it described them already"),
  reload: z
    .looseObject({ isTaken: z.boolean(), words: z.string() })
    .nullable()
    .describe("What came of reading the file again"),
});
