// What a person has set here, kept by this browser for this address alone.

import { useSyncExternalStore } from 'react'

const KEY = 'tributary:settings'
const USUAL = { token: '', traces: true }
const listeners = new Set()
let current = read()

function read() {
  try {
    return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY)) }
  } catch {
    return USUAL
  }
}

function subscribe(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The settings as they are now. */
export function settings() {
  return current
}

/** Change some of them. */
export function set(some) {
  current = { ...current, ...some }
  localStorage.setItem(KEY, JSON.stringify(current))
  for (const listener of listeners) listener()
}

/** The settings, for a component that shows them. */
export function useSettings() {
  return useSyncExternalStore(subscribe, settings)
}

/** The headers that they put on every request. */
export function headers({ token, traces } = current) {
  return {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(traces && { 'x-upstream-trace': '1', 'x-query-cost': '1' }),
  }
}
