import { ggufFile, type Tensor } from "./gguf.ts";

const context = 2_048;
const [normal, control, userDefined] = [1, 3, 4];

/** GPT-2's alphabet: a printable character for each byte. */
const byteCharacters = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let other = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : other++));
})();
const encoded = (text: string): string =>
  [...Buffer.from(text)].map((byte) => byteCharacters[byte] ?? "").join("");

const template =
  "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n'}}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/**
 * A model of qwen2's architecture without learned weights: embeddings are one-hot and attention is zero, so the next
 * token depends on the last one alone. After a line end it thinks, then says "Yes, fixed. " or "No, broken! " with even
 * odds; after "~" it says " tick tock" without end.
 */
export function scriptedModel(): Buffer {
  const tokens: string[] = [];
  const types: number[] = [];
  const add = (token: string, type: number): number => {
    types.push(type);
    return tokens.push(token) - 1;
  };
  for (const character of byteCharacters) add(character, normal);
  const endOfText = add("<|endoftext|>", control);
  add("<|im_start|>", control);
  const end = add("<|im_end|>", control);
  const think = add("<think>", userDefined);
  const thought = add("</think>", userDefined);
  // The list of merges must not be empty.
  add("ab", normal);
  const words = (...texts: readonly string[]): number[] => texts.map((text) => add(encoded(text), normal));
  const reasoning = words("\nThe", " report", " names", " one", " file", ".\n");
  const yes = words("\n\nYes", ", fixed. ");
  const no = words("\n\nNo", ", broken! ");
  const ticking = words(" tick", " tock");
  while (tokens.length % 32 !== 0) add(`<pad${tokens.length}>`, control);

  const next: (readonly [number, number | undefined])[] = [];
  const chain = (...ids: readonly number[]): void =>
    ids.slice(1).forEach((id, at) => next.push([id, ids[at]]));
  chain(10, think, ...reasoning, thought);
  chain(thought, ...yes, end);
  chain(thought, ...no, end);
  chain("~".charCodeAt(0), ...ticking, ...ticking.slice(0, 1));

  const size = tokens.length;
  const tensor = (
    name: string,
    shape: readonly number[],
    fill: (values: Float32Array) => void = () => {},
  ): Tensor => {
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    fill(values);
    return { name, shape, values };
  };
  const ones = (values: Float32Array): void => void values.fill(1);
  const half = size / 2;
  return ggufFile(
    {
      "general.architecture": { string: "qwen2" },
      "general.name": { string: "scripted" },
      "general.file_type": { uint32: 0 },
      "qwen2.block_count": { uint32: 1 },
      "qwen2.context_length": { uint32: context },
      "qwen2.embedding_length": { uint32: size },
      "qwen2.feed_forward_length": { uint32: 32 },
      "qwen2.attention.head_count": { uint32: 4 },
      "qwen2.attention.head_count_kv": { uint32: 2 },
      "qwen2.rope.freq_base": { float32: 1e6 },
      "qwen2.attention.layer_norm_rms_epsilon": { float32: 1e-6 },
      "tokenizer.ggml.model": { string: "gpt2" },
      "tokenizer.ggml.pre": { string: "qwen2" },
      "tokenizer.ggml.tokens": { strings: tokens },
      "tokenizer.ggml.token_type": { int32s: types },
      "tokenizer.ggml.merges": { strings: ["a b"] },
      "tokenizer.ggml.eos_token_id": { uint32: end },
      "tokenizer.ggml.padding_token_id": { uint32: endOfText },
      "tokenizer.ggml.bos_token_id": { uint32: endOfText },
      "tokenizer.ggml.add_bos_token": { bool: false },
      "tokenizer.chat_template": { string: template },
    },
    [
      tensor("token_embd.weight", [size, size], (values) => {
        for (let token = 0; token < size; token += 1) values[token * size + token] = 1;
      }),
      tensor("output_norm.weight", [size], ones),
      tensor("output.weight", [size, size], (values) => {
        for (const [id, before = 0] of next) values[id * size + before] = 40 / Math.sqrt(size);
      }),
      tensor("blk.0.attn_norm.weight", [size], ones),
      tensor("blk.0.ffn_norm.weight", [size], ones),
      tensor("blk.0.attn_q.weight", [size, size]),
      tensor("blk.0.attn_k.weight", [size, half]),
      tensor("blk.0.attn_v.weight", [size, half]),
      tensor("blk.0.attn_q.bias", [size]),
      tensor("blk.0.attn_k.bias", [half]),
      tensor("blk.0.attn_v.bias", [half]),
      tensor("blk.0.attn_output.weight", [size, size]),
      tensor("blk.0.ffn_gate.weight", [size, 32]),
      tensor("blk.0.ffn_up.weight", [size, 32]),
      tensor("blk.0.ffn_down.weight", [32, size]),
    ],
  );
}
