import { Command } from "commander";
import { sandboxBench } from "./sandbox/command.ts";
import { webhooksBench } from "./webhooks/command.ts";

await new Command("bench")
  .description("measurements, as ratios against a floor or a peer in the same run")
  .addCommand(sandboxBench())
  .addCommand(webhooksBench())
  .parseAsync();
