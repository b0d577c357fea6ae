/**
 * Processor time that the parser may take for a text of so many characters, in milliseconds. Regular texts take up to 5 µs a
 * character, mostly less than one. Where a grammar recovers from errors its time may grow with the square of the text, which a hostile file or answer
 * can make use of: 64 kB of `case 1:` in Java take 25 s.
 */
const allowed = (characters: number): number => 1_000 + characters / 200;

/** Whether the parser has had its time for the text; asked while it works. The time of the processor, so that a busy machine does not count. */
export function parseLimit(characters: number): () => boolean {
  const started = process.cpuUsage();
  const most = allowed(characters);
  return () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000 > most;
  };
}
