// The vendor calls of the last operation, from `extensions.upstream` and `extensions.cost` of its answer, for whoever shows them.

import { useSyncExternalStore } from 'react'

let latest = null
const listeners = new Set()

function subscribe(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Note what an answer tells of its calls. */
export function note({ operationName }, answer, milliseconds) {
  const { upstream, cost } = answer.extensions ?? {}
  latest = { operationName, upstream, cost, milliseconds, errors: answer.errors?.length ?? 0 }
  for (const listener of listeners) listener()
}

/** What was noted last; null before anything was. */
export function useLatest() {
  return useSyncExternalStore(subscribe, () => latest)
}
