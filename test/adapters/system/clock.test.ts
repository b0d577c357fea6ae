import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import { clockContract } from "../../contracts/clock.ts";

clockContract("the system clock", createSystemClock);
