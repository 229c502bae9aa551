/** Whether the host sends anything before it closes stdin; some hosts start a server only to see whether it starts. Reads no byte. */
export function hostSendsInput(): Promise<boolean> {
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
