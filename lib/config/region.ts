import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";

const FIX = fix(say("config.region"));

/** A Region's name in any partition: "eu-central-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1". */
export const regionSchema = z.string(FIX).regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, FIX);
