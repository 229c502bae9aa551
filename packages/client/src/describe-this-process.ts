/** Folder, environment and pid of this process, which a launch or a message needs from its sender. */
export function describeThisProcess(): { cwd: string; environment: Record<string, string>; pid: number } {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) environment[name] = value
  return { cwd: process.cwd(), environment, pid: process.pid }
}
