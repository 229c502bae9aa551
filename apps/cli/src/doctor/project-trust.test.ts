import { expect, test } from 'vitest'
import { checkHosts } from './check-hosts.js'
import { useDoctorHome } from './doctor-home.test.support.js'

const machine = useDoctorHome()
const look = () => machine().look(checkHosts)
const troubles = async () => (await look()).filter((finding) => 'mend' in finding)

test.each([
  [
    'claude',
    'you say that its servers are wanted',
    '.claude/settings.json',
    '{"enabledMcpjsonServers": ["subagent-mcp"]}',
  ],
  [
    'codex',
    'you trust the project',
    '.codex/config.toml',
    '[projects."$project"]\ntrust_level = "trusted"\n',
  ],
  ['gemini', 'you trust the folder', '.gemini/trustedFolders.json', '{"$home": "TRUST_FOLDER"}'],
] as const)('%s reads nothing of a project until %s', async (host, question, path, yes) => {
  const { wire, write, home, context } = machine()
  wire(host, { scope: 'project', hooks: false })
  write(path, '')
  expect((await look()).filter(({ what }) => what.includes(question))).toMatchObject([
    { severity: 'warning', mend: `${host}, and say yes in it` },
  ])
  write(path, yes.replace('$project', context.project).replace('$home', home))
  expect((await look()).filter(({ what }) => what.includes(question))).toEqual([])
  expect(await look()).toContainEqual({ severity: 'ok', what: matching(/, in .*project$/) })
})

test('a project does not trust itself', async () => {
  const { wire, write, read, context } = machine()
  wire('codex', { scope: 'project', hooks: false })
  const trust = `[projects."${context.project}"]\ntrust_level = "trusted"\n`
  write('project/.codex/config.toml', `${read('project/.codex/config.toml')}\n${trust}`)
  expect(await troubles()).toMatchObject([{ what: matching(/until you trust the project$/) }])
})

/** The matcher `stringMatching` of vitest with a type, which vitest does not give it. */
function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
