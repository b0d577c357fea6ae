import { Command } from "commander";
import { pipelineBench } from "./pipeline/command.ts";
import { sandboxBench } from "./sandbox/command.ts";
import { webhooksBench } from "./webhooks/command.ts";
import { workspaceBench } from "./workspace/command.ts";

await new Command("bench")
  .description("measurements, as ratios against a floor or a peer in the same run")
  .addCommand(pipelineBench())
  .addCommand(sandboxBench())
  .addCommand(webhooksBench())
  .addCommand(workspaceBench())
  .parseAsync();
