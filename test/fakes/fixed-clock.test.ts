import { clockContract } from "../contracts/clock.ts";
import { createFixedClock } from "./fixed-clock.ts";

clockContract("the fixed clock", () => createFixedClock());
