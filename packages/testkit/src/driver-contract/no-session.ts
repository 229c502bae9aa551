/** The id of a session that no CLI has, the fake ones included. */
export const unknownSessionId = '00000000-0000-4000-8000-000000000001'
