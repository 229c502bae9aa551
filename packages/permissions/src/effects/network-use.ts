import type { ToolCallAction } from '../call/tool-call-action.js'
import { getProgramName } from '../shell/unwrap-wrapper-command.js'

/** A use of the network that a call shows. `host` is missing where the call does not name it. */
export type NetworkUse = { type: 'push' } | { type: 'network'; host?: string }

/**
 * Returns how an action uses the network, as far as the call shows it: web tools, and commands of programs that are known to. A script
 * or a program that is not listed may use it too.
 */
export function findNetworkUse(action: ToolCallAction): NetworkUse | undefined {
  if (action.type === 'network')
    return { type: 'network', ...(action.host !== undefined && { host: action.host }) }
  if (action.type !== 'run') return undefined
  const program = getProgramName(action.command)
  const words = action.command.words.slice(1).map(({ text }) => text)
  const verbs = words.filter((word) => !word.startsWith('-'))
  if (pushes.some((command) => startsWith([program, ...verbs], command))) return { type: 'push' }
  if (!online.some((command) => startsWith([program, ...verbs], command))) return undefined
  const host = words.map(hostIn).find((found) => found !== undefined)
  return { type: 'network', ...(host !== undefined && { host }) }
}

/** Commands that send work to others, by program and first words. */
const pushes = lines(
  'git push|gh pr create|gh pr merge|gh release create|glab mr create|docker push|podman push',
)

/** Programs that use the network, or those of their commands that do. */
const online = lines(
  [
    'curl|wget|ssh|scp|sftp|rsync|nc|ncat|telnet|ftp|ping|dig|host|nslookup|gh|glab|aws|gcloud|az|kubectl|twine',
    'git fetch|git pull|git clone|git ls-remote|git submodule update|docker pull|docker login|podman pull',
    'npm install|npm i|npm ci|npm add|npm update|npm view|npm audit|npm publish|npm exec|npx|bunx|bun install|bun add',
    'pnpm install|pnpm i|pnpm add|pnpm update|pnpm dlx|pnpm publish|yarn|yarn install|yarn add|yarn up|yarn dlx',
    'pip install|pip3 install|pip download|uv sync|uv add|uv pip|uvx|pipx|poetry install|poetry add|poetry update',
    'cargo fetch|cargo install|cargo update|cargo publish|go get|go install|go mod|gem install|bundle install',
    'apt|apt-get|brew|dnf|yum|apk|pacman|terraform|pulumi|helm',
  ].join('|'),
)

function lines(text: string): readonly (readonly string[])[] {
  return text.split('|').map((line) => line.split(' '))
}

/** Whether a command begins with these words; a single word means the program with any others. */
function startsWith(words: readonly string[], command: readonly string[]): boolean {
  if (command.length === 1 && command[0] === 'yarn') return words.length === 1 && words[0] === 'yarn'
  return command.every((word, index) => words[index] === word)
}

function hostIn(word: string): string | undefined {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)(?:[^@/]*@)?([^/:?#]+)/i.exec(word)?.[1]
}
