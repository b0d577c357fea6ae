import {
  allowedCalls,
  namespaceFlags,
  noSuchCall,
  personalities,
  socketFamilies,
  unixFamily,
} from "../../driver/system-calls.ts";

const whenArgument = (index: number, value: number) => ({
  index,
  value,
  valueTwo: 0,
  op: "SCMP_CMP_EQ",
});

/**
 * The engine's seccomp profile as JSON text. It names no architecture, so that the engine's own is the only one
 * allowed: 32-bit calls on a 64-bit engine are refused as a whole.
 */
export const seccompProfile = JSON.stringify({
  defaultAction: "SCMP_ACT_ERRNO",
  syscalls: [
    { names: allowedCalls.filter((name) => name !== "socketpair"), action: "SCMP_ACT_ALLOW", args: [] },
    { names: ["socketpair"], action: "SCMP_ACT_ALLOW", args: [whenArgument(0, unixFamily)] },
    {
      names: ["clone"],
      action: "SCMP_ACT_ALLOW",
      args: [{ index: 0, value: namespaceFlags, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
    },
    // its flags lie in memory, out of a filter's sight; the C library falls back to clone
    { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: noSuchCall, args: [] },
    ...socketFamilies.map((family) => ({
      names: ["socket"],
      action: "SCMP_ACT_ALLOW",
      args: [whenArgument(0, family)],
    })),
    ...personalities.map((persona) => ({
      names: ["personality"],
      action: "SCMP_ACT_ALLOW",
      args: [whenArgument(0, persona)],
    })),
  ],
});
