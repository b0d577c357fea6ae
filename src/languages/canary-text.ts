/** A wrong number with as many digits, so that the texts of both runs have the same length. */
export const otherNumber = (right: number): number => (right % 10 === 0 ? right + 1 : right - 1);
