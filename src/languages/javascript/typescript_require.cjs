"use strict";

/**
 * Lets require load TypeScript by the project's own compiler, without checking types; the PoC itself is compiled the same
 * way. Paths are found as the project's tsconfig.json says.
 */
const Module = require("module");
const { readFileSync } = require("fs");
const { dirname, join } = require("path");

const ts = Module.createRequire(join(process.cwd(), "package.json"))("typescript");
const script = process.argv[1];

function projectOptions() {
  const file = ts.findConfigFile(process.cwd(), ts.sys.fileExists);
  if (!file) return {};
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config || {}, ts.sys, dirname(file)).options;
}

const own = projectOptions();
const options = {
  ...own,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: undefined,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
  allowJs: true,
  sourceMap: false,
  inlineSourceMap: true,
  declaration: false,
  noEmit: false,
  isolatedModules: true,
  verbatimModuleSyntax: false,
  jsx: own.jsx === ts.JsxEmit.Preserve ? ts.JsxEmit.ReactJSX : own.jsx,
};
const resolution = {
  ...own,
  moduleResolution: ts.ModuleResolutionKind.Bundler || ts.ModuleResolutionKind.NodeJs,
};

function load(module, filename) {
  const fileName = filename === script ? filename.replace(/\.cjs$/, ".cts.ts") : filename;
  const { outputText } = ts.transpileModule(readFileSync(filename, "utf8"), {
    compilerOptions: options,
    fileName,
  });
  const body = outputText.replace(/\n(\/\/# sourceMappingURL=[^\n]*)\s*$/, "\n/$1");
  // A script may await at its top level, which CommonJS cannot.
  const text =
    filename === script && /\bawait\b/.test(body) ? `copatcherWaitsFor((async () => {${body}\n})());` : body;
  module._compile(text, filename);
}

const plain = Module._extensions[".js"];
for (const extension of [".ts", ".tsx", ".cts", ".mts"]) Module._extensions[extension] = load;
Module._extensions[".cjs"] = (module, filename) => (filename === script ? load : plain)(module, filename);

const find = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  try {
    return find.call(this, request, parent, ...rest);
  } catch (error) {
    const from = parent && parent.filename;
    const found = from && ts.resolveModuleName(request, from, resolution, ts.sys).resolvedModule;
    if (!found || /\.d\.[cm]?ts$/.test(found.resolvedFileName)) throw error;
    return found.resolvedFileName;
  }
};
