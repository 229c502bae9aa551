/** Ends the process: the only place that does. Exit codes: 0 done, 1 failed, 2 wrong use. */
export function exitWith(code: 0 | 1 | 2): never {
  process.exit(code)
}
