/** Done by who asks first; who asks later has the same result. */
export function once<Result>(act: () => Result): () => Result {
  let done: { result: Result } | undefined
  return () => (done ??= { result: act() }).result
}
