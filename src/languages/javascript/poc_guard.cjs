"use strict";

/**
 * Preloaded into the process of a PoC. Leaves the word that comes on standard input in the file COPATCHER_POC_END when the
 * script came to its own end with exit status 0: nothing was left to do, or the script itself called process.exit. After
 * an error that nobody caught, or its own exit with another status, the word is followed by " failed". An exit that other
 * code called, a promise of the script that never settled and an error that other code hid are no end.
 */
const { readFileSync, writeFileSync } = require("fs");
const { types } = require("util");
const { isMainThread } = require("worker_threads");

const end = process.env.COPATCHER_POC_END;
const script = process.env.COPATCHER_POC;

if (isMainThread && end && script) {
  delete process.env.COPATCHER_POC_END;
  delete process.env.COPATCHER_POC;
  // Processes that the script forks get neither this file nor the word.
  process.execArgv = process.execArgv.filter(
    (word, index, all) => word !== __filename && all[index + 1] !== __filename,
  );
  guard(readFileSync(0, "utf8"));
}

function guard(word) {
  const { exit } = process;
  let open = 0;
  let hidden = false;
  let ended = false;
  let called = false;

  const waitsFor = (value) => {
    // Only real promises: other objects with a method `then`, queries say, may start to work when it is called.
    if (types.isPromise(value)) {
      open += 1;
      const settle = () => void (open -= 1);
      // Not awaited: that would take an error that nobody handles for handled.
      void value.finally(settle);
    }
    return value;
  };
  Object.defineProperty(globalThis, "copatcherWaitsFor", { value: waitsFor });
  process.exit = function (code) {
    called = true;
    ended = callerOf(process.exit).includes(script);
    return exit.call(process, code);
  };
  process.on("uncaughtExceptionMonitor", () => {
    hidden = true;
  });
  process.on("beforeExit", () => {
    if (!called) ended = open === 0;
  });
  process.on("exit", (code) => {
    if (code === 0 && ended && !hidden) writeFileSync(end, word);
    else if (code !== 0 && (hidden || ended)) writeFileSync(end, word + " failed");
  });
}

/** The first line of the stack that lies in a file, above a function. */
function callerOf(callee) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = undefined;
  Error.stackTraceLimit = 20;
  const holder = {};
  Error.captureStackTrace(holder, callee);
  const lines = String(holder.stack).split("\n").slice(1);
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return (
    lines.find(
      (line) => /[/\\]/.test(line) && !line.includes("node:internal") && !line.includes("internal/"),
    ) || ""
  );
}
