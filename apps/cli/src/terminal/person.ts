import { userInfo } from 'node:os'

/** How the person at this terminal is called, as the daemon takes it. */
export function loginName(): string {
  return nameOf().slice(0, longest).toWellFormed() || 'somebody'
}

/** As many characters as the daemon takes. */
const longest = 100

function nameOf(): string {
  try {
    return userInfo().username
  } catch {
    // A user who has no entry, as in a container.
    return `user ${process.getuid?.() ?? ''}`.trim()
  }
}
