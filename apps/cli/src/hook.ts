import { answerHook } from './answer-hook.js'

// What hosts run at each prompt and each tool call: they wait for it, so it loads nothing.
answerHook()
