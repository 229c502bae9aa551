/** Runs `act` and returns how many milliseconds it took. */
export async function millisecondsOf(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}
