/** Returns a function that calls `act` once, and returns its first result from every call. */
export function once<Arguments extends readonly unknown[], Result>(
  act: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  let first: { result: Result } | undefined
  return (...args) => (first ??= { result: act(...args) }).result
}
