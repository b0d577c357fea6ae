import { Command } from "commander";
import { sandboxBench } from "./sandbox/command.ts";

await new Command("bench")
  .description("measurements, as ratios against a floor or a peer in the same run")
  .addCommand(sandboxBench())
  .parseAsync();
