import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import type { TestResult } from "../domain/execution.ts";

const Case = z.object({
  classname: z.string().default(""),
  name: z.string().default(""),
  time: z.string().default("0"),
  failure: z.unknown().optional(),
  error: z.unknown().optional(),
  skipped: z.unknown().optional(),
});

const Suite = z.object({ testcase: z.array(Case).default([]) });
const Suites = z.object({ testsuite: z.array(z.union([Suite, z.literal("")])).default([]) });
const Report = z.object({
  testsuites: z.union([Suites, z.literal("")]).optional(),
  testsuite: z.array(Suite).optional(),
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseAttributeValue: false,
  // Entities of its own are how an XML file grows without end; the five of XML are decoded below.
  processEntities: false,
  isArray: (name) => name === "testsuite" || name === "testcase",
});

/** Results of a JUnit report, null when the text is not one. */
export function parseJunit(text: string): readonly TestResult[] | null {
  if (XMLValidator.validate(text) !== true) return null;
  const report = Report.safeParse(parser.parse(text));
  if (!report.success) return null;
  const { testsuites, testsuite } = report.data;
  const suites = [
    ...(testsuites === undefined || testsuites === "" ? [] : testsuites.testsuite),
    ...(testsuite ?? []),
  ];
  return suites.flatMap((suite) => (suite === "" ? [] : suite.testcase.map(resultOf)));
}

function resultOf(test: z.infer<typeof Case>): TestResult {
  const seconds = Number(test.time);
  return {
    id: decode(`${test.classname}::${test.name}`),
    status: statusOf(test),
    seconds: Number.isFinite(seconds) ? seconds : 0,
  };
}

function statusOf(test: z.infer<typeof Case>): TestResult["status"] {
  if (test.failure !== undefined) return "failed";
  if (test.error !== undefined) return "errored";
  return test.skipped === undefined ? "passed" : "skipped";
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

const decode = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => entities[name] ?? whole);
