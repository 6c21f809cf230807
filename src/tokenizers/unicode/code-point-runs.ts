/** Calls `visit` with the first and last code point of each run of a table in `tables.gen.ts`. */
export function forEachRun(runs: string, visit: (first: number, last: number) => void): void {
  let before = 0;
  for (const run of runs.split(" ")) {
    const [distance, length = 0] = run.split(".").map((part) => parseInt(part, 36));
    const first = before + distance!;
    before = first + length;
    visit(first, before);
  }
}
