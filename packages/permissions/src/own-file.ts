import { folded, isBelow, type Place } from './place.js'

/** Whether a path is in the folder, and no file that makes a tool do something there. */
export function isOwnFile(path: string, place: Place): boolean {
  return isInFolder(path, place) && !isSteering(path.slice(place.cwd.length))
}

/** Whether a path is below the agent's folder. Of a home, or of all that there is, an agent owns nothing. */
export function isInFolder(path: string, { cwd, home }: Place): boolean {
  return isBelow(path, cwd) && cwd !== home && !isBelow(home, cwd)
}

/**
 * What git, editors, npm and the CLIs run or obey. A `HEAD` makes a repository of any folder, whose settings name
 * programs.
 */
function isSteering(path: string): boolean {
  return /\/(\.git|\.husky|\.vscode|\.idea|\.claude|\.codex|\.gemini|\.subagent-mcp|\.mcp\.json|\.envrc|\.npmrc|head)(\/|$)/.test(
    folded(path),
  )
}
