import { mailProject, mailNamesFor } from '@subagent-mcp/mailbox/names'
import { checkTrustedPath } from '@subagent-mcp/client'
import { runHook } from '@subagent-mcp/orchestration'
import { homeFolder } from './settings/home-folder.js'

// The entry of the hook bundle. Hosts wait for it at each prompt and each tool call, so it loads very little.
process.exitCode = runHook({
  host: process.argv[3],
  environment: process.env,
  now: Date.now,
  parent: process.ppid,
  stateFolder: () => {
    const folder = homeFolder(process.env)
    checkTrustedPath(folder)
    return folder
  },
  mailAddress: (project) => ({ project: mailProject(project), names: mailNamesFor(project) }),
})
