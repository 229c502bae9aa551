import { answerHook } from './hook/answer-hook.js'

// What hosts run at each prompt and each tool call: they wait for it, so next to nothing is loaded.
answerHook(process.argv[3])
