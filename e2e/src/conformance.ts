/** Checks of the conformance suite that fail, and the reason. */
export type Missing = { reason: string; '2025-11-25': readonly string[]; '2026-07-28': readonly string[] }

/**
 * What the official conformance suite (`@modelcontextprotocol/conformance`) does not find in our server, as
 * `scenario/check`. The test compares it with the suite's failures in both directions.
 */
export const missingInServer: readonly Missing[] = [
  {
    reason: 'A capability that our server does not declare.',
    '2025-11-25': ['completion-complete/completion-complete', 'logging-set-level/logging-set-level'],
    '2026-07-28': ['completion-complete/completion-complete'],
  },
  {
    reason:
      'A tool of the suite (such as test_image_content), which a server has for its tests only. What it would show is tested with our own tools: progress, forms and errors in e2e and mcp-server.',
    '2025-11-25': [
      'elicitation-sep1034-defaults/elicitation-sep1034-general',
      'elicitation-sep1330-enums/elicitation-sep1330-general',
      'json-schema-2020-12/json-schema-2020-12-tool-found',
      'server-sse-polling/incoming-sse-event',
      'tools-call-audio/tools-call-audio',
      'tools-call-elicitation/tools-call-elicitation',
      'tools-call-embedded-resource/tools-call-embedded-resource',
      'tools-call-image/tools-call-image',
      'tools-call-mixed-content/tools-call-mixed-content',
      'tools-call-sampling/tools-call-sampling',
      'tools-call-with-logging/tools-call-with-logging',
      'tools-call-with-progress/tools-call-with-progress',
    ],
    '2026-07-28': [
      'http-custom-header-server-validation/sep-2243-server-decode-base64',
      'http-custom-header-server-validation/sep-2243-server-no-xmcp-tool',
      'http-custom-header-server-validation/sep-2243-server-reject-invalid-param-chars',
      'http-custom-header-server-validation/sep-2243-server-reject-param-mismatch',
      'http-custom-header-server-validation/sep-2243-server-validate-param-match',
      'json-schema-2020-12/json-schema-2020-12-tool-found',
      'server-stateless/sep-2575-missing-capability-http-400',
      'server-stateless/sep-2575-server-rejects-undeclared-capability',
      'tools-call-audio/tools-call-audio',
      'tools-call-embedded-resource/tools-call-embedded-resource',
      'tools-call-image/tools-call-image',
      'tools-call-mixed-content/tools-call-mixed-content',
      'tools-call-with-progress/tools-call-with-progress',
    ],
  },
  {
    reason:
      'A resource or prompt of the suite (such as test://static-text). Our server declares no resources.',
    '2025-11-25': [
      'prompts-get-embedded-resource/prompts-get-embedded-resource',
      'prompts-get-simple/prompts-get-simple',
      'prompts-get-with-args/prompts-get-with-args',
      'prompts-get-with-image/prompts-get-with-image',
      'resources-list/resources-list',
      'resources-read-binary/resources-read-binary',
      'resources-read-text/resources-read-text',
      'resources-subscribe/resources-subscribe',
      'resources-templates-read/resources-templates-read',
      'resources-unsubscribe/resources-unsubscribe',
    ],
    '2026-07-28': [
      'caching/sep-2549-resources-list-caching-hints',
      'caching/sep-2549-resources-templates-list-caching-hints',
      'prompts-get-embedded-resource/prompts-get-embedded-resource',
      'prompts-get-simple/prompts-get-simple',
      'prompts-get-with-args/prompts-get-with-args',
      'prompts-get-with-image/prompts-get-with-image',
      'resources-list/resources-list',
      'resources-read-binary/resources-read-binary',
      'resources-read-text/resources-read-text',
      'resources-templates-read/resources-templates-read',
    ],
  },
  {
    reason:
      'A tool or prompt of the suite that asks for sampling, roots or its own forms. Our own calls with `input_required` are tested in e2e/src/forms-in-terminals.test.ts and packages/mcp-server/src/tool-call-rounds.test.ts.',
    '2025-11-25': [],
    '2026-07-28': [
      'input-required-result-basic-elicitation/sep-2322-elicitation-incomplete',
      'input-required-result-basic-list-roots/sep-2322-list-roots-incomplete',
      'input-required-result-basic-sampling/sep-2322-sampling-incomplete',
      'input-required-result-capability-check/sep-2322-respect-client-capabilities',
      'input-required-result-multi-round/sep-2322-multi-round-r1',
      'input-required-result-multiple-input-requests/sep-2322-multiple-inputs-incomplete',
      'input-required-result-non-tool-request/sep-2322-non-tool-incomplete',
      'input-required-result-request-state/sep-2322-request-state-incomplete',
      'input-required-result-result-type/sep-2322-result-type-included',
      'input-required-result-tampered-state/sep-2322-reject-tampered-state',
    ],
  },
  {
    reason:
      'A task tool of the suite (such as slow_compute), or the extension itself, which our server does not declare. The revision does not score extensions.',
    '2025-11-25': [],
    '2026-07-28': [
      'tasks-capability-negotiation/sep-2663-tasks-methods-non-declaring',
      'tasks-capability-negotiation/tasks-per-request-meta-opt-in',
      'tasks-dispatch-and-envelope/sep-2663-durable-create-strong-consistency',
      'tasks-dispatch-and-envelope/tasks-server-directed-creation-no-hint',
      'tasks-lifecycle/sep-2663-cancel-ack-empty-result',
      'tasks-lifecycle/sep-2663-result-type-task-on-create',
      'tasks-lifecycle/sep-2663-tasks-get-status-completed',
      'tasks-lifecycle/sep-2663-tasks-get-status-failed',
      'tasks-lifecycle/sep-2663-tasks-get-status-working',
      'tasks-lifecycle/sep-2663-tool-error-uses-completed-status',
      'tasks-lifecycle/tasks-cancel-terminal-idempotent-ack',
      'tasks-mrtr-composition/sep-2663-mrtr-synchronous-before-task-creation',
      'tasks-mrtr-input/sep-2663-tasks-get-status-input-required',
      'tasks-mrtr-input/tasks-mrtr-partial-fulfillment',
      'tasks-mrtr-input/tasks-mrtr-tasks-update-resumes',
      'tasks-request-headers/sep-2663-routing-headers-accepted-on-tasks-get',
      'tasks-request-headers/sep-2663-server-rejects-mismatched-mcp-name-on-tasks-get',
      'tasks-request-headers/tasks-headers-tolerate-mcp-method-on-tools-call',
      'tasks-request-state-removal/tasks-request-state-removal-setup',
      'tasks-required-task-error/sep-2663-server-returns-missing-capability-when-required',
      'tasks-wire-fields/tasks-no-early-ttl-expiry',
      'tasks-wire-fields/tasks-no-related-task-meta-on-inlined-result',
      'tasks-wire-fields/tasks-wire-field-renames',
    ],
  },
]
