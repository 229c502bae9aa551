/** Whether the host says anything, or just ends: it may have started us only to look. Takes no byte out of stdin. */
export function hostSpeaks(): Promise<boolean> {
  const { stdin } = process
  return new Promise((resolve) => {
    stdin.once('readable', () => {
      resolve(stdin.readableLength > 0)
    })
    stdin.once('error', () => {
      resolve(false)
    })
  })
}
