/**
 * The solution of `matrix` · x = `vector` for a symmetric positive definite matrix, by Gaussian elimination: such a
 * matrix needs no pivoting.
 */
export function solve(matrix: readonly (readonly number[])[], vector: readonly number[]): readonly number[] {
  const rows = matrix.map((row, at) => [...row, vector[at] ?? 0]);
  const size = rows.length;
  for (const [at, pivot] of rows.entries()) {
    for (const below of rows.slice(at + 1)) {
      const factor = (below[at] ?? 0) / (pivot[at] ?? 0);
      for (let column = at; column <= size; column += 1)
        below[column] = (below[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  }
  const solution = vector.map(() => 0);
  for (const [back, row] of rows.toReversed().entries()) {
    const at = size - 1 - back;
    const known = solution.reduce((sum, value, column) => sum + value * (row[column] ?? 0), 0);
    solution[at] = ((row[size] ?? 0) - known) / (row[at] ?? 0);
  }
  return solution;
}
