import { describe, expect, test } from "vitest";
import { generatedEditReplies } from "./generated/edit-replies.ts";
import { generatedJudgementReplies } from "./generated/judgement-replies.ts";
import { generatedFileReplies, generatedPlaceReplies } from "./generated/locating-replies.ts";
import { generatedScriptReplies } from "./generated/script-replies.ts";
import { editAnswers } from "./hand-made/edit-answers.ts";
import { editMarks } from "./hand-made/edit-marks.ts";
import { editPaths } from "./hand-made/edit-paths.ts";
import { editPlaces } from "./hand-made/edit-places.ts";
import { fileReplies } from "./hand-made/files.ts";
import { judgementReplies, reviewReplies } from "./hand-made/judgements.ts";
import { placeReplies } from "./hand-made/places.ts";
import { scriptReplies } from "./hand-made/scripts.ts";
import {
  readConclusion,
  readFiles,
  readPatch,
  readPlaces,
  readScript,
  readVerdict,
  replaced,
} from "./read-reply.ts";

const edits = [...editMarks, ...editAnswers, ...editPlaces, ...editPaths, ...generatedEditReplies];
const files = [...fileReplies, ...generatedFileReplies];
const places = [...placeReplies, ...generatedPlaceReplies];
const scripts = [...scriptReplies, ...generatedScriptReplies];
const judgements = [...judgementReplies, ...generatedJudgementReplies];

describe("a written patch is read right with", () => {
  test.each(edits)("$name", (entry) => {
    const { reading } = entry;
    expect(readPatch(entry)).toEqual(typeof reading === "string" ? reading : replaced(reading));
  });
});

describe("a list of files is read right with", () => {
  test.each(files)("$name", (entry) => expect(readFiles(entry)).toEqual(entry.reading));
});

describe("a list of places is read right with", () => {
  test.each(places)("$name", (entry) => expect(readPlaces(entry)).toEqual(entry.reading));
});

describe("a script is read right with", () => {
  test.each(scripts)("$name", (entry) => expect(readScript(entry)).toBe(entry.reading));
});

describe("a judgement is read right with", () => {
  test.each(judgements)("$name", (entry) => expect(readVerdict(entry)).toBe(entry.reading));
});

describe("a review is read right with", () => {
  test.each(reviewReplies)("$name", (entry) => expect(readConclusion(entry)).toBe(entry.reading));
});

test("the corpus holds more than three hundred different replies", () => {
  const all = [...edits, ...files, ...places, ...scripts, ...judgements, ...reviewReplies];
  const distinct = new Set(all.map(({ reply, finish }) => `${finish}\n${reply}`));

  expect(distinct.size).toBeGreaterThan(300);
});
