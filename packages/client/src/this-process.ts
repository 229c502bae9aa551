/** The folder, the environment and the id of this process, which a launch or a message needs of who sends it. */
export function thisProcess(): { cwd: string; environment: Record<string, string>; pid: number } {
  const variables = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return { cwd: process.cwd(), environment: Object.fromEntries(variables), pid: process.pid }
}
