import { expect, test } from 'vitest'
import { errorOf, makeProject } from '../project.test.support.js'

const path = '.claude/agents/reviewer.md'

const wrong: readonly [text: string, message: string, hint: string][] = [
  ['You review.', '1: has no frontmatter', 'begin the file with ---'],
  ['', '1: has no frontmatter', 'begin the file with ---'],
  ['\n---\ndescription: d\n---\n', '1: has no frontmatter', 'begin the file with ---'],
  ['---\ndescription: d\n\nYou review.', '1: the frontmatter that begins here has no closing ---', 'put ---'],
  ['---\n---\n', '1: description: is missing', 'a sentence'],
  ['---\n- a\n- b\n---\n', '2: the frontmatter has no keys', 'one key a line'],
  ['---\ndescription: d\ntools: Read\n\ntools: Bash\n---\n', '5: tools: appears twice', 'keep one'],
  [
    '---\nname: reviewer\ndescription: use when: always\n---\n',
    '3: not valid YAML: Nested mappings are not allowed in compact mappings',
    'needs quotes',
  ],
  ['---\ndescription: d\ntools: [Read\n---\n', '3: not valid YAML: ', 'fix it there'],
  [
    '---\ndescription: d\nmodel: *nobody\n---\n',
    '3: not valid YAML: Unresolved alias',
    'write the values out',
  ],
  [
    '---\nname: checker\ndescription: d\n---\n',
    "2: name: is 'checker', but the file is reviewer.md",
    'write name: reviewer, or call the file checker.md',
  ],
  [
    '---\ndescription: d\nname: ../x\n---\n',
    "3: name: is '../x', but the file is reviewer.md",
    'write name: reviewer',
  ],
  [
    '---\ndescription: d\nname: 7\n---\n',
    '3: name: is a number to YAML, and not a text',
    'put it in quotes: name: "7"',
  ],
  ['---\ndescription: true\n---\n', '2: description: is a boolean to YAML', 'description: "true"'],
  ['---\ndescription: d\nname: [x]\n---\n', '3: name: Invalid input', 'its file without .md'],
  [
    '---\ndescription: d\nmcpServers: &a\n  own: *a\n---\n',
    '4: not valid YAML: an alias leads to what it is in',
    'write the values out',
  ],
  [
    '---\ndescription: d\ncolor: &a [[*a]]\n---\n',
    '3: not valid YAML: an alias leads',
    'write the values out',
  ],
  ['---\ndescription: d\n<<: 7\n---\n', '2: not valid YAML: Merge sources must be maps', 'write the values'],
  ...['Bash(rm *', 'Bash)(', 'Bash(f() *)'].map((name): [string, string, string] => [
    `---\ndescription: d\ndisallowedTools:\n  - Write\n  - ${name}\n---\n`,
    '5: disallowedTools[1]: does not close its parentheses',
    'a list of tools',
  ]),
  ['---\ndescription: d\ntools: Bash(rm *, Write\n---\n', '3: tools[0]: does not close', 'a list of tools'],
  ['---\ndescription:\n---\n', '2: description: has no value', 'a sentence'],
  ['---\ndescription: d\ntools:\n---\n', '3: tools: has no value', '[] for none'],
  ['---\ndescription: d\ntools:\n  - Read\n  - 7\n---\n', '5: tools[1]: Invalid input', 'a list of tools'],
  ['---\ndescription: d\ntools: { Read: true }\n---\n', '3: tools: Invalid input', 'a list of tools'],
  ['---\ndescription: d\npermissionMode: plan\n---\n', '3: permissionMode: plan makes', 'dontAsk'],
  ['---\ndescription: d\npermissionMode: auto\n---\n', '3: permissionMode: auto leaves', 'dontAsk'],
  [
    '---\ndescription: d\npermissionMode: toString\n---\n',
    "3: permissionMode: there is no mode 'toString'",
    'dontAsk',
  ],
  [
    '---\ndescription: d\nask: Bash(a) Edit(b)\n---\n',
    '3: ask[0]: does not close its parentheses at its end',
    'ask takes a list of rules, as Bash(git push:*)',
  ],
  ['---\ndescription: d\ndeny: { Bash: true }\n---\n', '3: deny: Invalid input', 'a list of rules'],
  [
    '---\ndescription: d\nallow: [Bash]\n---\n',
    '3: allow: only the user',
    'permissions.allow in config.jsonc',
  ],
  ['---\ndescription: d\nmaxTurns: 0\n---\n', '3: maxTurns: Too small', 'a whole number, 1 or more'],
  ['---\ndescription: d\neffort: 3\n---\n', '3: effort: must be one of low', 'low, medium, high'],
  [
    '---\ndescription: d\ntask_category: cooking\n---\n',
    "3: task_category: no task_category 'cooking'",
    'coding',
  ],
  ['---\ndescription: d\ntimeout: soon\n---\n', '3: timeout: Invalid input', 'seconds'],
  ['---\ndescription: d\nenv: { A: b }\n---\n', '3: env: Invalid input', 'names of environment variables'],
  [
    '---\ndescription: d\nenv: [A, "B C"]\n---\n',
    '3: env[1]: is no name of a variable',
    'names of environment',
  ],
  [
    '---\ndescription: d\npool:\n  max: 1\n  size: 3\n---\n',
    '5: pool: Unrecognized key: "size"',
    'recycleAfterTasks',
  ],
  ['---\ndescription: d\npool:\n  max: 1.5\n---\n', '4: pool.max: Invalid input', 'recycleAfterTasks'],
  ['---\ndescription: d\nmcpServers: [{ own: node }]\n---\n', '3: mcpServers: is neither', '.mcp.json'],
  [
    '---\ndescription: d\nhooks:\n  PreToolUse: []\n---\n',
    '3: hooks: hooks are not run here',
    'disallowedTools',
  ],
  ['---\ndescription: d\nisolation: worktree\n---\n', '3: isolation: an agent here works', 'as cwd'],
  ['---\ndescription: d\nprefer: codex\n---\n', '3: prefer: an agent runs on one provider', 'write provider'],
  ['---\ndescription: d\npolicy: {}\n---\n', '3: policy: policies are not applied', 'permissionMode'],
  ['---\ndescription: d\nkind: remote\n---\n', '3: kind: is another kind than local', 'local'],
  [
    '---\ndescription: d\ndisallowed-tools: Bash\n---\n',
    '3: disallowed-tools: this spelling',
    'write disallowedTools',
  ],
  ['---\ndescription: d\nallowed_tools: Bash\n---\n', '3: allowed_tools: this spelling', 'write tools'],
  ...[
    ['permissions', 'permissionMode'],
    ['permission', 'permissionMode'],
    ['readonly', 'permissionMode: dontAsk'],
    ['read_only', 'permissionMode: dontAsk'],
    ['disallowedTool', 'disallowedTools'],
    ['deny_rules', 'deny'],
    ['Ask', 'ask'],
    ['excludeTools', 'disallowedTools'],
    ['disabled-tools', 'disallowedTools'],
  ].map(([key = '', spelling = '']): [string, string, string] => [
    `---\ndescription: d\n${key}: x\n---\n`,
    `3: ${key}: this spelling is not read`,
    `write ${spelling}`,
  ]),
  ...[
    ['maxTurns: 1', 'max_turns: 2'],
    ['mcpServers: []', 'mcp_servers: [x]'],
    ['timeout: 1', 'timeout_mins: 2'],
  ].map(([first = '', second = '']): [string, string, string] => [
    `---\ndescription: d\n${second}\n${first}\n---\n`,
    `3: ${second.replace(/:.*/, '')}: says the same as ${first.replace(/:.*/, '')}`,
    'keep one of them',
  ]),
  [
    '---\ndescription: d\ntools: [Read]\nmcpServers:\n  - github\n---\n',
    '4: mcpServers: gives all tools of github, but tools does not name it',
    'write mcp__github into tools too, or leave github out of mcpServers',
  ],
  [
    '---\ndescription: d\nprovider: gemini\ntools: [read_file]\nmcp_servers: { hub: {} }\n---\n',
    '5: mcp_servers: gives all tools of hub',
    'leave hub out of mcp_servers',
  ],
  [
    '---\ndescription: d\ntools: []\nmcpServers: inherit\n---\n',
    '4: mcpServers: gives all servers',
    'mcp__*',
  ],
  ...['mcp__github__get', 'mcp_github_get', 'mcp__github__get_*'].map((tool): [string, string, string] => [
    `---\ndescription: d\ntools:\n  - Read\n  - mcp__github\n  - ${tool}\nmcpServers: [github]\n---\n`,
    `6: tools: ${tool}: a single tool of an MCP server cannot be chosen`,
    'disallowedTools can take single tools of it away',
  ]),
  ['---\ndescription: d\nskills: [../x]\n---\n', '3: skills[0].name: a name is letters', 'a list of names'],
  [
    '---\ndescription: d\noptional: [x]\n---\n',
    "3: optional: 'x' is in neither",
    'list x in one of them too',
  ],
]

test.each(wrong)('%j is reported as %j', (text, message, hint) => {
  const project = makeProject({ [path]: text })
  const error = errorOf(() => project.find('reviewer'))
  expect(error.code).toBe('definition-invalid')
  expect(error.message).toContain(`${project.at(path)}:${message}`)
  expect(error.message).not.toContain('; ')
  expect(error.hint).toContain(hint)
})
