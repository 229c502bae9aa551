/** Returns a function that calls `act` the first time only; each later call returns the first result. */
export function once<Arguments extends readonly unknown[], Result>(
  act: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  let first: { result: Result } | undefined
  return (...args) => (first ??= { result: act(...args) }).result
}
