import * as fc from "fast-check";

/** Where and how something goes wrong on the way; `at` says where, from 0 to 1, `with` chooses among variants. */
type Place = { readonly at: number; readonly with: number };
export type Mutation = Place & { readonly kind: Kind };
type Kind = keyof typeof eventChanges | keyof typeof byteChanges | "line-ends" | "stall" | "reset";

const junk = [
  "\n\n",
  "\r",
  "\0",
  ": ping\n\n",
  "event: error\n",
  "data:",
  "data: [DONE]\n\n",
  "id: 7\nretry: 1\n",
  "\ufeff",
  "<html>",
  "}".repeat(50),
];

const strangeEvents = [
  '{"error": {"message": "EngineCore encountered an issue.", "code": 500}}',
  '{"error": "boom"}',
  '{"object": "error", "message": "aborted"}',
  '{"error": {"message": "This model\'s maximum context length is 5 tokens, 9 input tokens"}}',
  '{"choices": []}',
  '{"choices": null, "usage": null}',
  '{"choices": [{"index": 99, "delta": {"content": "stray"}, "finish_reason": "stop"}]}',
  '{"choices": [{"index": -1, "delta": {"content": "stray"}}]}',
  '{"choices": [{"index": 1, "delta": {}, "finish_reason": "stop"}]}',
  '{"choices": [{"index": 0, "delta": {}, "finish_reason": "abort"}]}',
  '{"choices": [], "usage": {"prompt_tokens": 1e308, "completion_tokens": -5}}',
  '{"choices": [], "usage": {"prompt_tokens": 12, "completion_tokens": 40}}',
  '{"choices": [{"index": 0}, {"index": 1}, {"index": 2}]}',
  '{"choices": {"0": {"index": 0}}}',
  '{"model": "another", "choices": []}',
  '{"__proto__": {"choices": 1}, "constructor": 3}',
  "[]",
  "null",
  "7",
  '"text"',
  "",
  "[".repeat(2_000),
  `{"choices": [{"index": 0, "delta": {"content": "${"x".repeat(3_000)}"}}]}`,
  `{"choices": [{"index": 1, "delta": {"content": "${" tick".repeat(2_000)}"}}]}`,
];
const strangeValues = [
  "null",
  "-1",
  "1e308",
  "1e999",
  "0.5",
  "99",
  "12345678901234567890",
  '""',
  '"stop"',
  '"length"',
  '"content_filter"',
  '"\\ud800"',
  '"\\u0000"',
  "[]",
  "{}",
  "true",
  "tru",
  "",
];
const value = /(?<="[a-z_]+": ?)("(?:[^"\\]|\\.)*"|-?\d+|null|true|false)/g;
const name = /"[a-z_]+"(?=:)/g;

type Events = readonly string[];
const inserted = (events: Events, { at }: Place, event: string): Events =>
  events.toSpliced(Math.floor(at * events.length), 0, event);
const picked = <T>(all: readonly T[], { with: variant }: Place): T | undefined => all[variant % all.length];

const eventChanges = {
  drop: (events: Events, { at }: Place) => events.toSpliced(Math.floor(at * events.length), 1),
  repeat: (events: Events, place: Place) =>
    inserted(events, place, events[Math.floor(place.at * events.length)] ?? ""),
  swap(events: Events, { at }: Place) {
    const first = Math.floor(at * events.length);
    return events.toSpliced(first, 2, ...events.slice(first, first + 2).toReversed());
  },
  insert: (events: Events, place: Place) => inserted(events, place, picked(strangeEvents, place) ?? ""),
  value: (events: Events, place: Place) => replaced(events, place, value, picked(strangeValues, place) ?? ""),
  rename: (events: Events, place: Place) => replaced(events, place, name, '"renamed"'),
  "done-early": (events: Events, place: Place) => inserted(events, place, "[DONE]"),
};

/** The events with one of the places that fit `pattern` replaced in one of them. */
function replaced(events: Events, { at, with: variant }: Place, pattern: RegExp, by: string): Events {
  const chosen = Math.floor(at * events.length);
  const event = events[chosen] ?? "";
  const places = [...event.matchAll(pattern)];
  const place = places[Math.floor(variant / 32) % Math.max(1, places.length)];
  if (place === undefined) return events;
  return events.with(chosen, event.slice(0, place.index) + by + event.slice(place.index + place[0].length));
}

const byteChanges = {
  flip(bytes: Buffer, { at, with: variant }: Place) {
    const place = Math.floor(at * bytes.length);
    const flipped = Buffer.from(bytes);
    if (place < flipped.length) flipped[place] = (flipped[place] ?? 0) ^ (1 << (variant % 8));
    return flipped;
  },
  cut: (bytes: Buffer, { at }: Place) => bytes.subarray(0, Math.floor(at * bytes.length)),
  junk: (bytes: Buffer, place: Place) => withBytes(bytes, place, Buffer.from(picked(junk, place) ?? "")),
  "half-character": (bytes: Buffer, place: Place) =>
    withBytes(bytes, place, Buffer.from("漢🧪").subarray(0, 1 + (place.with % 6))),
};

function withBytes(bytes: Buffer, { at }: Place, more: Buffer): Buffer {
  const place = Math.floor(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]);
}

const isEventKind = (kind: Kind): kind is keyof typeof eventChanges => kind in eventChanges;
const isByteKind = (kind: Kind): kind is keyof typeof byteChanges => kind in byteChanges;

/** What reaches the client of a stream's `events`; `ending` is how the connection ends after that. */
export function mutated(
  events: Events,
  all: readonly Mutation[],
): { readonly bytes: Buffer; readonly ending: "end" | "stall" | "reset" } {
  const has = (wanted: Kind): boolean => all.some(({ kind }) => kind === wanted);
  let changed = events;
  for (const one of all) if (isEventKind(one.kind)) changed = eventChanges[one.kind](changed, one);
  const lineEnd = has("line-ends") ? "\r\n" : "\n";
  let bytes = Buffer.from(changed.map((event) => `data: ${event}${lineEnd}${lineEnd}`).join(""));
  for (const one of all) {
    if (isByteKind(one.kind)) bytes = Buffer.from(byteChanges[one.kind](bytes, one));
    else if (one.kind === "stall" || one.kind === "reset") bytes = Buffer.from(byteChanges.cut(bytes, one));
  }
  return { bytes, ending: has("reset") ? "reset" : has("stall") ? "stall" : "end" };
}

/** Stalls are rare because each costs the client's whole patience. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 500, arbitrary: fc.constantFrom(...(Object.keys(eventChanges) as Kind[])) },
      { weight: 300, arbitrary: fc.constantFrom(...(Object.keys(byteChanges) as Kind[])) },
      { weight: 100, arbitrary: fc.constantFrom<Kind[]>("line-ends", "reset") },
      { weight: 1, arbitrary: fc.constant<Kind>("stall") },
    ),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    with: fc.nat(1_000_000),
  }),
  { minLength: 1, maxLength: 4 },
);
