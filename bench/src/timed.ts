/** Runs `act` and returns its milliseconds. */
export async function millisecondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}
