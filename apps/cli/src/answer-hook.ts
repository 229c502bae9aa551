/**
 * Reads what the host says to its end, for it must not fail at a pipe that nobody reads, and answers nothing. Never
 * fails: to hosts a failed hook is one that forbids.
 */
export function answerHook(): void {
  const { stdin } = process
  if (stdin.isTTY) return
  stdin.on('error', () => undefined).resume()
}
