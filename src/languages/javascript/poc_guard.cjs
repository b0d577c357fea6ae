"use strict";

/**
 * Preloaded into the process of a PoC. Leaves the word that comes on standard input in the file COPATCHER_POC_END when the
 * script came to its own end with exit status 0: nothing was left to do, or the script itself called process.exit. After
 * an error that nobody caught, or its own exit with another status, the word is followed by " failed". An exit that other
 * code called, a promise of the script that never settled and an error that other code hid are no end.
 */
const { readFileSync, writeFileSync } = require("fs");
const { isPromise } = require("util").types;
const { isMainThread } = require("worker_threads");

// Taken now: the repository's code may put something else in their place.
const Errors = Error;
const { captureStackTrace } = Errors;
const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;
const { then } = Promise.prototype;
const { includes } = String.prototype;

const end = process.env.COPATCHER_POC_END;
const script = process.env.COPATCHER_POC;
const tree = process.cwd() + require("path").sep;

const [{ constructor: Site }] = sitesAbove(null);
const { getFileName, isEval } = Site.prototype;

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

  const settle = () => void (open -= 1);
  const fail = (error) => {
    open -= 1;
    throw error;
  };
  const waitsFor = (value) => {
    // Only real promises: other objects with a method `then`, queries say, may start to work when it is called.
    if (isPromise(value)) {
      open += 1;
      // Not awaited, and thrown on: an error that nobody handles must not be taken for handled.
      void apply(then, value, [settle, fail]);
    }
    return value;
  };
  Object.defineProperty(globalThis, "copatcherWaitsFor", { value: waitsFor });
  const guardedExit = (code) => {
    called = true;
    const caller = sitesAbove(guardedExit)[0];
    ended = caller !== undefined && liesIn(caller, script);
    return apply(exit, process, [code]);
  };
  process.exit = guardedExit;
  process.on("uncaughtExceptionMonitor", () => {
    hidden = true;
  });
  const beforeExit = () => {
    if (!called) ended = open === 0 && isNodes(sitesAbove(beforeExit));
  };
  process.on("beforeExit", beforeExit);
  process.on("exit", (code) => {
    if (code === 0 && ended && !hidden) writeFileSync(end, word);
    else if (code !== 0 && (hidden || ended)) writeFileSync(end, word + " failed");
  });
}

/** The frames above a function, as V8 knows them; none where other code has a hand in what stacks tell. */
function sitesAbove(callee) {
  if (globalThis.Error !== Errors) return [];
  const trace = getOwnPropertyDescriptor(Errors, "prepareStackTrace");
  const limit = getOwnPropertyDescriptor(Errors, "stackTraceLimit");
  const holder = { __proto__: null, stack: [] };
  if (
    put(
      "prepareStackTrace",
      valueOf((_, sites) => sites),
    ) &&
    put("stackTraceLimit", valueOf(Infinity))
  ) {
    apply(captureStackTrace, Errors, callee === null ? [holder] : [holder, callee]);
  }
  const sites = holder.stack;
  put("prepareStackTrace", trace);
  put("stackTraceLimit", limit);
  return sites;
}

function valueOf(value) {
  return { __proto__: null, value, configurable: true, enumerable: false, writable: true };
}

function put(name, descriptor) {
  return descriptor === undefined ? deleteProperty(Errors, name) : defineProperty(Errors, name, descriptor);
}

/** Whether the code lies in a file of that path; text that is evaluated can give itself any name, and lies in none. */
function liesIn(site, path) {
  const file = apply(getFileName, site, []);
  return !apply(isEval, site, []) && typeof file === "string" && apply(includes, file, [path]);
}

/** Whether Node emitted the event: packages that stand in for process.emit may have a part in it, the repository's code not. */
function isNodes(sites) {
  for (let index = 0; index < sites.length; index += 1) {
    const site = sites[index];
    const isOurs = liesIn(site, tree) && !liesIn(site, "/node_modules/");
    if (isOurs || apply(isEval, site, [])) return false;
  }
  return sites.length > 0;
}
