import { readFileSync } from 'node:fs'

/** The text of the system's lists of groups and users (`/etc/group`, `/etc/passwd`). */
export type UnixGroupAndUserLists = { groups: string; users: string }

/** Whether a Unix group has no member but this user, as many systems create one for each. Without an entry: whether its number is the user's. */
export function isUnixGroupOfOneUser(
  gid: number,
  user: number,
  accounts: UnixGroupAndUserLists = readAccounts(),
): boolean {
  const users = rowsOf(accounts.users)
  const group = rowsOf(accounts.groups).find(([, , id]) => Number(id) === gid)
  if (!group) return gid === user
  const names = users.flatMap(([name, , id]) => (Number(id) === user ? [name] : []))
  const [groupName, , , members = ''] = group
  const isShared =
    members.split(',').some((member) => member !== '' && !names.includes(member)) ||
    users.some(([, , id, primary]) => Number(primary) === gid && Number(id) !== user)
  return !isShared && (gid === user || names.includes(groupName))
}

function rowsOf(list: string): string[][] {
  const rows = list.split('\n').map((line) => line.trim().split(':'))
  return rows.filter(([name = '', , id = '']) => /^[^#+-]/.test(name) && /^\d+$/.test(id))
}

function readAccounts(): UnixGroupAndUserLists {
  return { groups: readList('/etc/group'), users: readList('/etc/passwd') }
}

function readList(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // The system has none, or does not show it.
  }
}
