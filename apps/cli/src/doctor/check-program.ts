import { fine, type Check } from './check.js'

/** Whether node is new enough: what `engines` asks for, package managers only warn of. */
export const checkNode: Check = {
  name: 'node',
  run: ({ node }) => {
    if (isAtLeast(node, floor)) return [fine(node)]
    const what = `${node} is too old: ${floor} is the oldest that works`
    return [{ severity: 'error', what, mend: 'install a newer Node.js from https://nodejs.org' }]
  },
}

/** The oldest that works. */
export const floor = '20.19'

function isAtLeast(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}
